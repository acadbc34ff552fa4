"""XML values in one form; bounds of what is parsed."""

import pytest
from lxml import etree

from policy_nlp.errors import ExchangeError
from policy_nlp.exchange.refi_qda import xml_reading
from policy_nlp.exchange.refi_qda.xml_reading import (
    attribute,
    color_of,
    guid_of,
    is_true,
    normal_guid,
    parse_root,
    shorten,
    text_of,
)

GUID = "85d17f60-7bb0-481e-b742-b4861dd669df"


@pytest.mark.parametrize(
    "raw", [GUID, GUID.upper(), f"{{{GUID}}}", f" {{{GUID.upper()}}} ", GUID.replace("-", "")]
)
def test_every_spelling_of_a_guid_is_one_guid(raw: str) -> None:
    assert normal_guid(raw) == GUID


def test_no_guid_is_empty_and_any_other_id_has_a_guid_of_its_own() -> None:
    assert [normal_guid(raw) for raw in (None, "", "{}", "00000000-0000-0000-0000-000000000000")] == [""] * 4
    assert normal_guid("12") == normal_guid(" 12 ") != normal_guid("13")
    assert len(normal_guid("12")) == len(GUID)


@pytest.mark.parametrize(
    ("color", "found"),
    [("#F80", "#ff8800"), ("#AbCdEf", "#abcdef"), ("red", None), ("#12345", None), ("", None)],
)
def test_colours_have_six_digits_or_are_none(color: str, found: str | None) -> None:
    assert color_of(etree.Element("Code", color=color)) == found


@pytest.mark.parametrize(("text", "value"), [("true", True), ("1", True), ("False", False), ("0", False)])
def test_booleans_are_those_of_the_schema(text: str, value: bool) -> None:
    assert is_true(text, default=not value) is value
    assert is_true("maybe", default=value) is value


def test_attributes_are_found_in_any_namespace() -> None:
    element = etree.fromstring(f'<a xmlns:q="urn:q" q:guid="{GUID}" name="n"/>')
    assert (guid_of(element), attribute(element, "name"), attribute(element, "uid")) == (GUID, "n", None)


def test_text_is_taken_without_comments_and_instructions() -> None:
    assert text_of(etree.fromstring("<d>甲<!-- x --><b>乙</b><?p q?>丙</d>")) == "甲乙丙"


def test_sources_and_their_selections_are_dropped_from_the_tree_once_they_were_told() -> None:
    told = []
    selection = "<PlainTextSelection><a/></PlainTextSelection>"
    xml = (
        f"<P><Sources><TextSource>{selection}<b/></TextSource><PDFSource><Representation>{selection}"
        f"</Representation></PDFSource></Sources><Notes><Note>{selection}</Note></Notes></P>"
    )
    root = parse_root(xml.encode(), "p", on_part=lambda element: told.append((element.tag, len(element))))
    assert told == [("PlainTextSelection", 1), ("TextSource", 2), ("PlainTextSelection", 1), ("PDFSource", 1)]
    assert [len(element) for element in root.iter("TextSource", "PDFSource")] == [0, 0]
    assert len(root.findall(".//Note/PlainTextSelection/a")) == 1


def test_xml_beyond_the_bound_is_refused_unparsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_reading, "MAX_XML_BYTES", 10)
    with pytest.raises(ExchangeError, match=r"p: .* of XML, at most"):
        parse_root(b"<Project></Project>", "p")


def test_xml_of_too_many_elements_is_refused_unparsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_reading, "MAX_XML_MARKS", 10)
    with pytest.raises(ExchangeError, match="p: 12 tags and attributes, at most 10"):
        parse_root(b"<P>" + b"<a/>" * 10 + b"</P>", "p")


def test_a_document_type_named_in_a_text_is_no_declaration() -> None:
    root = parse_root(b"<!-- <!DOCTYPE x> --><P><![CDATA[<!DOCTYPE html>]]></P>", "p")
    assert root.text == "<!DOCTYPE html>"


def test_what_a_message_shows_is_one_short_line() -> None:
    assert shorten("甲\n乙 \t丙") == "甲 乙 丙"
    assert shorten("长" * 500) == "长" * 59 + "…"
