"""Scores and gold codings of one level -> LevelCalibration: errors, Brier score, bins of the diagram."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.binary import divide
from policy_nlp.agreement.intervals import Bootstrap, bootstrap_draws, measures_from_draws
from policy_nlp.agreement.level_tables import Applies
from policy_nlp.evaluation.calibration_error import (
    equal_width_error,
    expected_calibration_error,
    width_bins,
)
from policy_nlp.evaluation.report import LevelCalibration, ReliabilityBin

N_DIAGRAM_BINS = 10


def measure_calibration(
    scores: NDArray[np.float64] | None,
    gold: Applies,
    *,
    group_of: NDArray[np.int_],
    bootstrap: Bootstrap,
) -> LevelCalibration | None:
    """How calibrated the scores of one level are; None where no unit has a score.

    Args:
        scores: shape (U, C), rows of NaN where a unit has none; None for coders without scores.
        gold: shape (U, C).
        group_of: shape (U,), the document of each unit, drawn as a whole.
        bootstrap: draws and seed of the intervals.

    Source of the Brier score: Brier (1950), "Verification of forecasts expressed in terms of probability".
    Of the diagram: Niculescu-Mizil, Caruana (2005), "Predicting good probabilities with supervised learning".
    """
    if scores is None or not scores.size:
        return None
    rows = ~np.isnan(scores).any(axis=1)
    if not rows.any():
        return None
    scores, gold = scores[rows], gold[rows]
    _, groups = np.unique(group_of[rows], return_inverse=True)
    sums = _sum_documents(scores, gold, groups)
    values = _quantities(sums.sum(axis=0, keepdims=True))
    measures = measures_from_draws(
        values[0],
        bootstrap_draws(lambda weights: _quantities(weights @ sums), len(sums), bootstrap=bootstrap),
        reasons=[*["no score is in this bin"] * N_DIAGRAM_BINS, "there is no score"],
        n_groups=len(sums),
        bootstrap=bootstrap,
    )
    counts, of_scores = sums.sum(axis=0)[: 2 * N_DIAGRAM_BINS].reshape(2, N_DIAGRAM_BINS)
    bins = tuple(
        ReliabilityBin(
            low=place / N_DIAGRAM_BINS,
            high=(place + 1) / N_DIAGRAM_BINS,
            n_scores=int(n_scores),
            mean_score=float(total / n_scores) if n_scores else math.nan,
            share=measures[place],
        )
        for place, (n_scores, total) in enumerate(zip(counts, of_scores, strict=True))
    )
    shares = gold.mean(axis=0)
    return LevelCalibration(
        n_scores=scores.size,
        n_positives=int(gold.sum()),
        equal_mass=expected_calibration_error(scores.ravel(), gold.ravel()),
        equal_width=equal_width_error(scores.ravel(), gold.ravel()),
        brier=measures[-1],
        brier_of_shares=float((shares * (1 - shares)).mean()),
        bins=bins,
    )


def _sum_documents(
    scores: NDArray[np.float64], gold: Applies, groups: NDArray[np.int_]
) -> NDArray[np.float64]:
    """Shape (G, 3 x bins + 2): of each bin, scores counted, summed, and positives; cells; squared gaps."""
    bins = width_bins(scores, N_DIAGRAM_BINS)
    n_groups, n_codes = int(groups.max()) + 1, scores.shape[1]
    place = (np.repeat(groups, n_codes) * N_DIAGRAM_BINS) + bins.ravel()
    parts = [
        np.bincount(place, weights, n_groups * N_DIAGRAM_BINS).reshape(n_groups, -1)
        for weights in (None, scores.ravel(), gold.ravel().astype(np.float64))
    ]
    cells = np.bincount(groups, minlength=n_groups) * n_codes
    squares = np.bincount(groups, ((scores - gold) ** 2).sum(axis=1), n_groups)
    return np.concatenate([*parts, cells[:, np.newaxis], squares[:, np.newaxis]], axis=1)


def _quantities(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of positives in each bin, then the Brier score; shape (B, bins + 1)."""
    shares = divide(sums[:, 2 * N_DIAGRAM_BINS : -2], sums[:, :N_DIAGRAM_BINS])
    return np.concatenate([shares, divide(sums[:, -1:], sums[:, -2:-1])], axis=1)
