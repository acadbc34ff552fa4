"""Scores and codes of calibration sentences -> the two cuts of a code at a risk that the user asks for.

The calibration sentences must not have been trained on, and must be exchangeable with those to be coded.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

DELTA = 0.1  # chance, over calibration samples, that an upper cut does not keep its promise
GRID = np.round(np.arange(0.99, 0.0, -0.01), 2)  # upper cuts, in the order they are tested; fixed beforehand
_FACTORS = np.geomspace(1.0, 100.0, 100)  # by which a sample is scaled up, in estimates of how much is needed
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

    cuts = GRID.astype(np.float32)
    n_given, n_true = (_count_from(values, cuts) for values in (scores, scores[applies]))
    tested = n_given >= count_needed_given(risk=risk, delta=delta)
    fails = binom.cdf(n_given[tested] - n_true[tested], n_given[tested], risk) > delta
    n_passed = int(np.argmax(fails)) if fails.any() else len(fails)
    return float(GRID[tested][n_passed - 1]) if n_passed else None


def _count_from(scores: NDArray[np.float32], cuts: NDArray[np.float32]) -> NDArray[np.int64]:
    """How many scores are at least each cut."""
    return np.asarray(len(scores) - np.searchsorted(np.sort(scores), cuts, side="left"), dtype=np.int64)


def count_needed_given(*, risk: float, delta: float = DELTA) -> int:
    """Fewest sentences above an upper cut that can show its promise, when every one carries the code.

    >>> [count_needed_given(risk=risk) for risk in (0.05, 0.1, 0.2)]
    [45, 22, 11]
    """
    return math.ceil(math.log(delta) / math.log1p(-risk) - _ROUNDING)


def estimate_missing_to_apply(
    scores: NDArray[np.float32], applies: NDArray[np.bool_], *, risk: float, delta: float = DELTA
) -> int | None:
    """About how many more sentences that carry the code an upper cut needs, were they like those there are.

    The sample is scaled up until the first cut that is tested would pass with the share of false sentences
    that it has now; as many as the fewest that can pass, where that never comes. None where there are more
    than those: more sentences alone are not known to help.

    Args:
        scores: shape (N,), of one code that has no upper cut.
        applies: shape (N,), whether the sentence carries it.
        risk: above 0 and below 1.
        delta: above 0 and below 1.
    """
    from scipy.stats import binom

    n_positives, fewest = int(applies.sum()), count_needed_given(risk=risk, delta=delta)
    cuts = GRID.astype(np.float32)
    n_given, n_true = (_count_from(values, cuts) for values in (scores, scores[applies]))
    factors = _FACTORS[_FACTORS * n_given[-1] >= fewest] if len(scores) else _FACTORS[:0]
    sizes = np.floor(factors[:, None] * n_given)
    first = (sizes >= fewest).argmax(axis=1)  # of the grid, at each factor
    n_first = sizes[np.arange(len(factors)), first]
    # Half a false sentence is added: 3 of 3 right do not show a share of 0.
    share = (n_given - n_true + 0.5)[first] / (n_given + 1)[first]
    passes = binom.cdf(np.floor(n_first * share), n_first, risk) <= delta
    if n_positives and passes.any():
        factor = float(factors[passes.argmax()])
        return max(math.ceil((factor - 1) * n_positives), fewest - n_positives, 1)
    return fewest - n_positives if n_positives < fewest else None
