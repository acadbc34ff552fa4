"""Contrastive training: the loss is what it says, and training brings alike sentences together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from policy_nlp.engine.tokens import tokenise
from policy_nlp.model.classifier import build_classifier, load_tokenizer
from policy_nlp.model.contrastive import pair_loss, train_contrastive
from policy_nlp.model.gold_tokens import TokenisedGold
from policy_nlp.model.linear_head import fit_linear_head, head_logits, sentence_features
from policy_nlp.settings.few_shot import FewShotTraining

TEXTS = tuple(
    f"{word}第{n}号{filler}" for n in range(6) for word in ("产业集群", "基础研究") for filler in "省会"
)
TARGETS = np.array([[text.startswith("产"), text.startswith("基")] for text in TEXTS], dtype=np.float32)


@pytest.fixture
def tiny(tiny_base_path: Path):
    torch.manual_seed(0)
    tokenizer = load_tokenizer(tiny_base_path)
    table = tokenise(TEXTS, tokenizer, max_tokens=32)
    model = build_classifier(tiny_base_path, ("a", "b"), head="mean")
    return model, TokenisedGold(table.token_ids, TARGETS, int(tokenizer.pad_token_id))


def test_loss_is_the_mean_of_alike_and_unlike_pairs() -> None:
    features = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    targets = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    alike = (0.5**0.5 - 0.5) ** 2  # both pairs with the third share one of two codes, at 45 degrees
    assert float(pair_loss(features, targets)) == pytest.approx((alike + 0.0) / 2)


def test_two_sentences_without_codes_say_nothing() -> None:
    features = torch.tensor([[1.0, 0.0], [-1.0, 0.0]], requires_grad=True)
    loss = pair_loss(features, torch.zeros(2, 3))
    loss.backward()
    assert float(loss.detach()) == 0.0


def test_training_lowers_the_loss_and_tells_its_batches(tiny) -> None:
    model, gold = tiny
    told: list[tuple[int, int]] = []
    recipe = FewShotTraining(setfit_epochs=6, setfit_batch=12, setfit_rate=1e-3)
    losses = train_contrastive(
        model, gold, recipe=recipe, seed=0, on_batch=lambda done, total: told.append((done, total))
    )
    assert losses[-1] < 0.7 * losses[0]
    assert told == [(n, 12) for n in range(1, 13)]


def test_linear_head_gives_the_same_logits_inside_the_model(tiny) -> None:
    model, gold = tiny
    features = sentence_features(model, gold)
    fit_linear_head(model, features, targets=TARGETS, cost=1.0)
    logits = head_logits(model, features)
    assert ((logits > 0) == (TARGETS > 0)).all()
    row = 3
    with torch.inference_mode():
        inside = model(input_ids=torch.tensor([gold.token_ids[row]])).logits[0].numpy()
    np.testing.assert_allclose(inside, logits[row], atol=1e-4)


def test_code_without_sentences_gets_a_low_constant(tiny) -> None:
    model, gold = tiny
    features = sentence_features(model, gold)
    fit_linear_head(model, features, targets=TARGETS * np.array([1.0, 0.0], dtype=np.float32), cost=1.0)
    logits = head_logits(model, features)
    assert (logits[:, 1] == logits[0, 1]).all()
    assert logits[0, 1] < -5
