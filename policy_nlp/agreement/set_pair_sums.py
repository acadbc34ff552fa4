"""Sums over all pairs of given sets, as chance agreement needs them, for many bootstrap samples at once.

Such a sum is a quadratic form in the weights of a sample: what it is in the data, a slope for each row
(document, or distinct pattern of units), and a curvature. The curvature is kept for the rows that matter: all
where there are few, which is exact; else the large documents. What is left out is, as a share of all pairs,
of the order 1 / (number of rows), far below the width of an interval, which is of the order of its root.
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

MOST_CURVED_ROWS = 600
_MOST_PRODUCTS = 4_000_000_000  # curved rows x sets x sets
_SMALL_SHARE = 1e-3  # of all codings: smaller documents are not curved where there are many


@dataclass(frozen=True, slots=True)
class SetPairs:
    """Which sets a sum pairs.

    Attributes:
        first, second: sparse, shape (P, S): how often a unit of each pattern brings each set.
        distance: summed over the pairs; None counts the pairs of different sets (of equal ones the sum would
            be nearly all pairs where a code is rare, and what is left out would drown the rest).
    """

    first: sparse.csr_array
    second: sparse.csr_array
    distance: SetDistance | None = None


@dataclass(frozen=True, slots=True)
class SetPairSums:
    """F sums over pairs of sets, ready for any sample.

    Attributes:
        by_groups: whether the rows are groups, else patterns.
        slopes: shape (R, F).
        offsets: shape (F,).
        curvatures: one a sum.
    """

    by_groups: bool
    slopes: Floats
    offsets: Floats
    curvatures: tuple[Curvature, ...]

    def of(self, sample: Sample) -> Floats:
        """The sums of B samples, shape (B, F)."""
        weights = sample.groups if self.by_groups else sample.patterns
        sums: Floats = weights @ self.slopes + self.offsets
        for column, curvature in enumerate(self.curvatures):
            change = weights[:, curvature.rows] - curvature.weights
            sums[:, column] += ((change @ curvature.form) * change).sum(axis=1)
        return sums


@dataclass(frozen=True, slots=True)
class Curvature:
    """What a sum has beyond its slope, over R' rows.

    Attributes:
        rows: shape (R',).
        weights: shape (R',), of these rows in the data.
        form: shape (R', R').
    """

    rows: NDArray[np.int_]
    weights: Floats
    form: Floats


def make_set_pair_sums(pairs: Sequence[SetPairs], patterns: Patterns) -> SetPairSums:
    """The sums of `pairs`, in their order."""
    by_groups = patterns.units.shape[0] < patterns.units.shape[1]
    if by_groups:
        pairs = [_to_groups(pair, patterns) for pair in pairs]
    weights = np.ones(patterns.units.shape[0]) if by_groups else patterns.counts
    slopes, offsets = np.empty((len(weights), len(pairs))), np.empty(len(pairs))
    for column, (pair, near) in enumerate(zip(pairs, _nearby(pairs, weights, patterns), strict=True)):
        slopes[:, column] = pair.first @ near.second + pair.second @ near.first
        offsets[column] = -float((weights @ pair.first) @ near.second)
    curvatures = []
    for pair in pairs:
        rows = _curved_rows(pair, weights, by_groups=by_groups)
        curvatures.append(Curvature(rows, weights[rows], _form(pair, rows, patterns.members)))
    return SetPairSums(by_groups, slopes, offsets, tuple(curvatures))


def _to_groups(pair: SetPairs, patterns: Patterns) -> SetPairs:
    return SetPairs(
        (patterns.units @ pair.first).tocsr(), (patterns.units @ pair.second).tocsr(), pair.distance
    )


def _curved_rows(pair: SetPairs, weights: Floats, *, by_groups: bool) -> NDArray[np.int_]:
    """All rows that bring sets, if they are few; else the largest groups. Patterns are of single units."""
    masses = weights * (pair.first.sum(axis=1) + pair.second.sum(axis=1))
    rows = np.flatnonzero(masses)
    if len(rows) > MOST_CURVED_ROWS:
        rows = rows[masses[rows] > _SMALL_SHARE * masses.sum()] if by_groups else rows[:0]
    n_most = MOST_CURVED_ROWS
    if pair.distance is not None:
        n_most = min(n_most, _MOST_PRODUCTS // pair.first.shape[1] ** 2)
    largest: NDArray[np.int_] = rows[np.argsort(-masses[rows], kind="stable")[:n_most]]
    return largest


def _form(pair: SetPairs, rows: NDArray[np.int_], members: NDArray[np.bool_]) -> Floats:
    if not len(rows):  # else the pass over all pairs of sets would be for nothing
        return np.zeros((0, 0))
    first, second = pair.first[rows], pair.second[rows]
    if pair.distance is None:
        all_pairs = np.outer(first.sum(axis=1), second.sum(axis=1))
        return np.asarray(all_pairs - (first @ second.T).toarray(), dtype=np.float64)
    form: Floats = first @ pair.distance.times(members, second.T.toarray())
    return form


@dataclass(frozen=True, slots=True)
class _Near:
    """From each set, the distances to all first, and to all second, sets of the data; shape (S,)."""

    first: Floats
    second: Floats


def _nearby(pairs: Sequence[SetPairs], weights: Floats, patterns: Patterns) -> list[_Near]:
    """One for each sum; those of one distance share the pass over all pairs of sets."""
    near = [_Near(weights @ pair.first, weights @ pair.second) for pair in pairs]
    for distance in dict.fromkeys(pair.distance for pair in pairs):
        if distance is None:
            continue
        own = [place for place, pair in enumerate(pairs) if pair.distance is distance]
        columns = np.column_stack(
            [totals for place in own for totals in (near[place].first, near[place].second)]
        )
        products = distance.times(patterns.members, columns)
        for number, place in enumerate(own):
            near[place] = _Near(products[:, 2 * number], products[:, 2 * number + 1])
    for place, pair in enumerate(pairs):
        if pair.distance is None:  # all other sets
            totals = near[place]
            near[place] = _Near(totals.first.sum() - totals.first, totals.second.sum() - totals.second)
    return near
