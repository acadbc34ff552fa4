"""Fields of codes as texts: what is written is read back, whatever the texts are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_nlp.codebook import Codebook
from policy_nlp.exchange.code_texts import (
    code_of_texts,
    describe_codes,
    is_missing_definition,
    join_items,
    keeps_order_as_tree,
    missing_definition,
    read_description,
    split_items,
    texts_of_code,
    write_description,
)
from tests.exchange.codebooks import TEXTS, codebooks

ITEMS = st.lists(st.text("ab;\\ \n　->", min_size=1, max_size=6) | TEXTS.filter(bool), max_size=4)


@pytest.mark.parametrize("separator", [";", "\n"])
@given(items=ITEMS)
def test_a_list_comes_back_from_one_text(separator: str, items: list[str]) -> None:
    assert split_items(join_items(items, separator), separator) == tuple(items)


def test_blanks_that_a_person_types_around_items_are_dropped() -> None:
    assert split_items(" 补贴 ; 税收;; 基金", ";") == ("补贴", "税收", "基金")


def test_a_list_of_ten_thousand_blanks_is_split_at_once() -> None:
    assert split_items("a" + " " * 1_000_000 + "b;c", ";")[1] == "c"


@given(st.dictionaries(st.sampled_from(["include", "example", "备注"]), TEXTS.filter(bool)), TEXTS)
def test_a_description_gives_every_field_back(fields: dict[str, str], definition: str) -> None:
    texts = {"definition": definition, "id": "a", "level": "initial", **fields}
    read = read_description(write_description(texts))
    assert read == {key: text for key, text in texts.items() if text}


def test_a_description_of_another_tool_is_all_definition() -> None:
    description = "定义:见手册。\nexample: 一句话\n\nid: 7"
    assert read_description(description) == {"definition": description}


def test_a_line_that_a_user_added_below_stays_in_the_last_field() -> None:
    described = (
        write_description({"definition": "甲", "id": "a", "level": "main"}) + "\r\nexample: 乙\r\n丙\r\n"
    )
    assert read_description(described) == {
        "definition": "甲",
        "id": "a",
        "level": "main",
        "example": "乙\n丙",
    }


@settings(max_examples=10)
@given(codebooks())
def test_a_code_comes_back_from_its_texts(codebook: Codebook) -> None:
    for code in codebook.initial:
        read = code_of_texts(texts_of_code(code), code_id=code.code_id, level=code.level, name=code.name_zh)
        assert texts_of_code(read) == texts_of_code(code)


def test_a_missing_definition_is_marked_and_the_mark_is_not_written_as_one() -> None:
    code = code_of_texts({}, code_id="a", level="initial", name="政府支持")
    assert code.definition == missing_definition("政府支持")
    assert is_missing_definition(code.definition)
    assert "definition" not in texts_of_code(code)


def test_the_shipped_order_needs_no_positions(shipped_codebook: Codebook) -> None:
    assert keeps_order_as_tree(shipped_codebook)
    assert not any("position:" in text for text in describe_codes(shipped_codebook).values())
