"""Losses of fine-tuning, one number a sentence and code; targets may lie between 0 and 1."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch.nn.functional import binary_cross_entropy_with_logits, logsigmoid

from policy_nlp.settings.training import EncoderTraining


class CodeLoss:
    """Loss of a run: of its recipe, for codes that apply to `share` of its sentences.

    Args:
        settings: the recipe.
        share: shape (C,), share of the training sentences that each code applies to.
    """

    def __init__(self, settings: EncoderTraining, share: torch.Tensor) -> None:
        self._settings = settings
        self._share = share

    def of_passes(
        self, passes: Sequence[Sequence[torch.Tensor]], targets: torch.Tensor, *, weights: torch.Tensor | None
    ) -> torch.Tensor:
        """Mean loss of one batch.

        Args:
            passes: one or, for R-Drop, two passes of the encoder, each with the logits (N, C) of one or more
                samples of the head's dropout.
            targets: shape (N, C), 0 to 1.
            weights: shape (N,), of each sentence; None where all weigh 1.
        """
        smooth = smooth_targets(targets, self._share, amount=self._settings.label_smoothing)
        losses = [self._of_logits(logits.float(), smooth) for samples in passes for logits in samples]
        loss = torch.stack(losses).mean(dim=0)
        if len(passes) > 1:
            pairs = zip(passes[0], passes[1], strict=True)
            apart = [bernoulli_divergence(first.float(), second.float()) for first, second in pairs]
            loss = loss + self._settings.r_drop * torch.stack(apart).mean(dim=0)
        return loss.mean() if weights is None else (loss * weights[:, None]).mean()

    def _of_logits(self, logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        if self._settings.loss == "asymmetric":
            focus, margin = self._settings.asymmetric_focus, self._settings.asymmetric_margin
            return asymmetric_loss(logits, targets, focus=focus, margin=margin)
        return binary_cross_entropy_with_logits(logits, targets, reduction="none")


def smooth_targets(targets: torch.Tensor, share: torch.Tensor, *, amount: float) -> torch.Tensor:
    """Targets drawn by `amount` towards the share of each code, so that the mean of a code stays as it was.

    Source: Szegedy et al. (2016), "Rethinking the Inception Architecture for Computer Vision", section 7,
    with the codes' own distribution as u(k).
    """
    return targets if amount == 0 else targets * (1 - amount) + amount * share


def asymmetric_loss(
    logits: torch.Tensor, targets: torch.Tensor, *, focus: float, margin: float
) -> torch.Tensor:
    """Asymmetric loss, shape (N, C): easy negatives weigh little, those below the margin nothing.

    Args:
        logits: shape (N, C).
        targets: shape (N, C), 0 to 1.
        focus: power of the score of a negative; positives have none.
        margin: probability that is taken off the score of a negative.

    Source: Ridnik et al. (2021), "Asymmetric Loss for Multi-Label Classification", eq. 5-7, gamma+ = 0.
    """
    shifted = (logits.sigmoid() - margin).clamp(min=0)
    negative = shifted.pow(focus) * torch.log1p(-shifted.clamp(max=1 - 1e-6))
    return -(targets * logsigmoid(logits) + (1 - targets) * negative)


def bernoulli_divergence(first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
    """Mean of both Kullback-Leibler divergences of two logits' Bernoulli distributions, same shape.

    Source: Wu et al. (2021), "R-Drop: Regularized Dropout for Neural Networks", eq. 2. For Bernoulli
    distributions the sum of both divergences is the product of the differences of scores and logits.
    """
    return 0.5 * (first.sigmoid() - second.sigmoid()) * (first - second)
