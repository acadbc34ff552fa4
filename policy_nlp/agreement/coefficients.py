"""Coefficients of agreement for one nominal variable and any number of coders.

Missing-data rules: Krippendorff's alpha and percent agreement use the units that two coders or more coded;
the expected agreement of Fleiss' and Conger's kappa and of Gwet's AC1 uses every unit that one coder or more
coded (Gwet); coefficients of two coders, and means of pairs, use the units that both coded. `complete_units`
gives the listwise reading of any of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations

import numpy as np

from policy_nlp.agreement.chance import (
    MISSING,
    ChanceModel,
    Codes,
    Floats,
    check_pair,
    check_pairable,
    code_shares,
    coder_shares,
    complete_units,
    corrected,
    expected_agreement,
    number_of_codes,
    number_of_used_codes,
    observed_agreement,
    sum_pairs,
    unit_agreements,
)
from policy_nlp.agreement.report import CoefficientName

__all__ = [
    "MISSING",
    "Codes",
    "Floats",
    "alpha_from_totals",
    "brennan_prediger",
    "code_shares",
    "coder_pairs",
    "coder_shares",
    "cohen_kappa",
    "complete_units",
    "compute_coefficients",
    "conger_kappa",
    "count_codes",
    "distance_alpha",
    "fleiss_kappa",
    "gwet_ac1",
    "holsti",
    "light_kappa",
    "mean_of_pairs",
    "nominal_alpha",
    "nominal_disagreements",
    "pairable_totals",
    "percent_agreement",
    "percent_agreement_all",
    "perreault_leigh",
    "scott_pi",
    "unit_agreements",
    "unit_disagreements",
]


def count_codes(codes: Codes, n_codes: int | None = None) -> Floats:
    """How many coders gave each unit each code, shape (U, C); C is the largest index + 1 if None."""
    n_codes = number_of_codes(codes) if n_codes is None else n_codes
    n_coders, n_units = codes.shape
    cells = np.broadcast_to(np.arange(n_units), (n_coders, n_units)) * n_codes + codes
    counts = np.bincount(cells[codes != MISSING], minlength=n_units * n_codes).astype(np.float64)
    return counts.reshape(n_units, n_codes)


def percent_agreement(codes: Codes) -> float:
    """Mean over units of the share of coder pairs that agree, 0 to 1, over units with two coders or more.

    Source: Gwet (2014), "Handbook of Inter-Rater Reliability", p_a.
    """
    return observed_agreement(codes)


def percent_agreement_all(codes: Codes) -> float:
    """Share of units on which all their coders agree, over units with two coders or more."""
    check_pairable(codes)
    agreements = unit_agreements(codes)
    return float((agreements[~np.isnan(agreements)] > 1 - 1e-12).mean())


def holsti(codes: Codes) -> float:
    """Holsti's 2 M / (N_1 + N_2), mean over pairs of coders; N counts all units of a coder, shared or not.

    Where both coded the same units it is their percent agreement. NaN when no pair coded anything.

    Source: Holsti (1969), "Content Analysis for the Social Sciences and Humanities".
    """
    check_pairable(codes)
    n_coded = (codes != MISSING).sum(axis=1)
    values = [
        2
        * float(((codes[first] == codes[second]) & (codes[first] != MISSING)).sum())
        / float(n_coded[first] + n_coded[second])
        for first, second in combinations(range(len(codes)), 2)
        if n_coded[first] + n_coded[second]
    ]
    return math.fsum(values) / len(values)


def cohen_kappa(codes: Codes) -> float:
    """Cohen's kappa of two coders; NaN when both used one and the same code only.

    Source: Cohen (1960), "A Coefficient of Agreement for Nominal Scales".

    >>> round(cohen_kappa(np.array([[0] * 30 + [1] * 70, [0] * 20 + [1] * 10 + [0] * 20 + [1] * 50])), 3)
    0.348
    """
    return conger_kappa(_both_coded(codes))


def scott_pi(codes: Codes) -> float:
    """Scott's pi of two coders; NaN when one code is all that was used. Source: Scott (1955)."""
    return fleiss_kappa(_both_coded(codes))


def mean_of_pairs(coefficient: Callable[[Codes], float], codes: Codes) -> float:
    """Mean of a coefficient of two coders over the pairs in which it is defined; NaN where there is none."""
    values = [coefficient(pair) for pair in coder_pairs(codes)]
    defined = [value for value in values if not math.isnan(value)]
    return math.fsum(defined) / len(defined) if defined else math.nan


def light_kappa(codes: Codes) -> float:
    """Mean of Cohen's kappa over the pairs of coders. Source: Light (1971)."""
    return mean_of_pairs(cohen_kappa, codes)


def fleiss_kappa(codes: Codes) -> float:
    """Fleiss' kappa of two coders or more; NaN when one code is all that was used.

    Source: Fleiss (1971); with missing codes as in Gwet (2014).
    """
    return _beyond_chance("fleiss", codes, number_of_codes(codes))


def conger_kappa(codes: Codes) -> float:
    """Conger's kappa, Cohen's for two coders or more: chance from each coder's own shares of codes.

    Source: Conger (1980), "Integration and Generalization of Kappas for Multiple Raters"; with missing codes
    as in Gwet (2014). NaN when one code is all that was used, or one coder alone coded anything.
    """
    return _beyond_chance("conger", codes, number_of_codes(codes))


