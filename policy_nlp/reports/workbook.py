"""Tables of numbers -> one Excel workbook: typed numbers, a header that stays in sight, nothing that runs."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from policy_nlp.exchange.sheet_styles import BOLD, DARK, GREY, HEAD, TEXT, count_lines, put, row_height
from policy_nlp.files import remove_path
from policy_nlp.reports.charts.chart import Cell
from policy_nlp.reports.measure_texts import NOT_AVAILABLE
from policy_nlp.tables.xlsx_writing import copy_without_dates, display_width

ColumnFormat = Literal["text", "count", "share", "number"]
"""How the cells of a column are shown: 12.3 % for a share of 0.123, three decimals for a number."""

_NUMBER_FORMATS = {"count": "#,##0", "share": "0.0%", "number": "0.000"}
_WIDEST = 48  # half-width characters
_NARROWEST = 7
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")  # in names of sheets
_LONGEST_NAME = 31
_SMALL = 0.0005  # numbers below are shown as powers of ten: 0.000 would be read as none
_WRAPPED = Alignment(wrap_text=True, vertical="center")
_RIGHT = Alignment(horizontal="right")


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: its heading, and how its cells are shown.

    Attributes:
        width: of long texts, in half-width characters; they break over lines. None: as wide as the texts.
    """

    name: str
    format: ColumnFormat = "text"
    width: float | None = None


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
    """One sheet: a table with a header, and lines of words below it.

    Attributes:
        rows: as many cells a row as there are columns; NaN and None are undefined and shown as n/a, None in
            a column of text as an empty cell.
        n_fixed: columns from the left that stay in sight.
    """

    name: str
    columns: tuple[SheetColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    n_fixed: int = 1

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"{self.name}: rows do not fit {len(self.columns)} columns")


def write_workbook(path: Path, sheets: Sequence[WorkbookSheet]) -> None:
    """Write the sheets; the same sheets give the same bytes. Write inside `files.atomic_path`."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for sheet, name in zip(sheets, _sheet_names(sheets), strict=True):
        _fill(workbook.create_sheet(name), sheet)
    dated = path.with_name(f"{path.name}.dated")
    try:
        workbook.save(dated)
        copy_without_dates(dated, path)
    finally:
        remove_path(dated)


def _sheet_names(sheets: Sequence[WorkbookSheet]) -> list[str]:
    """Names that Excel takes: at most 31 characters, some forbidden, none twice whatever their case."""
    names: list[str] = []
    for sheet in sheets:
        plain = _FORBIDDEN.sub("_", sheet.name).strip("' ")[:_LONGEST_NAME] or "Sheet"
        taken = {name.lower() for name in names}
        others = (f"{plain[: _LONGEST_NAME - 4]}_{n}" for n in range(2, len(sheets) + 2))
        names.append(next(name for name in (plain, *others) if name.lower() not in taken))
    return names


def _fill(page: Worksheet, sheet: WorkbookSheet) -> None:
    for number, column in enumerate(sheet.columns, start=1):
        put(page.cell(1, number), column.name, font=HEAD, alignment=_WRAPPED).fill = DARK
    for row_number, row in enumerate(sheet.rows, start=2):
        for number, (value, column) in enumerate(zip(row, sheet.columns, strict=True), start=1):
            _put_value(page.cell(row_number, number), value, column)
        if n_lines := _count_lines(sheet, row):
            page.row_dimensions[row_number].height = row_height(n_lines)
    for offset, note in enumerate(sheet.notes):
        put(page.cell(len(sheet.rows) + 3 + offset, 1), note, font=GREY)
    page.freeze_panes = page.cell(2, sheet.n_fixed + 1)
    if sheet.rows:
        page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{len(sheet.rows) + 1}"
    for number, width in enumerate(_widths(sheet), start=1):
        page.column_dimensions[get_column_letter(number)].width = width
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = "1:1"


def _put_value(cell: SheetCell, value: Cell, column: SheetColumn) -> None:
    if column.format == "text":
        alignment = _WRAPPED if column.width else None
        put(cell, value, font=BOLD if cell.column == 1 else TEXT, alignment=alignment)
    elif isinstance(value, str) or _is_undefined(value):
        put(cell, value if isinstance(value, str) else NOT_AVAILABLE, font=GREY, alignment=_RIGHT)
    else:
        put(cell, value, font=TEXT)
        cell.number_format = _number_format(value, column.format)


def _count_lines(sheet: WorkbookSheet, row: Sequence[Cell]) -> int:
    """Lines that the long texts of a row take; 0 without columns of long texts."""
    texts = zip(row, sheet.columns, strict=True)
    return max(
        (count_lines(str(text or ""), column.width) for text, column in texts if column.width), default=0
    )


def _number_format(value: Cell, shown: ColumnFormat) -> str:
    is_small = isinstance(value, float) and 0 < abs(value) < _SMALL
    return "0.0E+00" if is_small else _NUMBER_FORMATS[shown]


def _is_undefined(value: Cell) -> bool:
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def _widths(sheet: WorkbookSheet) -> list[float]:
    widths = []
    for number, column in enumerate(sheet.columns):
        if column.width:
            widths.append(column.width)
            continue
        texts = [str(row[number]) for row in sheet.rows if row[number] is not None]
        body = max(map(display_width, texts), default=0) if column.format == "text" else _NARROWEST
        head = display_width(column.name) / (1 if len(column.name) <= 6 else 2)  # long headings break
        widths.append(min(_WIDEST, max(_NARROWEST, body, head) + 3))
    return widths
