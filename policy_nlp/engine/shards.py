"""Rows of a table -> labelled shards on disk, each done exactly once however often a run is killed.

The table is cut into ranges of a fixed number of rows. What a shard holds depends on its own rows only,
and a shard appears whole under its final name or not at all, so a run that goes on where another stopped
gives the same bytes as one that was never stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from policy_nlp.errors import OutputError, TableError
from policy_nlp.files import atomic_path
from policy_nlp.records import Progress
from policy_nlp.tables.table import Table

LabelBatch = Callable[[pa.RecordBatch], pa.RecordBatch]


@dataclass(frozen=True, slots=True)
class ShardFolder:
    """Where the labelled shards of one run are.

    Attributes:
        path: a folder of this run alone; its name is keyed by all that decides what the shards hold.
        n_rows: rows of the whole table.
        shard_rows: rows of each shard but the last.
    """

    path: Path
    n_rows: int
    shard_rows: int

    def shard_path(self, first_row: int) -> Path:
        """The file of the shard that begins with this row."""
        return self.path / f"rows-{first_row:012d}-{self.end_of(first_row):012d}.parquet"

    def end_of(self, first_row: int) -> int:
        """The row after the last one of the shard that begins with `first_row`."""
        return min(first_row + self.shard_rows, self.n_rows)

    def first_rows(self) -> range:
        """The first row of each shard."""
        return range(0, self.n_rows, self.shard_rows)


def is_done(folder: ShardFolder, first_row: int) -> bool:
    """Whether the shard is there, with all its rows."""
    path = folder.shard_path(first_row)
    if not path.exists():
        return False
    try:
        return bool(pq.read_metadata(path).num_rows == folder.end_of(first_row) - first_row)
    except (pa.ArrowException, OSError):
        return False


def find_first_missing_row(folder: ShardFolder) -> int:
    """The first row whose shard is not done; the number of rows when all are."""
    return next((first for first in folder.first_rows() if not is_done(folder, first)), folder.n_rows)


def write_missing_shards(
    folder: ShardFolder, table: Table, *, label: LabelBatch, progress: Progress | None = None
) -> None:
    """Labels the rows whose shards are not done, shard by shard.

    Raises:
        TableError: the table has other rows than when it was opened.
        OutputError: a shard cannot be written (the disk is full).
    """
    first_row = find_first_missing_row(folder)
    _tell(progress, first_row, folder.n_rows)
    for batch in table.iter_batches(folder.shard_rows, first_row=first_row):
        _check_length(table, folder, first_row=first_row, n_rows=batch.num_rows)
        if not is_done(folder, first_row):
            _write_shard(folder.shard_path(first_row), label(batch))
        first_row += batch.num_rows
        _tell(progress, first_row, folder.n_rows)
    _check_length(table, folder, first_row=first_row, n_rows=0)


def _tell(progress: Progress | None, n_done: int, n_total: int) -> None:
    if progress is not None:
        progress(n_done, n_total)


def _check_length(table: Table, folder: ShardFolder, *, first_row: int, n_rows: int) -> None:
    if first_row + n_rows != folder.end_of(first_row):
        raise TableError(
            f"{table.path}: the table changed while it was read ({folder.n_rows:,} rows at first). Run"
            " the same command again once nothing writes to it.",
            path=table.path,
        )


def _write_shard(path: Path, batch: pa.RecordBatch) -> None:
    with (
        atomic_path(path) as temporary,
        pq.ParquetWriter(temporary, batch.schema, compression="zstd", write_page_checksum=True) as writer,
    ):
        writer.write_batch(batch)


def iter_shards(folder: ShardFolder, columns: list[str] | None = None) -> Iterator[pa.Table]:
    """The labelled rows, one shard at a time, in their order; schema metadata is that of each shard.

    Raises:
        OutputError: a shard was damaged on the disk; it is removed, so that the next run makes it anew.
    """
    for first_row in folder.first_rows():
        path = folder.shard_path(first_row)
        try:
            with pq.ParquetFile(path, page_checksum_verification=True, pre_buffer=False) as file:
                shard = file.read(columns)
        except (pa.ArrowException, OSError) as err:
            path.unlink(missing_ok=True)
            raise OutputError(
                f"{path}: this part of the unfinished output is damaged ({err}). It was removed: run the same"
                " command again.",
                path=path,
            ) from err
        yield shard
