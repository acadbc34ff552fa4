"""Sets of labels: distinct sets, distances between them, alpha over them.

Two empty sets are at distance 0, an empty and a non-empty one at distance 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.coefficients import MISSING, Codes, Floats, distance_alpha

SetDistance = Callable[[NDArray[np.bool_]], Floats]


@dataclass(frozen=True, slots=True)
class LabelSets:
    """The distinct label sets of some codings, and which set each coder gave each unit.

    Attributes:
        members: shape (S, C), True where the set holds the label.
        set_of: shape (K, U), index of a set; -1 where the unit was not coded.
    """

    members: NDArray[np.bool_]
    set_of: Codes


def find_label_sets(applies: NDArray[np.bool_], coded: NDArray[np.bool_] | None = None) -> LabelSets:
    """The distinct sets of `applies`.

    Args:
        applies: shape (K, U, C).
        coded: shape (K, U), False where a coder was not given the unit; None when all were.
    """
    n_coders, n_units, n_labels = applies.shape
    packed = np.packbits(applies.reshape(n_coders * n_units, n_labels), axis=1)
    # One opaque value a row, so that numpy sorts rows as bytes: far faster than unique(axis=0).
    rows = np.ascontiguousarray(packed).view(np.dtype((np.void, packed.shape[1]))).ravel()
    _, first, inverse = np.unique(rows, return_index=True, return_inverse=True)
    set_of = inverse.reshape(n_coders, n_units).astype(np.int_)
    if coded is not None:
        set_of = np.where(coded, set_of, MISSING)
    return LabelSets(applies.reshape(-1, n_labels)[first], set_of)


def jaccard_distances(members: NDArray[np.bool_]) -> Floats:
    """1 - |A and B| / |A or B| for each pair of sets, shape (S, S). Source: Jaccard (1912)."""
    shared, sizes = _shared_and_sizes(members)
    union = sizes[:, np.newaxis] + sizes - shared
    return 1.0 - np.divide(shared, union, out=np.ones_like(shared), where=union > 0)


def masi_distances(members: NDArray[np.bool_]) -> Floats:
    """1 - Jaccard similarity x monotonicity for each pair of sets, shape (S, S).

    Monotonicity is 1 for equal sets, 2/3 where one holds the other, 1/3 where they overlap, else 0.

    Source: Passonneau (2006), "Measuring Agreement on Set-valued Items (MASI) for Semantic and Pragmatic
    Annotation".

    >>> masi_distances(np.array([[True, True, False, False], [True, True, True, True]])).round(3).tolist()
    [[0.0, 0.667], [0.667, 0.0]]
    """
    shared, sizes = _shared_and_sizes(members)
    smaller = np.minimum(sizes[:, np.newaxis], sizes)
    larger = np.maximum(sizes[:, np.newaxis], sizes)
    monotonicity = np.where(shared == smaller, 2 / 3, 1 / 3)
    monotonicity[shared == larger] = 1.0
    return 1.0 - (1.0 - jaccard_distances(members)) * monotonicity


def set_alpha(sets: LabelSets, distance: SetDistance) -> float:
    """Krippendorff's alpha over label sets, with `jaccard_distances` or `masi_distances`.

    NaN when one set is all that was given; raises TooFewCodersError when no unit was coded twice.
    """
    return distance_alpha(sets.set_of, distance(sets.members))


def _shared_and_sizes(members: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    numbers = members.astype(np.float64)
    return numbers @ numbers.T, numbers.sum(axis=1)
