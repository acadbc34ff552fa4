from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from policy_nlp.engine.shards import (
    ShardFolder,
    find_first_missing_row,
    is_done,
    iter_shards,
    write_missing_shards,
)
from policy_nlp.errors import OutputError, TableError
from policy_nlp.tables.reading import open_table
from policy_nlp.tables.table import Table


def make_table(folder: Path, *, n_rows: int = 25) -> Table:
    pq.write_table(pa.table({"n": pa.array(range(n_rows), pa.int64())}), folder / "in.parquet")
    return open_table(folder / "in.parquet")


def double(batch: pa.RecordBatch) -> pa.RecordBatch:
    return pa.record_batch({"n": [2 * n for n in batch.column("n").to_pylist()]}, schema=batch.schema)


def stop_at(first: int):
    def label(batch: pa.RecordBatch) -> pa.RecordBatch:
        if first in batch.column("n").to_pylist():
            raise KeyboardInterrupt
        return double(batch)

    return label


def rows_in(folder: ShardFolder) -> list[int]:
    return [n for shard in iter_shards(folder) for n in shard.column("n").to_pylist()]


def test_every_row_is_labelled_once_and_in_order(tmp_path: Path) -> None:
    folder = ShardFolder(tmp_path / "shards", n_rows=25, shard_rows=10)
    steps: list[tuple[int, int | None]] = []
    write_missing_shards(
        folder, make_table(tmp_path), label=double, progress=lambda *step: steps.append(step)
    )
    assert rows_in(folder) == [2 * n for n in range(25)]
    assert steps == [(0, 25), (10, 25), (20, 25), (25, 25)]


def test_an_interrupted_run_keeps_whole_shards_and_the_next_does_only_the_rest(tmp_path: Path) -> None:
    table = make_table(tmp_path)
    folder = ShardFolder(tmp_path / "shards", n_rows=25, shard_rows=10)
    with pytest.raises(KeyboardInterrupt):
        write_missing_shards(folder, table, label=stop_at(20))
    assert find_first_missing_row(folder) == 20
    labelled: list[int] = []
    write_missing_shards(folder, table, label=lambda b: labelled.append(b.num_rows) or double(b))
    assert labelled == [5]
    assert rows_in(folder) == [2 * n for n in range(25)]


def test_a_shard_in_the_middle_that_is_cut_off_is_made_anew(tmp_path: Path) -> None:
    table = make_table(tmp_path)
    folder = ShardFolder(tmp_path / "shards", n_rows=25, shard_rows=10)
    write_missing_shards(folder, table, label=double)
    path = folder.shard_path(10)
    path.write_bytes(path.read_bytes()[:-20])
    assert [is_done(folder, first) for first in folder.first_rows()] == [True, False, True]
    write_missing_shards(folder, table, label=double)
    assert rows_in(folder) == [2 * n for n in range(25)]


def test_a_shard_with_a_damaged_page_is_removed_and_said(tmp_path: Path) -> None:
    folder = ShardFolder(tmp_path / "shards", n_rows=25, shard_rows=10)
    write_missing_shards(folder, make_table(tmp_path), label=double)
    path = folder.shard_path(10)
    content = bytearray(path.read_bytes())
    content[30] ^= 0xFF
    path.write_bytes(bytes(content))
    with pytest.raises(OutputError, match="run the same command again"):
        rows_in(folder)
    assert not path.exists()


@pytest.mark.parametrize("n_rows", [15, 20, 30, 40])
def test_a_table_that_changes_while_it_is_read_is_said(tmp_path: Path, n_rows: int) -> None:
    folder = ShardFolder(tmp_path / "shards", n_rows=25, shard_rows=10)
    with pytest.raises(TableError, match="changed while it was read"):
        write_missing_shards(folder, make_table(tmp_path, n_rows=n_rows), label=double)


def test_a_table_without_rows_has_no_shards(tmp_path: Path) -> None:
    folder = ShardFolder(tmp_path / "shards", n_rows=0, shard_rows=10)
    write_missing_shards(folder, make_table(tmp_path, n_rows=0), label=double)
    assert rows_in(folder) == []
    assert find_first_missing_row(folder) == 0
