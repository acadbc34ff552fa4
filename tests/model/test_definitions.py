"""The head's start from definitions: each code is nearest to its own words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoModelForSequenceClassification, RobertaConfig

from policy_nlp.errors import SettingsError
from policy_nlp.model.classifier import build_classifier, start_classifier
from policy_nlp.model.definitions import start_from_definitions
from policy_nlp.model.gold_tokens import TokenisedGold
from policy_nlp.settings.training import Head

DEFINITIONS = [[2, 7, 8, 9, 3], [2, 20, 21, 22, 23, 3], [2, 40, 41, 3]]


@pytest.mark.parametrize("head", ["first_token", "mean", "label_attention"])
def test_a_sentence_of_the_definitions_own_words_is_nearest_to_its_code(
    tiny_base_path: Path, head: Head
) -> None:
    torch.manual_seed(0)
    model = build_classifier(tiny_base_path, ("a", "b", "c"), head=head)
    gold = TokenisedGold(DEFINITIONS, np.eye(3, dtype=np.float32), pad_id=0, mask_id=4)
    start_classifier(model, gold)
    start_from_definitions(model, DEFINITIONS, pad_id=0)
    rows = model.classifier.query.weight if head == "label_attention" else None
    if rows is None:
        for code, tokens in enumerate(DEFINITIONS):
            logits = model(torch.tensor([tokens])).logits[0] - _bias(model)
            assert logits.argmax() == code
    else:
        assert (rows @ rows.T - 2 * torch.diag((rows @ rows.T).diag())).max() < 0  # apart from each other
        assert rows.norm(dim=1).tolist() == pytest.approx([0.02 * 32**0.5] * 3)


def _bias(model: torch.nn.Module) -> torch.Tensor:
    return getattr(model.classifier, "out_proj", model.classifier).bias


def test_encoder_that_is_no_bert_is_refused_by_the_key(tmp_path: Path) -> None:
    config = RobertaConfig(
        vocab_size=50, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, num_labels=3
    )
    model = AutoModelForSequenceClassification.from_config(config)
    with pytest.raises(SettingsError, match="definition_start"):
        start_from_definitions(model, DEFINITIONS, pad_id=0)
