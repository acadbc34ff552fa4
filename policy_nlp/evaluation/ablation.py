"""What a variant of a training configuration gave, over its seeds."""

from __future__ import annotations

from dataclasses import dataclass

CONFIDENCE = 0.95  # of the intervals over seeds


@dataclass(frozen=True, slots=True)
class AblationRow:
    """One measure of one variant over its seeds; NaN where it is not defined.

    Attributes:
        deviation: over seeds; NaN with one seed.
        difference: mean of the paired differences to the base, seed by seed; low and high: its t interval.
    """

    variant: str
    measure: str
    n_seeds: int
    mean: float
    deviation: float
    difference: float
    low: float
    high: float
