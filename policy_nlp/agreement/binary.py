"""Coefficients of two coders for yes/no codes, from 2x2 counts, for many codes and samples at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BinaryCounts:
    """Units in which a code was given by both coders, by one of them, by neither; all of one shape."""

    both: Floats
    only_first: Floats
    only_second: Floats
    neither: Floats

    @property
    def n_units(self) -> Floats:
        """All units of the table."""
        return self.both + self.only_first + self.only_second + self.neither


def binary_precision(counts: BinaryCounts) -> Floats:
    """Share of the second coder's units that the first has too; NaN where the second never used the code."""
    return divide(counts.both, counts.both + counts.only_second)


def binary_recall(counts: BinaryCounts) -> Floats:
    """Share of the first coder's units that the second has too; NaN where the first never used the code."""
    return divide(counts.both, counts.both + counts.only_first)


def divide(numerator: Floats, denominator: Floats) -> Floats:
    """The ratio, NaN where the denominator is 0."""
    ratio = np.full(np.broadcast_shapes(np.shape(numerator), np.shape(denominator)), np.nan)
    np.divide(numerator, denominator, out=ratio, where=denominator != 0)
    return ratio


def mean_of_defined(values: Floats, *, axis: int = -1) -> Floats:
    """Mean along an axis of the values that are defined; NaN where none is."""
    is_defined = ~np.isnan(values)
    return divide(np.where(is_defined, values, 0.0).sum(axis=axis), is_defined.sum(axis=axis))


def beyond_chance(observed: Floats, expected: Floats) -> Floats:
    """(observed - expected) / (1 - expected); NaN where chance alone agrees always."""
    return divide(observed - expected, np.where(1 - expected > 1e-12, 1 - expected, 0.0))


def binary_percent_agreement(counts: BinaryCounts) -> Floats:
    """Share of units on which both say the same; NaN without units."""
    return divide(counts.both + counts.neither, counts.n_units)


def positive_agreement(counts: BinaryCounts) -> Floats:
    """Positive specific agreement 2a / (2a + b + c), which is F1; NaN where neither used the code."""
    return divide(2 * counts.both, 2 * counts.both + counts.only_first + counts.only_second)


def binary_kappa(counts: BinaryCounts) -> Floats:
    """Cohen's kappa; NaN where both said yes always or no always, 0 where only one of them ever varied."""
    first_yes, second_yes = counts.both + counts.only_first, counts.both + counts.only_second
    n_units = counts.n_units
    chance = first_yes * second_yes + (n_units - first_yes) * (n_units - second_yes)
    return divide(n_units * (counts.both + counts.neither) - chance, n_units**2 - chance)


def binary_pi(counts: BinaryCounts) -> Floats:
    """Scott's pi; NaN where nothing varies."""
    yes_share = divide(2 * counts.both + counts.only_first + counts.only_second, 2 * counts.n_units)
    return beyond_chance(binary_percent_agreement(counts), 1 - 2 * yes_share * (1 - yes_share))


def binary_alpha(counts: BinaryCounts) -> Floats:
    """Krippendorff's alpha of two coders without missing codes; NaN where nothing varies."""
    differ = counts.only_first + counts.only_second
    yes, no = 2 * counts.both + differ, 2 * counts.neither + differ
    return 1.0 - divide((yes + no - 1) * differ, yes * no)


def binary_ac1(counts: BinaryCounts) -> Floats:
    """Gwet's AC1; NaN where nothing varies (the formula would give 1 for a code that nobody used)."""
    yes_share = divide(2 * counts.both + counts.only_first + counts.only_second, 2 * counts.n_units)
    expected = 2 * yes_share * (1 - yes_share)
    value = (binary_percent_agreement(counts) - expected) / (1 - expected)
    return np.where(expected > 0, value, np.nan)
