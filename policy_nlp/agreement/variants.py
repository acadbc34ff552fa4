"""Other readings of the coefficients, to compare with what other programs print; not part of reports.

Each says how it differs from the coefficient of that name in `coefficients` or `standard_errors`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.chance import (
    MISSING,
    Codes,
    Floats,
    check_pair,
    check_pairable,
    code_shares,
    coder_shares,
    corrected,
    expected_agreement,
    number_of_codes,
    number_of_used_codes,
    observed_agreement,
    unit_agreements,
)
from policy_nlp.agreement.coefficients import (
    coder_pairs,
    complete_units,
    count_codes,
    nominal_disagreements,
    pairable_totals,
    percent_agreement_all,
)
from policy_nlp.agreement.label_sets import LabelSets
from policy_nlp.agreement.standard_errors import LinearScores, mean_over_coders


def percent_agreement_by_codings(codes: Codes) -> float:
    """The same share as `percent_agreement`, each unit counted with its number of coders: alpha's 1 - D_o."""
    check_pairable(codes)
    disagreements = nominal_disagreements(codes).sum()
    return 1.0 - float(disagreements) / float(pairable_totals(codes, number_of_codes(codes)).sum())


def fleiss_kappa_by_codings(codes: Codes) -> float:
    """Fleiss' kappa whose observed agreement is `percent_agreement_by_codings`: how DKPro Statistics has it.

    It differs from `fleiss_kappa` only where codes are missing.
    """
    shares = code_shares(codes, number_of_codes(codes))
    return corrected(percent_agreement_by_codings(codes), float(shares @ shares))


def hubert_kappa(codes: Codes) -> float:
    """Mean over pairs of coders of what Cohen's kappa is a ratio of, then the ratio: Hubert's kappa.

    It is Conger's where no code is missing; here each pair is taken over the units both coded.

    Source: Warrens (2010), "Inequalities between multi-rater kappas".
    """
    observed, expected = [], []
    for pair in coder_pairs(codes):
        observed.append(observed_agreement(pair))
        expected.append(expected_agreement("conger", pair, n_codes=number_of_codes(pair)))
    return corrected(math.fsum(observed) / len(observed), math.fsum(expected) / len(expected))


def von_eye_kappa(codes: Codes, n_codes: int | None = None) -> float:
    """Share of units on which all coders agree, corrected for 1 / n_codes^(K - 1).

    Source: von Eye (2006), "An Alternative to Cohen's kappa"; for two coders it is `brennan_prediger`.
    """
    n_codes = number_of_used_codes(codes) if n_codes is None else n_codes
    return corrected(percent_agreement_all(codes), float(n_codes) ** (1 - len(codes)))


def lotus(codes: Codes) -> float:
    """Mean over units of the share of coders who gave the unit's most frequent code.

    Source: Fretwurst (2015), "Reliabilität und Validität von Inhaltsanalysen"; not corrected for chance.
    """
    check_pairable(codes)
    n_coders = (codes != MISSING).sum(axis=0)
    counts = count_codes(codes[:, n_coders >= 2])
    return float((counts.max(axis=1) / counts.sum(axis=1)).mean())


def standardised_lotus(codes: Codes, n_codes: int | None = None) -> float:
    """`lotus` corrected for chance 1 / n_codes; NaN when there is one code only.

    Source: Fretwurst (2015).
    """
    n_codes = number_of_used_codes(codes) if n_codes is None else n_codes
    return corrected(lotus(codes), 1 / n_codes)


def largest_kappa(codes: Codes) -> float:
    """The largest Cohen's kappa that two coders with these shares of codes could have.

    Source: Cohen (1960), page 42.
    """
    pair = complete_units(codes)
    check_pair(pair)
    first, second = coder_shares(pair, number_of_codes(pair))
    return corrected(float(np.minimum(first, second).sum()), float(first @ second))


def of_one_code(codes: Codes, code: int) -> Codes:
    """The codes as yes (1) or no (0) for one code, gaps kept: the input of per-code coefficients."""
    return np.where(codes == MISSING, MISSING, codes == code)


def specific_agreement(codes: Codes, code: int) -> float:
    """How often another coder of the unit gave the code too, where one gave it; NaN where nobody did.

    For two coders and yes/no it is positive agreement, 2a / (2a + b + c).

    Source: Cicchetti and Feinstein (1990), "High Agreement but Low Kappa: II. Resolving the Paradoxes".
    """
    check_pairable(codes)
    n_coders = (codes != MISSING).sum(axis=0)
    n_given = (codes == code).sum(axis=0)
    chances = float((n_given * (n_coders - 1)).sum())
    return float((n_given * (n_given - 1)).sum()) / chances if chances else math.nan


