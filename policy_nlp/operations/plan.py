"""Expectations of a code -> how many units to double-code, or which interval a number of units gives."""

from __future__ import annotations

from policy_nlp.agreement.planning import Expectation, UnitsPlan, plan_of_units, plan_units
from policy_nlp.errors import PlanningError


def plan(expected: Expectation, *, width: float | None, n_units: int | None, confidence: float) -> UnitsPlan:
    """The units and the width that belong together.

    Raises:
        PlanningError: the width cannot be, or not exactly one of width and units is given.
    """
    if width is not None and n_units is None:
        return plan_units(expected, width=width, confidence=confidence)
    if n_units is not None and width is None:
        return plan_of_units(expected, n_units, confidence=confidence)
    raise PlanningError(
        "give the width of the interval (--width) or the units at hand (--units), and one only."
    )
