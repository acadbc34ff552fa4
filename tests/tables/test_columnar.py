import datetime as dt
from pathlib import Path

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from policy_nlp.errors import TableError
from policy_nlp.tables.columnar import open_folder, open_parquet
from tests.tables.examples import read_whole

datasets.disable_progress_bars()


def test_every_type_of_column_is_kept(tmp_path: Path) -> None:
    table = pa.table(
        {
            "text": pa.array(["甲", None]).dictionary_encode(),
            "large": pa.array(["乙", "丙"], pa.large_string()),
            "codes": [["a"], []],
            "nested": [{"a": 1}, None],
            "day": [dt.date(2024, 1, 1), None],
            "score": pa.array([0.5, None], pa.float32()),
            "nothing": pa.nulls(2),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    found = read_whole(tmp_path / "a.parquet")
    assert found.schema.equals(table.schema)
    assert found.to_pylist() == table.to_pylist()
    open_parquet(tmp_path / "a.parquet").check_text_column("text")


def test_what_pandas_noted_of_the_columns_is_not_carried_on(tmp_path: Path) -> None:
    pq.write_table(
        pa.table({"a": [1]}).replace_schema_metadata({"huggingface": "{}"}), tmp_path / "a.parquet"
    )
    assert open_parquet(tmp_path / "a.parquet").schema.metadata is None


def test_shards_are_read_in_the_order_of_their_names_and_fitted_to_each_other(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": ["乙"], "n": pa.array([2.5])}), tmp_path / "part-1.parquet")
    pq.write_table(pa.table({"text": ["甲"], "n": pa.array([1]), "m": ["x"]}), tmp_path / "part-0.parquet")
    pq.write_table(pa.table({"text": pa.array([None], pa.null())}), tmp_path / "part-2.parquet")
    (tmp_path / "_SUCCESS").touch()
    assert read_whole(tmp_path).to_pylist() == [
        {"text": "甲", "n": 1.0, "m": "x"},
        {"text": "乙", "n": 2.5, "m": None},
        {"text": None, "n": None, "m": None},
    ]


def test_shards_that_do_not_fit_are_an_error(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": ["甲"]}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"text": [[1]]}), tmp_path / "b.parquet")
    with pytest.raises(TableError, match="differ in their columns"):
        open_folder(tmp_path)


def test_a_damaged_page_is_a_table_error(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(
        pa.table({"text": ["支持企业" * 50] * 10}), path, compression="none", write_page_checksum=True
    )
    content = bytearray(path.read_bytes())
    content[content.index("企".encode())] ^= 0xFF
    path.write_bytes(bytes(content))
    with pytest.raises(TableError, match="no whole Parquet file"):
        list(open_parquet(path).iter_batches(10))


def test_a_folder_of_splits_names_them(tmp_path: Path) -> None:
    part = datasets.Dataset.from_dict({"text": ["甲"]})
    datasets.DatasetDict({"train": part, "test": part}).save_to_disk(str(tmp_path / "d"))
    with pytest.raises(TableError, match=r"several splits \(test, train\)"):
        open_folder(tmp_path / "d")


def test_a_shuffled_dataset_is_read_in_its_own_order(tmp_path: Path) -> None:
    rows = datasets.Dataset.from_dict({"n": list(range(100))}).shuffle(seed=1)
    rows.save_to_disk(str(tmp_path / "d"), num_shards=3)
    assert read_whole(tmp_path / "d").column("n").to_pylist() == rows["n"][:]
    assert read_whole(tmp_path / "d", first_row=60).column("n").to_pylist() == rows["n"][60:]


def test_a_folder_without_a_table_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"holds no \*\.parquet files"):
        open_folder(tmp_path)


def test_memory_stays_flat_in_the_number_of_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    schema = pa.schema([("text", pa.string())])
    with pq.ParquetWriter(path, schema) as writer:
        for i in range(20):
            writer.write_table(pa.table({"text": [f"{i}-{j}" * 40 for j in range(20_000)]}, schema))
    before = (
        pa.total_allocated_bytes()
    )  # what Arrow holds: the process's own peak depends on the tests before
    n_bytes = most_bytes = 0
    for batch in open_parquet(path).iter_batches(1000):
        n_bytes += batch.nbytes
        most_bytes = max(most_bytes, pa.total_allocated_bytes() - before)
    assert n_bytes > 100 * 2**20
    assert most_bytes < 30 * 2**20
