"""Code elements of any tree become codes, parents first."""

import pytest
from lxml import etree

from policy_nlp.errors import ExchangeError
from policy_nlp.exchange.refi_qda import codes_reading
from policy_nlp.exchange.refi_qda.codes_reading import ReadCodes, read_codes
from tests.exchange.refi_qda.examples import guid


def code(name: str, *inner: str, key: str | None = None, more: str = "") -> str:
    return f'<Code guid="{guid(key or name)}" name="{name}"{more}>{"".join(inner)}</Code>'


def read(*codes: str) -> ReadCodes:
    return read_codes(etree.fromstring(f"<Codes>{''.join(codes)}</Codes>"), "p.qde")


def test_codes_come_in_the_order_of_the_file_parents_first() -> None:
    found = read(code("a", code("b", code("c")), code("d")), code("e"))
    assert [one.name for one in found.codes] == list("abcde")
    parents = {one.name: one.parent_guid for one in found.codes}
    assert parents == {"a": None, "b": guid("a"), "c": guid("b"), "d": guid("a"), "e": None}


def test_flat_names_of_groups_are_kept_as_they_are() -> None:
    assert [one.name for one in read(code("可乐::无糖")).codes] == ["可乐::无糖"]


def test_a_code_that_stands_twice_is_one_and_said() -> None:
    found = read(code("a", code("b")), code("c", code("b", code("d"))))
    assert [(one.name, one.parent_guid) for one in found.codes] == [
        ("a", None),
        ("b", guid("a")),
        ("c", None),
        ("d", guid("b")),
    ]
    assert found.repairs == ("1 codes stand twice with one GUID; read once: b",)


def test_same_names_with_own_guids_are_two_codes() -> None:
    found = read(code("a", code("x", key="1")), code("b", code("x", key="2")))
    assert [one.name for one in found.codes] == ["a", "x", "b", "x"]


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        ([code("a"), code("b", key="a")], "stands for two codes, 'a' and 'b'"),
        ([code("a", code("b", code("a")))], "code 'a' .* is nested in itself"),
    ],
)
def test_codes_that_contradict_each_other_are_an_error_with_a_line(codes: list[str], said: str) -> None:
    with pytest.raises(ExchangeError, match=rf"^p\.qde:1: .*{said}"):
        read(*codes)


def test_codes_without_name_or_guid_are_kept_and_said() -> None:
    found = read("<Code/>", '<Code name="a"/>', '<Code name="a"/>')
    assert [one.name for one in found.codes] == ["unnamed code 1", "a", "a"]
    assert len({one.guid for one in found.codes}) == 3
    assert found.repairs == ("3 codes have no GUID; each was given one",)


def test_colours_notes_and_whether_a_code_may_be_applied() -> None:
    found = read(
        code("a", more=' color="#abc" isCodable="false"'),
        code("b", f'<NoteRef targetGUID="{guid("n")}"/>', more=' color="red"'),
    )
    assert [(one.color, one.is_codable) for one in found.codes] == [("#aabbcc", False), (None, True)]
    assert found.losses == (
        "1 links of codes to notes",
        "1 colours of codes that are not of the form #RRGGBB",
    )


def test_too_many_codes_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes_reading, "MAX_CODES", 2)
    with pytest.raises(ExchangeError, match="more than 2 codes"):
        read(code("a"), code("b"), code("c"))


def test_no_codes_element_means_no_codes() -> None:
    assert read_codes(None, "p.qde") == ReadCodes(())
