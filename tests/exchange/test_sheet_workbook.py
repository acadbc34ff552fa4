from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from policy_nlp.errors import ExchangeError
from policy_nlp.exchange import sheet_workbook
from policy_nlp.exchange.sheet_layout import CODEBOOK_PAGE, CODING_PAGE
from policy_nlp.exchange.sheet_workbook import is_coding_sheet, read_sheet_workbook
from tests.exchange.sheets import make_sheet


def test_a_coding_sheet_is_known_by_its_pages_and_not_by_its_name(tmp_path: Path) -> None:
    path = make_sheet(tmp_path / "a.xlsx")
    assert is_coding_sheet(path)
    workbook = openpyxl.load_workbook(path)
    workbook[CODING_PAGE].title = "Sheet1"
    workbook[CODEBOOK_PAGE].title = "Sheet2"
    workbook.save(path)
    assert is_coding_sheet(path)


def test_the_page_of_sentences_is_known_by_its_columns_whatever_its_name(tmp_path: Path) -> None:
    path = make_sheet(tmp_path / "a.xlsx")
    before = read_sheet_workbook(path)
    workbook = openpyxl.load_workbook(path)
    workbook[CODING_PAGE].title = "王芳的编码"
    workbook.save(path)
    assert read_sheet_workbook(path) == before


def test_of_two_pages_of_sentences_none_is_chosen(tmp_path: Path) -> None:
    path = make_sheet(tmp_path / "a.xlsx")
    workbook = openpyxl.load_workbook(path)
    workbook.copy_worksheet(workbook[CODING_PAGE]).title = "编码 (2)"
    workbook.save(path)
    with pytest.raises(ExchangeError, match=r"pages '编码' and '编码 \(2\)' both have sentences"):
        read_sheet_workbook(path)


def test_other_files_are_no_coding_sheets(tmp_path: Path) -> None:
    for name, content in (("a.xlsx", b"PK\x03\x04"), ("a.csv", b"unit,coder,code\n"), ("b.xlsx", b"")):
        path = tmp_path / name
        path.write_bytes(content)
        assert not is_coding_sheet(path)
    assert not is_coding_sheet(tmp_path)


def test_a_workbook_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_sheet(tmp_path / "a.xlsx")
    monkeypatch.setattr(sheet_workbook, "_MOST_BYTES", 1000)
    with pytest.raises(ExchangeError, match="more than any coding sheet has"):
        read_sheet_workbook(path)


@pytest.mark.parametrize("part", ["sheet2.xml", "styles.xml", "xl/workbook.xml", "docProps/core.xml"])
def test_a_workbook_with_a_damaged_part_is_refused(tmp_path: Path, part: str) -> None:
    path, damaged = make_sheet(tmp_path / "a.xlsx"), tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(damaged, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            target.writestr(entry, content[:-40] if entry.filename.endswith(part) else content)
    with pytest.raises(ExchangeError, match="cannot be read"):
        read_sheet_workbook(damaged)
