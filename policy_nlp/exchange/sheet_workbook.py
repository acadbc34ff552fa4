"""The workbook of a coding sheet -> its pages as plain cells, whichever program saved it."""

from __future__ import annotations

import html
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from lxml.etree import LxmlError
from openpyxl.utils import get_column_letter

from policy_nlp.errors import ExchangeError
from policy_nlp.exchange.sheet_layout import (
    ABOUT_PAGE,
    CODEBOOK_PAGE,
    CODING_PAGE,
    SENTENCE,
    UNIT_ID,
    UNITS_PAGE,
    column_stem,
)

_BROKEN = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    LxmlError,  # openpyxl parses some parts with lxml where it is installed
)
_MOST_BYTES = 512 << 20  # of a workbook, unpacked
_CHUNK_BYTES = 1 << 20
_LONGEST_ELEMENT = 100  # bytes of `<mergeCell ref="A1:B2"/>`, whatever its prefix
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+[0-9]+)')
_PAGE_NAME = re.compile(r'<(?:\w+:)?sheet\s[^>]*?\bname="([^"]*)"')
HEADER_WITHIN = 10  # rows, where someone wrote something above the header
_MOST_COLUMNS = 80  # that are looked at; a sheet of ours has some 16


@dataclass(frozen=True, slots=True)
class PageCell:
    """A cell that holds something; `place` is what spreadsheets call it (`H12`)."""

    place: str
    text: str
    is_formula: bool


@dataclass(frozen=True, slots=True)
class PageRow:
    """A row that holds something; the cells by the number of their column, from 0."""

    number: int
    cells: dict[int, PageCell]

    def text(self, column: int) -> str:
        """The text of a cell; empty where there is none."""
        cell = self.cells.get(column)
        return cell.text if cell else ""


@dataclass(frozen=True, slots=True)
class SheetWorkbook:
    """The pages of a coding sheet; blank rows are left out.

    Attributes:
        merged: first cells of merged ranges on the page of sentences.
    """

    coding: tuple[PageRow, ...]
    about: tuple[PageRow, ...]
    units: tuple[PageRow, ...]
    merged: tuple[str, ...]


def is_coding_sheet(path: Path) -> bool:
    """Whether a file is a workbook with the pages of a coding sheet, whole or in part."""
    if path.suffix.lower() not in (".xlsx", ".xlsm") or not zipfile.is_zipfile(path):
        return False
    try:
        names = _page_names(path)
    except (KeyError, zipfile.BadZipFile, zlib.error, OSError, ValueError):
        return False  # the reader of tables says what is wrong
    return bool(names & {ABOUT_PAGE, UNITS_PAGE}) or {CODING_PAGE, CODEBOOK_PAGE} <= names


def _page_names(path: Path) -> set[str]:
    """Names of the pages, from the one small file that lists them: to open a workbook reads all its texts."""
    with zipfile.ZipFile(path) as archive, archive.open("xl/workbook.xml") as stream:
        content = stream.read(_CHUNK_BYTES).decode("utf-8", errors="replace")
    return {html.unescape(found[1]) for found in _PAGE_NAME.finditer(content)}


def read_sheet_workbook(path: Path) -> SheetWorkbook:
    """The pages of a coding sheet.

    Raises:
        ExchangeError: the file is no workbook, too large, or a page is gone.
    """
    with _explained(path):
        _check_size(path)
        workbook = openpyxl.load_workbook(path, read_only=True)
        try:
            coding_page = _find_coding_page(path, workbook)
            missing = [page for page in (ABOUT_PAGE, UNITS_PAGE) if page not in workbook.sheetnames]
            if missing:
                raise _gone(path, missing[0])
            merged = _merged_places(path, workbook[coding_page]._worksheet_path)
            coding, about, units = (
                tuple(_iter_rows(workbook[n])) for n in (coding_page, ABOUT_PAGE, UNITS_PAGE)
            )
        finally:
            workbook.close()
        return SheetWorkbook(coding, about, units, merged)


def place_of(row: int, column: int) -> str:
    """What spreadsheets call a cell: rows count from 1, columns from 0.

    >>> place_of(12, 7)
    'H12'
    """
    return f"{get_column_letter(column + 1)}{row}"


def _find_coding_page(path: Path, workbook: openpyxl.Workbook) -> str:
    """The page of sentences, by its columns: people give it a name of their own, or copy it."""
    found = [page.title for page in workbook.worksheets if _has_sentences(page)]
    if len(found) > 1:
        raise ExchangeError(
            f"{path}: pages {found[0]!r} and {found[1]!r} both have sentences to be coded. Delete the one "
            "that is not to be read.",
            path=path,
        )
    if not found and CODING_PAGE not in workbook.sheetnames:
        raise _gone(path, CODING_PAGE)
    return found[0] if found else CODING_PAGE


def _has_sentences(page: Any) -> bool:  # noqa: ANN401 openpyxl's read-only pages have no public type
    page.reset_dimensions()
    rows = page.iter_rows(max_row=HEADER_WITHIN, max_col=_MOST_COLUMNS, values_only=True)
    return any({UNIT_ID, SENTENCE} <= {column_stem(str(value)) for value in row} for row in rows)


def _gone(path: Path, page: str) -> ExchangeError:
    return ExchangeError(
        f"{path}: page {page!r} of this coding sheet is gone, and nothing else says what was coded. Copy the "
        "answers into the sheet as it was made.",
        path=path,
    )


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turns what the libraries raise on damaged files into an ExchangeError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl on extensions of other programs
            yield
    except _BROKEN as err:
        raise ExchangeError(
            f"{path}: this workbook cannot be read ({err}). Open it in Excel, WPS or LibreOffice and save it "
            "again as .xlsx, without a password.",
            path=path,
        ) from err


def _check_size(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        n_bytes = sum(entry.file_size for entry in archive.infolist())
    if n_bytes > _MOST_BYTES:
        raise ExchangeError(
            f"{path}: unpacks to {n_bytes:,} bytes, more than any coding sheet has ({_MOST_BYTES:,}). Read "
            "the sheet as it was made.",
            path=path,
        )


def _iter_rows(page: Any) -> Iterator[PageRow]:  # noqa: ANN401 openpyxl's read-only pages have no public type
    page.reset_dimensions()  # what a file says of its size may be wrong, or a million rows
    for number, row in enumerate(page.iter_rows(max_col=_MOST_COLUMNS), start=1):
        cells = {
            column: PageCell(place_of(number, column), _text_of(cell.value), cell.data_type == "f")
            for column, cell in enumerate(row)
            if cell.value is not None
        }
        if any(cell.text for cell in cells.values()):
            yield PageRow(number, cells)


def _text_of(value: object) -> str:
    """The text of a value; a whole number without `.0`, as it was written."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _merged_places(path: Path, part: str) -> tuple[str, ...]:
    """First cells of the merged ranges of a page, from its XML: openpyxl tells them only of whole pages."""
    places: dict[str, None] = {}
    with zipfile.ZipFile(path) as archive, archive.open(part) as stream:
        before = b""
        while chunk := stream.read(_CHUNK_BYTES):
            places |= {found[1].decode(): None for found in _MERGED.finditer(before + chunk)}
            before = chunk[-_LONGEST_ELEMENT:]
    return tuple(places)
