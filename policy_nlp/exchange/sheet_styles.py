"""How the pages of a coding sheet look, and cells that hold text and nothing that runs."""

from __future__ import annotations

import math
from unicodedata import east_asian_width

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from policy_nlp.tables.xlsx_writing import set_text

FONT = "Microsoft YaHei"
TEXT = Font(name=FONT, size=10.5)
GREY = Font(name=FONT, size=9, color="808080")
BOLD = Font(name=FONT, size=10.5, bold=True)
HEAD = Font(name=FONT, size=10, bold=True, color="FFFFFF")
TITLE = Font(name=FONT, size=15, bold=True, color="1F3864")
WARNING = Font(name=FONT, size=10, color="9C5700")
DARK = PatternFill("solid", fgColor="1F3864")
ANSWER_HEAD = PatternFill("solid", fgColor="2E75B6")
ANSWER = PatternFill("solid", fgColor="FFFBE6")
SENTENCE = PatternFill("solid", fgColor="F3F8FD")
DONE = PatternFill("solid", bgColor="C6E0B4")
WRONG = PatternFill("solid", bgColor="F8A5A5")
LINE = Side(style="thin", color="D9D9D9")
BORDER = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
WRAPPED = Alignment(wrap_text=True, vertical="center")
CENTRED = Alignment(wrap_text=True, vertical="center", horizontal="center")
LINE_HEIGHT = 16.0  # points
HIGHEST_ROW = 400.0  # points; Excel's limit is 409


def put(
    cell: Cell,
    value: str | float | None,
    *,
    font: Font = TEXT,
    alignment: Alignment | None = None,
) -> Cell:
    """The cell, with its value; a text stays a text, whatever it begins with."""
    if isinstance(value, str):
        set_text(cell, value)
    elif value is not None:
        cell.value = value
    cell.font = font
    if alignment is not None:
        cell.alignment = alignment
    return cell


def row_height(n_lines: int) -> float:
    """Points that a row with so many lines of text needs."""
    return min(HIGHEST_ROW, max(1, n_lines) * LINE_HEIGHT + 6)


def count_lines(text: str, width: float) -> int:
    """Lines a text takes in a column of so many half-width characters; a Chinese character takes two."""
    widths = (sum(2 if east_asian_width(mark) in "WF" else 1 for mark in line) for line in text.split("\n"))
    return sum(max(1, math.ceil(1.06 * n / width)) for n in widths)


def finish(sheet: Worksheet) -> None:
    """Locks what is not an answer (without a password), and fits the page to the width of the paper.

    Rows can still be filtered and sorted, columns made wider.
    """
    protection = sheet.protection
    protection.sheet = True
    protection.autoFilter = protection.sort = False  # False: allowed
    protection.formatColumns = protection.formatRows = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.page_margins.left = sheet.page_margins.right = 0.3  # inches
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
