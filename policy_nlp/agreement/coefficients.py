"""Coefficients of agreement for one nominal variable and any number of coders.

Missing-data rules: Krippendorff's alpha and percent agreement use the units that two coders or more coded;
the expected agreement of Fleiss' kappa and Gwet's AC1 uses every unit that one coder or more coded (Gwet);
Cohen's kappa and Scott's pi use the units that both coders coded.
"""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from policy_nlp.errors import TooFewCodersError

MISSING = -1

Codes = NDArray[np.int_]
Floats = NDArray[np.float64]


def count_codes(codes: Codes, n_codes: int | None = None) -> Floats:
    """How many coders gave each unit each code, shape (U, C); C is the largest index + 1 if None."""
    n_codes = int(codes.max(initial=MISSING)) + 1 if n_codes is None else n_codes
    n_coders, n_units = codes.shape
    cells = np.broadcast_to(np.arange(n_units), (n_coders, n_units)) * n_codes + codes
    counts = np.bincount(cells[codes != MISSING], minlength=n_units * n_codes).astype(np.float64)
    return counts.reshape(n_units, n_codes)


def percent_agreement(codes: Codes) -> float:
    """Mean over units of the share of coder pairs that agree, 0 to 1, over units with two coders or more.

    Source: Gwet (2014), "Handbook of Inter-Rater Reliability", p_a.
    """
    counts = count_codes(codes)
    return _observed_agreement(counts)


def cohen_kappa(codes: Codes) -> float:
    """Cohen's kappa of two coders; NaN when both used one and the same code only.

    Source: Cohen (1960), "A Coefficient of Agreement for Nominal Scales".

    >>> round(cohen_kappa(np.array([[0] * 30 + [1] * 70, [0] * 20 + [1] * 10 + [0] * 20 + [1] * 50])), 3)
    0.348
    """
    pair = _both_coded(codes)
    shares = [count_codes(row[np.newaxis], int(pair.max()) + 1).mean(axis=0) for row in pair]
    return _corrected(float((pair[0] == pair[1]).mean()), float(shares[0] @ shares[1]))


def scott_pi(codes: Codes) -> float:
    """Scott's pi of two coders; NaN when one code is all that was used. Source: Scott (1955)."""
    return fleiss_kappa(_both_coded(codes))


def fleiss_kappa(codes: Codes) -> float:
    """Fleiss' kappa of two coders or more; NaN when one code is all that was used.

    Source: Fleiss (1971); with missing codes as in Gwet (2014).
    """
    counts = count_codes(codes)
    shares = _code_shares(counts)
    return _corrected(_observed_agreement(counts), float(shares @ shares))


def gwet_ac1(codes: Codes, n_codes: int | None = None) -> float:
    """Gwet's AC1 of two coders or more; NaN when one code is all that was used.

    Args:
        codes: shape (K, U).
        n_codes: codes the coders could choose from; None counts those that were used.

    Source: Gwet (2008), "Computing inter-rater reliability and its variance in the presence of high
    agreement".
    """
    counts = count_codes(codes)
    observed, shares = _observed_agreement(counts), _code_shares(counts)
    n_used = int(np.count_nonzero(shares))
    if n_used < 2:
        return math.nan
    n_codes = n_used if n_codes is None else n_codes
    return _corrected(observed, float((shares * (1 - shares)).sum()) / (n_codes - 1))


def brennan_prediger(codes: Codes, n_codes: int | None = None) -> float:
    """Agreement corrected for chance 1 / n_codes; NaN when there is one code only.

    Args:
        codes: shape (K, U).
        n_codes: codes the coders could choose from; None counts those that were used.

    Source: Brennan and Prediger (1981), "Coefficient Kappa: Some Uses, Misuses, and Alternatives".
    """
    counts = count_codes(codes)
    n_codes = int(np.count_nonzero(counts.sum(axis=0))) if n_codes is None else n_codes
    return _corrected(_observed_agreement(counts), 1 / n_codes)


