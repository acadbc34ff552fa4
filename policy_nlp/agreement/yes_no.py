"""Yes/no codes of K coders: sums over units from which every coefficient of a code follows.

What a code's cell adds depends only on who said yes, who said no and who did not code the unit: at most 3^K
distinct cells, however many units there are.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from policy_nlp.agreement.binary import BinaryCounts
from policy_nlp.agreement.chance import Floats
from policy_nlp.agreement.patterns import Patterns, coder_pairs_of, combine_keys

_YES, _NO, _MISSING = 2, 1, 0


@dataclass(frozen=True, slots=True)
class YesNoSums:
    """Sums over the compared units of B samples, for each of C codes (or any other leading shape).

    With y of the r coders of a unit saying yes; K coders, N pairs of coders.

    Attributes:
        n_units: shape (...).
        n_codings: sum of r.
        yes: sum of y.
        yes_share: sum of y / r.
        split_by_codings: sum of y (r - y) / (r - 1), half of alpha's observed disagreement.
        split_by_units: sum of y (r - y) / (r (r - 1) / 2), the share of pairs that differ.
        both: sum of y (y - 1) / 2, the pairs that both say yes.
        one: sum of y (r - y), the pairs of which one says yes.
        unanimous: units whose coders all say the same.
        coder_coded, coder_yes: shape (..., K).
        pair_both, pair_first, pair_second, pair_neither: shape (..., N), the 2x2 table of each pair.
    """

    n_units: Floats
    n_codings: Floats
    yes: Floats
    yes_share: Floats
    split_by_codings: Floats
    split_by_units: Floats
    both: Floats
    one: Floats
    unanimous: Floats
    coder_coded: Floats
    coder_yes: Floats
    pair_both: Floats
    pair_first: Floats
    pair_second: Floats
    pair_neither: Floats

    def weighted(self, weights: Floats) -> YesNoSums:
        """The sums when the leading axis is weighted with each row of `weights`."""
        return YesNoSums(*(np.tensordot(weights, values, axes=1) for values in self._arrays()))

    def pooled(self) -> YesNoSums:
        """The sums over all cells (unit, code): without the axis of codes, which is the second."""
        return YesNoSums(*(values.sum(axis=1) for values in self._arrays()))

    @property
    def pairs(self) -> BinaryCounts:
        """The 2x2 tables, shape (..., N)."""
        return BinaryCounts(self.pair_both, self.pair_first, self.pair_second, self.pair_neither)

    def _arrays(self) -> tuple[Floats, ...]:
        return tuple(getattr(self, field.name) for field in fields(self))


@dataclass(frozen=True, slots=True)
class YesNoCells:
    """The distinct cells of one level, and in which patterns each code shows them.

    Attributes:
        sums: what one unit with each of V cells adds.
        shows: of each code, sparse, shape (V, P): 1 where the pattern shows the cell.
    """

    sums: YesNoSums
    shows: tuple[sparse.csr_array, ...]

    def weighted(self, weights: Floats) -> YesNoSums:
        """The sums of B samples, leading shape (B, C), from weights of shape (B, P)."""
        transposed = np.ascontiguousarray(weights.T)
        of_codes = [self.sums.weighted((shows @ transposed).T) for shows in self.shows]
        return stack_codes(of_codes)


def stack_codes(of_codes: list[YesNoSums]) -> YesNoSums:
    """Sums of C codes, each of leading shape (B,), as one of leading shape (B, C)."""
    names = [field.name for field in fields(YesNoSums)]
    return YesNoSums(*(np.stack([getattr(sums, name) for sums in of_codes], axis=1) for name in names))


def find_cells(patterns: Patterns) -> YesNoCells:
    """The distinct cells of all codes of a level."""
    n_coders, n_patterns = patterns.sets.shape
    n_codes = patterns.members.shape[1]
    states = np.where(patterns.members[patterns.sets], _YES, _NO).astype(np.int8)  # (K, P, C)
    states[~patterns.is_coded] = _MISSING
    flat = np.ascontiguousarray(states.transpose(0, 2, 1)).reshape(n_coders, n_codes * n_patterns)
    _, first, cell_of = np.unique(combine_keys(flat), return_index=True, return_inverse=True)
    columns = np.arange(n_patterns)
    shows = tuple(
        sparse.csr_array((np.ones(n_patterns), (cells, columns)), shape=(len(first), n_patterns))
        for cells in cell_of.reshape(n_codes, n_patterns)
    )
    return YesNoCells(sums_of_cells(flat[:, first]), shows)


def sums_of_cells(states: NDArray[np.int8]) -> YesNoSums:
    """What one unit with each cell adds; `states` is of shape (K, V): 2 yes, 1 no, 0 not coded.

    Each unit must be coded by two coders or more.
    """
    is_yes, is_coded = states == _YES, states != _MISSING
    y, r = is_yes.sum(axis=0).astype(np.float64), is_coded.sum(axis=0).astype(np.float64)
    first, second = coder_pairs_of(len(states))
    shared = is_coded[first] & is_coded[second]
    one = y * (r - y)
    return YesNoSums(
        n_units=np.ones_like(y),
        n_codings=r,
        yes=y,
        yes_share=y / r,
        split_by_codings=one / (r - 1),
        split_by_units=2 * one / (r * (r - 1)),
        both=y * (y - 1) / 2,
        one=one,
        unanimous=(one == 0).astype(np.float64),
        coder_coded=is_coded.T.astype(np.float64),
        coder_yes=is_yes.T.astype(np.float64),
        pair_both=(is_yes[first] & is_yes[second]).T.astype(np.float64),
        pair_first=(is_yes[first] & ~is_yes[second] & shared).T.astype(np.float64),
        pair_second=(~is_yes[first] & is_yes[second] & shared).T.astype(np.float64),
        pair_neither=(~is_yes[first] & ~is_yes[second] & shared).T.astype(np.float64),
    )
