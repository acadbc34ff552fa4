"""Spans of two coders that lie on the same characters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.continuum import Continuum

Ints = NDArray[np.int_]

_ROUNDING = 1e-9  # 0.9 * 10 is a little more than 9


@dataclass(frozen=True, slots=True)
class SpanPairs:
    """Spans of one code by two coders, and which of them share characters.

    Attributes:
        first, second: numbers of the spans of each coder in the continuum, in the documents both were given.
        of_first, of_second: places in `first` and `second` of each pair that shares characters.
        shared: characters that each pair shares.
        longer: length of the longer span of each pair.
    """

    first: Ints
    second: Ints
    of_first: Ints
    of_second: Ints
    shared: Ints
    longer: Ints

    def count_matched(self, min_overlap: float) -> tuple[int, int]:
        """How many spans of the first and of the second coder share this much of the longer span."""
        is_match = self.shared >= min_overlap * self.longer - _ROUNDING
        return len(np.unique(self.of_first[is_match])), len(np.unique(self.of_second[is_match]))


def pair_spans(continuum: Continuum, *, first: int, second: int) -> SpanPairs:
    """The spans of two coders in a continuum of one code, paired where they share characters."""
    both_given = continuum.given[first] & continuum.given[second]
    usable = both_given[continuum.document]
    ours = np.flatnonzero((continuum.coder == first) & usable)
    theirs = np.flatnonzero((continuum.coder == second) & usable)
    start, end = continuum.start, continuum.end
    # Spans of one coder and code do not overlap, so those that meet a span stand side by side.
    low = np.searchsorted(end[theirs], start[ours], side="right")
    n_met = np.maximum(np.searchsorted(start[theirs], end[ours], side="left") - low, 0)
    of_first = np.repeat(np.arange(len(ours)), n_met)
    nth = np.arange(len(of_first)) - np.repeat(np.cumsum(n_met) - n_met, n_met)
    of_second = low[of_first] + nth
    one, two = ours[of_first], theirs[of_second]
    return SpanPairs(
        first=ours,
        second=theirs,
        of_first=of_first,
        of_second=of_second,
        shared=np.minimum(end[one], end[two]) - np.maximum(start[one], start[two]),
        longer=np.maximum(end[one] - start[one], end[two] - start[two]),
    )
