"""Sums over all pairs of given sets, as chance agreement needs them, for many bootstrap samples at once.

Such a sum is a quadratic form in the weights of a sample. Over few rows (documents, or distinct patterns of
units) the form itself is kept and every sample is exact. Over many rows it is taken to first order around the
data: the error, as a share of all pairs, is of the order 1 / (number of groups), far below the width of an
interval, which is of the order of its square root; and a sample costs one product.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from policy_nlp.agreement.chance import Floats
from policy_nlp.agreement.patterns import Patterns, Sample
from policy_nlp.agreement.set_distances import SetDistance

MOST_EXACT_ROWS = 600
_MOST_EXACT_PRODUCTS = 4_000_000_000  # rows x sets x sets


@dataclass(frozen=True, slots=True)
class SetPairs:
    """Which sets a sum pairs.

    Attributes:
        first, second: sparse, shape (P, S): how often a unit of each pattern brings each set.
        distance: summed over the pairs; None counts the pairs of equal sets.
    """

    first: sparse.csr_array
    second: sparse.csr_array
    distance: SetDistance | None = None


@dataclass(frozen=True, slots=True)
class SetPairSums:
    """F sums over pairs of sets, ready for any sample.

    Attributes:
        by_groups: whether the rows are groups, else patterns.
        exact: the sums that are kept as forms.
        slopes: shape (R, F), of the sums taken to first order; 0 for the others.
        offsets: shape (F,).
    """

    by_groups: bool
    exact: tuple[_ExactSum, ...]
    slopes: Floats
    offsets: Floats

    def of(self, sample: Sample) -> Floats:
        """The sums of B samples, shape (B, F)."""
        weights = sample.groups if self.by_groups else sample.patterns
        sums: Floats = weights @ self.slopes + self.offsets
        for exact in self.exact:
            own = weights[:, exact.rows]
            sums[:, exact.column] = ((own @ exact.form) * own).sum(axis=1)
        return sums


@dataclass(frozen=True, slots=True)
class _ExactSum:
    column: int
    rows: NDArray[np.int_]  # R', those that bring a set
    form: Floats  # (R', R')


def make_set_pair_sums(pairs: Sequence[SetPairs], patterns: Patterns) -> SetPairSums:
    """The sums of `pairs`, in their order."""
    by_groups = patterns.units.shape[0] < patterns.units.shape[1]
    counts = np.ones(patterns.units.shape[0]) if by_groups else patterns.counts
    exact: list[_ExactSum] = []
    slopes = np.zeros((len(counts), len(pairs)))
    offsets = np.zeros(len(pairs))
    many: list[tuple[int, SetPairs]] = []
    for column, pair in enumerate(pairs):
        rows_of = _to_groups(pair, patterns) if by_groups else pair
        rows = np.flatnonzero(np.diff(rows_of.first.indptr) + np.diff(rows_of.second.indptr))
        if _is_small(len(rows), len(patterns.members), pair.distance):
            exact.append(_ExactSum(column, rows, _form(rows_of, rows, patterns.members)))
        else:
            many.append((column, rows_of))
    for (column, pair), near in zip(many, _nearby([p for _, p in many], counts, patterns), strict=True):
        of_first, of_second = near
        slopes[:, column] = pair.first @ of_second + pair.second @ of_first
        offsets[column] = -float((counts @ pair.first) @ of_second)
    return SetPairSums(by_groups, tuple(exact), slopes, offsets)


def _to_groups(pair: SetPairs, patterns: Patterns) -> SetPairs:
    return SetPairs(
        (patterns.units @ pair.first).tocsr(), (patterns.units @ pair.second).tocsr(), pair.distance
    )


def _is_small(n_rows: int, n_sets: int, distance: SetDistance | None) -> bool:
    n_products = 0 if distance is None else n_rows * n_sets**2
    return n_rows <= MOST_EXACT_ROWS and n_products <= _MOST_EXACT_PRODUCTS


def _form(pair: SetPairs, rows: NDArray[np.int_], members: NDArray[np.bool_]) -> Floats:
    first, second = pair.first[rows], pair.second[rows]
    if pair.distance is None:
        return np.asarray((first @ second.T).toarray(), dtype=np.float64)
    form: Floats = first @ pair.distance.times(members, second.T.toarray())
    return form


def _nearby(pairs: Sequence[SetPairs], counts: Floats, patterns: Patterns) -> list[tuple[Floats, Floats]]:
    """Of each sum: the distance from each set to all that the data bring as first, and as second, sets."""
    totals = [(counts @ pair.first, counts @ pair.second) for pair in pairs]
    for distance in dict.fromkeys(pair.distance for pair in pairs):
        if distance is None:
            continue
        own = [place for place, pair in enumerate(pairs) if pair.distance is distance]
        columns = np.column_stack([total for place in own for total in totals[place]])
        products = distance.times(patterns.members, columns)
        for number, place in enumerate(own):
            totals[place] = (products[:, 2 * number], products[:, 2 * number + 1])
    return totals
