"""Logits and gold -> calibration and thresholds, and what they decide on other sentences."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from policy_nlp.codebook import Codebook, drop_unsupported_paths
from policy_nlp.model.calibration import calibrate, fit_calibration
from policy_nlp.model.thresholds import apply_thresholds, fit_thresholds
from policy_nlp.records import Calibration, Decisions, Thresholds


def fit_decisions(
    logits: NDArray[np.float32], targets: NDArray[np.float32], *, codebook: Codebook, prior: float
) -> tuple[Calibration, Thresholds]:
    """The calibration of these logits, and thresholds on the scores it gives them."""
    calibration = fit_calibration(logits, targets, codebook=codebook)
    scores = calibrate(logits, calibration)
    return calibration, fit_thresholds(scores, targets, codebook=codebook, prior=prior)


def decide_by_fold(
    logits: NDArray[np.float32],
    targets: NDArray[np.float32],
    *,
    folds: NDArray[np.int_],
    codebook: Codebook,
    prior: float,
) -> Decisions:
    """Scores and codes of all sentences, each by what was fitted on the other folds.

    Args:
        logits: shape (N, C).
        targets: shape (N, C), 0 or 1.
        folds: shape (N,), the fold of each sentence; two folds or more.
        codebook: of the columns.
        prior: positives by which a level draws the thresholds of its codes.
    """
    scores = np.zeros_like(logits)
    applies = np.zeros(logits.shape, dtype=np.bool_)
    for fold in np.unique(folds):
        inside, outside = folds == fold, folds != fold
        calibration, thresholds = fit_decisions(
            logits[outside], targets[outside], codebook=codebook, prior=prior
        )
        scores[inside] = calibrate(logits[inside], calibration)
        applies[inside] = drop_unsupported_paths(apply_thresholds(scores[inside], thresholds), codebook)
    return Decisions(codebook.code_ids, scores, applies, np.zeros(len(logits), dtype=np.bool_))
