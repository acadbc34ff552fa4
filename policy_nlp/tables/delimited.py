"""CSV and TSV in any Chinese encoding -> Table. Every column stays text, so that 00123 stays 00123."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa

from policy_nlp.errors import TableError
from policy_nlp.tables.table import BATCH_ROWS, Table, unique_names
from policy_nlp.tables.text_source import TextSource, open_text_source

_DELIMITERS = ",\t;|"
_MAX_CELL_CHARACTERS = min(sys.maxsize, 2**31 - 1)

Row = tuple[int, list[str]]  # the line its row ends on, and its cells


def open_delimited(path: Path) -> Table:
    """A table whose first row that is not blank names the columns; blank lines are no rows.

    A short row is filled with nulls; empty cells beyond the last column are dropped.

    Raises:
        TableError: no header, a row with more cells than the header, or a quote that never closes.
    """
    source = open_text_source(path)
    delimiter = _find_delimiter(source)
    rows = _iter_rows(source, delimiter)
    header = next(rows, None)
    if header is None:
        raise TableError(
            f"{path}: the table is empty; a first row with column names was expected.", path=path
        )
    names, renamed = unique_names([name.strip() for name in _trimmed(header[1])])
    n_rows = sum(1 for row in rows if _fitted(path, row, n_columns=len(names)))
    schema = pa.schema([pa.field(name, pa.string()) for name in names])

    def read(first_row: int) -> Iterator[pa.RecordBatch]:
        rows = islice(_iter_rows(source, delimiter), 1 + first_row, None)
        while some := [_fitted(path, row, n_columns=len(names)) for row in islice(rows, BATCH_ROWS)]:
            columns = [pa.array(column, pa.string()) for column in zip(*some, strict=True)]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)

    table_format = "tsv" if delimiter == "\t" else "csv"
    return Table(path, table_format, schema, n_rows, read, (*source.warnings, *renamed))


def _find_delimiter(source: TextSource) -> str:
    """The delimiter that parts the header into most cells; a comma where none does."""
    header = next((line for line in source.iter_lines() if line.strip()), "")
    outside_quotes = "".join(header.split('"')[::2])
    return max(_DELIMITERS, key=outside_quotes.count)


def _iter_rows(source: TextSource, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(_MAX_CELL_CHARACTERS)  # whole documents stand in one cell
    reader = csv.reader(source.iter_lines(), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if cells:
                yield reader.line_num, cells
    except csv.Error as err:
        raise TableError(
            f"{source.path}:{reader.line_num}: not CSV ({err}). A cell that holds a quote, a line break"
            f' or {delimiter!r} is written in quotes, each quote in it twice: "..."".."',
            path=source.path,
            line=reader.line_num,
        ) from err


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
