"""Axes with round ends: where a value lies between them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from policy_nlp.reports.charts.chart import Estimate

_ROUND_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from `low` to `high`, both of them ticks."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def position(self, value: float) -> float:
        """The place of a value, 0 at the low end and 1 at the high end."""
        return (value - self.low) / (self.high - self.low)


def estimate_scale(estimates: Iterable[Estimate], *, is_count: bool = False, n_steps: int = 5) -> Scale:
    """An axis that holds 0, all values and all ends of intervals."""
    ends = [end for one in estimates for end in (one.value, one.low, one.high)]
    return round_scale(ends, is_count=is_count, n_steps=n_steps)


def round_scale(values: Iterable[float], *, is_count: bool = False, n_steps: int = 5) -> Scale:
    """An axis that holds 0 and all known values, with about `n_steps` round steps; of counts, whole ones.

    >>> round_scale([0.07, 0.37]).ticks
    (0.0, 0.1, 0.2, 0.3, 0.4)
    """
    known = [float(value) for value in values if math.isfinite(value)]
    low, high = min([0.0, *known]), max([0.0, *known])
    if high - low < 1e-8:
        high = low + 1.0
    step = _round_step((high - low) / n_steps)
    if is_count:
        step = max(1.0, float(math.ceil(step)))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    digits = max(0, 2 - math.floor(math.log10(step)))
    ticks = tuple(round(place * step, digits) + 0.0 for place in range(first, last + 1))
    return Scale(min(ticks[0], low), max(ticks[-1], high), ticks)


def _round_step(step: float) -> float:
    """The next round step that is at least as long."""
    power = 10.0 ** math.floor(math.log10(step))
    return next((power * one for one in _ROUND_STEPS if power * one >= step * (1 - 1e-9)), power * 10)
