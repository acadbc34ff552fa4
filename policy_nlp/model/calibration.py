"""Logits -> calibrated scores: a logistic map, one slope and intercept shared by the codes of a level."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from policy_nlp.codebook import Codebook
from policy_nlp.records import PREDICTED_LEVELS, Calibration

SCORE_DECIMALS = 4  # scores are rounded once, here, so that files, reports and thresholds agree


def calibrate(logits: NDArray[np.float32], calibration: Calibration) -> NDArray[np.float32]:
    """Scores of shape (N, C), 0 to 1, rounded to four decimals; the logits have the same shape."""
    shifted = logits.astype(np.float64) * calibration.slope + calibration.intercept
    scores = 0.5 * (1.0 + np.tanh(0.5 * shifted))  # the logistic function without overflow
    return np.round(scores, SCORE_DECIMALS).astype(np.float32)


def identity_calibration(code_ids: Sequence[str]) -> Calibration:
    """The plain logistic function: slope 1, intercept 0."""
    n_codes = len(code_ids)
    return Calibration(tuple(code_ids), np.ones(n_codes), np.zeros(n_codes), method="none")


def fit_calibration(
    logits: NDArray[np.float32], targets: NDArray[np.float32], *, codebook: Codebook
) -> Calibration:
    """Logistic map fitted to coded sentences that were not trained on (Platt 1999), one pair a level.

    A pair for each code would follow the noise of codes with a handful of positives; a level shares one.

    Args:
        logits: shape (N, C).
        targets: shape (N, C), 0 or 1.
        codebook: gives the level of each column.
    """
    slope, intercept = np.ones(logits.shape[1]), np.zeros(logits.shape[1])
    for columns in level_columns(codebook):
        x, y = logits[:, columns].ravel(), targets[:, columns].ravel()
        if 0 < y.sum() < len(y):
            slope[columns], intercept[columns] = _fit_logistic(x, y)
    return Calibration(codebook.code_ids, slope, intercept, method="platt_by_level")


def level_columns(codebook: Codebook) -> list[slice]:
    """Columns of the C axis that belong to each predicted level that has codes."""
    slices, start = [], 0
    for level in PREDICTED_LEVELS:
        n_codes = len(codebook.ids(level))
        if n_codes:
            slices.append(slice(start, start + n_codes))
        start += n_codes
    return slices


def _fit_logistic(logits: NDArray[np.float32], targets: NDArray[np.float32]) -> tuple[float, float]:
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=1e4).fit(logits.reshape(-1, 1).astype(np.float64), targets > 0.5)
    slope = float(fitted.coef_[0, 0])
    return (slope, float(fitted.intercept_[0])) if slope > 0 else (1.0, 0.0)
