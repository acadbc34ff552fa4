"""JSON Lines and tables (CSV, Excel, Parquet), whoever wrote them -> coders with their units.

Two forms: one row a unit with lists of codes (gold files, outputs of `label`), and one row a coding
(`unit,coder,code`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from policy_nlp.codebook import Codebook
from policy_nlp.errors import GoldError
from policy_nlp.exchange.sheet_layout import is_header_of_sheet
from policy_nlp.gold.coders import (
    STATUSES,
    CodersRead,
    NumberedRow,
    coders_of_long_rows,
    coders_of_rows,
)
from policy_nlp.gold.long_form import LongRow, check_unit_id, level_of_cell
from policy_nlp.gold.rows import ABSTAINED, UNDECIDED, Row, RowSource, parse_row, span_of_row
from policy_nlp.records import PREDICTED_LEVELS, Coder
from policy_nlp.tables.cells import LIST_SEPARATOR
from policy_nlp.tables.reading import open_table
from policy_nlp.tables.table import BATCH_ROWS, Table
from policy_nlp.tables.text_source import open_text_source

JSON_LINES = (".jsonl", ".ndjson", ".json", ".jsonl.gz")

_UNIT_COLUMNS = ("unit", "id", "unit_id", "sentence_id")  # the first that is there names the units
_CODE_COLUMNS = ("code", "code_id")
_DOCUMENT_COLUMNS = ("doc_id", "document_id", "document")
_TEXT_COLUMNS = ("id", "text", "coder", "doc_id", "document_id", "stratum", "status")
MADE_UP_ID = "row "  # begins the ids of units whose file names neither ids nor places

_CODINGS_COLUMNS = {"document_path", "code_name", "main_name"}  # of codings.csv of a result folder


@dataclass(frozen=True, slots=True)
class TableManifest:
    """What the manifest beside an output of `label` says of its codes."""

    model: str
    codebook_sha256: str


def read_coder_table(path: Path, codebook: Codebook) -> CodersRead:
    """The coders of a JSON Lines file or a table.

    Raises:
        GoldError: the file breaks its form or holds no codes; the message names the line or row.
        UnknownCodeError: a code id is not in the codebook.
        TableError: the table cannot be read.
    """
    if path.name.lower().endswith(JSON_LINES) and path.is_file():
        return _read_json_lines(path, codebook)
    table = open_table(path)
    names = {name.lower(): name for name in table.schema.names}
    if is_header_of_sheet(table.schema.names):
        raise GoldError(
            f"{path}: this is a coding sheet without its hidden pages (a .csv, an .xls, a copy of one page): "
            "nothing says what was coded. Save the whole workbook as .xlsx, or copy the answers into the "
            "sheet as it was made.",
            path=path,
        )
    source = RowSource(path, codebook, row_word="row ")
    if _first_of(_CODE_COLUMNS, names) and not any(level in names for level in PREDICTED_LEVELS):
        read = _read_long_table(table, names, source)
    else:
        read = _read_wide_table(table, names, source)
    return replace(read, notes=(*table.warnings, *read.notes))


def find_table_manifest(path: Path) -> TableManifest | None:
    """The manifest that `label` wrote beside its output; None where there is none."""
    try:
        content = json.loads(path.with_name(f"{path.name}.manifest.json").read_text(encoding="utf-8"))
        if content["command"] == "label":
            return TableManifest(content["model"], content["run"]["codebook_sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None


def _read_json_lines(path: Path, codebook: Codebook) -> CodersRead:
    lines = open_text_source(path)
    source = RowSource(path, codebook)
    rows = [
        NumberedRow(number, parse_row(text, line=number, source=source))
        for number, text in enumerate(lines.iter_lines(), start=1)
        if text.strip()
    ]
    read = _coders_of_named_rows(rows, source)
    return replace(read, notes=(*lines.warnings, *read.notes))


def _coders_of_named_rows(rows: Sequence[NumberedRow], source: RowSource) -> CodersRead:
    """The coders of rows whose units have an `id`, another name for it, or none at all."""
    if not rows:
        raise GoldError(f"{source.path}: there is no row. A coder file needs one or more.", path=source.path)
    first = rows[0].row
    is_labelled = first.get("status") in STATUSES
    own_coder = _own_coder(source.path, is_model=is_labelled)
    if "id" in first:
        return coders_of_rows(rows, source, own_coder=own_coder)
    name = next((name for name in _UNIT_COLUMNS if name in first), None)
    named = (NumberedRow(one.line, {**one.row, "id": _row_id(one, name, i)}) for i, one in enumerate(rows, 1))
    read = coders_of_rows(named, source, own_coder=own_coder)
    if name:
        return read
    note = "the rows have no `id`: units are named by document and span, else by the number of their row"
    return replace(read, notes=(*read.notes, note))


def _row_id(numbered: NumberedRow, name: str | None, number: int) -> object:
    if name:
        return numbered.row.get(name)
    row = numbered.row
    document_id = next((row[name] for name in _DOCUMENT_COLUMNS if row.get(name)), None)
    return _place_id(document_id, row.get("start"), row.get("end")) or f"{MADE_UP_ID}{number}"


def _place_id(document_id: object, start: object, end: object) -> str:
    """The id of a unit that is named by its place (`d1[0:12)`); empty where that is not known."""
    return f"{document_id}[{start}:{end})" if document_id and start is not None and end is not None else ""


def _own_coder(path: Path, *, is_model: bool) -> Coder:
    manifest = find_table_manifest(path)
    stem = path.name.removesuffix(".gz")
    name = manifest.model if manifest else Path(stem).stem
    return Coder(name, is_model=is_model or manifest is not None, source=path.name)


def _first_of(wanted: Iterable[str], names: dict[str, str]) -> str | None:
    """The column, as the table writes it, that has the first of the wanted names that is there."""
    return next((names[name] for name in wanted if name in names), None)


def _iter_rows(table: Table, columns: Sequence[str]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Row number, as a spreadsheet counts with the header as row 1, and the values of the columns."""
    number = 1
    for batch in table.iter_batches(BATCH_ROWS):
        for values in zip(*(batch.column(name).to_pylist() for name in columns), strict=True):
            number += 1
            yield number, values


