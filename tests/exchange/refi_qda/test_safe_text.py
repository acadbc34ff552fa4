from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from policy_nlp.exchange.refi_qda.project import QdaCode
from policy_nlp.exchange.refi_qda.safe_text import (
    UniqueNames,
    is_date_time,
    plain_text,
    unique_code_names,
    xml_safe,
)

ANY_TEXT = st.text(st.characters())  # with controls, lone surrogates and all


@given(ANY_TEXT)
def test_safe_text_is_as_long_as_it_was_and_goes_through_xml(text: str) -> None:
    safe = xml_safe(text)
    assert len(safe) == len(text)
    element = etree.Element("a", text=safe)
    element.text = safe
    read = etree.fromstring(etree.tostring(element, encoding="utf-8"))
    assert (read.get("text"), read.text or "") == (safe, safe)


@given(st.text(st.one_of(st.sampled_from("\r\n\ufeff甲"), st.characters())))
def test_the_text_of_a_file_is_as_long_as_it_was_and_reads_as_itself(text: str) -> None:
    plain = plain_text(text)
    assert len(plain) == len(text)
    assert plain.encode("utf-8").decode("utf-8-sig").replace("\r\n", "\n") == plain
    assert "\r" not in plain


def test_text_that_every_reader_keeps_is_not_touched() -> None:
    text = "甲\t乙\n\u3000𠮷\u2028\ufeff丙"
    assert plain_text(text) == text


def test_names_differ_whatever_the_case_of_their_letters() -> None:
    names = UniqueNames()
    assert [names.take(name) for name in ("GDP", "gdp", "GDP", "x")] == ["GDP", "gdp (2)", "GDP (3)", "x"]


def test_a_name_given_to_a_code_is_no_other_codes_own() -> None:
    codes = [
        QdaCode("a", "人才"),
        QdaCode("b", "场景"),
        QdaCode("c", "人才", "b"),
        QdaCode("d", "人才 (场景)"),
        QdaCode("e", "人才", "b"),
    ]
    names = unique_code_names(codes)
    assert names["a"] == "人才"
    assert names["d"] == "人才 (场景)"
    assert len(set(names.values())) == len(codes)


def test_dates_that_are_none_are_told_apart() -> None:
    assert is_date_time("2026-11-23T18:00:00.5+08:00")
    assert not is_date_time("2026-11-23")
    assert not is_date_time("2026-11-31T18:00:00Z")
    assert not is_date_time("2026-11-23T18:00:00Z\n")
