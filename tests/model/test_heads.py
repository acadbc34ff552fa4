"""Heads over the encoder: what they compute, and that their folders open like any model folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoModelForSequenceClassification, PreTrainedModel, RobertaConfig, pipeline

from policy_nlp.errors import SettingsError
from policy_nlp.model.classifier import build_classifier, load_classifier, load_tokenizer, start_classifier
from policy_nlp.model.gold_tokens import TokenisedGold
from policy_nlp.model.heads import HeadedBert, head_of
from policy_nlp.model.saving import save_encoder
from policy_nlp.settings.training import Head

CODES = ("a", "b", "c")
TOKEN_IDS = [[2, *range(6, 6 + length), 3] for length in (3, 9, 5, 12)]


def _build(base: Path, head: Head) -> PreTrainedModel:
    torch.manual_seed(0)
    model = build_classifier(base, CODES, head=head)
    gold = TokenisedGold(TOKEN_IDS, np.eye(4, 3, dtype=np.float32), pad_id=0, mask_id=4)
    start_classifier(model, gold)
    return model.eval()


def _batch(length: int) -> tuple[torch.Tensor, torch.Tensor]:
    ids = torch.zeros((4, length), dtype=torch.long)
    for row, tokens in enumerate(TOKEN_IDS):
        ids[row, : len(tokens)] = torch.tensor(tokens)
    return ids, (ids > 0).long()


def _shake(model: PreTrainedModel) -> PreTrainedModel:
    """The model with queries that do attend to some tokens more than to others."""
    if head_of(model.config) == "label_attention":
        torch.nn.init.normal_(model.classifier.query.weight, std=2.0)
    return model


@pytest.mark.parametrize("head", ["mean", "label_attention"])
def test_padding_changes_no_logit_and_no_mask_means_all_tokens(tiny_base_path: Path, head: Head) -> None:
    model = _shake(_build(tiny_base_path, head))
    short, long = model(*_batch(14)).logits, model(*_batch(30)).logits
    torch.testing.assert_close(short, long, atol=1e-6, rtol=1e-5)
    alone = torch.tensor([TOKEN_IDS[1]])
    torch.testing.assert_close(model(alone).logits, short[1:2], atol=1e-6, rtol=1e-5)


def test_label_attention_is_caml_plus_the_first_token(tiny_base_path: Path) -> None:
    """Attention, then the weighted mean of a code, then its own linear layer: eq. 3-5 of Mullenbach et al."""
    model = _shake(_build(tiny_base_path, "label_attention"))
    ids, mask = _batch(14)
    head = model.classifier
    tokens = torch.tanh(head.dense(model.bert(ids, attention_mask=mask).last_hidden_state))
    for row, code in ((0, 0), (1, 2), (3, 1)):
        real = tokens[row, : mask[row].sum()]
        attention = (real @ head.query.weight[code]).softmax(dim=0)
        seen = attention @ real
        wanted = (
            head.attended.weight[code] @ seen
            + head.out_proj.weight[code] @ real[0]
            + head.out_proj.bias[code]
        )
        torch.testing.assert_close(model(ids, mask).logits[row, code], wanted, atol=1e-5, rtol=1e-4)


def test_label_attention_starts_as_mean_pooling(tiny_base_path: Path) -> None:
    model = _build(tiny_base_path, "label_attention")
    ids, mask = _batch(14)
    before = model(ids, mask).logits
    head = model.classifier
    tokens = torch.tanh(head.dense(model.bert(ids, attention_mask=mask).last_hidden_state))
    mean = torch.stack([row[:n].mean(dim=0) for row, n in zip(tokens, mask.sum(dim=1), strict=True)])
    torch.testing.assert_close(
        before, head.attended(mean) + head.out_proj(tokens[:, 0]), atol=1e-5, rtol=1e-4
    )


@pytest.mark.parametrize("head", ["first_token", "mean", "label_attention"])
def test_folder_of_every_head_opens_in_fp16_here_and_in_a_pipeline(
    tiny_base_path: Path, tmp_path: Path, head: Head
) -> None:
    model = _shake(_build(tiny_base_path, head))
    tokenizer = load_tokenizer(tiny_base_path)
    ids, mask = _batch(14)
    wanted = model(ids, mask).logits
    save_encoder(model, tmp_path, tokenizer=tokenizer)
    opened = load_classifier(tmp_path, CODES)
    assert head_of(opened.config) == head
    torch.testing.assert_close(opened(ids, mask).logits, wanted, atol=0.02, rtol=0.02)
    assert AutoModelForSequenceClassification.from_pretrained(tmp_path).dtype is torch.float16
    scores = pipeline("text-classification", model=str(tmp_path), tokenizer=tokenizer, top_k=None)("政府支持")
    assert {row["label"] for row in scores[0]} == set(CODES)


def test_first_token_head_is_a_plain_bert_of_transformers(tiny_base_path: Path) -> None:
    model = _build(tiny_base_path, "first_token")
    assert type(model).__module__.startswith("transformers.")
    assert not hasattr(model.config, "head")


@pytest.mark.slow
@pytest.mark.parametrize("head", ["mean", "label_attention"])
def test_head_is_exported_with_free_batch_and_length(tiny_base_path: Path, head: Head) -> None:
    model = _shake(_build(tiny_base_path, head))
    sizes = {0: torch.export.Dim("n", min=2, max=64), 1: torch.export.Dim("length", min=4, max=128)}
    exported = torch.export.export(model, _batch(14), dynamic_shapes=(sizes, sizes)).module()
    ids, mask = _batch(30)
    torch.testing.assert_close(exported(ids, mask).logits, model(ids, mask).logits)


def test_other_encoders_than_bert_are_refused_with_the_head_that_works(tmp_path: Path) -> None:
    RobertaConfig(hidden_size=32, num_hidden_layers=1, num_attention_heads=2).save_pretrained(tmp_path)
    with pytest.raises(SettingsError, match=r"type 'roberta'.*first_token"):
        build_classifier(tmp_path, CODES, head="label_attention")


def test_a_head_without_its_weights_is_refused(tiny_base_path: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    from policy_nlp.errors import ModelError

    save_encoder(
        _build(tiny_base_path, "label_attention"), tmp_path, tokenizer=load_tokenizer(tiny_base_path)
    )
    weights = load_file(tmp_path / "model.safetensors")
    del weights["classifier.query.weight"]
    save_file(weights, tmp_path / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match=r"classifier\.query\.weight"):
        load_classifier(tmp_path, CODES)


def test_headed_bert_has_no_unused_pooler(tiny_base_path: Path) -> None:
    model = _build(tiny_base_path, "mean")
    assert isinstance(model, HeadedBert)
    assert not [name for name, _ in model.named_parameters() if "pooler" in name]