def gwet_ac1(codes: Codes, n_codes: int | None = None) -> float:
    """Gwet's AC1 of two coders or more; NaN when one code is all that was used.

    Args:
        codes: shape (K, U).
        n_codes: codes the coders could choose from; None counts those that were used.

    Source: Gwet (2008), "Computing inter-rater reliability and its variance in the presence of high
    agreement".
    """
    check_pairable(codes)
    n_used = number_of_used_codes(codes)
    if n_used < 2:
        return math.nan
    return _beyond_chance("gwet", codes, n_used if n_codes is None else n_codes)


def brennan_prediger(codes: Codes, n_codes: int | None = None) -> float:
    """Agreement corrected for chance 1 / n_codes; NaN when there is one code only.

    Args:
        codes: shape (K, U).
        n_codes: codes the coders could choose from; None counts those that were used.

    Source: Brennan and Prediger (1981), "Coefficient Kappa: Some Uses, Misuses, and Alternatives". For more
    than two coders as in Gwet (2014), which is Randolph's (2005) free-marginal kappa.
    """
    n_codes = number_of_used_codes(codes) if n_codes is None else n_codes
    return _beyond_chance("brennan_prediger", codes, n_codes)


def perreault_leigh(codes: Codes, n_codes: int | None = None) -> float:
    """Perreault and Leigh's I_r, the root of `brennan_prediger`; 0 where that is negative.

    Source: Perreault and Leigh (1989), "Reliability of Nominal Data Based on Qualitative Judgments".
    """
    value = brennan_prediger(codes, n_codes)
    return value if math.isnan(value) else math.sqrt(max(0.0, value))


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
    check_pairable(codes)
    totals = pairable_totals(codes, number_of_codes(codes))
    n_values = float(totals.sum())
    expected = float((totals * (n_values - totals)).sum())
    disagreement = float(nominal_disagreements(codes).sum())
    return 1.0 - (n_values - 1) * disagreement / expected if expected > 0 else math.nan


def distance_alpha(codes: Codes, distances: Floats) -> float:
    """Krippendorff's alpha with a distance of its own for each pair of codes.

    Args:
        codes: shape (K, U); -1 where not coded.
        distances: shape (C, C), symmetric, 0 on the diagonal.

    Raises:
        TooFewCodersError: no unit was coded by two coders.
    """
    check_pairable(codes)
    disagreement = unit_disagreements(codes, distances).sum()
    totals = pairable_totals(codes, len(distances))
    return float(alpha_from_totals(disagreement, totals, distances=distances))


def pairable_totals(codes: Codes, n_codes: int) -> Floats:
    """How often each code was given in units of two coders or more, shape (C,)."""
    pairable = codes[:, (codes != MISSING).sum(axis=0) >= 2]
    return np.bincount(pairable[pairable != MISSING], minlength=n_codes).astype(np.float64)


def unit_disagreements(codes: Codes, distances: Floats) -> Floats:
    """What each unit adds to alpha's observed disagreement, shape (U,): 0 where fewer than two coded it.

    It is the sum of distances over ordered pairs of coders, divided by (number of coders of the unit - 1).
    """
    n_coders = (codes != MISSING).sum(axis=0)
    disagreements: Floats = 2 * sum_pairs(codes, distances) / np.maximum(n_coders - 1, 1)
    return disagreements


def nominal_disagreements(codes: Codes) -> Floats:
    """`unit_disagreements` where different codes are at distance 1, shape (U,)."""
    n_coders = (codes != MISSING).sum(axis=0)
    agreements = np.nan_to_num(unit_agreements(codes), nan=1.0)
    disagreements: Floats = n_coders * (1.0 - agreements)
    return disagreements


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


def coder_pairs(codes: Codes) -> Iterator[Codes]:
    """Each pair of coders over the units both coded, shape (2, U'); pairs that share no unit are left out.

    Raises:
        TooFewCodersError: no pair shares a unit.
    """
    check_pairable(codes)
    for first, second in combinations(range(len(codes)), 2):
        pair = codes[[first, second]]
        both = (pair != MISSING).all(axis=0)
        if both.any():
            yield pair[:, both]


def compute_coefficients(codes: Codes, n_codes: int) -> Mapping[CoefficientName, float]:
    """Every coefficient of an agreement report by its name; NaN where undefined.

    Args:
        codes: shape (K, U), -1 where a coder was not given the unit.
        n_codes: codes the coders could choose from, for AC1, Brennan-Prediger and Perreault-Leigh.

    Raises:
        TooFewCodersError: no unit was coded by two coders.
    """
    return {
        "percent_agreement": percent_agreement(codes),
        "percent_agreement_all": percent_agreement_all(codes),
        "holsti": holsti(codes),
        "cohen_kappa": light_kappa(codes),
        "scott_pi": mean_of_pairs(scott_pi, codes),
        "fleiss_kappa": fleiss_kappa(codes),
        "conger_kappa": conger_kappa(codes),
        "krippendorff_alpha": nominal_alpha(codes),
        "gwet_ac1": gwet_ac1(codes, n_codes),
        "brennan_prediger": brennan_prediger(codes, n_codes),
        "perreault_leigh": perreault_leigh(codes, n_codes),
    }


def _beyond_chance(model: ChanceModel, codes: Codes, n_codes: int) -> float:
    return corrected(observed_agreement(codes), expected_agreement(model, codes, n_codes=n_codes))


def _both_coded(codes: Codes) -> Codes:
    check_pair(codes)
    return complete_units(codes)
