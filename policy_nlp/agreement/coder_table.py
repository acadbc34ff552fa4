"""Coders -> one table of the units that two or more of them were given.

Three things are told apart: a unit that a coder does not have was not given to them; a list that is None was
not coded at that level; an empty list means that the coder looked and nothing applies. The first two are
missing codes, the third is a decision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.intervals import group_indices
from policy_nlp.agreement.level_tables import table_of_units
from policy_nlp.codebook import Codebook
from policy_nlp.errors import GoldError, TooFewCodersError
from policy_nlp.gold.units import squeeze_text
from policy_nlp.records import CodedUnit, Coder, CoderUnits, Level

NOT_GIVEN = -1
_MOST_SHOWN_CHARACTERS = 40  # of each text in a message


@dataclass(frozen=True, slots=True)
class CoderTable:
    """K coders beside each other, over the U units that two or more of them were given.

    Attributes:
        coders: K, ids unique.
        unit_ids: U, in the order in which the coders bring them.
        document_ids: of each unit, from the first coder who names one.
        places: shape (K, U), the place of a unit in `coders[k].units`; -1 where it was not given.
        n_units: units given to one coder or more.
    """

    coders: tuple[CoderUnits, ...]
    unit_ids: tuple[str, ...]
    document_ids: tuple[str | None, ...]
    places: NDArray[np.int_]
    n_units: int

    @property
    def has_documents(self) -> bool:
        """Whether every unit is of a named document."""
        return all(document_id is not None for document_id in self.document_ids)

    def groups(self) -> tuple[NDArray[np.int_], int]:
        """The document of each unit, where all have one, else the unit itself; and how many there are."""
        if self.has_documents:
            return group_indices([document_id or "" for document_id in self.document_ids])
        return np.arange(len(self.unit_ids)), len(self.unit_ids)

    def units_at(self, column: int) -> tuple[tuple[Coder, CodedUnit], ...]:
        """One unit as each coder who was given it coded it."""
        return tuple(
            (self.coders[row].coder, self.coders[row].units[place])
            for row, place in enumerate(self.places[:, column])
            if place != NOT_GIVEN
        )


@dataclass(frozen=True, slots=True)
class LevelCodings:
    """One level of all coders.

    Attributes:
        applies: shape (K, U, C), False where not coded.
        coded: shape (K, U), False where the coder did not code this level of the unit.
    """

    applies: NDArray[np.bool_]
    coded: NDArray[np.bool_]


def make_coder_table(coders: Sequence[CoderUnits]) -> CoderTable:
    """The units that two coders or more were given, side by side.

    Raises:
        TooFewCodersError: fewer than two coders, or no unit that two of them share.
        GoldError: two coders have one id, or a unit has another text with one coder than with another.
    """
    _check_coders(coders)
    numbers: dict[str, int] = {}
    for coder in coders:
        for unit in coder.units:
            numbers.setdefault(unit.unit_id, len(numbers))
    places = np.full((len(coders), len(numbers)), NOT_GIVEN, dtype=np.int_)
    for row, coder in enumerate(coders):
        places[row, [numbers[unit.unit_id] for unit in coder.units]] = np.arange(len(coder.units))
    shared = np.flatnonzero((places != NOT_GIVEN).sum(axis=0) >= 2)
    if not len(shared):
        raise TooFewCodersError(_no_shared_unit(coders), n_units=len(numbers))
    unit_ids = list(numbers)
    return CoderTable(
        coders=tuple(coders),
        unit_ids=tuple(unit_ids[column] for column in shared.tolist()),
        document_ids=_settle_documents(coders, places[:, shared]),
        places=places[:, shared],
        n_units=len(numbers),
    )


def level_codings(table: CoderTable, level: Level, *, codebook: Codebook) -> LevelCodings:
    """One level of every coder of the table; main categories follow from the initial ones."""
    n_coders, n_units = table.places.shape
    applies = np.zeros((n_coders, n_units, len(codebook.ids(level))), dtype=np.bool_)
    coded = np.zeros((n_coders, n_units), dtype=np.bool_)
    for row, coder in enumerate(table.coders):
        given = np.flatnonzero(table.places[row] != NOT_GIVEN)
        if len(given):
            own = table_of_units(coder.units, level, codebook=codebook)
            applies[row, given] = own.applies[table.places[row, given]]
            coded[row, given] = own.coded[table.places[row, given]]
    return LevelCodings(applies, coded)


def _check_coders(coders: Sequence[CoderUnits]) -> None:
    if len(coders) < 2:
        raise TooFewCodersError(
            f"found {len(coders)} coder, expected two or more. Give a second file, or one that holds several "
            f"coders.",
            n_coders=len(coders),
        )
    sources: dict[str, str] = {}
    for coder in coders:
        coder_id, source = coder.coder.coder_id, _source_of(coder)
        if coder_id in sources:
            raise GoldError(
                f"two coders are called {coder_id!r}: one of {sources[coder_id]}, one of {source}. Give each "
                f"coder a name of their own.",
                coder_id=coder_id,
            )
        sources[coder_id] = source


def _settle_documents(coders: Sequence[CoderUnits], places: NDArray[np.int_]) -> tuple[str | None, ...]:
    """The document of each unit, from the first coder who names one; checks that texts are the same."""
    documents: list[str | None] = [None] * places.shape[1]
    texts: list[tuple[str, CoderUnits] | None] = [None] * places.shape[1]
    for coder, row in zip(coders, places.tolist(), strict=True):
        for column, place in enumerate(row):
            if place == NOT_GIVEN:
                continue
            unit = coder.units[place]
            documents[column] = documents[column] or unit.document_id
            known = texts[column]
            if known is None:
                texts[column] = (unit.text, coder) if unit.text else None
            elif unit.text and unit.text != known[0]:
                _check_text(unit, coder, known=known)
    return tuple(documents)


def _check_text(unit: CodedUnit, coder: CoderUnits, *, known: tuple[str, CoderUnits]) -> None:
    text, first = known
    if squeeze_text(unit.text) == squeeze_text(text):
        return
    raise GoldError(
        f"unit {unit.unit_id!r} has another text with coder {coder.coder.coder_id!r} ({_source_of(coder)}: "
        f"{unit.text[:_MOST_SHOWN_CHARACTERS]!r}) than with {first.coder.coder_id!r} ({_source_of(first)}: "
        f"{text[:_MOST_SHOWN_CHARACTERS]!r}). Compare codings of the same sentences, or correct the ids.",
        unit_id=unit.unit_id,
        coder_ids=(first.coder.coder_id, coder.coder.coder_id),
    )


def _no_shared_unit(coders: Sequence[CoderUnits]) -> str:
    examples = "; ".join(
        f"{coder.coder.coder_id!r} ({_source_of(coder)}) has {len(coder.units)} units"
        + (f", the first is {coder.units[0].unit_id!r}" if coder.units else "")
        for coder in coders[:5]
    )
    return (
        f"no unit was given to two coders: {examples}. Give files that share unit ids: agreement can only be "
        f"measured on units that two coders coded."
    )


def _source_of(coder: CoderUnits) -> str:
    return coder.coder.source or "no file named"
