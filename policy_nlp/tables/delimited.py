"""CSV and TSV in any Chinese encoding -> Table. Every column stays text, so that 00123 stays 00123."""

from __future__ import annotations

import csv
import re
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import pyarrow as pa

from policy_nlp.errors import TableError
from policy_nlp.tables.table import BATCH_ROWS, Table, unique_names
from policy_nlp.tables.text_source import TextSource, open_text_source

_DELIMITERS = ",\t;|"
_MAX_CELL_CHARACTERS = min(sys.maxsize, 2**31 - 1)

Row = tuple[int, list[str]]  # the line its row ends on, and its cells


@dataclass(frozen=True, slots=True)
class _Dialect:
    """How the cells of one file are parted."""

    source: TextSource
    delimiter: str
    is_mended: bool = False  # quotes inside quoted cells are doubled first, as they should have been


def open_delimited(path: Path) -> Table:
    """A table whose first row that is not blank names the columns; blank lines are no rows.

    A short row is filled with nulls; empty cells beyond the last column are dropped. Where someone put
    quotes around a cell and did not double those inside it ("推动"产学研"合作"), the text is kept as written.

    Raises:
        TableError: no header, a row with more cells than the header, or a quote that never closes.
    """
    source = open_text_source(path)
    dialect, notes = _choose_dialect(_Dialect(source, _find_delimiter(source)))
    rows = _iter_rows(dialect)
    header = next(rows, None)
    if header is None:
        raise TableError(
            f"{path}: the table is empty; a first row with column names was expected.", path=path
        )
    names, renamed = unique_names(name.strip() for name in _trimmed(header[1]))
    n_rows = sum(1 for row in rows if _fitted(path, row, n_columns=len(names)))
    schema = pa.schema([pa.field(name, pa.string()) for name in names])

    def read(first_row: int) -> Iterator[pa.RecordBatch]:
        rows = islice(_iter_rows(dialect), 1 + first_row, None)
        while some := [_fitted(path, row, n_columns=len(names)) for row in islice(rows, BATCH_ROWS)]:
            columns = [pa.array(column, pa.string()) for column in zip(*some, strict=True)]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)

    table_format = "tsv" if dialect.delimiter == "\t" else "csv"
    return Table(path, table_format, schema, n_rows, read, (*source.warnings, *notes, *renamed))


def _find_delimiter(source: TextSource) -> str:
    """The delimiter that parts the header into most cells; a comma where none does."""
    header = next((line for line in source.iter_lines() if line.strip()), "")
    outside_quotes = "".join(header.split('"')[::2])
    return max(_DELIMITERS, key=outside_quotes.count)


def _choose_dialect(plain: _Dialect) -> tuple[_Dialect, tuple[str, ...]]:
    """The plain dialect, or the mended one, with a note, where only that reads the whole file."""
    mended = replace(plain, is_mended=True)
    try:
        deque(_iter_rows(plain), maxlen=0)
    except TableError as err:
        try:
            deque(_iter_rows(mended), maxlen=0)
        except TableError:
            raise err from None
        line = err.place["line"]
        return mended, (
            f"line {line}: quotes inside a quoted cell are not doubled; the text is kept as written",
        )
    return plain, ()


def lift_cell_limit() -> None:
    """Let csv readers of this process take cells that hold a whole report; csv's own limit is 128 KB."""
    csv.field_size_limit(_MAX_CELL_CHARACTERS)


def _iter_rows(dialect: _Dialect) -> Iterator[Row]:
    lift_cell_limit()
    path, delimiter, lines = dialect.source.path, dialect.delimiter, dialect.source.iter_lines()
    if dialect.is_mended:
        lines = (_mend_quotes(line, delimiter) for line in lines)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if cells:
                yield reader.line_num, cells
    except csv.Error as err:
        raise TableError(
            f"{path}:{reader.line_num}: not CSV ({err}). A cell that holds a quote, a line break"
            f' or {delimiter!r} is written in quotes, each quote in it twice: "..."".."',
            path=path,
            line=reader.line_num,
        ) from err


def _mend_quotes(line: str, delimiter: str) -> str:
    """The line with the quotes inside its quoted cells doubled, where they are not."""
    try:
        next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error as err:
        if "expected after" in str(err):
            parting = re.escape(delimiter)
            cell = re.compile(f'(?:^|(?<={parting}))"(.*?)"(?={parting}|\\s*$)')
            return cell.sub(lambda found: f'"{_doubled(found[1])}"', line)
    return line


def _doubled(text: str) -> str:
    return text.replace('""', '"').replace('"', '""')


def _trimmed(cells: list[str]) -> list[str]:
    """The header without empty cells at its end."""
    n_kept = max((i for i, cell in enumerate(cells, start=1) if cell.strip()), default=len(cells))
    return cells[:n_kept]


def _fitted(path: Path, row: Row, *, n_columns: int) -> list[str | None]:
    line, cells = row
    if any(cell.strip() for cell in cells[n_columns:]):
        raise TableError(
            f"{path}:{line}: this row has {len(cells)} cells, the header names {n_columns} columns. Put cells"
            ' that hold the delimiter in quotes ("..."), or save the table as .xlsx.',
            path=path,
            line=line,
        )
    return [*cells[:n_columns], *[None] * (n_columns - len(cells))]
