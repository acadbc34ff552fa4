from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.reports.report_blocks import (
    Figure,
    Heading,
    Paragraph,
    TableBlock,
    column_shares,
    number_captions,
    printable,
    text_width,
)

CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=40)


def test_a_table_with_a_short_row_is_refused() -> None:
    with pytest.raises(ValueError, match="1 cells under 2 columns"):
        TableBlock("t", ("a", "b"), (("x",),))


def test_tables_and_figures_are_numbered_each_on_their_own() -> None:
    table = TableBlock("甲", ("a",), ())
    blocks = (Heading("h"), table, Figure(b"", "乙", "alt"), Paragraph("p"), table)
    captions = [caption for _, caption in number_captions(blocks)]
    assert captions == ["", "表 1　甲", "图 1　乙", "", "表 2　甲"]


@given(st.text())
def test_printable_text_can_be_written_as_utf8_and_keeps_its_length(text: str) -> None:
    assert len(printable(text).encode("utf-8").decode("utf-8")) == len(text)


def test_a_chinese_character_is_two_wide_and_the_widest_line_counts() -> None:
    assert text_width("创新ab") == 6
    assert text_width("a\n创新\nb") == 4


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=5))
def test_column_shares_are_positive_and_sum_to_one(rows: list[list[str]]) -> None:
    table = TableBlock("t", tuple(rows[0]), tuple(tuple(row) for row in rows[1:]))
    shares = column_shares(table)
    assert sum(shares) == pytest.approx(1)
    assert min(shares) > 0


def test_numbers_get_the_room_they_need_before_words_do() -> None:
    name, number = "很长的编码名称" * 10, "[0.123, 0.456]"
    table = TableBlock("t", ("code", *"abcdefg"), ((name, *[number] * 7),))
    shares = column_shares(table)
    assert all(share * 125 >= len(number) for share in shares[1:])
