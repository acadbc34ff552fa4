"""Tables of sentences with labels, as people and benchmarks keep them."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from policy_nlp.errors import GoldError, MissingColumnError
from policy_nlp.exchange.labelled_tables import (
    holds_labels,
    labels_of_tables,
    read_labelled_table,
    split_labels,
)
from policy_nlp.settings.few_shot import SEPARATORS, LabelColumns

USUAL = LabelColumns()


def _write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "big5", "utf-16"])
def test_csv_in_any_chinese_encoding_gives_sentences_and_labels(tmp_path: Path, encoding: str) -> None:
    text = "序號,句子,標籤\n1,社區每週安排上門探訪獨居老人。,居家\n2,本辦法自發布之日起施行。,\n"
    columns = LabelColumns(text="句子", labels=("標籤",))
    table = read_labelled_table(_write(tmp_path / "a.csv", text, encoding), columns)
    assert [(row.unit_id, row.text, row.cells) for row in table.rows] == [
        ("1", "社區每週安排上門探訪獨居老人。", ("居家",)),
        ("2", "本辦法自發布之日起施行。", ()),
    ]
    assert table.place(table.rows[0]).endswith("a.csv: row 2")
    assert any("1 sentences have no label" in note for note in table.notes)


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("text,label", "甲,一", ("一",)),
        ("句子,标签1,标签2", "甲,一,二", ("一", "二")),
        ("内容,Label_1,label_2,备注", "甲,一,,三", ("一",)),
        ("正文,编码", "甲,一；二", ("一；二",)),
        ("text,initial,paths", "甲,一,二", ("一", "二")),
    ],
)
def test_usual_names_of_columns_are_found(
    tmp_path: Path, header: str, cells: str, expected: tuple[str, ...]
) -> None:
    table = read_labelled_table(_write(tmp_path / "a.csv", f"{header}\n{cells}\n"), USUAL)
    assert table.rows[0].text == "甲"
    assert table.rows[0].cells == expected


def test_workbook_with_whole_numbers_as_labels_gives_them_without_a_fraction(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (("文本", "类别"), ("甲。", 101), ("乙。", 102), ("", 101), ("丙。", None)):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    table = read_labelled_table(tmp_path / "a.xlsx", USUAL)
    assert [row.cells for row in table.rows] == [("101",), ("102",), ()]
    assert any("1 rows without text" in note for note in table.notes)


def test_benchmark_lines_are_read_by_their_description(tmp_path: Path) -> None:
    rows = [
        {"label": 102, "label_desc": "news_story", "sentence": "老街的早点铺。", "keywords": "", "id": 7},
        {"label": 103, "label_desc": "news_car", "sentence": "新车上市。", "keywords": "车", "id": 8},
    ]
    path = _write(tmp_path / "t.json", "\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
    table = read_labelled_table(path, USUAL)
    assert [(row.line, row.unit_id, row.cells) for row in table.rows] == [
        (1, "7", ("news_story",)),
        (2, "8", ("news_car",)),
    ]


def test_lists_of_labels_and_columns_of_marks_are_several_labels(tmp_path: Path) -> None:
    path = _write(
        tmp_path / "a.jsonl", '{"text": "甲。", "labels": ["一", "二"]}\n{"text": "乙。", "labels": []}\n'
    )
    assert [row.cells for row in read_labelled_table(path, USUAL).rows] == [("一", "二"), ()]
    marks = _write(tmp_path / "b.csv", "text,一,二\n甲。,1,√\n乙。,0,\n")
    table = read_labelled_table(marks, LabelColumns(labels=("一", "二")))
    assert [row.cells for row in table.rows] == [("一", "二"), ()]


def test_ids_that_are_not_unique_are_replaced_by_rows(tmp_path: Path) -> None:
    table = read_labelled_table(_write(tmp_path / "a.csv", "id,text,label\n1,甲,一\n1,乙,一\n"), USUAL)
    assert [row.unit_id for row in table.rows] == ["row 2", "row 3"]


@pytest.mark.parametrize(
    ("columns", "named"),
    [(USUAL, "label_columns"), (LabelColumns(labels=("编码",)), "编码"), (LabelColumns(text="句"), "句")],
)
def test_column_that_is_missing_is_named(tmp_path: Path, columns: LabelColumns, named: str) -> None:
    with pytest.raises(MissingColumnError, match=named):
        read_labelled_table(_write(tmp_path / "a.csv", "text,remark\n甲,一\n"), columns)


def test_column_of_sentences_taken_for_labels_is_refused(tmp_path: Path) -> None:
    rows = "".join(f"甲{n},第{n}条备注\n" for n in range(10))
    table = read_labelled_table(_write(tmp_path / "a.csv", f"text,label\n{rows}"), USUAL)
    with pytest.raises(GoldError, match="10 different labels on 10 sentences"):
        labels_of_tables([table], SEPARATORS)


def test_cells_are_split_by_every_separator_and_words_for_nothing_left_out() -> None:
    assert split_labels("一;二；三、四|五｜六", SEPARATORS) == list("一二三四五六")
    assert split_labels("一、二", ";") == ["一、二"]
    assert split_labels("无", SEPARATORS) == []


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.jsonl", '{"id": "1", "text": "甲", "initial": [], "dimensions": [], "paths": []}\n', False),
        ("a.jsonl", '{"id": "1", "text": "甲", "coder_a": {"initial": []}}\n', False),
        ("a.jsonl", '{"sentence": "甲", "label_desc": "一"}\n', True),
        ("a.csv", "unit,coder,code\nu1,a,c\n", False),
        ("a.csv", "句子,编码\n甲,一\n", True),
    ],
)
def test_form_of_a_file_tells_labels_from_lists_of_codes(
    tmp_path: Path, name: str, text: str, expected: bool
) -> None:
    assert holds_labels(_write(tmp_path / name, text)) is expected
