"""Rows of tables: which column is the text, what the others say, and what is no text at all."""

import datetime
import json
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from policy_nlp.documents.table_files import read_date, read_table_rows
from policy_nlp.documents.table_rows import show_cell
from policy_nlp.errors import DocumentError, MissingColumnError, NoTextError
from policy_nlp.records import ExtractedText, InputFile

FIRST = "对首台套装备给予保险补偿，单个项目最高补助三百万元。"
SECOND = "鼓励高校、院所与企业共建联合实验室，开放共享仪器设备。"


def read(path: Path, text_column: str | None = None) -> list[ExtractedText]:
    return list(read_table_rows(InputFile(path, path.name), text_column=text_column))


def write_csv(folder: Path, content: str, *, name: str = "a.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content.encode(encoding))
    return path


def write_xlsx(folder: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(folder / "表.xlsx")
    return folder / "表.xlsx"


def test_a_known_column_gives_one_text_a_row(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path, f"标题,正文,发布日期\n甲,{FIRST},2024年3月5日\n乙,,2024-03-06\n丙,{SECOND},20240307\n"
    )
    rows = read(path)
    assert [row.text for row in rows] == [FIRST, SECOND]
    assert [row.part for row in rows] == ["row 1", "row 3"]
    assert [row.title for row in rows] == ["甲", "丙"]
    assert [row.metadata.date for row in rows] == ["2024-03-05", "2024-03-07"]
    assert rows[0].warnings == (
        "the text was taken from the column '正文'",
        "1 rows of the table hold no text and were left out",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_of_csv_are_found(tmp_path: Path, encoding: str) -> None:
    content = "text,label\n" + "".join(f"{FIRST},经济\n{SECOND},科技\n" for _ in range(5))
    rows = read(write_csv(tmp_path, content, encoding=encoding))
    assert {row.text for row in rows} == {FIRST, SECOND}
    assert rows[0].encoding is not None


def test_the_named_column_wins_over_known_names(tmp_path: Path) -> None:
    path = write_csv(tmp_path, f"text,摘要\n短,{FIRST}\n")
    assert [row.text for row in read(path, "摘要")] == [FIRST]
    assert read(path, "摘要")[0].warnings == ()


def test_a_missing_named_column_tells_what_there_is(tmp_path: Path) -> None:
    path = write_csv(tmp_path, f"text,摘要\n短,{FIRST}\n")
    with pytest.raises(MissingColumnError, match="no column is called '全文'; found: text, 摘要"):
        read(path, "全文")


def test_without_a_known_name_the_longest_sentences_are_the_text(tmp_path: Path) -> None:
    path = write_csv(tmp_path, f"编号,机构,措施\nA1,某省科学技术厅,{FIRST}\nA2,某市人民政府,{SECOND}\n")
    rows = read(path)
    assert [row.text for row in rows] == [FIRST, SECOND]
    assert "'措施' (column 3)" in rows[0].warnings[0]


def test_a_table_without_header_loses_no_row(tmp_path: Path) -> None:
    rows = read(write_csv(tmp_path, f"1,{FIRST}\n2,{SECOND}\n"))
    assert [row.text for row in rows] == [FIRST, SECOND]
    assert "no header" in rows[0].warnings[0]


def test_a_table_of_words_and_counts_holds_no_text(tmp_path: Path) -> None:
    with pytest.raises(NoTextError, match="no column of the table holds sentences"):
        read(write_csv(tmp_path, "创新,71\n人才,23\n服务,19\n"))


def test_notes_under_a_table_of_figures_are_one_text(tmp_path: Path) -> None:
    figures: list[list[object]] = [["年份", "产值", "增长率"]] + [
        [2000 + year, 1.5, 0.1] for year in range(9)
    ]
    path = write_xlsx(tmp_path, {"数据": [*figures, [FIRST], [SECOND]], "空": []})
    (notes,) = read(path)
    assert notes.text == f"{FIRST}\n{SECOND}"
    assert notes.part == "数据 notes"
    assert "2 cells" in notes.warnings[0]


def test_every_sheet_of_a_workbook_is_read_and_named(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path,
        {
            "省": [["附件：政策汇编"], [], ["序号", "内容", "地区"], [1, FIRST, "浙江"]],
            "市": [["内容", "年份"], [SECOND, 2023.0]],
        },
    )
    first, second = read(path)
    assert (first.text, first.part, first.metadata.region) == (FIRST, "省 row 1", "浙江")
    assert (second.text, second.part, second.metadata.year) == (SECOND, "市 row 1", 2023)
    assert first.format == "xlsx"


def test_dates_of_excel_become_iso(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path, {"S": [["正文", "日期"], [FIRST, datetime.datetime(2024, 3, 5)]]})
    assert read(path)[0].metadata.date == "2024-03-05"


def test_json_lines_skip_bad_lines_and_say_so(tmp_path: Path) -> None:
    lines = [json.dumps({"title": "甲", "content": FIRST}, ensure_ascii=False), "{broken", '"string"']
    path = write_csv(tmp_path, "\n".join(lines), name="a.jsonl")
    (row,) = read(path)
    assert (row.text, row.title) == (FIRST, "甲")
    assert "2 lines are no JSON objects and were left out" in row.warnings


def test_a_json_array_is_read(tmp_path: Path) -> None:
    path = write_csv(tmp_path, json.dumps([{"text": FIRST}, {"text": SECOND}], indent=1), name="a.json")
    assert [row.text for row in read(path)] == [FIRST, SECOND]


def test_parquet_rows_are_read(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": [1, 2], "text": [FIRST, None]}), tmp_path / "a.parquet")
    (row,) = read(tmp_path / "a.parquet")
    assert (row.text, row.format, row.part) == (FIRST, "parquet", "row 1")


def test_a_cell_longer_than_the_limit_of_csv_is_read(tmp_path: Path) -> None:
    long_text = SECOND * 6000
    assert read(write_csv(tmp_path, f"text,x\n{long_text},1\n"))[0].text == long_text


def test_line_breaks_and_commas_inside_quotes_stay_in_the_cell(tmp_path: Path) -> None:
    (row,) = read(write_csv(tmp_path, f'text,label\r\n"{FIRST}\r\n一,二",经济\r\n'))
    assert row.text == f"{FIRST}\n一,二"


def test_ragged_rows_and_missing_marks_do_no_harm(tmp_path: Path) -> None:
    rows = read(write_csv(tmp_path, f"label,text\n甲\n乙,{FIRST},多余\n丙,nan\n"))
    assert [row.text for row in rows] == [FIRST]


def test_a_text_cut_at_a_delimiter_without_quotes_is_told(tmp_path: Path) -> None:
    (row,) = read(write_csv(tmp_path, f"label,text\n甲,{FIRST},后半句。\n"))
    assert any("1 rows have more cells than the header" in warning for warning in row.warnings)
    (whole,) = read(write_csv(tmp_path, f'label,text\n甲,"{FIRST},后半句。",\n'))
    assert not any("more cells" in warning for warning in whole.warnings)


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.parquet"])
def test_a_damaged_table_gives_a_reason(tmp_path: Path, name: str) -> None:
    magic = {"a.xlsx": b"PK\x03\x04", "a.xls": bytes.fromhex("d0cf11e0a1b11ae1"), "a.parquet": b"PAR1"}[name]
    path = tmp_path / name
    path.write_bytes(magic + b"Workbook".decode().encode("utf-16-le") + bytes(600))
    with pytest.raises(DocumentError, match=rf"{name}: found a damaged"):
        read(path)


def test_dates_are_as_exact_as_written() -> None:
    assert read_date("2025年01月31日 10:20") == "2025-01-31"
    assert read_date("2024/3") == "2024-03"
    assert read_date("20240305") == "2024-03-05"
    assert read_date("无") is None


def test_cells_are_read_as_shown_on_the_sheet() -> None:
    shown = [
        show_cell(value)
        for value in (2017.0, 0.5, None, float("nan"), True, datetime.date(2024, 1, 2), ["a", 1])
    ]
    assert shown == ["2017", "0.5", "", "", "True", "2024-01-02", "a\n1"]


def test_a_nested_object_is_shown_as_json() -> None:
    assert show_cell({"名": ["甲", 1]}) == '{"名": ["甲", 1]}'