def nominal_alpha(codes: Codes) -> float:
    """Krippendorff's alpha for one nominal variable.

    Args:
        codes: shape (K, U), the code index each coder gave each unit; -1 where not coded.

    Returns:
        At most 1: 1 is perfect, 0 is chance. NaN when one code is all that was used.

    Raises:
        TooFewCodersError: no unit was coded by two coders.

    Source: Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", example A.

    >>> round(nominal_alpha(np.array([[0,1,0,0,0,0,0,0,1,0], [1,1,1,0,0,1,0,0,0,0]])), 3)
    0.095
    """
    n_codes = int(codes.max(initial=0)) + 1
    return distance_alpha(codes, 1.0 - np.eye(n_codes))


def distance_alpha(codes: Codes, distances: Floats) -> float:
    """Krippendorff's alpha with a distance of its own for each pair of codes.

    Args:
        codes: shape (K, U); -1 where not coded.
        distances: shape (C, C), symmetric, 0 on the diagonal.

    Raises:
        TooFewCodersError: no unit was coded by two coders.
    """
    counts = count_codes(codes, len(distances))
    pairable = counts[counts.sum(axis=1) >= 2]
    _check_pairable(len(pairable))
    disagreement = unit_disagreements(codes, distances).sum()
    return float(alpha_from_totals(disagreement, pairable.sum(axis=0), distances=distances))


def unit_disagreements(codes: Codes, distances: Floats) -> Floats:
    """What each unit adds to alpha's observed disagreement, shape (U,): 0 where fewer than two coded it.

    It is the sum of distances over ordered pairs of coders, divided by (number of coders of the unit - 1).
    """
    n_coders = (codes != MISSING).sum(axis=0)
    sums = np.zeros(codes.shape[1])
    for first, second in combinations(range(len(codes)), 2):
        both = (codes[first] != MISSING) & (codes[second] != MISSING)
        sums[both] += 2 * distances[codes[first, both], codes[second, both]]
    sums /= np.maximum(n_coders - 1, 1)
    return sums


def alpha_from_totals(disagreement: Floats | float, code_totals: Floats, *, distances: Floats) -> Floats:
    """Alpha from sums over units, for any number of samples at once; NaN where nothing varies.

    Args:
        disagreement: shape (...,), the sum of `unit_disagreements`.
        code_totals: shape (..., C), how often each code was given in pairable units.
        distances: shape (C, C).
    """
    expected = ((code_totals @ distances) * code_totals).sum(axis=-1)
    n_values = code_totals.sum(axis=-1)
    ratio = np.full(np.shape(expected), np.nan)
    np.divide((n_values - 1) * disagreement, expected, out=ratio, where=expected > 0)
    alpha: Floats = 1.0 - ratio
    return alpha


def _observed_agreement(counts: Floats) -> float:
    n_coders = counts.sum(axis=1)
    pairable = n_coders >= 2
    _check_pairable(int(pairable.sum()))
    used, n_used = counts[pairable], n_coders[pairable]
    return float(((used * (used - 1)).sum(axis=1) / (n_used * (n_used - 1))).mean())


def _code_shares(counts: Floats) -> Floats:
    coded = counts[counts.sum(axis=1) >= 1]
    shares: Floats = (coded / coded.sum(axis=1, keepdims=True)).mean(axis=0)
    return shares


def _both_coded(codes: Codes) -> Codes:
    if len(codes) != 2:
        raise TooFewCodersError(
            f"found {len(codes)} coders, expected two. Choose a pair.", n_coders=len(codes)
        )
    both = codes[:, (codes != MISSING).all(axis=0)]
    _check_pairable(both.shape[1])
    return both


def _check_pairable(n_units: int) -> None:
    if n_units == 0:
        raise TooFewCodersError("no unit was coded by two coders. Give files that share units.")


def _corrected(observed: float, expected: float) -> float:
    """Agreement beyond chance; NaN where chance alone agrees always."""
    return (observed - expected) / (1 - expected) if 1 - expected > 1e-12 else math.nan
