"""Tables of screening that a person filled in."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_nlp.errors import TableError
from policy_nlp.exchange.screen_decisions import read_decisions

HEADER = "题名,人工决定,人工备注,文档编号\n"


def write(path: Path, rows: str) -> Path:
    path.write_text(HEADER + rows, encoding="utf-8-sig")
    return path


def test_answers_are_read_in_chinese_and_english(tmp_path: Path) -> None:
    rows = "甲,保留,,a1\n乙,Drop,偏题,b2\n丙,,,c3\n丁,,再看,d4\n"
    found = read_decisions(write(tmp_path / "t.csv", rows))
    assert {name: one.decision for name, one in found.items()} == {"a1": "keep", "b2": "drop", "d4": None}
    assert (found["b2"].note, found["d4"].note) == ("偏题", "再看")


def test_an_unknown_answer_is_refused_with_its_row(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"row 3.*也许.*保留"):
        read_decisions(write(tmp_path / "t.csv", "甲,保留,,a1\n乙,也许,,b2\n"))


def test_two_answers_on_one_document_are_refused_and_a_blank_is_none(tmp_path: Path) -> None:
    found = read_decisions(write(tmp_path / "t.csv", "甲,保留,,a1\n甲,,,a1\n"))
    assert found["a1"].decision == "keep"
    with pytest.raises(TableError, match="another answer"):
        read_decisions(write(tmp_path / "u.csv", "甲,保留,,a1\n甲,剔除,,a1\n"))


def test_a_table_without_the_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("题名,决定\n甲,保留\n", encoding="utf-8")
    with pytest.raises(TableError, match="文档编号"):
        read_decisions(path)
