"""Standard errors and t intervals of coefficients, from what each unit contributes to them.

Gwet's linearisation writes a coefficient as the mean of one score a unit; its variance is that of a mean.
Units are taken as independent draws: where sentences nest in documents, the bootstrap over documents of
`intervals` is the honest one, and these errors are too small.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from scipy.stats import norm, t

from policy_nlp.agreement.chance import (
    MISSING,
    ChanceModel,
    Codes,
    Floats,
    check_pairable,
    code_shares,
    coder_shares,
    corrected,
    expected_agreement,
    gwet_factor,
    number_of_codes,
    number_of_used_codes,
    unit_agreements,
)
from policy_nlp.agreement.coefficients import pairable_totals, perreault_leigh
from policy_nlp.agreement.report import CoefficientName

NO_VARIANCE = "no variance: one code is all that was used"
NO_SPREAD = "no interval: every unit contributes the same, so the sample shows no variation"
ONE_UNIT = "no interval: there is one unit only"

Divisor = Literal["n(n-1)", "n^2"]


@dataclass(frozen=True, slots=True)
class StandardError:
    """A coefficient with its standard error and interval.

    Attributes:
        value: the coefficient; NaN when undefined.
        se: NaN when there is none.
        low, high: value -+ t(n - 1) se, at most 1; NaN when there is no interval.
        reason: why something is NaN; None when all are there.
    """

    value: float
    se: float = math.nan
    low: float = math.nan
    high: float = math.nan
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class LinearScores:
    """A coefficient as a mean over units.

    Attributes:
        value: the coefficient.
        influences: what each unit adds to it beyond the mean, shape (U,); their sum is 0. NaN for units that
            the coefficient does not use.
    """

    value: float
    influences: Floats

    @property
    def n_units(self) -> int:
        """Units that the coefficient uses."""
        return int((~np.isnan(self.influences)).sum())


def standard_error(
    name: CoefficientName, codes: Codes, *, n_codes: int, confidence: float = 0.95
) -> StandardError:
    """The named coefficient of `compute_coefficients`, with standard error and interval.

    Args:
        name: which one.
        codes: shape (K, U), -1 where not coded.
        n_codes: codes the coders could choose from.
        confidence: of the interval.

    Sources: Gwet (2014), "Handbook of Inter-Rater Reliability"; Cohen's kappa of two coders: Fleiss, Cohen
    and Everitt (1969), which divides by n^2; Perreault and Leigh (1989), for two coders. Means of pairs and
    Holsti are linearised in the same way.

    Raises:
        TooFewCodersError: no unit was coded by two coders.
    """
    check_pairable(codes)
    if name == "perreault_leigh" and len(codes) == 2:
        return _perreault_leigh_error(codes, n_codes, confidence=confidence)
    scores = coefficient_scores(name, codes, n_codes=n_codes)
    is_cohen = name == "cohen_kappa" and len(codes) == 2
    return error_of_scores(scores, confidence=confidence, divisor="n^2" if is_cohen else "n(n-1)")


def error_of_scores(
    scores: LinearScores, *, confidence: float = 0.95, divisor: Divisor = "n(n-1)"
) -> StandardError:
    """The standard error of a mean of scores, and its t interval with n - 1 degrees of freedom.

    `n^2` divides as Gwet's formulas for contingency tables of two coders do, `n(n-1)` as those for raw codes.
    """
    if math.isnan(scores.value):
        return StandardError(math.nan, reason=NO_VARIANCE)
    n_units = scores.n_units
    if n_units < 2:
        return StandardError(scores.value, reason=ONE_UNIT)
    squares = float(np.nansum(scores.influences**2))
    se = math.sqrt(squares / (n_units * (n_units - 1 if divisor == "n(n-1)" else n_units)))
    if se < 1e-12:
        return StandardError(scores.value, 0.0, reason=NO_SPREAD)
    reach = float(t.ppf((1 + confidence) / 2, n_units - 1)) * se
    return StandardError(scores.value, se, scores.value - reach, min(1.0, scores.value + reach))


def coefficient_scores(name: CoefficientName, codes: Codes, *, n_codes: int) -> LinearScores:
    """The scores of a coefficient of `compute_coefficients`; raises TooFewCodersError as that does."""
    check_pairable(codes)
    return _SCORES[name](codes, n_codes)


def chance_scores(
    model: ChanceModel, codes: Codes, *, n_codes: int, weights: Floats | None = None
) -> LinearScores:
    """The scores of (p_a - p_e) / (1 - p_e), with the expected agreement of `model`.

    Units that one coder alone coded count as units without agreement in the spread, as Gwet has it: many of
    them make the error larger than that of repeated samples.

    Source: Gwet (2014), chapter 5; the formulas for raw codes with gaps.
    """
    is_coded = (codes != MISSING).any(axis=0)
    used = codes[:, is_coded]
    influences = np.full(codes.shape[1], np.nan)
    agreements = unit_agreements(used, weights)
    is_pairable = ~np.isnan(agreements)
    observed = float(agreements[is_pairable].mean())
    expected = expected_agreement(model, used, n_codes=n_codes, weights=weights)
    value = corrected(observed, expected)
    if not math.isnan(value):
        share_pairable = is_pairable.mean()
        own = np.where(is_pairable, agreements - expected, 0.0) / share_pairable / (1 - expected)
        by_chance = _chance_of_units(model, used, n_codes=n_codes, weights=weights)
        chance_part = 0.0 if by_chance is None else 2 * (1 - value) * (by_chance - expected) / (1 - expected)
        influences[is_coded] = own - chance_part - value
    return LinearScores(value, influences)


def alpha_scores(codes: Codes, *, weights: Floats | None = None) -> LinearScores:
    """The scores of Krippendorff's alpha, over units of two coders or more; weights are 1 - distance.

    Source: Gwet (2014); the formulas for raw codes (`krippen.alpha.raw` of irrCAC).
    """
    n_coders = (codes != MISSING).sum(axis=0)
    used, n_of_unit = codes[:, n_coders >= 2], n_coders[n_coders >= 2]
    n_codes = number_of_codes(codes) if weights is None else len(weights)
    totals = pairable_totals(codes, n_codes)
    shares = totals / totals.sum()
    weighted = shares if weights is None else weights @ shares
    relative = n_of_unit / n_of_unit.mean()  # 1 where every unit has as many coders
    agreed = relative * unit_agreements(used, weights)
    correction = 1.0 / n_of_unit.sum()
    raw_observed, expected = float(agreed.mean()), float(shares @ weighted)
    observed = (1 - correction) * raw_observed + correction
    value, raw_value = corrected(observed, expected), corrected(raw_observed, expected)
    influences = np.full(codes.shape[1], np.nan)
    if not math.isnan(value):
        own = agreed - observed * (relative - 1) - expected
        by_chance = relative * mean_over_coders(used, weighted) - expected * (relative - 1) - expected
        influences[n_coders >= 2] = (own - 2 * (1 - raw_value) * by_chance) / (1 - expected) - raw_value
    return LinearScores(value, influences)


def mean_scores(parts: list[LinearScores]) -> LinearScores:
    """The scores of the mean of coefficients of the same units, leaving out those that are undefined."""
    defined = [part for part in parts if not math.isnan(part.value)]
    if not defined:
        return LinearScores(math.nan, parts[0].influences)
    rows = np.array([part.influences for part in defined])
    is_used = ~np.isnan(rows)
    any_used = is_used.any(axis=0)
    # A part of fewer units tells more about each of them: its influences are blown up to all units.
    shares = is_used.sum(axis=1, keepdims=True) / any_used.sum()
    influences = np.where(any_used, (np.nan_to_num(rows) / shares).mean(axis=0), np.nan)
    return LinearScores(math.fsum(part.value for part in defined) / len(defined), influences)


def _chance_of_units(
    model: ChanceModel, codes: Codes, *, n_codes: int, weights: Floats | None
) -> Floats | None:
    """What each unit says of the expected agreement, shape (U,); None where that is a constant."""
    if model in ("none", "brennan_prediger"):
        return None
    if model == "conger":
        return _conger_chance_of_units(codes, n_codes, weights)
    shares = code_shares(codes, n_codes)
    if model == "fleiss":
        return mean_over_coders(codes, shares if weights is None else weights @ shares)
    return gwet_factor(n_codes, weights) * mean_over_coders(codes, 1 - shares)


def _conger_chance_of_units(codes: Codes, n_codes: int, weights: Floats | None) -> Floats:
    rows = codes[(codes != MISSING).any(axis=1)]
    shares = coder_shares(rows, n_codes)
    others = shares.sum(axis=0) - shares
    of_others = others if weights is None else others @ weights  # what each code agrees with the other coders
    sums = np.zeros(codes.shape[1])
    for row, own, agreed in zip(rows, shares, of_others, strict=True):
        is_coded, mean = row != MISSING, float(own @ agreed)
        sums += np.where(is_coded, agreed[row] - mean, 0.0) / is_coded.mean() + mean
    return sums / (len(rows) * (len(rows) - 1))


def mean_over_coders(codes: Codes, values: Floats) -> Floats:
    """Mean over the coders of each unit of the value of the code they gave, shape (U,).

    Args:
        codes: shape (K, U).
        values: shape (C,), of each code.
    """
    is_coded = codes != MISSING
    sums: Floats = np.where(is_coded, values[codes], 0.0).sum(axis=0) / np.maximum(is_coded.sum(axis=0), 1)
    return sums


def _pair_scores(model: ChanceModel) -> Callable[[Codes, int], LinearScores]:
    def compute(codes: Codes, n_codes: int) -> LinearScores:
        parts = []
        for first, second in combinations(range(len(codes)), 2):
            both = (codes[[first, second]] != MISSING).all(axis=0)
            if both.any():
                pair = np.where(both, codes[[first, second]], MISSING)
                parts.append(chance_scores(model, pair, n_codes=max(n_codes, number_of_codes(codes))))
        return mean_scores(parts)

    return compute


def _score_chance(model: ChanceModel) -> Callable[[Codes, int], LinearScores]:
    return lambda codes, n_codes: chance_scores(model, codes, n_codes=max(n_codes, number_of_codes(codes)))


def _score_gwet(codes: Codes, n_codes: int) -> LinearScores:
    if number_of_used_codes(codes) < 2:
        return LinearScores(math.nan, np.full(codes.shape[1], np.nan))
    return chance_scores("gwet", codes, n_codes=n_codes)


def _score_brennan_prediger(codes: Codes, n_codes: int) -> LinearScores:
    return chance_scores("brennan_prediger", codes, n_codes=n_codes)


def _score_perreault_leigh(codes: Codes, n_codes: int) -> LinearScores:
    scores, root = _score_brennan_prediger(codes, n_codes), perreault_leigh(codes, n_codes)
    slope = 1 / (2 * root) if root > 0 else math.nan
    return LinearScores(root, scores.influences * slope)


def _score_all_agree(codes: Codes, n_codes: int) -> LinearScores:
    agreements = unit_agreements(codes)
    all_agree = np.where(np.isnan(agreements), np.nan, agreements > 1 - 1e-12)
    value = float(np.nanmean(all_agree))
    return LinearScores(value, all_agree - value)


def _score_holsti(codes: Codes, n_codes: int) -> LinearScores:
    parts = []
    for first, second in combinations(codes, 2):
        share_coded = ((first != MISSING) * 1.0 + (second != MISSING)) / 2
        if share_coded.any():
            agrees = (first == second) & (first != MISSING)
            value, is_used = float(agrees.sum() / share_coded.sum()), share_coded > 0
            influences = (agrees - value * share_coded) / share_coded[is_used].mean()
            parts.append(LinearScores(value, np.where(is_used, influences, np.nan)))
    return mean_scores(parts)


def _perreault_leigh_error(codes: Codes, n_codes: int, *, confidence: float) -> StandardError:
    value = perreault_leigh(codes, n_codes)
    if math.isnan(value):
        return StandardError(value, reason=NO_VARIANCE)
    n_units = int((codes != MISSING).all(axis=0).sum())
    se = math.sqrt(value * (1 - value) / n_units)
    if se < 1e-12:
        return StandardError(value, 0.0, reason=NO_SPREAD)
    reach = float(norm.ppf((1 + confidence) / 2)) * se
    return StandardError(value, se, max(0.0, value - reach), min(1.0, value + reach))


_SCORES: Mapping[CoefficientName, Callable[[Codes, int], LinearScores]] = {
    "percent_agreement": _score_chance("none"),
    "percent_agreement_all": _score_all_agree,
    "holsti": _score_holsti,
    "cohen_kappa": _pair_scores("conger"),
    "scott_pi": _pair_scores("fleiss"),
    "fleiss_kappa": _score_chance("fleiss"),
    "conger_kappa": _score_chance("conger"),
    "krippendorff_alpha": lambda codes, n_codes: alpha_scores(codes),
    "gwet_ac1": _score_gwet,
    "brennan_prediger": _score_brennan_prediger,
    "perreault_leigh": _score_perreault_leigh,
}
