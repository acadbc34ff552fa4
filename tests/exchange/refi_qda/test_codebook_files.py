"""A .qdc file is written valid and read back as the same codes, sets and origin."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_nlp.errors import ExchangeError
from policy_nlp.exchange.refi_qda.codebook_files import parse_qdc, qdc_bytes
from policy_nlp.exchange.refi_qda.guids import make_guid
from policy_nlp.exchange.refi_qda.project import QdaCode, QdaCodebook, QdaSet
from tests.exchange.refi_qda.schemas import validate_codebook

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn")), max_size=20)


@st.composite
def trees(draw: st.DrawFn) -> tuple[QdaCode, ...]:
    """Codes of unique names, each inside an earlier one or at the top, in the order of a file."""
    names = draw(
        st.lists(TEXTS.filter(str.strip), min_size=1, max_size=8, unique_by=lambda n: n.strip().casefold())
    )
    inside: dict[str | None, list[QdaCode]] = {}
    for n, name in enumerate(names):
        above = draw(st.integers(-1, n - 1))
        parent = make_guid("test", above) if above >= 0 else None
        color = draw(st.sampled_from([None, "#00ff00"]))
        code = QdaCode(make_guid("test", n), name, parent, draw(TEXTS), color, draw(st.booleans()))
        inside.setdefault(parent, []).append(code)
    in_order: list[QdaCode] = []
    waiting = inside[None][::-1]
    while waiting:
        in_order.append(waiting.pop())
        waiting += inside.get(in_order[-1].guid, [])[::-1]
    return tuple(in_order)


@settings(max_examples=50)
@given(trees(), TEXTS)
def test_codes_and_sets_come_back(codes: tuple[QdaCode, ...], text: str) -> None:
    members = tuple(code.guid for code in codes[::2])
    written = QdaCodebook("书", codes, (QdaSet(make_guid("set", 1), "集", members, description=text),))
    content = qdc_bytes(written)
    validate_codebook(content)
    read = parse_qdc(content, "书.qdc")
    assert (read.name, read.codes, read.sets) == ("书", codes, written.sets)
    assert read.losses == ()
    assert read.origin.startswith("policy-nlp ")


def test_guids_in_braces_and_capitals_a_mark_and_windows_lines_are_read() -> None:
    xml = (
        '\ufeff<?xml version="1.0" encoding="UTF-8"?>\r\n<CodeBook xmlns="urn:QDA-XML:codebook:1.0">\r\n'
        '<Codes>\r\n<Code guid="{AAAAAAAA-0000-0000-0000-000000000001}" name="甲" isCodable="1"'
        ' color="#0F0"/>\r\n</Codes>\r\n'
        '<Sets><Set guid="{BBBBBBBB-0000-0000-0000-000000000001}" name="集">'
        '<MemberCode guid="{aaaaaaaa-0000-0000-0000-000000000001}"/></Set></Sets></CodeBook>'
    )
    read = parse_qdc(xml.encode(), "a.qdc")
    (code,) = read.codes
    assert (code.guid, code.color, code.is_codable) == (
        "aaaaaaaa-0000-0000-0000-000000000001",
        "#00ff00",
        True,
    )
    assert read.sets[0].code_guids == (code.guid,)


def test_the_namespace_that_taguette_writes_is_read() -> None:
    xml = '<CodeBook xmlns="urn:QDA-XML:codebook:1:0" origin="Taguette"><Codes><Code guid="00000001-0000-0000-0000-000000000001" name="甲" isCodable="true"/></Codes></CodeBook>'  # noqa: E501
    assert parse_qdc(xml.encode(), "a.qdc").codes[0].name == "甲"


def test_the_codes_of_a_bare_project_are_read() -> None:
    xml = '<Project><CodeBook><Codes><Code guid="00000001-0000-0000-0000-000000000001" name="甲"/></Codes></CodeBook></Project>'  # noqa: E501
    assert parse_qdc(xml.encode(), "a.qdc").codes[0].name == "甲"


def test_two_codes_of_one_name_get_names_of_their_own() -> None:
    codes = (QdaCode(make_guid("a"), "人才"), QdaCode(make_guid("b"), "人才", make_guid("a")))
    names = [code.name for code in parse_qdc(qdc_bytes(QdaCodebook("书", codes)), "a.qdc").codes]
    assert names == ["人才", "人才 (人才)"]


def test_characters_that_xml_cannot_hold_are_marked() -> None:
    code = QdaCode(make_guid("a"), "a\x01b", description="\ud800")
    read = parse_qdc(qdc_bytes(QdaCodebook("书", (code,))), "a.qdc").codes[0]
    assert (read.name, read.description) == ("a\ufffdb", "\ufffd")


BROKEN = {
    "no codes": (),
    "a parent that comes later": (
        QdaCode(make_guid("a"), "甲", make_guid("b")),
        QdaCode(make_guid("b"), "乙"),
    ),
    "one GUID twice": (QdaCode(make_guid("a"), "甲"), QdaCode(make_guid("a"), "乙")),
}


@pytest.mark.parametrize("case", BROKEN)
def test_codes_that_are_no_tree_are_refused(case: str) -> None:
    with pytest.raises(ExchangeError):
        qdc_bytes(QdaCodebook("书", BROKEN[case]))
