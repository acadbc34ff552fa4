"""Table files -> sheets of plain cells. Which column holds the text is decided elsewhere.

`tables/` reads a table for `label`, one header and every column typed, and refuses what does not fit. A
document is read from whatever people have: every sheet, titles above the header, ragged rows, no header.
"""

from __future__ import annotations

import csv
import datetime
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, ZipError

from policy_nlp.documents.formats import detect_format
from policy_nlp.encodings import decode_text
from policy_nlp.errors import DocumentError
from policy_nlp.records import InputFile
from policy_nlp.tables.delimited import lift_cell_limit


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: rows of cells as text, the header not yet told from the data.

    Attributes:
        header: names of the columns where the format states them, else None.
    """

    rows: Sequence[Sequence[str]]
    format: str
    name: str = ""
    header: tuple[str, ...] | None = None
    encoding: str | None = None
    encoding_confidence: float | None = None
    warnings: tuple[str, ...] = ()


def read_sheets(source: InputFile) -> Iterator[Sheet]:
    """The tables of a file; several only in a workbook.

    Raises:
        DocumentError: the file is damaged, encrypted or no table.
    """
    format_name = detect_format(source.path)
    if format_name in ("xlsx", "xls", "xlsb", "ods"):
        return _iter_workbook(source, format_name)
    if format_name == "parquet":
        return _iter_parquet(source)
    if format_name in ("jsonl", "json"):
        return _iter_json(source, format_name)
    return _iter_delimited(source, "tsv" if format_name == "tsv" else "csv")


def show_cell(value: object) -> str:
    """A cell as a reader of the table sees it: 2017.0 is 2017, dates are ISO 8601, None is empty."""
    if value is None or value is False or value is True:
        return "" if value is None else str(value)
    if isinstance(value, float) and math.isnan(value):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "\n".join(show_cell(part) for part in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _iter_workbook(source: InputFile, format_name: str) -> Iterator[Sheet]:
    try:
        workbook = CalamineWorkbook.from_path(str(source.path))
        for name in workbook.sheet_names:
            rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            yield Sheet([[show_cell(cell) for cell in row] for row in rows], format_name, name=name)
    except PasswordError as err:
        raise DocumentError(
            f"{source.shown_path}: the workbook is encrypted. Save it without a password and give that file.",
            path=source.shown_path,
        ) from err
    except (CalamineError, ZipError, OSError, ValueError) as err:
        raise DocumentError(
            f"{source.shown_path}: found a damaged workbook ({err}), expected a whole one. Open it in Excel "
            "or WPS and save it again.",
            path=source.shown_path,
        ) from err


def _iter_parquet(source: InputFile) -> Iterator[Sheet]:
    try:
        table = pq.read_table(source.path)
        columns = [[show_cell(value) for value in column.to_pylist()] for column in table.columns]
    except (pa.ArrowException, OSError, ValueError) as err:
        raise DocumentError(
            f"{source.shown_path}: found a damaged Parquet file ({err}), expected a whole one. Write it "
            "again.",
            path=source.shown_path,
        ) from err
    rows = list(zip(*columns, strict=True))
    yield Sheet(rows, "parquet", header=tuple(table.column_names))


def _iter_json(source: InputFile, format_name: str) -> Iterator[Sheet]:
    decoded = decode_text(source.path.read_bytes())
    objects, n_bad = _parse_objects(decoded.text, source.shown_path)
    header = tuple(dict.fromkeys(name for values in objects for name in values))
    rows = [[show_cell(values.get(name)) for name in header] for values in objects]
    warnings = decoded.warnings + ((f"{n_bad} lines are no JSON objects and were left out",) if n_bad else ())
    yield Sheet(
        rows,
        format_name,
        header=header,
        encoding=decoded.encoding,
        encoding_confidence=decoded.confidence,
        warnings=warnings,
    )


def _parse_objects(text: str, shown_path: str) -> tuple[list[dict[str, object]], int]:
    """The objects of a JSON array or of JSON Lines, and how many entries are none."""
    try:
        whole = json.loads(text)
        entries = whole if isinstance(whole, list) else [whole]
    except (ValueError, RecursionError):
        entries = [_parse_line(line) for line in text.split("\n") if line.strip()]
    objects = [entry for entry in entries if isinstance(entry, dict)]
    if not objects:
        raise DocumentError(
            f"{shown_path}: found no JSON objects, expected one object a line or a list of objects",
            path=shown_path,
        )
    return objects, len(entries) - len(objects)


def _parse_line(line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _iter_delimited(source: InputFile, format_name: str) -> Iterator[Sheet]:
    decoded = decode_text(source.path.read_bytes())
    delimiter = "\t" if format_name == "tsv" else _delimiter_of(decoded.text)
    lift_cell_limit()
    text = decoded.text.replace("\0", "")
    try:
        rows = [row for row in csv.reader(_lines_of(text), delimiter=delimiter) if row]
    except csv.Error as err:
        raise DocumentError(
            f"{source.shown_path}: found a damaged {format_name} table ({err}), expected quoted cells. Save "
            "it again as CSV UTF-8.",
            path=source.shown_path,
        ) from err
    yield Sheet(
        rows,
        format_name,
        encoding=decoded.encoding,
        encoding_confidence=decoded.confidence,
        warnings=decoded.warnings,
    )


def _lines_of(text: str) -> Iterable[str]:
    """Lines with their ends; `splitlines` would also cut at rarer breaks inside cells."""
    return (line + "\n" for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def _delimiter_of(text: str) -> str:
    """The delimiter of the header line: comma, or what Excel writes in some countries."""
    header = text.partition("\n")[0]
    return max((",", ";", "\t", "|"), key=lambda delimiter: (header.count(delimiter), delimiter == ","))
