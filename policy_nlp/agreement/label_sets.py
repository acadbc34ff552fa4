"""Sets of labels: distinct sets, distances between them, alpha over them.

Two empty sets are at distance 0, an empty and a non-empty one at distance 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.coefficients import MISSING, Codes, Floats, distance_alpha
from policy_nlp.agreement.set_distances import DICE, JACCARD, MASI, tree_distance


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
    return JACCARD.matrix(members)


def masi_distances(members: NDArray[np.bool_]) -> Floats:
    """MASI distance, `set_distances.masi_distance`, for each pair of sets, shape (S, S).

    >>> masi_distances(np.array([[True, True, False, False], [True, True, True, True]])).round(3).tolist()
    [[0.0, 0.667], [0.667, 0.0]]
    """
    return MASI.matrix(members)


def dkpro_masi_distances(members: NDArray[np.bool_]) -> Floats:
    """Jaccard distance x 0, 1/3, 2/3 or 1 (equal, subset, overlap, disjoint) for each pair of sets.

    DKPro Statistics calls this MASI; it is smaller than `masi_distances`. Here the empty set lies in every
    other set, as there.

    >>> dkpro_masi_distances(np.array([[True, True, False, False], [True] * 4])).round(3).tolist()
    [[0.0, 0.167], [0.167, 0.0]]
    """
    return jaccard_distances(members) * passonneau_2004_distances(members)


def passonneau_2004_distances(members: NDArray[np.bool_]) -> Floats:
    """0 for equal sets, 1/3 where one holds the other (the empty set too), 2/3 where they overlap, else 1.

    Source: Passonneau (2004), "Computing Reliability for Coreference Annotation".
    """
    numbers = members.astype(np.float64)
    shared, sizes = numbers @ numbers.T, numbers.sum(axis=1)
    smaller = np.minimum(sizes[:, np.newaxis], sizes)
    larger = np.maximum(sizes[:, np.newaxis], sizes)
    distances = np.where(shared > 0, 2 / 3, 1.0)
    distances[shared == smaller] = 1 / 3
    distances[shared == larger] = 0.0
    return distances


def dice_distances(members: NDArray[np.bool_]) -> Floats:
    """1 - 2 |A and B| / (|A| + |B|) for each pair of sets, shape (S, S). Source: Dice (1945)."""
    return DICE.matrix(members)


def tree_set_distances(members: NDArray[np.bool_], ancestors: NDArray[np.bool_]) -> Floats:
    """Dice distance between sets of codes together with all codes above them, shape (S, S).

    Between sets of one code each it is `distances.tree_distances`; without parents it is the Dice distance. A
    code above several codes of a set counts once.

    Args:
        members: shape (S, C).
        ancestors: shape (C, N), from `distances.find_ancestors`.
    """
    return tree_distance(ancestors).matrix(members)


def set_alpha(sets: LabelSets, distance: Callable[[NDArray[np.bool_]], Floats]) -> float:
    """Krippendorff's alpha over label sets, with `jaccard_distances` or `masi_distances`.

    NaN when one set is all that was given; raises TooFewCodersError when no unit was coded twice.
    """
    return distance_alpha(sets.set_of, distance(sets.members))
