"""The training loop: every batch counts, whatever the steps and the precision."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from policy_nlp.codebook import Codebook
from policy_nlp.model.classifier import build_classifier
from policy_nlp.model.gold_tokens import TokenisedGold
from policy_nlp.model.training import Trainer
from policy_nlp.settings.training import EncoderTraining

RECIPE = EncoderTraining(epochs=4, batch_size=4, max_tokens=16, buckets=(8, 16), precision="fp32")


@pytest.fixture
def gold(shipped_codebook: Codebook) -> TokenisedGold:
    """20 sentences of 6 tokens; the first code applies where the second token is 7."""
    generator = np.random.default_rng(0)
    token_ids = [[2, 7 if row % 2 else 8, *generator.integers(9, 40, 3).tolist(), 3] for row in range(20)]
    targets = np.zeros((20, len(shipped_codebook.code_ids)), dtype=np.float32)
    targets[1::2, 0] = 1.0
    return TokenisedGold(token_ids, targets, pad_id=0, mask_id=4)


@pytest.fixture
def build_trainer(tiny_base_path: Path, gold: TokenisedGold, shipped_codebook: Codebook):
    """A function that gives a fresh trainer for a recipe; its weights are always the same."""

    def build(recipe: EncoderTraining) -> Trainer:
        torch.manual_seed(0)
        model = build_classifier(tiny_base_path, shipped_codebook.code_ids)
        return Trainer(model, gold, recipe, seed=1, device=torch.device("cpu"))

    return build


def _weights(trainer: Trainer) -> torch.Tensor:
    return torch.cat([weights.detach().float().flatten() for weights in trainer.model.parameters()])


@pytest.mark.parametrize("accumulate", [3, 99])
def test_batches_left_at_the_end_of_an_epoch_make_a_step_of_their_own(build_trainer, accumulate: int) -> None:
    trainer = build_trainer(replace(RECIPE, accumulate=accumulate))
    before = _weights(trainer)
    assert trainer.n_batches == 5
    trainer.train_epoch(lambda number, loss: None)
    assert trainer.schedule.last_epoch == -(-5 // accumulate)
    assert not torch.equal(_weights(trainer), before)


def test_rate_reaches_zero_with_the_last_step(build_trainer) -> None:
    trainer = build_trainer(replace(RECIPE, accumulate=2))
    while trainer.next_epoch < RECIPE.epochs:
        assert max(trainer.schedule.get_last_lr()) > 0
        trainer.train_epoch(lambda number, loss: None)
    assert trainer.schedule.get_last_lr() == pytest.approx([0.0] * len(trainer.optimiser.param_groups))


def test_gradients_too_small_for_fp16_still_train(build_trainer) -> None:
    recipe = replace(RECIPE, precision="fp16", weight_decay=0.0, adversarial=0.5)
    trainer = build_trainer(recipe)
    assert trainer.scaler.is_enabled()
    losses = [trainer.train_epoch(lambda number, loss: None) for _ in range(recipe.epochs)]
    assert losses[-1] < losses[0]
    assert torch.isfinite(_weights(trainer)).all()


def test_fp16_run_goes_on_from_its_checkpoint_with_its_scale(build_trainer, tmp_path: Path) -> None:
    recipe = replace(RECIPE, precision="fp16")
    first, second = build_trainer(recipe), build_trainer(recipe)
    first.train_epoch(lambda number, loss: None)
    first.scaler.update(2.0)
    first.save_checkpoint(tmp_path / "checkpoint.pt")
    second.load_checkpoint(tmp_path / "checkpoint.pt")
    assert second.next_epoch == 1
    assert second.scaler.get_scale() == 2.0
    assert torch.equal(_weights(first), _weights(second))
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint.pt"]


def test_mask_hides_about_its_share_and_never_the_ends(build_trainer) -> None:
    trainer = build_trainer(replace(RECIPE, token_masking=0.5))
    ids = torch.full((200, 10), 9)
    mask = torch.ones_like(ids)
    mask[:, 8:] = 0  # two tokens of padding
    hidden = trainer._hide_tokens(ids, mask) == 4
    assert not hidden[:, [0, 7, 8, 9]].any()
    assert hidden[:, 1:7].float().mean().item() == pytest.approx(0.5, abs=0.05)
