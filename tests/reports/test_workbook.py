"""Workbooks of tables: what Excel will see."""

from __future__ import annotations

import math
from pathlib import Path

from openpyxl import load_workbook

from policy_nlp.reports.workbook import SheetColumn, WorkbookSheet, write_workbook

COLUMNS = (
    SheetColumn("组"),
    SheetColumn("句子", "count"),
    SheetColumn("占比", "share"),
    SheetColumn("p", "number"),
)


def test_numbers_stay_numbers_with_their_formats_and_undefined_is_not_0(tmp_path: Path) -> None:
    rows = (("浙江", 1200, 0.123, 0.04), ("江苏", 3, math.nan, None), ("上海", 3, 0.5, 1e-5))
    write_workbook(tmp_path / "a.xlsx", [WorkbookSheet("占比", COLUMNS, rows)])
    sheet = load_workbook(tmp_path / "a.xlsx")["占比"]
    assert [cell.value for cell in sheet[2]] == ["浙江", 1200, 0.123, 0.04]
    assert [cell.value for cell in sheet[3]] == ["江苏", 3, "n/a", "n/a"]
    assert [cell.number_format for cell in sheet[2]][1:] == ["#,##0", "0.0%", "0.000"]
    assert sheet["D4"].number_format == "0.0E+00"
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:D4"


def test_what_begins_a_formula_stays_text(tmp_path: Path) -> None:
    rows = (("=1+1", 1, 0.1, 0.1), ("+cmd|' /C calc'!A0", 1, 0.1, 0.1), ("@SUM(A1)", 1, 0.1, 0.1))
    write_workbook(tmp_path / "a.xlsx", [WorkbookSheet("s", COLUMNS, rows, notes=("=2+2",))])
    sheet = load_workbook(tmp_path / "a.xlsx")["s"]
    for place in ("A2", "A3", "A4", "A6"):
        assert sheet[place].data_type == "s"
        assert sheet[place].quotePrefix


def test_names_of_sheets_are_such_as_excel_takes(tmp_path: Path) -> None:
    names = ["a/b:c?", "x" * 40, "X" * 40, "", "a_b_c_"]
    write_workbook(tmp_path / "a.xlsx", [WorkbookSheet(name, COLUMNS, ()) for name in names])
    found = load_workbook(tmp_path / "a.xlsx").sheetnames
    assert len({name.lower() for name in found}) == 5
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in found)


def test_the_same_sheets_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(tmp_path / name, [WorkbookSheet("s", COLUMNS, (("浙江", 1, 0.1, 0.2),))])
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
