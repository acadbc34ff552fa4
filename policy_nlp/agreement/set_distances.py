"""Distances between sets of codes, for pairs of sets and for sums over all pairs, in bounded memory.

Each distance follows from the sizes of two sets and from what they share. Two empty sets are at distance 0,
an empty and a non-empty one at distance 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.chance import Floats

Members = NDArray[np.bool_]

_CELLS_AT_ONCE = 1_000_000  # distances held in memory at a time, 8 MB


@dataclass(frozen=True, slots=True)
class Overlap:
    """Pairs of sets, none empty; arrays that broadcast to one shape.

    Attributes:
        shared: codes that are in both.
        first, second: codes in each.
    """

    shared: Floats
    first: Floats
    second: Floats


Formula = Callable[[Overlap], Floats]


@dataclass(frozen=True, slots=True, eq=False)
class SetDistance:
    """A distance between sets of codes.

    Attributes:
        formula: the distance from what two sets share and their sizes.
        ancestors: shape (C, N), the codes that each code stands for (itself and those above it); sets are
            compared with these in. None: each code stands for itself.
    """

    formula: Formula
    ancestors: NDArray[np.bool_] | None = None

    def between(self, members: Members, *, first: NDArray[np.int_], second: NDArray[np.int_]) -> Floats:
        """The distance of each of n pairs of sets, shape (n,).

        Args:
            members: shape (S, C), the sets.
            first: shape (n,), indices of sets.
            second: shape (n,).
        """
        numbers = self._numbers(members)
        sizes = numbers.sum(axis=1)
        shared = np.einsum("nc,nc->n", numbers[first], numbers[second])
        return self.formula(Overlap(shared, sizes[first], sizes[second]))

    def matrix(self, members: Members) -> Floats:
        """The distance of each pair of sets, shape (S, S)."""
        distances = np.empty((len(members), len(members)))
        for rows, block in self._iter_blocks(members):
            distances[rows, rows.start :] = block
            distances[rows.start :, rows] = block.T
        return distances

    def times(self, members: Members, columns: Floats) -> Floats:
        """`matrix(members) @ columns`, shape (S, m), without the matrix: it would not fit for many sets."""
        products = np.zeros((len(members), columns.shape[1]))
        for rows, block in self._iter_blocks(members):
            end = rows.start + len(block)
            products[rows] += block @ columns[rows.start :]
            products[end:] += block[:, len(block) :].T @ columns[rows]
        return products

    def _iter_blocks(self, members: Members) -> Iterator[tuple[slice, Floats]]:
        """Rows of the matrix, each from the diagonal on: it is symmetric."""
        numbers = self._numbers(members)
        sizes = numbers.sum(axis=1)
        n_at_once = max(1, _CELLS_AT_ONCE // max(len(members), 1))
        for start in range(0, len(members), n_at_once):
            rows = slice(start, start + n_at_once)
            shared = numbers[rows] @ numbers[start:].T
            yield rows, self.formula(Overlap(shared, sizes[rows, np.newaxis], sizes[start:]))

    def _numbers(self, members: Members) -> Floats:
        if self.ancestors is not None:
            # As floats: numpy multiplies integers many times more slowly.
            members = members.astype(np.float64) @ self.ancestors.astype(np.float64) > 0
        # "Nothing applies" is an element of its own: empty sets share it, and share nothing with others.
        return np.column_stack([members, ~members.any(axis=1)]).astype(np.float64)


def jaccard_distance(sets: Overlap) -> Floats:
    """1 - |A and B| / |A or B|. Source: Jaccard (1912)."""
    similarity = _jaccard_similarity(sets)
    return np.subtract(1.0, similarity, out=similarity)


def masi_distance(sets: Overlap) -> Floats:
    """1 - Jaccard similarity x monotonicity.

    Monotonicity is 1 for equal sets, 2/3 where one holds the other, 1/3 where they overlap, else 0.

    Source: Passonneau (2006), "Measuring Agreement on Set-valued Items (MASI) for Semantic and Pragmatic
    Annotation".
    """
    similarity = _jaccard_similarity(sets)
    similarity *= 1.0 / 3.0
    is_within = sets.shared == np.minimum(sets.first, sets.second)
    similarity[is_within] *= 2.0
    similarity[sets.first + sets.second == 2 * sets.shared] = 1.0
    return np.subtract(1.0, similarity, out=similarity)


def dice_distance(sets: Overlap) -> Floats:
    """1 - 2 |A and B| / (|A| + |B|). Source: Dice (1945)."""
    return 1.0 - 2 * sets.shared / (sets.first + sets.second)


def _jaccard_similarity(sets: Overlap) -> Floats:
    # In place: there are as many cells as pairs of sets, and new memory costs more than the sums.
    union = sets.first + sets.second
    union -= sets.shared
    return np.divide(sets.shared, union, out=union)


JACCARD = SetDistance(jaccard_distance)
MASI = SetDistance(masi_distance)
DICE = SetDistance(dice_distance)


def tree_distance(ancestors: NDArray[np.bool_]) -> SetDistance:
    """Dice distance between sets of codes together with all codes above them.

    Between sets of one code each it is 1 - 2 depth(lca) / (depth(a) + depth(b)); without parents it is the
    Dice distance.

    Args:
        ancestors: shape (C, N), True where the second is the first code itself or lies above it.
    """
    return SetDistance(dice_distance, ancestors)
