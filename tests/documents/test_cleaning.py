from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_nlp.documents.cleaning import CELL_SEPARATOR, clean_text

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=60)
TROUBLE = st.text(
    alphabet="章一A2。“ \t\r\n\x0b\x0c\x85\u2028\u2029\u3000\xa0\u200b\ufeff\xad\ue000\ud800｜，", max_size=60
)


@settings(deadline=None)
@given(ANY_TEXT | TROUBLE)
def test_cleaning_again_changes_nothing(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned


@settings(deadline=None)
@given(ANY_TEXT | TROUBLE)
def test_no_line_of_cleaned_text_is_empty_or_ends_in_a_blank(text: str) -> None:
    cleaned = clean_text(text)
    assert all(line and line == line.strip() for line in cleaned.split("\n")) or cleaned == ""


@settings(deadline=None)
@given(ANY_TEXT | TROUBLE)
def test_cleaned_text_can_be_written_as_utf8_and_split_by_line_feed_only(text: str) -> None:
    cleaned = clean_text(text)
    cleaned.encode("utf-8")
    assert cleaned.splitlines() == (cleaned.split("\n") if cleaned else [])


@settings(deadline=None)
@given(st.text(alphabet=st.characters(categories=("Lu", "Ll", "Nd", "Po")), max_size=60))
def test_letters_digits_and_marks_are_never_lost(text: str) -> None:
    assert clean_text(text) == text


@pytest.mark.parametrize(
    "line_break", ["\r\n", "\r", "\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\n\n \n"]
)
def test_every_line_break_becomes_one_line_feed(line_break: str) -> None:
    assert clean_text(f"第一条{line_break}第二条") == "第一条\n第二条"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("　　为加快发展", "为加快发展"),
        ("目  录", "目录"),
        ("第 一 章　总 则", "第一章总则"),
        ("“ 十五 ” 计划", "“十五”计划"),
        ("全国 2024", "全国 2024"),
        ("支持\xa0AI\t 企业", "支持 AI 企业"),
        ("GDP 增长 5 %", "GDP 增长 5 %"),
        ("发展 , 创新", "发展 , 创新"),
        ("ＡＢ　２０２４", "ＡＢ ２０２４"),
        ("创\u200b新\ufeff驱\xad动", "创新驱动"),
        ("\uf0b7加强领导", "加强领导"),
        ("A\uf0b7B", "A B"),
        ("⼀是保障⺠生", "一是保障民生"),
        ("A&nbsp;&lt;B", "A&nbsp;&lt;B"),
        ("（２０２４）１２号", "（２０２４）１２号"),
        ("缺\ufffd字", "缺\ufffd字"),
        ("a\ud800b", "ab"),
        ("\n\n", ""),
    ],
)
def test_blanks_become_spaces_and_invisible_characters_go(written: str, kept: str) -> None:
    assert clean_text(written) == kept


def test_cells_stay_parted() -> None:
    assert clean_text(CELL_SEPARATOR.join(["序号", "改革举措"])) == "序号 | 改革举措"


def test_blank_between_han_never_survives_in_unicode_text() -> None:
    blanks = [chr(c) for c in range(0x3100) if unicodedata.category(chr(c)) == "Zs"]
    assert not re.search(r"\s", clean_text("研" + "发".join(blanks) + "究"))
