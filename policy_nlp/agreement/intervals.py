"""Measures with bootstrap intervals: whole groups (documents, else units) are drawn with replacement."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_CELLS_AT_ONCE = 4_000_000  # weights held in memory at a time, 32 MB


@dataclass(frozen=True, slots=True)
class Measure:
    """One number with its interval; NaN where it is undefined.

    Attributes:
        value: the measure; NaN when undefined.
        low: lower end of the interval; NaN when there is none.
        high: upper end.
        reason: why the value or the interval is NaN; None when both are there.
        n_undefined: bootstrap draws in which the measure was undefined; the interval is of the others.
    """

    value: float
    low: float = math.nan
    high: float = math.nan
    reason: str | None = None
    n_undefined: int = 0

    def __post_init__(self) -> None:
        if math.isnan(self.value) and not self.reason:
            raise ValueError("an undefined measure needs a reason")

    @property
    def is_defined(self) -> bool:
        """Whether there is a value."""
        return not math.isnan(self.value)

    @property
    def has_interval(self) -> bool:
        """Whether there is an interval."""
        return not math.isnan(self.low)


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """How intervals are made: percentile bootstrap with a seed."""

    n_draws: int = 1000  # 0: no intervals
    seed: int = 0
    confidence: float = 0.95

    def __post_init__(self) -> None:
        if self.n_draws < 0 or not 0 < self.confidence < 1:
            raise ValueError(f"a bootstrap needs n_draws >= 0 and 0 < confidence < 1, found {self}")


def bootstrap_draws(
    statistic: Callable[[Floats], Floats], n_groups: int, *, bootstrap: Bootstrap
) -> NDArray[np.float64]:
    """The statistic in each bootstrap sample, shape (n_draws, ...).

    Args:
        statistic: weights of shape (B, G), how often each sample holds each group, -> shape (B, ...).
        n_groups: G.
        bootstrap: number of draws and seed; the same seed draws the same samples for every statistic.
    """
    generator = np.random.default_rng(bootstrap.seed)
    n_at_once = max(1, _CELLS_AT_ONCE // max(n_groups, 1))
    parts = []
    for start in range(0, bootstrap.n_draws, n_at_once):
        weights = np.empty((min(n_at_once, bootstrap.n_draws - start), n_groups))
        for row in weights:
            row[:] = np.bincount(generator.integers(0, n_groups, n_groups), minlength=n_groups)
        parts.append(statistic(weights))
    return np.concatenate(parts) if parts else statistic(np.empty((0, n_groups)))


def measures_from_draws(
    values: Floats, draws: Floats, *, reasons: Sequence[str], n_groups: int, bootstrap: Bootstrap
) -> tuple[Measure, ...]:
    """One measure with its percentile interval for each of M values.

    Args:
        values: shape (M,), NaN where undefined.
        draws: shape (n_draws, M).
        reasons: M texts: why a value is undefined, where it is.
        n_groups: documents or units that were drawn from; below 2 there is no interval.
        bootstrap: how the draws were made.
    """
    tail = (1 - bootstrap.confidence) / 2
    measures = []
    for value, column, reason in zip(values.tolist(), draws.T, reasons, strict=True):
        defined = column[~np.isnan(column)]
        n_undefined = len(column) - len(defined)
        missing = reason if math.isnan(value) else _reason_without_interval(defined, n_groups, bootstrap)
        if missing:
            measures.append(Measure(value, reason=missing, n_undefined=n_undefined))
        else:
            low, high = np.quantile(defined, [tail, 1 - tail]).tolist()
            measures.append(Measure(value, low, high, n_undefined=n_undefined))
    return tuple(measures)


def group_indices(keys: Sequence[str]) -> tuple[NDArray[np.int_], int]:
    """The index of each unit's group, shape (U,), and the number of groups, in order of appearance."""
    numbers: dict[str, int] = {}
    indices = np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int_)
    return indices, len(numbers)


def _reason_without_interval(defined: Floats, n_groups: int, bootstrap: Bootstrap) -> str | None:
    n_undefined = bootstrap.n_draws - len(defined)
    if bootstrap.n_draws == 0:
        return "no interval: the bootstrap was switched off"
    if n_groups < 2:
        return "no interval: there is one document (or unit) only"
    if 2 * n_undefined > bootstrap.n_draws:
        return f"no interval: undefined in {n_undefined} of {bootstrap.n_draws} bootstrap draws"
    # A width of 0 would claim certainty where the sample merely shows no variation (3 of 3 right).
    if np.ptp(defined) < 1e-12:
        return "no interval: every bootstrap draw gives the same value"
    return None
