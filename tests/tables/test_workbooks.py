import datetime as dt
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_nlp.errors import TableError
from policy_nlp.tables.workbooks import open_workbook
from policy_nlp.tables.writing import write_table
from tests.tables.examples import read_whole, rows_of


def save(path: Path, *rows: list[object]) -> Path:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    workbook.save(path)
    return path


def test_types_of_columns_are_kept(tmp_path: Path) -> None:
    path = save(
        tmp_path / "a.xlsx",
        ["text", "whole", "fraction", "day", "yes", "code", "mixed"],
        ["甲", 1, 2.5, dt.date(2024, 3, 5), True, "00123", 3],
        ["乙", 2, 3, None, False, "7", "x"],
    )
    table = read_whole(path)
    assert table.schema.types == [
        pa.string(),
        pa.int64(),
        pa.float64(),
        pa.date32(),
        pa.bool_(),
        pa.string(),
        pa.string(),
    ]
    assert table.to_pylist()[1] == {
        "text": "乙", "whole": 2, "fraction": 3.0, "day": None, "yes": False, "code": "7", "mixed": "x",
    }  # fmt: skip


def test_blank_rows_inside_are_rows_and_at_the_end_are_none(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", ["text", "n"], ["甲", 1], [None, None], ["丙", 3], ["", None])
    assert read_whole(path).column("text").to_pylist() == ["甲", None, "丙"]


def test_the_first_sheet_that_holds_anything_is_read_and_the_others_named(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    for name, text in (("政策", "甲"), ("备注", "乙")):
        sheet = workbook.create_sheet(name)
        sheet.append(["text"])
        sheet.append([text])
    workbook.save(tmp_path / "a.xlsx")
    table = open_workbook(tmp_path / "a.xlsx")
    assert read_whole(tmp_path / "a.xlsx").to_pylist() == [{"text": "甲"}]
    assert any("备注" in warning for warning in table.warnings)


def test_an_empty_workbook_is_an_error(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    with pytest.raises(TableError, match="no sheet of this workbook holds anything"):
        open_workbook(tmp_path / "a.xlsx")


cell_texts = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")) | (
    st.sampled_from(
        ["=1+1", "+5", "a\nb", "a\r\nb", "_x000D_", "#N/A", "TRUE", " a ", "𠀀", "&<>", "1e5", "\t"]
    )
)


@settings(max_examples=40, deadline=None)
@given(st.lists(cell_texts, min_size=1, max_size=8))
def test_strings_come_back_from_xlsx_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    path = tmp_path_factory.getbasetemp() / "round.xlsx"
    write_table(path, rows_of({"n": list(range(len(texts))), "text": pa.array(texts, pa.string())}))
    assert read_whole(path).column("text").to_pylist() == [text or None for text in texts]
