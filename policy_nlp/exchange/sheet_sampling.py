"""Units of a source -> those a coder is to code, in random order: the same seed draws the same units."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policy_nlp.errors import ExchangeError
from policy_nlp.records import CodedUnit

NO_CODE_STRATUM = "no code"


@dataclass(frozen=True, slots=True)
class DrawnUnit:
    """A unit that was drawn.

    Attributes:
        stratum: what it was drawn from; empty where there was one stratum.
        probability: that it would be drawn, above 0 and at most 1.
    """

    unit: CodedUnit
    stratum: str
    probability: float


def draw_units(units: Sequence[CodedUnit], n_units: int, *, seed: int) -> list[DrawnUnit]:
    """A simple random sample without replacement; all units where there are no more than `n_units`.

    The draw hangs on the seed and the ids only, not on machine or version, and a larger sample of the same
    seed holds the smaller one.
    """
    drawn = sorted(units, key=lambda unit: _rank(seed, "draw", unit.unit_id))[:n_units]
    return [DrawnUnit(unit, "", len(drawn) / len(units)) for unit in drawn]


def draw_stratified(units: Sequence[CodedUnit], n_units: int, *, seed: int) -> list[DrawnUnit]:
    """A sample in which rare codes occur: units are drawn within strata, one of them or more from each.

    The stratum of a unit is the rarest of its codes. Sizes go by the square root of the strata's sizes (power
    allocation, Bankier 1988), so that each unit's chance is known and estimates can be weighted.

    Raises:
        ExchangeError: fewer units are wanted than there are strata.
    """
    stratum_of = _strata(units)
    sizes = Counter(stratum_of.values())
    if n_units < len(sizes):
        raise ExchangeError(
            f"{n_units} sentences are wanted, but codes part the source into {len(sizes)} strata, one from "
            f"each. Ask for {len(sizes)} or more, or draw without strata.",
            n_units=n_units,
        )
    takes = _allocate(sizes, min(n_units, len(units)))
    drawn = []
    for stratum in sizes:
        own = [unit for unit in units if stratum_of[unit.unit_id] == stratum]
        own.sort(key=lambda unit: _rank(seed, "draw", unit.unit_id))
        drawn += [DrawnUnit(unit, stratum, takes[stratum] / len(own)) for unit in own[: takes[stratum]]]
    return drawn


def shuffle_units(drawn: Sequence[DrawnUnit], *, seed: int, coder: str) -> list[DrawnUnit]:
    """The units in an order of the coder's own, so that what tires one coder does not tire all alike."""
    return sorted(drawn, key=lambda one: _rank(seed, f"order {coder}", one.unit.unit_id))


def _rank(seed: int, purpose: str, unit_id: str) -> bytes:
    return hashlib.sha256(f"{seed}\0{purpose}\0{unit_id}".encode()).digest()


def _strata(units: Sequence[CodedUnit]) -> dict[str, str]:
    """The rarest code of each unit (the first by id among equals)."""
    n_of_code = Counter(code_id for unit in units for code_id in _codes_of(unit))
    return {
        unit.unit_id: min(
            _codes_of(unit), key=lambda code_id: (n_of_code[code_id], code_id), default=NO_CODE_STRATUM
        )
        for unit in units
    }


def _codes_of(unit: CodedUnit) -> tuple[str, ...]:
    return (*(unit.initial or ()), *(unit.dimensions or ()), *(unit.paths or ()))


def _allocate(sizes: Mapping[str, int], n_units: int) -> dict[str, int]:
    """How many to draw from each stratum: one, then the next where the quotient is highest (Webster)."""
    takes = dict.fromkeys(sizes, 1)
    for _ in range(n_units - len(sizes)):
        room = [stratum for stratum in sizes if takes[stratum] < sizes[stratum]]
        takes[max(room, key=lambda stratum: math.sqrt(sizes[stratum]) / (takes[stratum] + 0.5))] += 1
    return takes
