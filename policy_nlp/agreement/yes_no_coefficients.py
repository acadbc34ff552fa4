"""Coefficients of K coders for yes/no codes, from sums over units, for many codes and samples at once.

All are over the units that two coders or more coded. Two categories, yes and no, whatever was used.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from policy_nlp.agreement.binary import beyond_chance, binary_kappa, binary_pi, divide, mean_of_defined
from policy_nlp.agreement.chance import Floats
from policy_nlp.agreement.patterns import coder_pairs_of
from policy_nlp.agreement.yes_no import YesNoSums


@dataclass(frozen=True, slots=True)
class CoefficientValues:
    """Each coefficient of `CoefficientName`, in its order; all of one shape, NaN where undefined."""

    percent_agreement: Floats
    percent_agreement_all: Floats
    holsti: Floats
    cohen_kappa: Floats
    scott_pi: Floats
    fleiss_kappa: Floats
    conger_kappa: Floats
    krippendorff_alpha: Floats
    gwet_ac1: Floats
    brennan_prediger: Floats
    perreault_leigh: Floats

    def stacked(self) -> Floats:
        """All on a last axis."""
        return np.stack([getattr(self, field.name) for field in fields(self)], axis=-1)


def yes_no_coefficients(sums: YesNoSums) -> CoefficientValues:
    """Every coefficient, of the leading shape of the sums."""
    percent = yes_no_percent(sums)
    share = divide(sums.yes_share, sums.n_units)
    brennan = 2 * percent - 1
    return CoefficientValues(
        percent_agreement=percent,
        percent_agreement_all=divide(sums.unanimous, sums.n_units),
        holsti=holsti_of_pairs(sums.pair_both + sums.pair_neither, sums.coder_coded),
        cohen_kappa=yes_no_kappa(sums),
        scott_pi=mean_of_defined(binary_pi(sums.pairs)),
        fleiss_kappa=beyond_chance(percent, 1 - 2 * share * (1 - share)),
        conger_kappa=beyond_chance(percent, _conger_expected(sums)),
        krippendorff_alpha=yes_no_alpha(sums),
        gwet_ac1=yes_no_ac1(sums),
        brennan_prediger=brennan,
        perreault_leigh=np.sqrt(np.maximum(brennan, 0.0)),
    )


def yes_no_percent(sums: YesNoSums) -> Floats:
    """Mean over units of the share of coder pairs that say the same."""
    return 1.0 - divide(sums.split_by_units, sums.n_units)


def yes_no_positive_agreement(sums: YesNoSums) -> Floats:
    """2a / (2a + b + c) over all pairs of coders; NaN where nobody used the code."""
    return divide(2 * sums.both, 2 * sums.both + sums.one)


def yes_no_kappa(sums: YesNoSums) -> Floats:
    """Cohen's kappa, mean of the pairs in which it is defined. Source: Light (1971)."""
    return mean_of_defined(binary_kappa(sums.pairs))


def yes_no_alpha(sums: YesNoSums) -> Floats:
    """Krippendorff's alpha; NaN where nothing varies."""
    no = sums.n_codings - sums.yes
    return 1.0 - divide((sums.n_codings - 1) * sums.split_by_codings, sums.yes * no)


def yes_no_ac1(sums: YesNoSums) -> Floats:
    """Gwet's AC1; NaN where nothing varies (the formula would give 1 for a code that nobody used)."""
    share = divide(sums.yes_share, sums.n_units)
    value = beyond_chance(yes_no_percent(sums), 2 * share * (1 - share))
    return np.where((sums.yes > 0) & (sums.yes < sums.n_codings), value, np.nan)


def holsti_of_pairs(agreeing: Floats, coder_coded: Floats) -> Floats:
    """Mean over pairs of coders of 2 M / (N_1 + N_2).

    Args:
        agreeing: shape (..., N), decisions that both coders of a pair made alike.
        coder_coded: shape (..., K), decisions of each coder.
    """
    first, second = coder_pairs_of(coder_coded.shape[-1])
    return mean_of_defined(divide(2 * agreeing, coder_coded[..., first] + coder_coded[..., second]))


def _conger_expected(sums: YesNoSums) -> Floats:
    first, second = coder_pairs_of(sums.coder_coded.shape[-1])
    share = divide(sums.coder_yes, sums.coder_coded)
    of_first, of_second = share[..., first], share[..., second]
    return mean_of_defined(of_first * of_second + (1 - of_first) * (1 - of_second))
