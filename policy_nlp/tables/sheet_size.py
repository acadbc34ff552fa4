"""How large the sheets of a workbook are, before anything is loaded that holds every cell of them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from openpyxl.utils import column_index_from_string

from policy_nlp.errors import TableError

MOST_CELLS = 100_000_000  # of a sheet, blank ones too: each takes 32 bytes when it is read

_CHUNK_BYTES = 1 << 20
_LONGEST_START = 400  # bytes of an element up to its reference
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_WIDE = re.compile(rb'<(?:\w+:)?c\s[^>]*?r="([A-Z]{2,3})[0-9]')  # columns from AA on: few files have any
_FAR = re.compile(rb'<(?:\w+:)?row\s[^>]*?r="([0-9]{4,7})"')
_FEWEST_COLUMNS = 26
_FEWEST_ROWS = 1000


def check_sheet_sizes(path: Path) -> None:
    """Raises an error where a sheet of an .xlsx file has a cell so far out that to read it takes all memory.

    Other workbooks (.xls) have small sheets and are not looked at.

    Raises:
        TableError: a sheet is larger than MOST_CELLS.
    """
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        for name in filter(_SHEET.fullmatch, archive.namelist()):
            with archive.open(name) as stream:
                n_rows, n_columns = _sheet_size(stream)
            _refuse_large(path, name, n_rows=n_rows, n_columns=n_columns)


def _refuse_large(path: Path, name: str, *, n_rows: int, n_columns: int) -> None:
    if n_rows * n_columns > MOST_CELLS:
        raise TableError(
            f"{path}: a sheet ({name}) reaches to row {n_rows:,} and column {n_columns:,}; at most "
            f"{MOST_CELLS:,} cells are read, blank ones counted. Delete the cells far from the table, or "
            "save it as CSV.",
            path=path,
        )


def _sheet_size(stream: IO[bytes]) -> tuple[int, int]:
    """Rows and columns of a sheet, no fewer than it has."""
    letters: set[bytes] = set()
    n_rows = _FEWEST_ROWS
    for window in _iter_windows(stream):
        letters.update(_WIDE.findall(window))
        n_rows = max(n_rows, *map(int, _FAR.findall(window)), 0)
    columns = (column_index_from_string(letter.decode()) for letter in letters)
    return n_rows, max(columns, default=_FEWEST_COLUMNS)


def _iter_windows(stream: IO[bytes]) -> Iterator[bytes]:
    """Pieces of the stream that overlap, so that no element's start is cut in all of them."""
    before = b""
    while chunk := stream.read(_CHUNK_BYTES):
        yield before + chunk
        before = chunk[-_LONGEST_START:]
