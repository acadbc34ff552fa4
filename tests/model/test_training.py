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
from policy_nlp.model.optimiser import build_optimiser
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
    assert trainer.n_batches == (5,) * RECIPE.epochs
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


def _loss_at(build, recipe: EncoderTraining, **changes: object) -> float:
    """Loss of the first batch of a run, without dropout's chance where the recipe has none."""
    losses: list[float] = []
    trainer = build(recipe)
    if changes:
        trainer.gold = replace(trainer.gold, **changes)
    trainer.train_epoch(lambda number, loss: losses.append(loss))
    return losses[0]


def test_weights_of_all_sentences_scale_the_loss(build_trainer) -> None:
    plain = _loss_at(build_trainer, RECIPE)
    half = _loss_at(build_trainer, RECIPE, weights=np.full(20, 0.5, dtype=np.float32))
    assert half == pytest.approx(plain / 2, rel=1e-5)


def test_sentence_of_no_weight_teaches_nothing(build_trainer, gold: TokenisedGold) -> None:
    """The rule of the first code is taught wrong by sentences that do not count."""
    wrong = np.zeros(20, dtype=np.float32)
    wrong[:10] = 1.0
    targets = gold.targets.copy()
    targets[10:, 0] = 1 - targets[10:, 0]
    recipe = replace(RECIPE, epochs=1)
    spoilt, clean = build_trainer(recipe), build_trainer(recipe)
    spoilt.gold = replace(gold, targets=targets, weights=wrong)
    clean.gold = replace(gold, weights=wrong)
    for trainer in (spoilt, clean):
        trainer.train_epoch(lambda number, loss: None)
    assert torch.equal(_weights(spoilt), _weights(clean))


def test_r_drop_adds_nothing_where_dropout_draws_nothing(build_trainer) -> None:
    """Two passes that cannot differ have no divergence: only the mean of two equal losses is left."""
    recipe = replace(RECIPE, dropout=0.1, r_drop=5.0)
    plain = _loss_at(build_trainer, replace(RECIPE, dropout=0.1))
    without_draws = build_trainer(recipe)  # the model of the fixture has no dropout
    losses: list[float] = []
    without_draws.train_epoch(lambda number, loss: losses.append(loss))
    assert losses[0] == pytest.approx(plain, rel=1e-5)


def test_every_option_trains_together_and_goes_on_from_a_checkpoint(
    tiny_base_path: Path, gold: TokenisedGold, shipped_codebook: Codebook, tmp_path: Path
) -> None:
    recipe = replace(
        RECIPE, epochs=2, accumulate=2, precision="bf16", dropout=0.1, head="label_attention", r_drop=1.0,
        dropout_samples=3, joined_sentences=0.5, label_smoothing=0.1, loss="asymmetric", adversarial=0.5,
        average_decay=0.9, token_masking=0.1, layer_decay=0.9,
    )  # fmt: skip

    def build() -> Trainer:
        torch.manual_seed(0)
        codes = shipped_codebook.code_ids
        model = build_classifier(tiny_base_path, codes, dropout=0.1, head="label_attention")
        weighted = replace(gold, weights=np.linspace(0.5, 1.5, 20, dtype=np.float32))
        return Trainer(model, weighted, recipe, seed=1, device=torch.device("cpu"))

    whole, first, second = build(), build(), build()
    for _ in range(2):
        whole.train_epoch(lambda number, loss: None)
    first.train_epoch(lambda number, loss: None)
    first.save_checkpoint(tmp_path / "checkpoint.pt")
    second.load_checkpoint(tmp_path / "checkpoint.pt")
    second.train_epoch(lambda number, loss: None)
    assert torch.equal(_weights(whole), _weights(second))
    assert torch.isfinite(_weights(whole)).all()


def test_rate_of_a_layer_falls_by_the_decay_from_the_top_down(tiny_base_path: Path) -> None:
    model = build_classifier(tiny_base_path, ("a", "b"), head="label_attention")
    recipe = replace(RECIPE, encoder_rate=1e-4, head_rate=1e-3, layer_decay=0.5)
    rates = {
        name: group["lr"]
        for group in build_optimiser(model, recipe).param_groups
        for name, weights in model.named_parameters()
        if any(weights is item for item in group["params"])
    }
    assert rates["bert.encoder.layer.1.output.dense.weight"] == pytest.approx(1e-4)
    assert rates["bert.encoder.layer.0.output.dense.weight"] == pytest.approx(5e-5)
    assert rates["bert.embeddings.word_embeddings.weight"] == pytest.approx(2.5e-5)
    assert {rate for name, rate in rates.items() if name.startswith("classifier.")} == {1e-3}


def test_compiled_run_compiles_what_it_trains(build_trainer, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def compile_by_counting(function):
        def run(*args, **named):
            calls.append(function.__name__)
            return function(*args, **named)

        return run

    monkeypatch.setattr(torch, "compile", compile_by_counting)
    trainer = build_trainer(replace(RECIPE, compile=True))
    trainer.train_epoch(lambda number, loss: None)
    assert calls == ["sampled_logits"] * 5
