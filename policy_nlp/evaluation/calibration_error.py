"""Scores and gold codings -> expected calibration error."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.intervals import Measure
from policy_nlp.records import Level

N_BINS = 15
NO_INTERVAL = "no interval: resampling biases the calibration error upwards"


def expected_calibration_error(
    scores: NDArray[np.float64], outcomes: NDArray[np.bool_], *, n_bins: int = N_BINS
) -> float:
    """Mean gap between score and share of positives over bins of equal mass, weighted by mass, 0 to 1.

    Args:
        scores: shape (n,), 0 to 1.
        outcomes: shape (n,), whether the code truly applies.
        n_bins: bins of equal mass; equal scores share a bin, so there may be fewer.

    Returns:
        NaN without scores. Low when nearly all scores are near 0, as for rare codes.

    Source: Naeini et al. (2015), with the equal-mass bins of Nixon et al. (2019), "Measuring Calibration".

    >>> scores, outcomes = np.array([0.2, 0.2, 0.9, 0.9]), np.array([False, True, True, True])
    >>> round(expected_calibration_error(scores, outcomes), 3)
    0.2
    """
    if not len(scores):
        return math.nan
    ends = np.quantile(scores, np.linspace(0, 1, n_bins + 1)[1:-1])
    # Bins by value and not by rank: scores are rounded, and ties must not depend on the order of units.
    bins = np.searchsorted(np.unique(ends), scores, side="left")
    gaps = np.bincount(bins, scores) - np.bincount(bins, outcomes)
    return float(np.abs(gaps).sum() / len(scores))


def equal_width_error(
    scores: NDArray[np.float64], outcomes: NDArray[np.bool_], *, n_bins: int = N_BINS
) -> float:
    """The same over bins of equal width, 0 to 1; NaN without scores.

    Source: Guo, Pleiss, Sun, Weinberger (2017), "On Calibration of Modern Neural Networks".

    >>> equal_width_error(np.array([0.25, 0.75]), np.array([False, True]), n_bins=2)
    0.25
    """
    if not len(scores):
        return math.nan
    bins = width_bins(scores, n_bins)
    gaps = np.bincount(bins, scores) - np.bincount(bins, outcomes)
    return float(np.abs(gaps).sum() / len(scores))


def width_bins(scores: NDArray[np.float64], n_bins: int) -> NDArray[np.int_]:
    """The bin of equal width that each score is in, from 0; a score on an edge is in the upper one."""
    # Scores have four decimals: what float32 adds behind them must not move one over an edge.
    return np.clip(np.floor(np.round(scores, 6) * n_bins + 1e-9).astype(np.int_), 0, n_bins - 1)


def calibration_measure(
    scores: NDArray[np.float64] | None, gold: NDArray[np.bool_], *, level: Level
) -> Measure:
    """Expected calibration error over all units and codes of a level; no interval.

    Units without score (NaN: no usable text) are left out. Undefined for coders without scores and for
    main categories, which are derived.
    """
    if level == "main":
        return Measure(math.nan, reason="main categories are derived from initial ones and have no score")
    if scores is None:
        return Measure(math.nan, reason="the predicted codings have no scores")
    has_score = ~np.isnan(scores)
    value = expected_calibration_error(scores[has_score], gold[has_score])
    return Measure(value, reason="no unit has a score" if math.isnan(value) else NO_INTERVAL)
