"""The score from which each code applies, fitted on coded sentences that were not trained on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from policy_nlp.codebook import Codebook
from policy_nlp.model.calibration import SCORE_DECIMALS, level_columns
from policy_nlp.records import Thresholds
from policy_nlp.settings.training import THRESHOLD_PRIOR

GRID = np.round(np.arange(0.10, 0.905, 0.01), 2)


def fit_thresholds(
    scores: NDArray[np.float32],
    targets: NDArray[np.float32],
    *,
    codebook: Codebook,
    prior: float = THRESHOLD_PRIOR,
) -> Thresholds:
    """Thresholds that maximise F1, each code's drawn towards the best one of its level.

    The counts of true, false and missed positives of the whole level, scaled to `prior` positives, are
    added to those of the code; a code with few positives so keeps the threshold of its level.

    Args:
        scores: shape (N, C), calibrated.
        targets: shape (N, C), 0 or 1.
        codebook: gives the level of each column.
        prior: weight of the level, in positives; infinite gives one threshold a level.
    """
    values = np.full(scores.shape[1], 0.5)
    for columns in level_columns(codebook):
        counts = _count_by_threshold(scores[:, columns], targets[:, columns])
        level = counts.sum(axis=1, keepdims=True)
        n_positives = max(float(targets[:, columns].sum()), 1.0)
        shared = level if np.isinf(prior) else counts + level * (prior / n_positives)
        values[columns] = _best_thresholds(np.broadcast_to(shared, counts.shape))
    return Thresholds(codebook.code_ids, values)


def apply_thresholds(scores: NDArray[np.float32], thresholds: Thresholds) -> NDArray[np.bool_]:
    """True where score >= threshold, shape (N, C); False where the score is NaN."""
    return np.asarray(scores >= thresholds.values.astype(np.float32) - 0.5 * 10.0 ** -(SCORE_DECIMALS + 2))


def _count_by_threshold(scores: NDArray[np.float32], targets: NDArray[np.float32]) -> NDArray[np.float64]:
    """True positives, false positives, misses; shape (3, C, thresholds)."""
    is_positive = targets > 0.5
    applies = scores[:, :, None] >= GRID[None, None, :].astype(np.float32)
    hits = (applies & is_positive[:, :, None]).sum(axis=0)
    false = (applies & ~is_positive[:, :, None]).sum(axis=0)
    missed = is_positive.sum(axis=0)[:, None] - hits
    return np.stack([hits, false, missed]).astype(np.float64)


def _best_thresholds(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    hits, false, missed = counts
    f1 = 2 * hits / np.maximum(2 * hits + false + missed, 1e-12)
    # F1 is flat near its top; the middle of the best stretch moves less between samples than its first point.
    near_best = f1 >= f1.max(axis=1, keepdims=True) - 1e-3
    middle: NDArray[np.float64] = (near_best * GRID).sum(axis=1) / near_best.sum(axis=1)
    return np.round(middle, 2)
