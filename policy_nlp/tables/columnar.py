"""Parquet files, folders of Parquet shards and `datasets.save_to_disk` folders -> Table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from policy_nlp.errors import TableError
from policy_nlp.tables.table import BATCH_ROWS, Table, iter_from_row

_READ_BYTES = 1 << 20


def open_parquet(path: Path) -> Table:
    """One Parquet file; memory holds a few thousand rows at a time."""
    return _open_shards(path, [path], table_format="parquet")


def open_folder(path: Path) -> Table:
    """A folder: written by `datasets.save_to_disk`, or Parquet shards in the order of their names.

    Raises:
        TableError: it is neither, holds several splits, or its shards do not fit each other.
    """
    if (path / "dataset_dict.json").exists():
        raise TableError(_describe_splits(path), path=path)
    if (path / "dataset_info.json").exists() and (path / "state.json").exists():
        return _open_dataset(path)
    shards = sorted(p for p in path.glob("*.parquet") if not p.name.startswith((".", "_")))
    if not shards:
        raise TableError(
            f"{path}: this folder holds no *.parquet files and was not written by datasets.save_to_disk."
            " Name a table file or a folder of Parquet shards; documents are for `policy-nlp code`.",
            path=path,
        )
    return _open_shards(path, shards, table_format="parquet folder")


def _describe_splits(path: Path) -> str:
    splits = sorted(p.parent.name for p in path.glob("*/dataset_info.json"))
    example = path / (splits[0] if splits else "train")
    return f"{path}: this folder holds several splits ({', '.join(splits)}). Name one of them: {example}"


def _open_shards(path: Path, shards: Sequence[Path], *, table_format: str) -> Table:
    counts = [_open_parquet_file(shard).metadata.num_rows for shard in shards]
    schema = _common_schema(path, shards)

    def read(first_row: int) -> Iterator[pa.RecordBatch]:
        to_skip = first_row
        for shard, n_rows in zip(shards, counts, strict=True):
            if to_skip < n_rows:
                for batch in iter_from_row(_iter_shard(shard), to_skip):
                    yield _fitted(batch, schema)
            to_skip = max(0, to_skip - n_rows)

    return Table(path, table_format, schema, sum(counts), read)


def _open_parquet_file(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(
            path, buffer_size=_READ_BYTES, pre_buffer=False, page_checksum_verification=True
        )
    except (pa.ArrowException, OSError) as err:
        raise _damaged(path, err) from err


def _iter_shard(path: Path) -> Iterator[pa.RecordBatch]:
    try:
        with _open_parquet_file(path) as file:
            yield from file.iter_batches(BATCH_ROWS)
    except (pa.ArrowException, OSError) as err:
        raise _damaged(path, err) from err


def _damaged(path: Path, err: Exception) -> TableError:
    return TableError(f"{path}: this is no whole Parquet file ({err}). Get the file again.", path=path)


def _common_schema(path: Path, shards: Sequence[Path]) -> pa.Schema:
    schemas = [plain_schema(_open_parquet_file(shard).schema_arrow) for shard in shards]
    try:
        return pa.unify_schemas(schemas, promote_options="permissive")
    except (pa.ArrowException, TypeError) as err:
        raise TableError(
            f"{path}: the shards of this folder differ in their columns ({err}). Write them with one schema.",
            path=path,
        ) from err


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """Names and types only: what pandas or datasets noted of the old columns is not true of the new."""
    return pa.schema([pa.field(field.name, field.type, field.nullable) for field in schema])


def _fitted(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """The batch with the columns and types of all shards; a column it lacks is null."""
    columns = [
        batch.column(field.name).cast(field.type)
        if field.name in batch.schema.names
        else pa.nulls(batch.num_rows, field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _open_dataset(path: Path) -> Table:
    from datasets import load_from_disk  # slow to import, and few inputs need it

    try:
        dataset = load_from_disk(str(path)).with_format("arrow")
    except (pa.ArrowException, OSError, ValueError, KeyError) as err:
        raise TableError(
            f"{path}: this datasets folder cannot be read ({err}). Save it again with save_to_disk.",
            path=path,
        ) from err
    schema = plain_schema(dataset.features.arrow_schema)

    def read(first_row: int) -> Iterator[pa.RecordBatch]:
        tables = dataset.iter(batch_size=BATCH_ROWS)
        batches = (_fitted(batch, schema) for table in tables for batch in table.to_batches())
        return iter_from_row(batches, first_row)

    return Table(path, "datasets folder", schema, len(dataset), read)
