"""A coding sheet that a person filled in -> the coder with what they decided."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from policy_nlp.codebook import Codebook
from policy_nlp.errors import ExchangeError
from policy_nlp.exchange.coder_codebook import codebook_of_input
from policy_nlp.exchange.coder_documents import documents_of_units
from policy_nlp.exchange.coder_file import CoderFile
from policy_nlp.exchange.sheet_answers import AnswerCell, AnswerReader, RowAnswers
from policy_nlp.exchange.sheet_layout import (
    FORM,
    LEVEL_NAMES,
    REMARK,
    SENTENCE,
    STATUS,
    UNIT_ID,
    UNITS_HEADER,
    SheetUnit,
    column_stem,
    text_checksum,
)
from policy_nlp.exchange.sheet_workbook import (
    HEADER_WITHIN,
    PageRow,
    SheetWorkbook,
    place_of,
    read_sheet_workbook,
)
from policy_nlp.files import sha256_of_file
from policy_nlp.records import CodedUnit, Coder, CoderUnits, Level, Span

_MOST_SHOWN = 10  # problems in a message
_ANSWER = re.compile(f"({'|'.join(LEVEL_NAMES.values())})[0-9]+")


@dataclass(frozen=True, slots=True)
class _Header:
    """Where the columns are, counted from 0."""

    row: int
    unit_id: int
    sentence: int
    status: int
    remark: int | None
    codes: Mapping[Level, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class _ReadRow:
    """A row of the sheet whose text is as it was given to the coder."""

    unit: SheetUnit
    text: str
    answers: RowAnswers
    has_remark: bool
    full_levels: tuple[Level, ...]  # of which every column is filled


def read_coding_sheet(path: Path, *, codebook_path: Path | None = None) -> CoderFile:
    """The coder of a coding sheet, however it was sorted, filtered, or saved.

    A row with codes, or whose status says that nothing applies, was coded at every level that has columns.
    A row without an answer was not looked at, and counts as not given, like one that is marked unsure and
    has no codes.

    Raises:
        ExchangeError: a page or column is gone, a sentence was changed, or answers are wrong: the message
            names each cell, ten at most.
        CodebookError: the sheet was made with another codebook than the shipped one, and none was named.
    """
    workbook = read_sheet_workbook(path)
    about = {row.text(0): row.text(1) for row in workbook.about}
    if about.get("form") != FORM or not about.get("coder"):
        raise ExchangeError(
            f"{path}: a hidden page says {about.get('form')!r}, expected {FORM!r} and the coder's name. Read "
            "a sheet that `policy-nlp agree --make-sheet` made.",
            path=path,
        )
    codebook = codebook_of_input(path, about.get("codebook_sha256", ""), codebook_path=codebook_path)
    header = _find_header(path, workbook)
    rows = _read_rows(path, workbook, header, codebook)
    coder = Coder(about["coder"], source=path.name)
    units = tuple(_iter_units(rows, header, coder))
    n_units = len(workbook.units) - 1
    if not units:
        raise ExchangeError(
            f"{path}: none of the {n_units:,} sentences is coded yet. Fill in codes or a {STATUS!r}.",
            path=path,
        )
    notes = (*_iter_notes(rows, n_units, header), *_iter_gone(about.get("columns", ""), header))
    coders = (CoderUnits(coder, units, notes),)
    on_characters = documents_of_units(coders, shown_path=path.name)
    return CoderFile(
        path=path,
        sha256=sha256_of_file(path),
        codebook=codebook,
        coders=coders,
        documents=on_characters.documents,
        character_notes=on_characters.notes,
    )


def read_sheet_units(path: Path) -> tuple[SheetUnit, ...]:
    """The units of a sheet with their chances of being drawn, whether or not they are coded.

    Raises:
        ExchangeError: the file is no coding sheet, or its hidden page is damaged.
    """
    return tuple(_units_by_id(path, read_sheet_workbook(path)).values())


def _units_by_id(path: Path, workbook: SheetWorkbook) -> dict[str, SheetUnit]:
    first, *rows = workbook.units or (PageRow(0, {}),)
    if tuple(first.text(column) for column in range(len(UNITS_HEADER))) != UNITS_HEADER:
        raise ExchangeError(
            f"{path}: the hidden page of units is not as it was made. Copy the answers into the sheet.",
            path=path,
        )
    try:
        units = [_sheet_unit([row.text(column) for column in range(len(UNITS_HEADER))]) for row in rows]
    except ValueError as err:
        raise ExchangeError(f"{path}: the hidden page of units is damaged ({err}).", path=path) from err
    return {unit.unit_id: unit for unit in units}


def _sheet_unit(texts: Sequence[str]) -> SheetUnit:
    unit_id, document_id, start, end, checksum, stratum, probability, _ = texts
    span = Span(int(start), int(end)) if start and end else None
    return SheetUnit(unit_id, document_id or None, span, checksum, stratum, float(probability))


def _find_header(path: Path, workbook: SheetWorkbook) -> _Header:
    for row in workbook.coding[:HEADER_WITHIN]:
        names = {column_stem(cell.text): column for column, cell in row.cells.items()}
        if UNIT_ID in names or SENTENCE in names:
            return _header_of(path, row, names)
    raise ExchangeError(f"{path}: the row with the names of the columns is gone. {_RESTORE}", path=path)


_RESTORE = "Copy the answers into the sheet as it was made, and read that."


def _header_of(path: Path, row: PageRow, names: Mapping[str, int]) -> _Header:
    codes: dict[Level, tuple[int, ...]] = {}
    for level, level_name in LEVEL_NAMES.items():
        own = [
            column for name, column in names.items() if (m := _ANSWER.fullmatch(name)) and m[1] == level_name
        ]
        if own:
            codes[level] = tuple(sorted(own))
    missing = [name for name in (UNIT_ID, SENTENCE, STATUS) if name not in names]
    if missing or not codes:
        gone = missing[0] if missing else next(iter(LEVEL_NAMES.values()))
        raise ExchangeError(
            f"{path}: column {gone!r} is gone from the page of sentences. {_RESTORE}", path=path
        )
    return _Header(row.number, names[UNIT_ID], names[SENTENCE], names[STATUS], names.get(REMARK), codes)


def _read_rows(path: Path, workbook: SheetWorkbook, header: _Header, codebook: Codebook) -> list[_ReadRow]:
    """The rows of the sheet; ExchangeError with all that is wrong in them."""
    units = _units_by_id(path, workbook)
    reader = AnswerReader(codebook)
    problems = [f"{place}: merged cells. Unmerge them, and answer row by row." for place in workbook.merged]
    rows: dict[str, _ReadRow] = {}
    for row in (row for row in workbook.coding if row.number > header.row):
        try:
            if read := _read_row(row, header, units, reader):
                _add_row(rows, read, row, header)
        except ExchangeError as err:
            problems.append(err.message)
    if problems:
        shown = "\n  ".join(problems[:_MOST_SHOWN])
        more = f"\n  and {len(problems) - _MOST_SHOWN:,} more" if len(problems) > _MOST_SHOWN else ""
        raise ExchangeError(
            f"{path}: cells to be mended first, {len(problems):,}:\n  {shown}{more}",
            path=path,
            cells=problems,
        )
    return list(rows.values())


def _add_row(rows: dict[str, _ReadRow], read: _ReadRow, row: PageRow, header: _Header) -> None:
    if read.unit.unit_id in rows:
        place = row.cells[header.unit_id].place
        raise ExchangeError(
            f"{place}: a row that is there twice ({read.text[:20]!r}). Delete one of the two."
        )
    rows[read.unit.unit_id] = read


def _read_row(
    row: PageRow, header: _Header, units: Mapping[str, SheetUnit], reader: AnswerReader
) -> _ReadRow | None:
    """One row; None where it holds neither a unit nor an answer."""
    code_cells = {
        level: [_answer(row, column) for column in columns] for level, columns in header.codes.items()
    }
    status = _answer(row, header.status)
    unit_id = row.text(header.unit_id)
    if not unit_id:
        answered = [cell.place for cells in (*code_cells.values(), [status]) for cell in cells if cell.text]
        if answered:
            raise ExchangeError(
                f"{answered[0]}: an answer in a row that has no sentence of the sheet (the hidden column "
                f"{UNIT_ID!r} is empty). Clear it, or copy it into the sheet as it was made."
            )
        return None
    unit = units.get(unit_id)
    if unit is None:
        raise ExchangeError(
            f"{row.cells[header.unit_id].place}: unit {unit_id!r} is not of this sheet. {_RESTORE}"
        )
    text = row.text(header.sentence)
    if text_checksum(text) != unit.checksum:
        place = _answer(row, header.sentence).place
        raise ExchangeError(
            f"{place}: the sentence was changed, or sorted apart from its row ({text[:20]!r}). {_RESTORE}"
        )
    answers = reader.read_row(code_cells, status)
    full = tuple(level for level, cells in code_cells.items() if all(cell.text for cell in cells))
    has_remark = header.remark is not None and bool(row.text(header.remark))
    return _ReadRow(unit, text, answers, has_remark, full)


def _answer(row: PageRow, column: int) -> AnswerCell:
    cell = row.cells.get(column)
    if cell is None:
        return AnswerCell(place_of(row.number, column), "")
    return AnswerCell(cell.place, cell.text, cell.is_formula)


def _iter_units(rows: Sequence[_ReadRow], header: _Header, coder: Coder) -> Iterator[CodedUnit]:
    for row in rows:
        codes = row.answers.codes
        if row.answers.decision == "not looked at" or _is_left_open(row):
            continue
        yield CodedUnit(
            unit_id=row.unit.unit_id,
            text=row.text,
            initial=codes.get("initial"),
            dimensions=codes.get("dimensions"),
            paths=codes.get("paths"),
            document_id=row.unit.document_id,
            coder_id=coder.coder_id,
            stratum=row.unit.stratum or None,
            span=row.unit.span,
        )


def _is_left_open(row: _ReadRow) -> bool:
    """Whether the coder was unsure and chose no code."""
    return row.answers.decision == "unsure" and not any(row.answers.codes.values())


def _iter_notes(rows: Sequence[_ReadRow], n_units: int, header: _Header) -> Iterator[str]:
    counts = Counter(row.answers.decision for row in rows)
    n_open = sum(_is_left_open(row) for row in rows)
    n_blank = n_units - len(rows) + counts["not looked at"]
    yield (
        f"{n_units - n_blank - n_open:,} of {n_units:,} sentences are coded: {counts['coded']:,} with codes, "
        f"{counts['nothing applies']:,} without any, {counts['unsure'] - n_open:,} unsure with codes"
    )
    if n_blank or n_open:
        yield f"not given: {n_blank:,} sentences not looked at, {n_open:,} unsure without a code"
    for level, columns in header.codes.items():
        if n_full := sum(level in row.full_levels for row in rows):
            yield f"{n_full:,} sentences fill all {len(columns)} columns of {LEVEL_NAMES[level]}"
    if n_remarks := sum(row.has_remark for row in rows):
        yield f"{n_remarks:,} sentences have remarks, which are not read"


def _iter_gone(made_with: str, header: _Header) -> Iterator[str]:
    """Notes on columns that the sheet had when it was made: a level that lost all counts as not coded."""
    for level, count in zip(LEVEL_NAMES, made_with.split(","), strict=False):
        n_left = len(header.codes.get(level, ()))
        if count.isascii() and count.isdigit() and int(count) > n_left:
            rest = "answers in them are lost" if n_left else "this level counts as not coded"
            yield f"{int(count) - n_left} of {count} columns of {LEVEL_NAMES[level]} are gone: {rest}"
