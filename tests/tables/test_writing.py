import csv
import gzip
import json
import time
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from policy_nlp.errors import OutputError
from policy_nlp.tables import writing
from policy_nlp.tables.cells import begins_formula
from policy_nlp.tables.reading import open_table
from policy_nlp.tables.table import Rows
from policy_nlp.tables.writing import check_fits, output_format, write_table
from tests.tables.examples import SENTENCES, read_whole, rows_of

FORMULAS = [
    "=1+1",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "  =1+1",
    "　=1+1",
    "=cmd|'/c calc'!A0",
    "＝1+1",
    "+86-10-1234",
]
PLAIN = ["-3.5", "+5", "1e5", "-12%", "一是=二", "——加强", "a-b", "  甲", "（-）"]

scores = pa.StructArray.from_arrays(
    [pa.array([0.1234, 0.0, 1.0], pa.float32()), pa.array([0.5, 0.25, 0.0], pa.float32())],
    names=["a", "b"],
    mask=pa.array([False, False, True]),
)
TABLE = pa.table(
    {"text": SENTENCES, "initial": [["a", "b"], [], ["b"]], "scores": scores, "n": [1, None, -3]}
)


@pytest.mark.parametrize("text", FORMULAS)
def test_what_starts_a_formula_is_known(text: str) -> None:
    assert begins_formula(text)


@pytest.mark.parametrize("text", PLAIN)
def test_numbers_and_prose_are_no_formula(text: str) -> None:
    assert not begins_formula(text)


def test_a_csv_cell_that_begins_a_formula_gets_an_apostrophe_in_every_column(tmp_path: Path) -> None:
    write_table(tmp_path / "a.csv", rows_of({"=id": FORMULAS, "text": FORMULAS, "n": [-1] * len(FORMULAS)}))
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        header, *rows = csv.reader(stream)
    assert header == ["'=id", "text", "n"]
    assert rows == [[f"'{text}", f"'{text}", "-1"] for text in FORMULAS]


def test_an_xlsx_cell_that_begins_a_formula_is_text_and_stays_so_when_edited(tmp_path: Path) -> None:
    write_table(tmp_path / "a.xlsx", rows_of({"text": FORMULAS}))
    cells = [row[0] for row in openpyxl.load_workbook(tmp_path / "a.xlsx").active.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)
    assert read_whole(tmp_path / "a.xlsx").column("text").to_pylist() == FORMULAS


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_lists_are_joined_and_scores_left_out_unless_asked_for(tmp_path: Path, name: str) -> None:
    write_table(tmp_path / name, rows_of(TABLE))
    assert open_table(tmp_path / name).schema.names == ["text", "initial", "n"]
    assert read_whole(tmp_path / name).column("initial").to_pylist()[0] == "a;b"
    write_table(tmp_path / name, rows_of(TABLE), with_scores=True)
    found = read_whole(tmp_path / name)
    assert found.schema.names == ["text", "initial", "scores.a", "scores.b", "n"]
    assert [str(value) for value in found.column("scores.a").to_pylist()[:2]] == ["0.1234", "0.0"]


def test_csv_begins_with_a_byte_order_mark(tmp_path: Path) -> None:
    write_table(tmp_path / "a.csv", rows_of(TABLE))
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbftext,initial,n\r\n")


def test_jsonl_holds_lists_scores_and_nulls_as_they_are(tmp_path: Path) -> None:
    write_table(tmp_path / "a.jsonl.gz", rows_of(TABLE))
    with gzip.open(tmp_path / "a.jsonl.gz", "rt", encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    assert rows[0]["scores"] == {"a": 0.1234, "b": 0.5}
    assert rows[2] == {"text": SENTENCES[2], "initial": ["b"], "scores": None, "n": -3}


@pytest.mark.parametrize("name", ["a.parquet", "a.jsonl", "a.jsonl.gz", "a.csv", "a.xlsx"])
def test_the_same_rows_give_the_same_bytes_at_another_time(tmp_path: Path, name: str) -> None:
    write_table(tmp_path / name, rows_of(TABLE))
    first = (tmp_path / name).read_bytes()
    if name == "a.xlsx":
        time.sleep(2.1)  # a zip archive counts in steps of two seconds
    write_table(tmp_path / name, rows_of(TABLE))
    assert (tmp_path / name).read_bytes() == first
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_the_cut_of_batches_does_not_change_parquet_bytes(tmp_path: Path) -> None:
    rows = rows_of(TABLE)
    write_table(tmp_path / "a.parquet", rows)
    slices = [batch.slice(i, 1) for batch in rows.batches for i in range(batch.num_rows)]
    write_table(tmp_path / "b.parquet", writing.Rows(rows.schema, slices))
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_a_folder_gets_shards_of_equal_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "ROW_GROUP_ROWS", 2)
    monkeypatch.setattr(writing, "PART_ROWS", 4)
    write_table(tmp_path / "out", rows_of({"n": list(range(9))}))
    parts = sorted((tmp_path / "out").iterdir())
    assert [part.name for part in parts] == ["part-00000.parquet", "part-00001.parquet", "part-00002.parquet"]
    assert [pq.read_metadata(part).num_rows for part in parts] == [4, 4, 1]
    assert read_whole(tmp_path / "out").column("n").to_pylist() == list(range(9))


@pytest.mark.parametrize("name", ["a.parquet", "a.jsonl", "a.csv", "a.xlsx", "folder"])
def test_a_table_without_rows_keeps_its_columns(tmp_path: Path, name: str) -> None:
    write_table(tmp_path / name, rows_of(TABLE.slice(0, 0)))
    if name == "a.jsonl":
        assert (tmp_path / name).read_bytes() == b""
    else:
        assert open_table(tmp_path / name).schema.names[0] == "text"
        assert open_table(tmp_path / name).n_rows == 0


def test_a_text_too_long_for_excel_is_cut_and_said(tmp_path: Path) -> None:
    warnings = write_table(tmp_path / "a.xlsx", rows_of({"text": ["长" * 40_000, "😀" * 20_000, "短"]}))
    texts = read_whole(tmp_path / "a.xlsx").column("text").to_pylist()
    assert texts == ["长" * 32_766 + "…", "😀" * 16_383 + "…", "短"]
    assert warnings == ("2 texts are longer than an Excel cell holds and are cut (they end in …)",)


def test_too_many_rows_for_excel_are_said_before_work_begins(tmp_path: Path) -> None:
    check_fits(tmp_path / "a.xlsx", TABLE.schema, n_rows=1_048_575)
    with pytest.raises(OutputError, match=r"1,048,576 rows .* do not fit"):
        check_fits(tmp_path / "a.xlsx", TABLE.schema, n_rows=1_048_576)


def test_an_ending_that_is_not_written_is_an_output_error(tmp_path: Path) -> None:
    assert output_format(tmp_path / "a.jsonl.gz") == "jsonl.gz"
    assert output_format(tmp_path / "folder") == "folder"
    with pytest.raises(OutputError, match=r"no table can be written as '\.docx'"):
        output_format(tmp_path / "a.docx")


def test_a_sheet_keeps_its_header_in_sight_and_its_columns_readable(tmp_path: Path) -> None:
    texts = ["句" * 100, "短"]
    table = pa.table({"id": ["a", "b"], "正文": texts})
    write_table(tmp_path / "a.xlsx", Rows(table.schema, iter(table.to_batches())))
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B3"
    assert sheet.column_dimensions["A"].width < sheet.column_dimensions["B"].width == 60
    assert [row[1] for row in sheet.iter_rows(min_row=2, values_only=True)] == texts
