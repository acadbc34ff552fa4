"""Table: the columns of one input and a way to stream its rows, whatever kind of file it is."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from policy_nlp.errors import MissingColumnError, TableError

BATCH_ROWS = 4096
_SHOWN_CHANGES = 3
HOLDS_JSON = {b"policy_nlp.holds": b"json"}  # field metadata: text that is one JSON value a cell


@dataclass(frozen=True, slots=True)
class Table:
    """A table on disk; rows are read anew, in their order, at each call of `iter_batches`.

    Attributes:
        path: the file or folder.
        format: jsonl, csv, tsv, xlsx, xls, parquet, parquet folder or datasets folder.
        schema: the columns; no two have one name.
        n_rows: how many rows there are.
        read: first row -> batches of any size from that row on.
        warnings: what the user should know of how the file was read.
    """

    path: Path
    format: str
    schema: pa.Schema
    n_rows: int
    read: Callable[[int], Iterator[pa.RecordBatch]]
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        twice = [name for name in self.schema.names if self.schema.names.count(name) > 1]
        if twice:
            raise TableError(
                f"{self.path}: two columns are named {twice[0]!r}. Rename one of them.",
                path=self.path,
                column=twice[0],
            )

    def iter_batches(self, n_rows: int, *, first_row: int = 0) -> Iterator[pa.RecordBatch]:
        """Batches of exactly `n_rows` rows (the last may be shorter), from `first_row` on."""
        return iter_rebatched(Rows(self.schema, self.read(first_row)), n_rows=n_rows)

    def check_text_column(self, name: str) -> None:
        """Raises an error unless column `name` is there and holds text.

        Raises:
            MissingColumnError: no column has this name; the message names those there are.
            TableError: the column holds numbers, dates or lists.
        """
        if name not in self.schema.names:
            raise MissingColumnError(
                f"{self.path}: no column {name!r}. {self._describe_columns(name)}",
                path=self.path,
                column=name,
            )
        if not holds_text(self.schema.field(name).type):
            raise TableError(
                f"{self.path}: column {name!r} holds {self.schema.field(name).type}, text was expected. Name"
                " the column that holds the sentences with --text-column.",
                path=self.path,
                column=name,
            )

    def _describe_columns(self, name: str) -> str:
        names = self.schema.names
        nearest = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
        hint = f" (did you mean {nearest[0]!r}?)" if nearest else ""
        there = ", ".join(repr(n) for n in names[:30]) + (", ..." if len(names) > 30 else "")
        return f"Columns there are: {there or 'none'}{hint}. Name the text column with --text-column."


def holds_text(kind: pa.DataType) -> bool:
    """Whether an Arrow type holds text; a column without any value may."""
    if pa.types.is_dictionary(kind):
        return holds_text(kind.value_type)
    return (
        pa.types.is_null(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind) or _is_view(kind)
    )


def _is_view(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string_view(kind))


def texts_of(batch: pa.RecordBatch, column: str) -> list[str]:
    """The texts of one column, "" where there is none."""
    return [text or "" for text in batch.column(column).to_pylist()]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows on their way: batches that all have the columns of `schema`."""

    schema: pa.Schema
    batches: Iterable[pa.RecordBatch]


def iter_rebatched(rows: Rows, *, n_rows: int) -> Iterator[pa.RecordBatch]:
    """The same rows in batches of exactly `n_rows` rows (the last may be shorter)."""
    waiting: list[pa.RecordBatch] = []
    n_waiting = 0
    for batch in rows.batches:
        waiting.append(batch)
        n_waiting += batch.num_rows
        while n_waiting >= n_rows:
            table = pa.Table.from_batches(waiting, rows.schema)
            yield _as_one_batch(table.slice(0, n_rows))
            waiting = table.slice(n_rows).to_batches()
            n_waiting -= n_rows
    if n_waiting:
        yield _as_one_batch(pa.Table.from_batches(waiting, rows.schema))


def _as_one_batch(table: pa.Table) -> pa.RecordBatch:
    columns = [pa.concat_arrays(column.chunks) for column in table.columns]
    return pa.RecordBatch.from_arrays(columns, schema=table.schema)


def iter_from_row(batches: Iterable[pa.RecordBatch], first_row: int) -> Iterator[pa.RecordBatch]:
    """The rows from `first_row` on, where a format has no quicker way to get there."""
    to_skip = first_row
    for batch in batches:
        if to_skip < batch.num_rows:
            yield batch.slice(to_skip)
        to_skip = max(0, to_skip - batch.num_rows)


def unique_names(names: Iterable[str]) -> tuple[list[str], tuple[str, ...]]:
    """Column names with none empty and none twice, and a warning where any was changed."""
    kept: list[str] = []
    changed: list[str] = []
    for i, name in enumerate(names, start=1):
        unique = free_name(name or f"column_{i}", kept)
        if unique != name:
            changed.append(f"{i} ({name!r}) as {unique!r}")
        kept.append(unique)
    shown = ", ".join(changed[:_SHOWN_CHANGES]) + (", ..." if len(changed) > _SHOWN_CHANGES else "")
    return kept, (f"columns without a name or with that of another are kept: {shown}",) if changed else ()


def free_name(name: str, taken: Container[str]) -> str:
    """The name, or the first of `name_2`, `name_3`, ... that is not taken."""
    n, free = 1, name
    while free in taken:
        n += 1
        free = f"{name}_{n}"
    return free
