"""Scores and codes of calibration sentences -> the two cuts of a code at a risk that the user asks for.

The calibration sentences must not have been trained on, and must be exchangeable with those to be coded.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

DELTA = 0.1  # chance, over calibration samples, that an upper cut does not keep its promise
GRID = np.round(np.arange(0.99, 0.0, -0.01), 2)  # upper cuts, in the order they are tested; fixed beforehand
_ROUNDING = 1e-9  # 0.1 * 30 is 3 and not a little less


def find_lower_cut(scores: NDArray[np.float32], applies: NDArray[np.bool_], *, risk: float) -> float | None:
    """The score below which a code is refused; None where the sentences that carry it are too few.

    Of the sentences that carry the code, at most `risk` are refused: on average over calibration samples,
    exactly in finite samples, for exchangeable sentences. Sentences of one document are not independent.

    Args:
        scores: shape (N,), of one code.
        applies: shape (N,), whether the sentence carries it.
        risk: above 0 and below 1.

    Source: Vovk (2012), "Conditional validity of inductive conformal predictors"; with this loss it is
    Angelopoulos, Bates, Fisch, Lei, Schuster (2022), "Conformal Risk Control".
    """
    positives = np.sort(scores[applies])
    rank = math.floor(risk * (len(positives) + 1) + _ROUNDING)
    return float(positives[rank - 1]) if rank else None


def count_missing_positives(n_positives: int, *, risk: float) -> int:
    """How many more sentences that carry the code a lower cut needs; 0 where it can be had.

    >>> [count_missing_positives(n, risk=0.1) for n in (0, 8, 9)]
    [9, 1, 0]
    """
    return max(math.ceil(1 / risk - _ROUNDING) - 1 - n_positives, 0)


def find_upper_cut(
    scores: NDArray[np.float32], applies: NDArray[np.bool_], *, risk: float, delta: float = DELTA
) -> float | None:
    """The score from which a code applies; None where the calibration sentences do not allow one.

    With probability 1 - delta over calibration samples, at most `risk` of the sentences given the code do
    not carry it. Cuts are tested from the highest down, until one fails. Those with too few sentences above
    them to pass are left out; this asks that a higher score never means a code less likely to apply.

    Args:
        scores: shape (N,), of one code.
        applies: shape (N,), whether the sentence carries it.
        risk: above 0 and below 1.
        delta: above 0 and below 1.

    Source: Angelopoulos, Bates, Candes, Jordan, Lei (2021), "Learn then Test: Calibrating Predictive
    Algorithms to Achieve Risk Control": fixed-sequence testing, with the exact binomial p-value.
    """
    from scipy.stats import binom

    n_needed = count_needed_given(risk=risk, delta=delta)
    found = None
    for cut in GRID:
        is_given = scores >= np.float32(cut)
        n_given = int(is_given.sum())
        if n_given < n_needed:
            continue
        n_false = int((is_given & ~applies).sum())
        if binom.cdf(n_false, n_given, risk) > delta:
            break
        found = float(cut)
    return found


def count_needed_given(*, risk: float, delta: float = DELTA) -> int:
    """Fewest sentences above an upper cut that can show its promise, when every one carries the code.

    >>> [count_needed_given(risk=risk) for risk in (0.05, 0.1, 0.2)]
    [45, 22, 11]
    """
    return math.ceil(math.log(delta) / math.log1p(-risk) - _ROUNDING)
