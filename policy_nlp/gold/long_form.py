"""The long form, one row a coding (`unit,coder,code`) -> units of each coder."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from policy_nlp.gold.rows import RowSource
from policy_nlp.records import PREDICTED_LEVELS, CodedUnit, Level, Span

LONG_COLUMNS = ("unit", "coder", "code")


@dataclass(frozen=True, slots=True)
class LongRow:
    """One row; `level` is None where nothing applies (`code_id` is empty)."""

    line: int
    unit_id: str
    coder: str
    code_id: str
    level: Level | None
    text: str = ""
    document_id: str | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class NumberedUnit:
    """A unit and the line that first names it."""

    line: int
    unit: CodedUnit


def iter_long_csv(text: str, source: RowSource) -> Iterator[LongRow]:
    """The rows of a CSV file, comma-separated, in its order."""
    lines = _iter_csv_cells(text, source)
    header_line, names = next(lines, (1, []))
    header = [name.strip().lower() for name in names]
    if missing := [name for name in LONG_COLUMNS if name not in header]:
        found = ",".join(header)
        raise source.error(header_line, f"no column {missing[0]!r}; found {found}, expected unit,coder,code.")
    places = [header.index(name) for name in LONG_COLUMNS]
    for line, cells in lines:
        if len(cells) <= max(places):
            raise source.error(line, f"{len(cells)} cells, expected {len(header)} as in the header.")
        unit_id, coder, code_id = (cells[place].strip() for place in places)
        yield LongRow(
            line,
            check_unit_id(unit_id, line, source=source),
            coder,
            code_id,
            level_of_cell(code_id, line, source=source),
        )


def check_unit_id(unit_id: str, line: int, *, source: RowSource) -> str:
    """The id; GoldError where it is empty."""
    if not unit_id:
        raise source.error(line, "the `unit` cell is empty. Name the unit.")
    return unit_id


def level_of_cell(code_id: str, line: int, *, source: RowSource) -> Level | None:
    """The level of the code in a cell; None where the cell is empty.

    Raises:
        UnknownCodeError, GoldError: no such code, or one that follows from others (a main category).
    """
    if not code_id:
        return None
    found = source.level_of(code_id, line)
    for level in PREDICTED_LEVELS:
        if found == level:
            return level
    raise source.error(
        line, f"{code_id!r} is of level {found!r}; give ids of {', '.join(PREDICTED_LEVELS)} (main follows)."
    )


def units_of_long_rows(
    rows: Iterable[LongRow], source: RowSource, *, levels: Sequence[Level] | None = None
) -> list[NumberedUnit]:
    """The units of one coder's rows, in the order of their first rows.

    Args:
        rows: of one coder.
        source: the file they are of.
        levels: those the coder coded; None takes each of which the coder used a code anywhere.
    """
    firsts: dict[str, LongRow] = {}
    codes: dict[str, dict[Level, list[str]]] = {}
    used: set[Level] = set(levels or ())
    for row in rows:
        first = firsts.setdefault(row.unit_id, row)
        if (row.document_id, row.span) != (first.document_id, first.span):
            raise source.error(
                row.line,
                f"unit {row.unit_id!r} is at another place than on line {first.line}. Correct one of them.",
            )
        own = codes.setdefault(row.unit_id, {})
        if row.level is not None:
            own.setdefault(row.level, []).append(row.code_id)
            if levels is None:
                used.add(row.level)
    return [
        NumberedUnit(first.line, _unit_of(first, codes[unit_id], used, source))
        for unit_id, first in firsts.items()
    ]


def _unit_of(first: LongRow, codes: dict[Level, list[str]], used: set[Level], source: RowSource) -> CodedUnit:
    lists = {
        level: source.codes_in_order(level, tuple(codes.get(level, ())), line=first.line)
        if level in used
        else None
        for level in PREDICTED_LEVELS
    }
    return CodedUnit(
        unit_id=first.unit_id,
        text=first.text,
        initial=lists["initial"],
        dimensions=lists["dimensions"],
        paths=lists["paths"],
        document_id=first.document_id,
        coder_id=first.coder or None,
        span=first.span,
    )


def _iter_csv_cells(text: str, source: RowSource) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of each line that holds something."""
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as err:
        raise source.error(reader.line_num, f"not CSV ({err}). Check the quotes.") from err
