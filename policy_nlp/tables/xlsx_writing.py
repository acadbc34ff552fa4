"""Record batches -> one Excel sheet; every text is of type text, so that none of it runs as a formula."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import IO
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from policy_nlp.errors import OutputError
from policy_nlp.files import remove_path
from policy_nlp.tables.cells import Cell, begins_formula, spreadsheet_columns, spreadsheet_names
from policy_nlp.tables.table import Rows

MAX_ROWS = 1_048_576  # with the header
MAX_COLUMNS = 16_384
MAX_CELL_UNITS = 32_767  # UTF-16 code units
_N_WIDTH_ROWS = 50  # rows whose texts set the widths of the columns
_WIDEST_COLUMN = 60  # half-width characters
_EXACT_DIGITS = 10**15  # Excel rounds longer numbers: they are written as text
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML cannot hold them
_ESCAPE_LIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # Excel would read _x000D_ as one character
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)
_DATES_IN_PROPERTIES = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_CHUNK_BYTES = 1 << 20


def write_xlsx(path: Path, rows: Rows, *, with_scores: bool) -> tuple[str, ...]:
    """Writes one sheet; the same rows give the same bytes.

    Returns:
        A warning where texts were too long for a cell and are cut.

    Raises:
        OutputError: more rows than a sheet has.
    """
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Sheet1")
    names = spreadsheet_names(rows.schema, with_scores=with_scores)
    all_rows = _limited(path, _iter_rows(rows, with_scores=with_scores))
    first_rows = tuple(islice(all_rows, _N_WIDTH_ROWS))
    _lay_out(sheet, [names, *first_rows])
    sheet.append([_text_cell(sheet, name) for name in names])
    n_rows = n_cut = 0
    for row in chain(first_rows, all_rows):
        n_cut += _append_row(sheet, row)
        n_rows += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(names))}{n_rows + 1}"
    dated = path.with_name(f"{path.name}.dated")
    try:
        workbook.save(dated)
        copy_without_dates(dated, path)
    finally:
        remove_path(dated)
    return (
        (f"{n_cut:,} texts are longer than an Excel cell holds and are cut (they end in …)",) if n_cut else ()
    )


def _lay_out(sheet: WriteOnlyWorksheet, rows: Sequence[Sequence[Cell]]) -> None:
    """Header that stays in sight, and columns as wide as their first texts; has to come before any row."""
    sheet.freeze_panes = "A2"
    for number, column in enumerate(zip(*rows, strict=True), start=1):
        widest = max(display_width(str(value)) for value in column if value is not None)
        sheet.column_dimensions[get_column_letter(number)].width = min(widest + 2, _WIDEST_COLUMN)


def display_width(text: str) -> int:
    """Width in half-width characters: a Chinese character takes two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text[:_WIDEST_COLUMN])


def _iter_rows(rows: Rows, *, with_scores: bool) -> Iterator[tuple[Cell, ...]]:
    for batch in rows.batches:
        yield from zip(*spreadsheet_columns(batch, with_scores=with_scores), strict=True)


def _limited(path: Path, rows: Iterator[tuple[Cell, ...]]) -> Iterator[tuple[Cell, ...]]:
    """The rows, or an error where they are more than a sheet has."""
    for row_number, row in enumerate(rows, start=2):
        if row_number > MAX_ROWS:
            raise OutputError(
                f"{path}: more than {MAX_ROWS - 1:,} rows do not fit an Excel sheet. Write .csv or .parquet.",
                path=path,
            )
        yield row


def _append_row(sheet: WriteOnlyWorksheet, row: tuple[Cell, ...]) -> int:
    """Appends one row; how many of its texts were cut."""
    sheet.append([_cell_for(sheet, value) for value in row])
    return sum(isinstance(value, str) and _n_units(value) > MAX_CELL_UNITS for value in row)


def _cell_for(sheet: WriteOnlyWorksheet, value: Cell) -> object:
    if isinstance(value, str):
        return _text_cell(sheet, value)
    if isinstance(value, dt.date) and (value.year <= 1900 or getattr(value, "tzinfo", None)):
        return _text_cell(sheet, value.isoformat())  # Excel has no time zones, and no dates before 1900
    if isinstance(value, int) and abs(value) >= _EXACT_DIGITS:
        return _text_cell(sheet, str(value))
    return value


def _text_cell(sheet: WriteOnlyWorksheet, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet)
    set_text(cell, text)
    return cell


def set_text(cell: SheetCell, text: str) -> None:
    """Makes a cell one of type text; one that looks like a formula stays text even when a user edits it."""
    cell._value = _escaped(_cut(text))  # the setter would make a formula of "=..." and an error of "#N/A"
    cell.data_type = "s"
    if begins_formula(text):
        cell.quotePrefix = True


def _escaped(text: str) -> str:
    return _ESCAPE_LIKE.sub("_x005F_", _CONTROL.sub("", text)).replace("\r", "_x000D_")


def _n_units(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def _cut(text: str) -> str:
    if len(text) * 2 <= MAX_CELL_UNITS or _n_units(text) <= MAX_CELL_UNITS:
        return text
    units = text.encode("utf-16-le")[: 2 * (MAX_CELL_UNITS - 1)]
    return units.decode("utf-16-le", "ignore") + "…"


def copy_without_dates(source: Path, target: Path) -> None:
    """Copies a workbook with the dates that openpyxl writes into it set to a fixed one."""
    with zipfile.ZipFile(source) as dated, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as fixed:
        for old in dated.infolist():
            entry = zipfile.ZipInfo(old.filename, _FIXED_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.file_size = old.file_size  # tells zipfile whether the entry needs zip64
            with dated.open(old) as stream, fixed.open(entry, "w") as out:
                _copy_entry(old.filename, stream, out)


def _copy_entry(name: str, stream: IO[bytes], out: IO[bytes]) -> None:
    if name == "docProps/core.xml":
        out.write(_DATES_IN_PROPERTIES.sub(b"1980-01-01T00:00:00Z", stream.read()))
    else:
        shutil.copyfileobj(stream, out, _CHUNK_BYTES)
