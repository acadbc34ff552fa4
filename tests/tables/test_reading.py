import gzip
import json
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from policy_nlp.errors import MissingColumnError, TableError
from policy_nlp.tables.reading import open_table
from tests.tables.examples import SENTENCES, read_whole


def test_a_csv_named_xlsx_is_read_as_csv_and_said(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    path.write_text("id,text\n001,甲\n", encoding="utf-8")
    table = open_table(path)
    assert table.format == "csv"
    assert any("holds CSV" in warning for warning in table.warnings)


def test_a_workbook_named_csv_is_read_as_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    workbook = openpyxl.Workbook()
    workbook.active.append(["text"])
    workbook.active.append(["甲"])
    workbook.save(tmp_path / "a.xlsx")
    (tmp_path / "a.xlsx").rename(path)
    assert read_whole(path).to_pydict() == {"text": ["甲"]}


def test_a_plain_jsonl_named_gz_and_a_packed_one_named_jsonl_are_both_read(tmp_path: Path) -> None:
    line = json.dumps({"text": "甲"}, ensure_ascii=False) + "\n"
    (tmp_path / "a.jsonl.gz").write_text(line, encoding="utf-8")
    (tmp_path / "b.jsonl").write_bytes(gzip.compress(line.encode()))
    assert read_whole(tmp_path / "a.jsonl.gz") == read_whole(tmp_path / "b.jsonl")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.jsonl", b'[{"text": "a"}]', "one JSON array"),
        ("a.xls", b"<html><table></table></html>", "HTML"),
        ("a.txt", "一段文字。".encode(), "policy-nlp code"),
        ("a.csv", b"%PDF-1.7", "document"),
        ("a.xlsx", b"PK\x03\x04 cut off", "cannot be read"),
        ("a.parquet", b"PAR1 cut off", "no whole Parquet file"),
        ("a.jsonl.gz", gzip.compress(b'{"text": "a"}\n' * 9)[:-9], "damaged or cut off"),
    ],
)
def test_what_is_no_table_is_a_table_error_that_says_what_it_is(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TableError, match=said):
        open_table(tmp_path / name)


def test_a_missing_file_is_said_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"nothing\.csv: there is no such file"):
        open_table(tmp_path / "nothing.csv")


def test_a_missing_text_column_names_the_columns_there_are_and_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,texts\n1,甲\n", encoding="utf-8")
    with pytest.raises(MissingColumnError, match=r"'id', 'texts' \(did you mean 'texts'\?\)"):
        open_table(path).check_text_column("text")


def test_a_column_of_numbers_is_no_text_column(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": [1, 2]}), tmp_path / "a.parquet")
    with pytest.raises(TableError, match="holds int64, text was expected"):
        open_table(tmp_path / "a.parquet").check_text_column("text")


@pytest.mark.parametrize("n_rows", [1, 2, 3, 7])
def test_batches_have_the_asked_size_and_lose_no_row(tmp_path: Path, n_rows: int) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"n": i}) + "\n" for i in range(7)), encoding="utf-8")
    batches = list(open_table(path).iter_batches(n_rows))
    assert [batch.num_rows for batch in batches[:-1]] == [n_rows] * (len(batches) - 1)
    assert [n for batch in batches for n in batch.column("n").to_pylist()] == list(range(7))


def write_each_format(folder: Path) -> list[Path]:
    table = pa.table({"id": ["001", "002", "003"], "text": SENTENCES})
    rows = table.to_pylist()
    pq.write_table(table, folder / "a.parquet", row_group_size=2)
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "a.jsonl").write_text(text, encoding="utf-8")
    (folder / "a.jsonl.gz").write_bytes(gzip.compress(text.encode()))
    table.to_pandas().to_csv(folder / "a.csv", index=False)
    table.to_pandas().to_csv(folder / "a.tsv", index=False, sep="\t", encoding="gb18030")
    table.to_pandas().to_excel(folder / "a.xlsx", index=False)
    (folder / "shards").mkdir()
    pq.write_table(table.slice(0, 1), folder / "shards" / "part-0.parquet")
    pq.write_table(table.slice(1), folder / "shards" / "part-1.parquet")
    import datasets

    datasets.disable_progress_bars()
    datasets.Dataset(table).save_to_disk(str(folder / "dataset"))
    return sorted(folder.iterdir())


def test_every_format_gives_the_same_rows_from_any_row_on(tmp_path: Path) -> None:
    paths = write_each_format(tmp_path)
    assert len(paths) == 8
    for path in paths:
        assert open_table(path).n_rows == 3, path
        for first_row in range(4):
            found = read_whole(path, first_row=first_row).to_pydict()
            assert found == {"id": ["001", "002", "003"][first_row:], "text": SENTENCES[first_row:]}, path