def fleiss_1971_error(codes: Codes) -> float:
    """The standard error Fleiss printed in 1971, which he and others withdrew in 1979; NaN with gaps."""
    n_coders, n_units = codes.shape
    shares = code_shares(codes, number_of_codes(codes))
    expected = float(shares @ shares)
    if (codes == MISSING).any() or 1 - expected < 1e-12:
        return math.nan
    cubes = float((shares**3).sum())
    numerator = expected - (2 * n_coders - 3) * expected**2 + 2 * (n_coders - 2) * cubes
    return math.sqrt(2 * numerator / (n_units * n_coders * (n_coders - 1))) / (1 - expected)


def fleiss_null_error(codes: Codes) -> float:
    """Standard error of Fleiss' kappa if agreement were by chance; for tests, not for intervals.

    Every unit needs the same number of coders; NaN otherwise, and where one code is all that was used.

    Source: Fleiss, Nee and Landis (1979), "Large sample variance of kappa in the case of different sets of
    raters".
    """
    n_coders, n_units = codes.shape
    shares = code_shares(codes, number_of_codes(codes))
    spread = shares * (1 - shares)
    if (codes == MISSING).any() or spread.sum() <= 0:
        return math.nan
    numerator = spread.sum() ** 2 - (spread * (1 - 2 * shares)).sum()
    return float(math.sqrt(2 * numerator / (n_units * n_coders * (n_coders - 1))) / spread.sum())


def alpha_scores_of_distribution(codes: Codes, *, weights: Floats | None = None) -> LinearScores:
    """The scores behind the error that `krippen.alpha.dist` of irrCAC prints; for comparing with it only.

    That function counts the expected agreement once, where the linearisation (and `krippen.alpha.raw`) counts
    it twice.
    """
    n_coders = (codes != MISSING).sum(axis=0)
    used, n_of_unit = codes[:, n_coders >= 2], n_coders[n_coders >= 2]
    totals = pairable_totals(codes, number_of_codes(codes) if weights is None else len(weights))
    shares = totals / totals.sum()
    weighted = shares if weights is None else weights @ shares
    relative, correction = n_of_unit / n_of_unit.mean(), 1.0 / n_of_unit.sum()
    agreed, expected = relative * unit_agreements(used, weights), float(shares @ weighted)
    value = corrected((1 - correction) * float(agreed.mean()) + correction, expected)
    influences = np.full(codes.shape[1], np.nan)
    if not math.isnan(value):
        own = (1 - correction) * (agreed - agreed.mean() * (relative - 1)) + correction - expected
        by_chance = relative * mean_over_coders(used, weighted) - (relative - 1) - expected
        influences[n_coders >= 2] = (own - (1 - value) * by_chance) / (1 - expected) - value
    return LinearScores(value, influences)


def share_with_common_label(sets: LabelSets) -> float:
    """Share of units whose coders have a label in common, over units of two coders or more.

    DKPro Statistics calls it maximum percentage agreement. Coders who gave no label have none in common.
    """
    return float((_common_labels(sets) > 0).mean())


def dice_agreement(sets: LabelSets) -> float:
    """Mean over units of two coders or more of coders x common labels / labels given: Dice for two.

    Coders who gave no label count as 0, as in DKPro Statistics.
    """
    is_coded, sizes = _pairable(sets), sets.members.sum(axis=1)
    n_given = np.where(is_coded, sizes[sets.set_of], 0).sum(axis=0)
    is_used = is_coded.any(axis=0)
    ratios = is_coded.sum(axis=0)[is_used] * _common_labels(sets) / np.maximum(n_given[is_used], 1)
    return float(ratios.mean())


def _pairable(sets: LabelSets) -> NDArray[np.bool_]:
    check_pairable(sets.set_of)
    is_coded = sets.set_of != MISSING
    is_pairable: NDArray[np.bool_] = is_coded & (is_coded.sum(axis=0) >= 2)
    return is_pairable


def _common_labels(sets: LabelSets) -> Floats:
    """How many labels all coders of each unit gave, over units of two coders or more, shape (U',)."""
    is_coded = _pairable(sets)
    used = is_coded.any(axis=0)
    given = sets.members[sets.set_of[:, used]] | ~is_coded[:, used, np.newaxis]
    counts: Floats = given.all(axis=0).sum(axis=1).astype(np.float64)
    return counts
