"""A smaller encoder loads in plain transformers; removed pieces fall to their characters."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel

from policy_nlp.errors import SettingsError
from policy_nlp.model.base_encoder import SPECIAL_PIECES, build_tokenizer
from policy_nlp.model.classifier import build_classifier, load_classifier, load_tokenizer
from policy_nlp.model.saving import save_encoder
from policy_nlp.model.smaller_encoder import METASPACE, even_layers, shrink_classifier


def test_layers_are_evenly_spaced_with_both_ends() -> None:
    assert even_layers(12, 4) == (0, 4, 7, 11)
    with pytest.raises(SettingsError, match="1 to 2"):
        even_layers(2, 3)


def test_removed_pieces_become_characters_and_kept_ones_keep_their_rows(tmp_path: Path) -> None:
    pieces = [*SPECIAL_PIECES[:4], METASPACE, "科", "技", "政", "策", "科技", "政策", SPECIAL_PIECES[4]]
    base, small = tmp_path / "base", tmp_path / "small"
    build_tokenizer(pieces, np.array([0.0] * 4 + [-3.0] * 5 + [-1.0] * 2 + [0.0])).save_pretrained(base)
    config = BertConfig(
        vocab_size=len(pieces), hidden_size=8, num_hidden_layers=3, num_attention_heads=2,
        intermediate_size=16, max_position_embeddings=16, pad_token_id=1,
    )  # fmt: skip
    BertModel(config, add_pooling_layer=False).save_pretrained(base)
    model = build_classifier(base, ("a", "b"), head="label_attention")
    whole = model.get_input_embeddings().weight.detach().clone()
    tokenizer = shrink_classifier(model, load_tokenizer(base), texts=["政策政策"], n_layers=2, n_pieces=11)
    save_encoder(model, small, tokenizer=tokenizer)
    tokenizer, loaded = load_tokenizer(small), load_classifier(small, ("a", "b"))
    assert tokenizer.tokenize("科技政策")[-3:] == ["科", "技", "政策"]
    assert (tokenizer.mask_token_id, loaded.config.pad_token_id) == (10, 1)
    assert loaded.config.vocab_size == 11
    row = loaded.get_input_embeddings().weight[tokenizer.convert_tokens_to_ids("政策")]
    torch.testing.assert_close(row, whole[10], atol=1e-3, rtol=1e-2)
    assert loaded.config.num_hidden_layers == len(loaded.bert.encoder.layer) == 2


def test_word_pieces_cannot_be_cut_and_nothing_is_cut_unasked(tiny_base_path: Path) -> None:
    model, tokenizer = build_classifier(tiny_base_path, ("a",)), load_tokenizer(tiny_base_path)
    with pytest.raises(SettingsError, match="only Unigram"):
        shrink_classifier(model, tokenizer, texts=["科技"], n_layers=0, n_pieces=20)
    assert shrink_classifier(model, tokenizer, texts=["科技"], n_layers=0, n_pieces=0) is tokenizer
