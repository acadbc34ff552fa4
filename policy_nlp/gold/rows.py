"""One row (a JSON object, a row of a table) -> what one coder decided on one unit."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeGuard

from policy_nlp.codebook import Codebook
from policy_nlp.errors import GoldError, UnknownCodeError
from policy_nlp.records import PREDICTED_LEVELS, CodedUnit, Level, Span

Row = Mapping[str, object]

ABSTAINED, UNDECIDED = "abstained", "undecided"  # a status and a column of `label --abstain`

_TEXT_FIELDS = ("text", "doc_id", "document_id", "coder", "stratum", "source_kind")
_YEAR = re.compile("[12][0-9]{3}")


@dataclass(frozen=True, slots=True)
class RowSource:
    """What every row of one file is read against.

    Attributes:
        row_word: what stands before a row's number in messages: "" gives `file:7`, "row " `file: row 7`.
    """

    path: Path
    codebook: Codebook
    row_word: str = ""
    _known: dict[tuple[Level, tuple[str, ...]], tuple[str, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )  # lists that were checked before: a large file repeats few

    def place(self, line: int) -> str:
        """The file and the line, as messages begin."""
        return f"{self.path}: {self.row_word}{line}" if self.row_word else f"{self.path}:{line}"

    def error(self, line: int, message: str) -> GoldError:
        """GoldError that names the file and the line."""
        return GoldError(f"{self.place(line)}: {message}", path=self.path, line=line)

    def level_of(self, code_id: str, line: int) -> str:
        """The level of a code; UnknownCodeError names the file and the line."""
        try:
            return self.codebook.level_of(code_id)
        except UnknownCodeError as err:
            place = {**err.place, "path": self.path, "line": line}
            raise UnknownCodeError(f"{self.place(line)}: {err.message}", **place) from err

    def codes_in_order(self, level: Level, code_ids: tuple[str, ...], *, line: int) -> tuple[str, ...]:
        """The ids in codebook order, each once; raises where one is not of this level."""
        known = self._known.get((level, code_ids))
        if known is None:
            for code_id in code_ids:
                if (found := self.level_of(code_id, line)) != level:
                    raise self.error(
                        line, f"`{level}` holds {code_id!r}, which is of level {found!r}. Move it there."
                    )
            known = tuple(code_id for code_id in self.codebook.ids(level) if code_id in code_ids)
            self._known[level, code_ids] = known
        return known


def parse_row(row_text: str, *, line: int, source: RowSource) -> Row:
    """The object of one line of JSON Lines."""
    try:
        row = json.loads(row_text)
    except (ValueError, RecursionError) as err:
        raise source.error(line, f"not JSON ({err}). Write one object a line.") from err
    if not isinstance(row, dict):
        raise source.error(line, f"found a {type(row).__name__}, expected one JSON object a line.")
    return row


@dataclass(frozen=True, slots=True)
class UnitFields:
    """What a row says of its unit, whoever coded it."""

    unit_id: str
    text: str
    document_id: str | None
    coder: str | None
    stratum: str | None
    span: Span | None
    source_kind: str | None = None
    year: int | None = None


def fields_of_row(row: Row, *, line: int, source: RowSource) -> UnitFields:
    """The unit a row names; raises GoldError where a field is not what it should be."""
    texts = {name: text_field(row, name, line=line, source=source) for name in _TEXT_FIELDS}
    return UnitFields(
        unit_id=_unit_id(row, line, source),
        text=texts["text"] or "",
        document_id=texts["doc_id"] or texts["document_id"],
        coder=texts["coder"],
        stratum=texts["stratum"],
        span=span_of_row(row, line=line, source=source),
        source_kind=texts["source_kind"],
        year=year_of_row(row),
    )


def unit_of_coder(
    fields: UnitFields, codes: Row, *, line: int, source: RowSource, coder_id: str | None
) -> CodedUnit:
    """The unit with the lists in `codes`, which is the row itself or a coder's object in it.

    A level at which a model left a code undecided is not coded, whatever its list holds.
    """
    left_open = levels_left_open(codes.get("status"), codes.get(UNDECIDED), line=line, source=source)
    initial, dimensions, paths = (
        None if level in left_open else _codes_of_level(codes.get(level), level, line, source)
        for level in PREDICTED_LEVELS
    )
    return CodedUnit(
        unit_id=fields.unit_id,
        text=fields.text,
        initial=initial,
        dimensions=dimensions,
        paths=paths,
        document_id=fields.document_id,
        coder_id=coder_id,
        stratum=fields.stratum,
        span=fields.span,
        source_kind=fields.source_kind,
        year=fields.year,
    )


def levels_left_open(status: object, undecided: object, *, line: int, source: RowSource) -> tuple[Level, ...]:
    """The levels that hold a code which a model left undecided, in the row of an output of `label` or `code`.

    Args:
        status: of the row; only abstained ones have such levels.
        undecided: the list of the codes; None where the row does not say which: then all levels.
        line: of the row.
        source: the file.
    """
    if status != ABSTAINED:
        return ()
    if undecided is None:
        return PREDICTED_LEVELS
    if not isinstance(undecided, list) or not all(isinstance(code_id, str) for code_id in undecided):
        raise source.error(line, f"`{UNDECIDED}` is {undecided!r}, expected a list of code ids.")
    found = {source.level_of(code_id, line) for code_id in undecided}
    return tuple(level for level in PREDICTED_LEVELS if level in found)


def text_field(row: Row, name: str, *, line: int, source: RowSource) -> str | None:
    """A text of the row; None where it is missing or empty."""
    value = row.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise source.error(line, f"`{name}` is a {type(value).__name__}, expected a text.")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as err:
        raise source.error(
            line, f"`{name}` holds half a character (a lone surrogate). Write the text anew."
        ) from err
    return value or None


def span_of_row(row: Row, *, line: int, source: RowSource) -> Span | None:
    """The span in `start` and `end`, half-open, in code points; None where the row has neither."""
    start, end = row.get("start"), row.get("end")
    if start is None and end is None:
        return None
    if not (_is_whole(start) and _is_whole(end) and 0 <= start <= end):
        raise source.error(
            line,
            f"`start` is {start!r} and `end` {end!r}, expected whole numbers, 0 <= start <= end: code points "
            "of the document, the end not included.",
        )
    return Span(start, end)


def year_of_row(row: Row) -> int | None:
    """`year` of the row, a number or four digits; None where it is missing or anything else.

    >>> [year_of_row({"year": year}) for year in (2024, "2024", "2024年", 24, None)]
    [2024, 2024, None, None, None]
    """
    written = str(row.get("year"))
    return int(written) if _YEAR.fullmatch(written) else None


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _unit_id(row: Row, line: int, source: RowSource) -> str:
    number = row.get("id")
    unit_id = str(number) if _is_whole(number) else text_field(row, "id", line=line, source=source)
    if unit_id is None:
        raise source.error(line, "`id` is missing or empty. Name the unit.")
    return unit_id


def _codes_of_level(value: object, level: Level, line: int, source: RowSource) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list):
        raise source.error(
            line, f"`{level}` is {value!r}, expected a list of code ids ([] when nothing applies)."
        )
    if not value:
        return ()
    for code_id in value:
        if not isinstance(code_id, str):
            raise source.error(line, f"`{level}` holds {code_id!r}, expected code ids.")
    return source.codes_in_order(level, tuple(value), line=line)
