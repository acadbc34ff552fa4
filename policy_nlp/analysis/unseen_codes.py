"""How many codes the documents at hand have not shown yet, from how many were seen once and twice."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NO_CODING = "no unit has a code"


@dataclass(frozen=True, slots=True)
class UnseenCodes:
    """Estimates of what is still unseen; they assume that codes may be found that the codebook does not name.

    Attributes:
        n_codes: codes seen.
        n_once, n_twice: codes given to one unit, to two.
        n_in_one, n_in_two: codes in one document, in two.
        chance_new: Good-Turing: chance that the next coding is of a code not seen yet; NaN without codings.
        chao1: estimated number of codes from codings, a lower bound; NaN without codings.
        chao1_low, chao1_high: its 95 % interval; NaN when none.
        chao2: the same from documents.
        chao2_low, chao2_high: its 95 % interval; NaN when none.
        reason: why something is NaN; None when all is there.
    """

    n_codes: int
    n_once: int
    n_twice: int
    n_in_one: int
    n_in_two: int
    chance_new: float
    chao1: float
    chao1_low: float
    chao1_high: float
    chao2: float
    chao2_low: float
    chao2_high: float
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class _Richness:
    """An estimated number of codes with its interval."""

    value: float
    low: float
    high: float


def estimate_unseen(counts: NDArray[np.int_]) -> UnseenCodes:
    """The estimates for counts of shape (D, C): how many units of each document have each code.

    Sources: Good (1953), "The population frequencies of species"; Chao (1984, 1987), bias-corrected where no
    code was seen twice, with log-normal intervals.
    """
    of_codings, of_documents = counts.sum(axis=0), (counts > 0).sum(axis=0)
    n_codes, n_codings, n_documents = int((of_codings > 0).sum()), int(of_codings.sum()), len(counts)
    once, twice = (int((of_codings == n).sum()) for n in (1, 2))
    in_one, in_two = (int((of_documents == n).sum()) for n in (1, 2))
    chao1 = _chao(n_codes, once, n_twice=twice, n_samples=n_codings)
    chao2 = _chao(n_codes, in_one, n_twice=in_two, n_samples=n_documents)
    return UnseenCodes(
        n_codes=n_codes,
        n_once=once,
        n_twice=twice,
        n_in_one=in_one,
        n_in_two=in_two,
        chance_new=once / n_codings if n_codings else math.nan,
        chao1=chao1.value,
        chao1_low=chao1.low,
        chao1_high=chao1.high,
        chao2=chao2.value,
        chao2_low=chao2.low,
        chao2_high=chao2.high,
        reason=None if n_codings else NO_CODING,
    )


def _chao(n_codes: int, n_once: int, *, n_twice: int, n_samples: int) -> _Richness:
    """Chao's lower bound for codes seen once and twice in n samples (codings, or documents)."""
    if n_codes == 0:
        return _Richness(math.nan, math.nan, math.nan)
    factor = (n_samples - 1) / n_samples
    if n_twice:
        ratio = n_once / n_twice
        unseen = factor * n_once**2 / (2 * n_twice)
        variance = n_twice * (factor * ratio**2 / 2 + factor**2 * ratio**3 + factor**2 * ratio**4 / 4)
    else:
        value = n_codes + factor * n_once * (n_once - 1) / 2
        unseen = value - n_codes
        variance = factor * n_once * (n_once - 1) / 2 + factor**2 * n_once * (2 * n_once - 1) ** 2 / 4
        variance -= factor**2 * n_once**4 / (4 * value)
    if unseen <= 0 or variance <= 0:
        return _Richness(float(n_codes), float(n_codes), float(n_codes))
    spread = math.exp(1.959964 * math.sqrt(math.log1p(variance / unseen**2)))
    return _Richness(n_codes + unseen, n_codes + unseen / spread, n_codes + unseen * spread)
