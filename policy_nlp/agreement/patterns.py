"""Codings of one level -> distinct patterns: what all coders gave a unit, each pattern once, with its units.

Every sum over units is a sum over patterns, weighted with how many units show each. A bootstrap sample is
another set of weights, so that nothing is ever computed unit by unit again.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from policy_nlp.agreement.chance import MISSING, Codes, Floats
from policy_nlp.agreement.coder_table import LevelCodings
from policy_nlp.agreement.label_sets import find_label_sets


@dataclass(frozen=True, slots=True)
class Sample:
    """B samples of the units.

    Attributes:
        groups: shape (B, G), how often each group was drawn.
        patterns: shape (B, P), how many units then show each pattern.
    """

    groups: Floats
    patterns: Floats


@dataclass(frozen=True, slots=True)
class Patterns:
    """The P distinct patterns of the units that two coders or more coded at one level.

    Attributes:
        members: shape (S, C), the distinct sets of codes.
        sets: shape (K, P), which set each coder gave; -1 where not coded.
        pattern_of: shape (U,), the pattern of each unit of the table; -1 where fewer than two coded it.
        units: sparse, shape (G, P), how many units of each group (document, else unit) show each pattern.
    """

    members: NDArray[np.bool_]
    sets: Codes
    pattern_of: NDArray[np.int_]
    units: sparse.csr_array

    @property
    def is_coded(self) -> NDArray[np.bool_]:
        """Whether each coder coded each pattern, shape (K, P)."""
        is_coded: NDArray[np.bool_] = self.sets != MISSING
        return is_coded

    @property
    def has_code(self) -> NDArray[np.bool_]:
        """Whether some coder gave each pattern a code, shape (P,)."""
        n_codes = np.where(self.is_coded, self.members.sum(axis=1)[self.sets], 0)
        has_code: NDArray[np.bool_] = n_codes.sum(axis=0) > 0
        return has_code

    @property
    def counts(self) -> Floats:
        """How many units show each pattern, shape (P,)."""
        return np.asarray(self.units.sum(axis=0), dtype=np.float64)

    @property
    def n_groups(self) -> int:
        """Groups that hold a compared unit."""
        return int(np.count_nonzero(np.diff(self.units.indptr)))

    def sets_of_units(self) -> Codes:
        """Which set each coder gave each compared unit, shape (K, U'); -1 where not coded."""
        return self.sets[:, self.pattern_of[self.pattern_of != MISSING]]

    def sample(self, of_groups: Floats) -> Sample:
        """B samples, from how often each group was drawn, shape (B, G)."""
        return Sample(of_groups, of_groups @ self.units)


def find_patterns(codings: LevelCodings, group_of: NDArray[np.int_], *, n_groups: int) -> Patterns:
    """The patterns of one level; needs one unit or more that two coders coded."""
    compared = np.flatnonzero(codings.coded.sum(axis=0) >= 2)
    label_sets = find_label_sets(codings.applies[:, compared], codings.coded[:, compared])
    keys = combine_keys(label_sets.set_of + 1)
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    pattern_of = np.full(codings.coded.shape[1], MISSING, dtype=np.int_)
    pattern_of[compared] = inverse
    ones = np.ones(len(compared))
    units = sparse.csr_array((ones, (group_of[compared], inverse)), shape=(n_groups, len(first)))
    return Patterns(label_sets.members, label_sets.set_of[:, first], pattern_of, units)


def combine_keys(numbers: NDArray[np.integer]) -> NDArray[np.int_]:
    """One number for each column, the same for equal columns only; shape (n,).

    Args:
        numbers: shape (K, n), 0 or more.
    """
    base = int(numbers.max(initial=0)) + 1
    keys, size = np.zeros(numbers.shape[1], dtype=np.int_), 1
    for row in numbers:
        if size > np.iinfo(np.int_).max // base:  # number the keys anew before they overflow
            keys = np.unique(keys, return_inverse=True)[1]
            size = int(keys.max(initial=0)) + 1
        keys = keys * base + row
        size *= base
    return keys


def coder_pairs_of(n_coders: int) -> NDArray[np.int_]:
    """The pairs of coders in their order, shape (2, N)."""
    return np.array(list(combinations(range(n_coders), 2)), dtype=np.int_).reshape(-1, 2).T
