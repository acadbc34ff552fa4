"""Rows of one file -> what each of its coders decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from policy_nlp.errors import GoldError
from policy_nlp.gold.long_form import LongRow, NumberedUnit, units_of_long_rows
from policy_nlp.gold.rows import (
    ABSTAINED,
    UNDECIDED,
    Row,
    RowSource,
    UnitFields,
    fields_of_row,
    levels_left_open,
    unit_of_coder,
)
from policy_nlp.records import PREDICTED_LEVELS, CodedUnit, Coder, CoderUnits, Level

NOT_CODED = ("empty", ABSTAINED)  # of `status`, the column of `label`: not all codes were decided
SCORES = "scores"  # a column of `label`: an object, and no coder's
STATUSES = ("coded", "uncoded", *NOT_CODED)
ASSISTED_MARK = " (assisted)"  # ends the name of a coder to whom the model's codes were shown


def is_assisted(coder_id: str | None) -> bool:
    """Whether the name says that the coder was shown a model's codes, as exports of `review` do."""
    return coder_id is not None and coder_id.endswith(ASSISTED_MARK)


@dataclass(frozen=True, slots=True)
class NumberedRow:
    """A row and its number in the file."""

    line: int
    row: Row


@dataclass(frozen=True, slots=True)
class CodersRead:
    """The coders of one file, and what of the file is none of theirs."""

    coders: tuple[CoderUnits, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Unit:
    """A row, and what it says of its unit."""

    numbered: NumberedRow
    fields: UnitFields


@dataclass(slots=True)
class _Gathered:
    """What the rows read so far say of each coder."""

    source: RowSource
    own_coder: Coder
    units: dict[str, dict[str, NumberedUnit]] = field(default_factory=dict)
    n_not_coded: Counter[str] = field(default_factory=Counter)
    n_partly: int = 0  # rows of which some levels only were decided

    def add(self, coder_id: str, unit: _Unit, *, codes: Row) -> None:
        """Keeps a unit of a coder; GoldError where the coder has it already."""
        line = unit.numbered.line
        coded = unit_of_coder(unit.fields, codes, line=line, source=self.source, coder_id=coder_id)
        own = self.units.setdefault(coder_id, {})
        if coded.unit_id in own:
            raise self.source.error(
                line,
                f"unit {coded.unit_id!r} of coder {coder_id!r} is already on line {own[coded.unit_id].line}. "
                "Give each unit once for each coder; `coder` tells several coders apart.",
            )
        own[coded.unit_id] = NumberedUnit(line, coded)

    def add_labelled(self, unit: _Unit) -> None:
        """Keeps the row of an output of `label`, unless nothing was decided on it."""
        line, row = unit.numbered.line, unit.numbered.row
        left_open = levels_left_open(row["status"], row.get(UNDECIDED), line=line, source=self.source)
        if row["status"] == "empty" or left_open == PREDICTED_LEVELS:
            self.n_not_coded[str(row["status"])] += 1
            return
        self.n_partly += bool(left_open)
        self.add(self.own_coder.coder_id, unit, codes=row)


def coders_of_rows(rows: Iterable[NumberedRow], source: RowSource, *, own_coder: Coder) -> CodersRead:
    """The coders of rows that hold lists of codes, in the order in which they appear.

    A coder is each object with lists (`"coder_a": {"initial": []}`), and each name in `coder`. Where there
    are such objects, the lists of the row itself are the adjudicated codes and no coder's, unless the row
    has the `status` of an output of `label`: then they are the model's.

    Args:
        rows: of one file.
        source: the file.
        own_coder: whose the lists of the row itself are, where the row names no coder.

    Raises:
        GoldError: a row breaks its form, a coder has a unit twice, or no row holds codes.
        UnknownCodeError: a code id is not in the codebook.
    """
    gathered = _Gathered(source, own_coder)
    own: list[_Unit] = []  # lists of the row itself that are adjudicated, should a row have objects
    has_objects = False
    for numbered in rows:
        unit = _Unit(numbered, fields_of_row(numbered.row, line=numbered.line, source=source))
        nested = _coder_objects(numbered.row)
        has_objects = has_objects or bool(nested)
        for name, codes in nested:
            gathered.add(name, unit, codes=codes)
        if numbered.row.get("status") in STATUSES:
            gathered.add_labelled(unit)
        elif unit.fields.coder and not nested:
            gathered.add(unit.fields.coder, unit, codes=numbered.row)
        elif not nested or _has_lists(numbered.row):
            own.append(unit)
    for unit in () if has_objects else own:
        gathered.add(own_coder.coder_id, unit, codes=unit.numbered.row)
    return CodersRead(_coder_units(gathered), _note_adjudicated(len(own)) if has_objects else ())


def _note_adjudicated(n_rows: int) -> tuple[str, ...]:
    if not n_rows:
        return ()
    return (f"the lists of the rows themselves ({n_rows:,}) are adjudicated codes: no coder's, and left out",)


def coders_of_long_rows(rows: Iterable[LongRow], source: RowSource, *, own_coder: Coder) -> CodersRead:
    """The coders of a table in the long form; an empty `coder` is `own_coder`.

    A level is coded by a coder who used one of its codes anywhere. One who used no code at all, and says
    so with empty cells, coded the levels that the others of the file did.
    """
    by_coder: dict[str, list[LongRow]] = {}
    for row in rows:
        named = row if row.coder else replace(row, coder=own_coder.coder_id)
        by_coder.setdefault(named.coder, []).append(named)
    levels_of = {coder_id: _levels_used(own) for coder_id, own in by_coder.items()}
    everyone = [level for level in PREDICTED_LEVELS if any(level in own for own in levels_of.values())]
    _refuse_no_codes(any(levels_of.values()), source)
    coders = []
    for coder_id, own in by_coder.items():
        levels = levels_of[coder_id] or everyone
        units = [one.unit for one in units_of_long_rows(own, source, levels=levels)]
        notes = _note_levels(levels, everyone)
        coders.append(_coder_of(coder_id, units, source, own_coder=own_coder, notes=notes))
    return CodersRead(tuple(coders))


def _levels_used(rows: Sequence[LongRow]) -> list[Level]:
    used = {row.level for row in rows}
    return [level for level in PREDICTED_LEVELS if level in used]


def _note_levels(levels: Sequence[Level], everyone: Sequence[Level]) -> tuple[str, ...]:
    unused = [level for level in everyone if level not in levels]
    if not unused:
        return ()
    return (f"used no code of {', '.join(unused)}, which other coders did: read as not coded at this level",)


def _has_lists(row: Row) -> bool:
    return any(level in row for level in PREDICTED_LEVELS)


def _coder_objects(row: Row) -> list[tuple[str, Row]]:
    """Name and lists of each coder who has an object in the row."""
    return [
        (name, value)
        for name, value in row.items()
        if isinstance(value, dict) and name != SCORES and _has_lists(value)
    ]


def _coder_units(gathered: _Gathered) -> tuple[CoderUnits, ...]:
    by_coder = {coder_id: [one.unit for one in units.values()] for coder_id, units in gathered.units.items()}
    units = (unit for own in by_coder.values() for unit in own)
    _refuse_no_codes(any(_levels_coded(unit) for unit in units), gathered.source)
    return tuple(
        _coder_of(
            coder_id,
            own,
            gathered.source,
            own_coder=gathered.own_coder,
            notes=tuple(_iter_notes(coder_id, gathered)),
        )
        for coder_id, own in by_coder.items()
    )


def _levels_coded(unit: CodedUnit) -> bool:
    return not (unit.initial is None and unit.dimensions is None and unit.paths is None)


def _iter_notes(coder_id: str, gathered: _Gathered) -> Iterator[str]:
    if coder_id == gathered.own_coder.coder_id:
        for status, n_rows in sorted(gathered.n_not_coded.items()):
            yield f"{n_rows:,} rows of status {status!r} were not coded and count as not given"
        if gathered.n_partly:
            yield describe_partly(gathered.n_partly, "rows")


def describe_partly(n_units: int, word: str) -> str:
    """What is said of units with undecided codes at some levels; `word` is what the file calls its units."""
    return (
        f"{n_units:,} {word} of status {ABSTAINED!r} have undecided codes: read as not coded at their levels"
    )


def _coder_of(
    coder_id: str,
    units: Sequence[CodedUnit],
    source: RowSource,
    *,
    own_coder: Coder,
    notes: tuple[str, ...],
) -> CoderUnits:
    name = source.path.name
    if coder_id == own_coder.coder_id:
        return CoderUnits(own_coder, tuple(units), notes)
    return CoderUnits(Coder(coder_id, source=f"{name}, {coder_id}"), tuple(units), notes)


def _refuse_no_codes(has_codes: bool, source: RowSource) -> None:
    if not has_codes:
        raise GoldError(
            f"{source.path}: no row holds codes. Expected the lists `initial`, `dimensions` or `paths` (one "
            "unit a row; [] where nothing applies), or the columns unit,coder,code (one coding a row).",
            path=source.path,
        )
