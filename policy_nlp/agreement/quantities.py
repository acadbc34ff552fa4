"""Arrays of quantities of many samples -> measures with intervals, found again by name."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.chance import Floats
from policy_nlp.agreement.intervals import Bootstrap, Measure, measures_from_draws


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity, or a row of them (one a code, one a pair), in B samples.

    Attributes:
        name: by which the measures are found again.
        values: shape (B,) or (B, n), NaN where undefined.
        reasons: why a value is undefined, where it is: one text for all, or n.
    """

    name: str
    values: Floats
    reasons: str | tuple[str, ...]


def as_matrix(quantities: Sequence[Quantity]) -> Floats:
    """All quantities beside each other, shape (B, M)."""
    return np.concatenate([_as_rows(quantity) for quantity in quantities], axis=1)


class MeasureTable:
    """The measures of some quantities."""

    def __init__(self, quantities: Sequence[Quantity], measures: Sequence[Measure]) -> None:
        self._rows: dict[str, tuple[Measure, ...]] = {}
        start = 0
        for quantity in quantities:
            end = start + _as_rows(quantity).shape[1]
            self._rows[quantity.name] = tuple(measures[start:end])
            start = end

    def one(self, name: str) -> Measure:
        """The measure of this name."""
        (measure,) = self._rows[name]
        return measure

    def row(self, name: str) -> tuple[Measure, ...]:
        """The measures of this name, one a code or one a pair."""
        return self._rows[name]


def measure_quantities(
    quantities: Sequence[Quantity], draws: NDArray[np.float64], *, n_groups: int, bootstrap: Bootstrap
) -> MeasureTable:
    """The quantities of the data (B = 1) with their intervals.

    Args:
        quantities: of the data.
        draws: shape (n_draws, M), the same quantities of each bootstrap sample.
        n_groups: documents or units that were drawn from.
        bootstrap: how the draws were made.
    """
    reasons = [reason for quantity in quantities for reason in _reasons(quantity)]
    measures = measures_from_draws(
        as_matrix(quantities)[0], draws, reasons=reasons, n_groups=n_groups, bootstrap=bootstrap
    )
    return MeasureTable(quantities, measures)


def _as_rows(quantity: Quantity) -> Floats:
    return quantity.values.reshape(len(quantity.values), math.prod(quantity.values.shape[1:]))


def _reasons(quantity: Quantity) -> Sequence[str]:
    if isinstance(quantity.reasons, str):
        return [quantity.reasons] * _as_rows(quantity).shape[1]
    return quantity.reasons
