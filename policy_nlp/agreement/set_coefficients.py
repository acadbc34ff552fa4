"""Coefficients of K coders with each distinct set of codes as one category of its own.

All are over the units that two coders or more coded; the categories are the sets that were used.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from policy_nlp.agreement.binary import beyond_chance, divide, mean_of_defined
from policy_nlp.agreement.chance import MISSING, Floats, unit_agreements
from policy_nlp.agreement.patterns import Patterns, Sample, coder_pairs_of
from policy_nlp.agreement.set_alphas import alpha_of_pair_sums, count_sets
from policy_nlp.agreement.set_pair_sums import SetPairs, SetPairSums, make_set_pair_sums
from policy_nlp.agreement.yes_no_coefficients import CoefficientValues, holsti_of_pairs


@dataclass(frozen=True, slots=True)
class SetSums:
    """Sums over the compared units of B samples: shape (B,), of coders (B, K), of pairs (B, N)."""

    n_units: Floats
    n_codings: Floats
    agreeing: Floats
    differing: Floats
    unanimous: Floats
    coder_coded: Floats
    pair_coded: Floats
    pair_equal: Floats


@dataclass(frozen=True, slots=True)
class SetCounts:
    """What the coefficients of sets are computed from, ready for any sample.

    Attributes:
        n_sets: the categories.
        columns: shape (P, 5 + K + 2N), what one unit of each pattern adds: 1; its codings; the share of its
            pairs of coders with the same set; the codings times the share with another set; whether all have
            the same; of each coder, whether they coded it; of each pair, whether both did, and alike.
        chance: pairs of different sets among all codings; among shares of units; of each pair of coders,
            between the units they share; within these; and between all units of the one and of the other.
    """

    n_sets: int
    columns: Floats
    chance: SetPairSums

    def sums_of(self, sample: Sample) -> SetSums:
        """The sums of B samples."""
        n_pairs = (len(self.chance.offsets) - 2) // 3
        sums = sample.patterns @ self.columns
        n_coders = sums.shape[1] - 5 - 2 * n_pairs
        coder_coded, pair_coded, pair_equal = np.split(sums[:, 5:], [n_coders, n_coders + n_pairs], axis=1)
        n_units, n_codings, agreeing, differing, unanimous = sums[:, :5].T
        return SetSums(
            n_units, n_codings, agreeing, differing, unanimous, coder_coded, pair_coded, pair_equal
        )

    def of(self, sample: Sample) -> CoefficientValues:
        """The coefficients of B samples, each of shape (B,)."""
        sums = self.sums_of(sample)
        differing, shares, of_pairs, within_pairs, of_coders = self._split_chance(sample)
        percent = divide(sums.agreeing, sums.n_units)
        percent_pairs = divide(sums.pair_equal, sums.pair_coded)
        first, second = coder_pairs_of(sums.coder_coded.shape[1])
        fleiss_differing = divide(shares, sums.n_units**2)
        conger_differing = divide(of_coders, sums.coder_coded[:, first] * sums.coder_coded[:, second])
        brennan = beyond_chance(percent, np.full_like(percent, 1 / max(self.n_sets, 1)))
        return CoefficientValues(
            percent_agreement=percent,
            percent_agreement_all=divide(sums.unanimous, sums.n_units),
            holsti=holsti_of_pairs(sums.pair_equal, sums.coder_coded),
            cohen_kappa=mean_of_defined(
                beyond_chance(percent_pairs, 1 - divide(of_pairs, sums.pair_coded**2))
            ),
            scott_pi=mean_of_defined(
                beyond_chance(percent_pairs, 1 - divide(within_pairs, 4 * sums.pair_coded**2))
            ),
            fleiss_kappa=beyond_chance(percent, 1 - fleiss_differing),
            conger_kappa=beyond_chance(percent, 1 - mean_of_defined(conger_differing)),
            krippendorff_alpha=alpha_of_pair_sums(sums.differing, sums.n_codings, expected=differing),
            gwet_ac1=_ac1(percent, fleiss_differing, self.n_sets),
            brennan_prediger=brennan,
            perreault_leigh=np.sqrt(np.maximum(brennan, 0.0)),
        )

    def _split_chance(self, sample: Sample) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        sums = self.chance.of(sample)
        of_pairs, within_pairs, of_coders = np.split(sums[:, 2:], 3, axis=1)
        return sums[:, 0], sums[:, 1], of_pairs, within_pairs, of_coders


def count_set_agreement(patterns: Patterns) -> SetCounts:
    """What the coefficients of a level's sets are computed from."""
    sets, is_coded = patterns.sets, patterns.is_coded
    first, second = coder_pairs_of(len(sets))
    pair_coded = is_coded[first] & is_coded[second]
    n_codings, agreeing = is_coded.sum(axis=0), unit_agreements(sets)
    return SetCounts(
        n_sets=len(np.unique(sets[is_coded])),
        columns=np.column_stack(
            [
                np.ones(len(n_codings)),
                n_codings,
                agreeing,
                n_codings * (1 - agreeing),
                agreeing > 1 - 1e-12,
                is_coded.T,
                pair_coded.T,
                (pair_coded & (sets[first] == sets[second])).T,
            ]
        ),
        chance=make_set_pair_sums(_chance_pairs(patterns), patterns),
    )


def _chance_pairs(patterns: Patterns) -> list[SetPairs]:
    sets, n_sets = patterns.sets, len(patterns.members)
    given = count_sets(sets, n_sets)
    shares = given.multiply(1 / patterns.is_coded.sum(axis=0)[:, np.newaxis]).tocsr()
    of_pairs, within_pairs, of_coders = [], [], []
    for first, second in coder_pairs_of(len(sets)).T:
        shared = (sets[[first, second]] != MISSING).all(axis=0)
        own = [count_sets(np.where(shared, sets[[coder]], MISSING), n_sets) for coder in (first, second)]
        of_pairs.append(SetPairs(own[0], own[1]))
        within_pairs.append(SetPairs(own[0] + own[1], own[0] + own[1]))
        of_coders.append(SetPairs(count_sets(sets[[first]], n_sets), count_sets(sets[[second]], n_sets)))
    return [SetPairs(given, given), SetPairs(shares, shares), *of_pairs, *within_pairs, *of_coders]


def _ac1(percent: Floats, fleiss_differing: Floats, n_sets: int) -> Floats:
    """Gwet's AC1; NaN where one set is all that was used."""
    expected = fleiss_differing / max(n_sets - 1, 1)
    return np.where(fleiss_differing > 1e-12, beyond_chance(percent, expected), np.nan)
