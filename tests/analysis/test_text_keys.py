"""Keys of texts: what makes no difference, and the way back to the text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.analysis.text_keys import span_in_text, text_key
from policy_nlp.records import Span


def test_marks_widths_and_traditional_characters_make_no_difference() -> None:
    assert text_key("加快“创新、联合”，ＡＢ１！").text == text_key("加快創新 联合ab1").text


def test_quotes_go_but_marks_that_part_words_stay_where_asked_for() -> None:
    assert text_key("“新质”生产 力、创新", without="quotes").text == "新质生产力、创新"


def test_a_part_of_a_key_is_found_in_the_text_under_its_marks() -> None:
    text = "支持“创新、联合”体"
    part = span_in_text(text_key(text), Span(2, 6))
    assert text[part.start : part.end] == "创新、联合"


@given(st.text(alphabet="创新聯合体，。“” ＡＢa1㎡①", max_size=30))
def test_every_character_of_a_key_comes_from_its_place_in_the_text(text: str) -> None:
    key = text_key(text)
    assert list(key.offsets) == sorted(key.offsets)
    for mark, at in zip(key.text, key.offsets, strict=True):
        assert mark in text_key(text[at]).text or text_key(text[at]).text == ""
