"""Krippendorff's alpha over sets of codes, for any choice of coders and patterns, in many samples at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from policy_nlp.agreement.binary import divide
from policy_nlp.agreement.chance import MISSING, Codes, Floats
from policy_nlp.agreement.patterns import Patterns, Sample
from policy_nlp.agreement.set_distances import SetDistance
from policy_nlp.agreement.set_pair_sums import SetPairs, SetPairSums, make_set_pair_sums


@dataclass(frozen=True, slots=True)
class AlphaChoice:
    """Which codings an alpha is over.

    Attributes:
        distance: between sets.
        coders: their places.
        patterns: shape (P,), those taken in; None: all that two of the coders coded.
    """

    distance: SetDistance
    coders: tuple[int, ...]
    patterns: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class SetAlphas:
    """A alphas, ready for any sample.

    Attributes:
        columns: shape (P, 2A): what one unit of each pattern adds to the observed disagreement of each alpha,
            then its codings that are taken in.
        expected: the sums over all pairs of codings.
    """

    columns: Floats
    expected: SetPairSums

    def of(self, sample: Sample) -> Floats:
        """The alphas of B samples, shape (B, A); NaN where nothing varies.

        Source: Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability".
        """
        observed, n_codings = np.split(sample.patterns @ self.columns, 2, axis=1)
        expected = self.expected.of(sample)
        return alpha_of_pair_sums(observed, n_codings, expected=expected)


def make_set_alphas(choices: Sequence[AlphaChoice], patterns: Patterns) -> SetAlphas:
    """The alphas of `choices`, in their order."""
    taken = [_take(choice, patterns) for choice in choices]
    return SetAlphas(
        columns=np.column_stack(
            [
                *(_observed(sets, choice, patterns) for sets, choice in zip(taken, choices, strict=True)),
                *((sets != MISSING).sum(axis=0) for sets in taken),
            ]
        ),
        expected=make_set_pair_sums(
            [
                SetPairs(given := count_sets(sets, len(patterns.members)), given, choice.distance)
                for sets, choice in zip(taken, choices, strict=True)
            ],
            patterns,
        ),
    )


def alpha_of_pair_sums(observed: Floats, n_codings: Floats, *, expected: Floats) -> Floats:
    """Krippendorff's alpha from sums over codings; `expected` is over all their pairs, by `SetPairSums`."""
    # Sums of rounded products: what is left of 0 must not be divided by.
    expected = np.where(expected > 1e-9 * n_codings, expected, 0.0)
    return 1.0 - divide((n_codings - 1) * observed, expected)


def count_sets(sets: Codes, n_sets: int) -> sparse.csr_array:
    """How often a unit of each pattern brings each set, sparse, shape (P, S), from shape (K, P)."""
    coders, patterns = np.nonzero(sets != MISSING)
    values = np.ones(len(patterns))
    return sparse.csr_array((values, (patterns, sets[coders, patterns])), shape=(sets.shape[1], n_sets))


def _take(choice: AlphaChoice, patterns: Patterns) -> Codes:
    """The sets of the chosen coders in the chosen patterns, -1 elsewhere, shape (K', P)."""
    sets = patterns.sets[list(choice.coders)]
    is_taken = (sets != MISSING).sum(axis=0) >= 2
    if choice.patterns is not None:
        is_taken &= choice.patterns
    return np.where(is_taken, sets, MISSING)


def _observed(sets: Codes, choice: AlphaChoice, patterns: Patterns) -> Floats:
    """Sum of distances over ordered pairs of coders / (coders - 1), shape (P,)."""
    sums = np.zeros(sets.shape[1])
    for number, first in enumerate(sets):
        for second in sets[number + 1 :]:
            differ = np.flatnonzero((first != MISSING) & (second != MISSING) & (first != second))
            sums[differ] += 2 * choice.distance.between(
                patterns.members, first=first[differ], second=second[differ]
            )
    n_coders = (sets != MISSING).sum(axis=0)
    observed: Floats = sums / np.maximum(n_coders - 1, 1)
    return observed
