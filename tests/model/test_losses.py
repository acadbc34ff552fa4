"""Losses: what the papers say of them."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import binary_cross_entropy_with_logits

from policy_nlp.model.losses import CodeLoss, asymmetric_loss, bernoulli_divergence, smooth_targets
from policy_nlp.settings.training import EncoderTraining

LOGITS = torch.tensor([[-2.0, 0.5, 3.0], [1.0, -4.0, -0.3]])
TARGETS = torch.tensor([[0.0, 1.0, 1.0], [0.0, 0.0, 1.0]])
SHARE = torch.tensor([0.01, 0.2, 0.5])


def test_default_loss_is_the_cross_entropy_of_torch() -> None:
    loss = CodeLoss(EncoderTraining(), SHARE).of_passes([[LOGITS]], TARGETS, weights=None)
    torch.testing.assert_close(loss, binary_cross_entropy_with_logits(LOGITS, TARGETS))


def test_asymmetric_loss_without_focus_and_margin_is_cross_entropy() -> None:
    """Ridnik et al. (2021): gamma+ = gamma- = 0 and m = 0 give the binary cross-entropy."""
    plain = binary_cross_entropy_with_logits(LOGITS, TARGETS, reduction="none")
    torch.testing.assert_close(asymmetric_loss(LOGITS, TARGETS, focus=0.0, margin=0.0), plain)


def test_asymmetric_loss_follows_its_equations() -> None:
    """Eq. 7: L+ = log p; L- = p_m^gamma log(1 - p_m) with p_m = max(p - m, 0)."""
    p, margin, focus = 0.6, 0.05, 4.0
    logit = torch.tensor([[math.log(p / (1 - p))] * 2])
    loss = asymmetric_loss(logit, torch.tensor([[1.0, 0.0]]), focus=focus, margin=margin)
    shifted = p - margin
    wanted = torch.tensor([[-math.log(p), -(shifted**focus) * math.log(1 - shifted)]])
    torch.testing.assert_close(loss, wanted)


@pytest.mark.parametrize("focus", [0.0, 1.0, 4.0])
def test_negatives_below_the_margin_neither_cost_nor_teach(focus: float) -> None:
    logits = torch.tensor([[-5.0, -30.0]], requires_grad=True)
    loss = asymmetric_loss(logits, torch.zeros(1, 2), focus=focus, margin=0.05)
    loss.sum().backward()
    assert logits.grad is not None
    assert loss[0].tolist() == [0.0, 0.0]
    assert logits.grad[0].tolist() == [0.0, 0.0]


@given(st.floats(-8, 8), st.floats(-8, 8))
def test_divergence_is_the_mean_of_both_kullback_leibler_divergences(first: float, second: float) -> None:
    p, q = (1 / (1 + math.exp(-logit)) for logit in (first, second))

    def divergence(a: float, b: float) -> float:
        return a * math.log(a / b) + (1 - a) * math.log((1 - a) / (1 - b))

    found = bernoulli_divergence(torch.tensor(first), torch.tensor(second)).item()
    assert found == pytest.approx((divergence(p, q) + divergence(q, p)) / 2, abs=1e-4)


def test_r_drop_is_mean_loss_plus_weighted_divergence() -> None:
    other = LOGITS + torch.tensor([0.3, -0.2, 0.1])
    loss = CodeLoss(EncoderTraining(r_drop=2.0, dropout=0.1), SHARE)
    found = loss.of_passes([[LOGITS], [other]], TARGETS, weights=None)
    both = [binary_cross_entropy_with_logits(logits, TARGETS) for logits in (LOGITS, other)]
    wanted = (both[0] + both[1]) / 2 + 2.0 * bernoulli_divergence(LOGITS, other).mean()
    torch.testing.assert_close(found, wanted)


def test_samples_of_dropout_count_by_their_mean_loss_not_by_their_mean_logit() -> None:
    """Inoue (2019): the loss of each sample is computed, then averaged."""
    loss = CodeLoss(EncoderTraining(dropout_samples=2, dropout=0.1), SHARE)
    found = loss.of_passes([[LOGITS, -LOGITS]], TARGETS, weights=None)
    both = [binary_cross_entropy_with_logits(logits, TARGETS) for logits in (LOGITS, -LOGITS)]
    torch.testing.assert_close(found, (both[0] + both[1]) / 2)
    assert found != pytest.approx(math.log(2))  # what mean logits of 0 would give


def test_smoothing_keeps_the_share_of_a_code() -> None:
    targets = torch.tensor([[1.0, 0.0], [0.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    smooth = smooth_targets(targets, targets.mean(dim=0), amount=0.1)
    torch.testing.assert_close(smooth.mean(dim=0), targets.mean(dim=0))
    torch.testing.assert_close(smooth[0], torch.tensor([0.925, 0.05]))


def test_smoothed_loss_is_least_at_the_smoothed_target() -> None:
    recipe = replace(EncoderTraining(), label_smoothing=0.2)
    logits = torch.logit(smooth_targets(TARGETS, SHARE, amount=0.2)).requires_grad_()
    CodeLoss(recipe, SHARE).of_passes([[logits]], TARGETS, weights=None).backward()
    assert logits.grad is not None
    torch.testing.assert_close(logits.grad, torch.zeros_like(LOGITS), atol=1e-7, rtol=0)
