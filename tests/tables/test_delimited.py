from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_nlp.errors import TableError
from policy_nlp.tables.cells import begins_formula
from policy_nlp.tables.delimited import open_delimited
from policy_nlp.tables.writing import write_table
from tests.tables.examples import read_whole, rows_of

LINES = "序号,内容\n00123,支持企业建设技术中心，开展核心技术攻关。\n00124,对高新技术企业给予研发费用补助。\n"


def test_codes_with_leading_zeros_stay_as_written(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(LINES, encoding="utf-8")
    assert read_whole(tmp_path / "a.csv").column("序号").to_pylist() == ["00123", "00124"]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "big5"]
)
def test_chinese_encodings_give_the_same_table(tmp_path: Path, encoding: str) -> None:
    lines = LINES * 20 if encoding != "big5" else "序號,內容\n1,鼓勵企業與大學合作研究，建立創新平臺。\n" * 20
    (tmp_path / "a.csv").write_bytes(lines.encode(encoding))
    found = read_whole(tmp_path / "a.csv")
    assert found.schema.names == lines.split("\n")[0].split(",")
    assert found.column(1)[0].as_py() == lines.split("\n")[1].split(",")[1]


def test_a_file_whose_first_chinese_character_comes_late_is_not_taken_for_utf8(tmp_path: Path) -> None:
    late = "id,text\n" + "1,plain ascii\n" * 100_000 + "2,支持中小企业技术改造和数字化转型。\n" * 3
    (tmp_path / "a.csv").write_bytes(late.encode("gb18030"))
    texts = read_whole(tmp_path / "a.csv").column("text").to_pylist()
    assert len(texts) == 100_003
    assert texts[-1] == "支持中小企业技术改造和数字化转型。"


def test_one_damaged_byte_is_a_warning_and_not_an_error(tmp_path: Path) -> None:
    content = bytearray(LINES.encode() * 30)
    content[content.index("支".encode()) + 1] = 0x20
    (tmp_path / "a.csv").write_bytes(bytes(content))
    table = open_delimited(tmp_path / "a.csv")
    assert any("damaged" in warning for warning in table.warnings)
    assert table.n_rows == 89


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    (tmp_path / "a.csv").write_text(f"id{delimiter}text\n1{delimiter}甲\n", encoding="utf-8")
    assert read_whole(tmp_path / "a.csv").to_pylist() == [{"id": "1", "text": "甲"}]


def test_a_row_with_too_many_cells_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('id,text\n1,"甲\n乙"\n2,a,b\n', encoding="utf-8")
    with pytest.raises(TableError, match=r"a\.csv:4: this row has 3 cells, the header names 2"):
        open_delimited(tmp_path / "a.csv")


def test_an_open_quote_is_an_error_and_not_one_long_cell(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('id,text\n1,"甲\n2,乙\n', encoding="utf-8")
    with pytest.raises(TableError, match="unexpected end of data"):
        open_delimited(tmp_path / "a.csv")


def test_quotes_that_were_not_doubled_are_kept_as_written(tmp_path: Path) -> None:
    lines = 'text,n\n"推动"产学研"深度融合，"共建"平台",1\n"已经""加倍""的, 引号",2\n"两行\n文字",3\n'
    (tmp_path / "a.csv").write_text(lines, encoding="utf-8")
    table = open_delimited(tmp_path / "a.csv")
    assert read_whole(tmp_path / "a.csv").column("text").to_pylist() == [
        '推动"产学研"深度融合，"共建"平台',
        '已经"加倍"的, 引号',
        "两行\n文字",
    ]
    assert any("line 2: quotes" in warning for warning in table.warnings)


def test_short_rows_blank_lines_and_trailing_empty_cells_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,text,,\n1\n\n2,甲,,\n", encoding="utf-8")
    assert read_whole(tmp_path / "a.csv").to_pylist() == [
        {"id": "1", "text": None},
        {"id": "2", "text": "甲"},
    ]


def test_columns_without_a_name_or_with_the_same_name_are_kept(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(",a,a\n1,2,3\n", encoding="utf-8")
    assert open_delimited(tmp_path / "a.csv").schema.names == ["column_1", "a", "a_2"]


def test_an_empty_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("\n\n", encoding="utf-8")
    with pytest.raises(TableError, match="the table is empty"):
        open_delimited(tmp_path / "a.csv")


plain_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")) | st.sampled_from(
    ['"', '""', 'a"b', "a,b", "a\nb", "a\r\nb", "\ufeff", "\ufeff甲", "𠀀😀", ";", " ", ""]
)


@settings(deadline=None)
@given(st.lists(st.tuples(plain_texts, plain_texts), min_size=1, max_size=8))
def test_strings_come_back_from_csv_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "round.csv"
    left, right = [a for a, _ in rows], [b for _, b in rows]
    write_table(path, rows_of({"left": left, "text": right}))
    found = read_whole(path)
    for name, texts in (("left", left), ("text", right)):
        expected = [f"'{text}" if begins_formula(text) else text for text in texts]
        assert found.column(name).to_pylist() == expected
