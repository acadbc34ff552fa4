"""Record batches -> a table file or a folder of Parquet shards; the same rows give the same bytes.

Write inside `files.atomic_path`, so that a kill leaves no half of a table.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

from policy_nlp.errors import OutputError
from policy_nlp.tables.cells import (
    Cell,
    guard_formula,
    json_ready,
    spreadsheet_columns,
    spreadsheet_names,
    with_short_floats,
)
from policy_nlp.tables.table import HOLDS_JSON, Rows, iter_rebatched
from policy_nlp.tables.xlsx_writing import MAX_COLUMNS, MAX_ROWS, write_xlsx

OutputFormat = Literal["parquet", "jsonl", "jsonl.gz", "csv", "xlsx", "folder"]
ROW_GROUP_ROWS = 65_536
PART_ROWS = 1_048_576  # rows of one shard of a folder
_ENDINGS: Mapping[str, OutputFormat] = {
    ".parquet": "parquet",
    ".jsonl": "jsonl",
    ".jsonl.gz": "jsonl.gz",
    ".csv": "csv",
    ".xlsx": "xlsx",
}


def output_format(path: Path) -> OutputFormat:
    """The format that a path's ending asks for; a path without an ending, or a folder, is a folder.

    Raises:
        OutputError: no table is written under this ending.
    """
    name = path.name.lower()
    for ending, found in _ENDINGS.items():
        if name.endswith(ending) and not path.is_dir():
            return found
    if path.is_dir() or not path.suffix:
        return "folder"
    raise OutputError(
        f"{path}: no table can be written as {path.suffix!r}. Endings there are: {', '.join(_ENDINGS)}; a"
        " name without an ending is a folder of Parquet shards.",
        path=path,
    )


def check_fits(path: Path, schema: pa.Schema, *, n_rows: int, with_scores: bool = False) -> None:
    """Raises an error before work begins where the format cannot hold the table.

    Raises:
        OutputError: more rows or columns than an Excel sheet has.
    """
    if output_format(path) != "xlsx":
        return
    n_columns = len(spreadsheet_names(schema, with_scores=with_scores))
    if n_rows + 1 > MAX_ROWS or n_columns > MAX_COLUMNS:
        raise OutputError(
            f"{path}: {n_rows:,} rows and {n_columns:,} columns do not fit an Excel sheet ({MAX_ROWS - 1:,}"
            f" rows below the header, {MAX_COLUMNS:,} columns). Write .csv or .parquet.",
            path=path,
            n_rows=n_rows,
        )


def write_table(
    path: Path,
    rows: Rows,
    *,
    with_scores: bool = False,
    kind: OutputFormat | None = None,
) -> tuple[str, ...]:
    """Writes all batches to `path`, in the format `kind` or that of its ending.

    Args:
        path: file, or folder to make.
        rows: the columns, and the batches as a stream.
        with_scores: CSV and XLSX get one column of scores a code; other formats always have them.
        kind: the format, where the ending of `path` does not tell.

    Returns:
        Warnings: what the format could not hold.
    """
    kind = kind or output_format(path)
    if kind == "csv":
        return _write_csv(path, rows, with_scores=with_scores)
    if kind == "xlsx":
        return write_xlsx(path, rows, with_scores=with_scores)
    return _PLAIN_WRITERS[kind](path, rows)


def _write_parquet(path: Path, rows: Rows) -> tuple[str, ...]:
    with pq.ParquetWriter(path, rows.schema, compression="zstd", write_page_checksum=True) as writer:
        for batch in iter_rebatched(rows, n_rows=ROW_GROUP_ROWS):
            writer.write_batch(batch)
    return ()


def _write_folder(path: Path, rows: Rows) -> tuple[str, ...]:
    path.mkdir(parents=True, exist_ok=True)
    groups = iter_rebatched(rows, n_rows=ROW_GROUP_ROWS)
    n_groups = PART_ROWS // ROW_GROUP_ROWS
    first = next(groups, None)
    number = 0
    while first is not None or number == 0:
        part = Rows(rows.schema, _take(first, groups, n=n_groups))
        _write_parquet(path / f"part-{number:05d}.parquet", part)
        first = next(groups, None)
        number += 1
    return ()


def _take(
    first: pa.RecordBatch | None, rest: Iterator[pa.RecordBatch], *, n: int
) -> Iterator[pa.RecordBatch]:
    if first is None:
        return
    yield first
    for _, batch in zip(range(n - 1), rest, strict=False):
        yield batch


def _write_json_lines(path: Path, rows: Rows) -> tuple[str, ...]:
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        _put_json_lines(stream, rows)
    return ()


def _write_packed_json_lines(path: Path, rows: Rows) -> tuple[str, ...]:
    with path.open("wb") as raw, _open_gzip_text(raw) as stream:
        _put_json_lines(stream, rows)
    return ()


@contextmanager
def _open_gzip_text(raw: io.BufferedWriter) -> Iterator[io.TextIOWrapper]:
    """A text stream packed without name and date, so that the same rows give the same bytes."""
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed,
        io.TextIOWrapper(packed, encoding="utf-8", newline="\n") as stream,
    ):
        yield stream


def _put_json_lines(stream: io.TextIOBase, rows: Rows) -> None:
    names = rows.schema.names
    for batch in rows.batches:
        columns = [
            _json_values(field, column) for field, column in zip(rows.schema, batch.columns, strict=True)
        ]
        for values in zip(*columns, strict=True):
            stream.write(json.dumps(dict(zip(names, values, strict=True)), ensure_ascii=False) + "\n")


def _json_values(field: pa.Field, column: pa.Array) -> list[object]:
    if field.metadata and field.metadata.items() >= HOLDS_JSON.items():
        return [None if text is None else json.loads(text) for text in column.to_pylist()]
    return [json_ready(value) for value in with_short_floats(column).to_pylist()]


def _write_csv(path: Path, rows: Rows, *, with_scores: bool) -> tuple[str, ...]:
    """UTF-8 with a byte order mark, so that Excel opens it; what begins a formula gets an apostrophe."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow([_csv_cell(name) for name in spreadsheet_names(rows.schema, with_scores=with_scores)])
        for batch in rows.batches:
            columns = spreadsheet_columns(batch, with_scores=with_scores)
            cells = [[_csv_cell(value) for value in column] for column in columns]
            writer.writerows(zip(*cells, strict=True))
    return ()


def _csv_cell(value: Cell) -> Cell:
    if isinstance(value, str):
        return guard_formula(value.replace("\0", ""))
    return str(value).lower() if isinstance(value, bool) else value


_PLAIN_WRITERS: Mapping[OutputFormat, Callable[[Path, Rows], tuple[str, ...]]] = {
    "parquet": _write_parquet,
    "folder": _write_folder,
    "jsonl": _write_json_lines,
    "jsonl.gz": _write_packed_json_lines,
}