def _read_wide_table(table: Table, names: dict[str, str], source: RowSource) -> CodersRead:
    rows = []
    n_empty = 0
    columns = [name for name in table.schema.names if name.lower() != "scores"]
    for number, values in _iter_rows(table, columns):
        row = {name.lower(): value for name, value in zip(columns, values, strict=True)}
        if any(value not in (None, "") for value in row.values()):
            rows.append(NumberedRow(number, _wide_row(row, number, source)))
            n_empty += all(not row.get(level) for level in PREDICTED_LEVELS)
    read = _coders_of_named_rows(rows, source)
    if "status" in names or table.format.startswith(("parquet", "datasets")) or not n_empty:
        return read
    note = f"{n_empty:,} rows have no codes: read as looked at, nothing applies (leave out units not given)"
    return replace(read, notes=(*read.notes, note))


def _wide_row(row: dict[str, Any], number: int, source: RowSource) -> Row:
    """The row as a line of JSON would have it: lists of codes, whole numbers, texts."""
    cells: dict[str, object] = dict(row)
    for level in PREDICTED_LEVELS:
        if isinstance(value := row.get(level, []), str | None) and level in row:
            parts = (value or "").split(LIST_SEPARATOR)
            cells[level] = [part.strip() for part in parts if part.strip()]
    if row.get("status") == ABSTAINED and isinstance(value := row.get(UNDECIDED), str):
        cells[UNDECIDED] = [part.strip() for part in value.split(LIST_SEPARATOR) if part.strip()]
    for name in (*_TEXT_COLUMNS, *_UNIT_COLUMNS):
        if row.get(name) is not None:
            cells[name] = str(row[name])
    for name in ("start", "end"):
        if name in row:
            cells[name] = _whole_number(row[name])
    return cells


def _whole_number(value: object) -> object:
    """The whole number that a text stands for; what it is, where it stands for none."""
    if isinstance(value, str):
        text = value.strip()
        return int(text) if text.isascii() and text.isdigit() else (text or None)
    return value


def _read_long_table(table: Table, names: dict[str, str], source: RowSource) -> CodersRead:
    if names.keys() >= _CODINGS_COLUMNS:
        raise GoldError(
            f"{source.path}: these are the codings of a result folder without the sentences that have no "
            "code. Give the folder itself, which has all.",
            path=source.path,
        )
    own_coder = _own_coder(source.path, is_model=False)
    return coders_of_long_rows(_iter_long_rows(table, names, source), source, own_coder=own_coder)


def _iter_long_rows(table: Table, names: dict[str, str], source: RowSource) -> Iterator[LongRow]:
    wanted = (
        _first_of(_UNIT_COLUMNS, names),
        _first_of(_CODE_COLUMNS, names),
        names.get("coder"),
        _first_of(_DOCUMENT_COLUMNS, names),
        names.get("text"),
        names.get("start"),
        names.get("end"),
    )
    if wanted[0] is None and None in (wanted[3], *wanted[5:]):
        raise source.error(
            1,
            f"no column `unit`; found {', '.join(names)}, expected unit,coder,code or document,start,end,...",
        )
    columns = [name for name in wanted if name]
    for number, values in _iter_rows(table, columns):
        cells = dict(zip(columns, values, strict=True))
        found = [_cell_text(cells.get(name or "")) for name in wanted[:5]]
        if not any(found):
            continue
        unit_id, code_id, coder, document_id, text = found
        ends = {
            "start": _whole_number(cells.get(wanted[5] or "")),
            "end": _whole_number(cells.get(wanted[6] or "")),
        }
        yield LongRow(
            line=number,
            unit_id=check_unit_id(unit_id or _place_id(document_id, *ends.values()), number, source=source),
            coder=coder,
            code_id=code_id,
            level=level_of_cell(code_id, number, source=source),
            text=text,
            document_id=document_id or None,
            span=span_of_row(ends, line=number, source=source),
        )


def _cell_text(value: object) -> str:
    return "" if value is None else str(value).strip()
