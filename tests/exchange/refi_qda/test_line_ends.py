"""Texts with LF line ends, and the way back to what was read."""

import pytest

from policy_nlp.exchange.refi_qda.line_ends import drop_space, normalize_line_ends, squeeze


@pytest.mark.parametrize(
    ("raw", "text", "crlf"),
    [
        ("一\r\n二\r\n", "一\n二\n", [1, 3]),
        ("一\r二\n三\r\n", "一\n二\n三\n", [5]),
        ("\r\r\n\n", "\n\n\n", [1]),
        ("一\r", "一\n", []),
        ("", "", []),
    ],
)
def test_every_line_end_becomes_one_line_feed(raw: str, text: str, crlf: list[int]) -> None:
    found = normalize_line_ends(raw)
    assert (found.text, found.crlf.tolist()) == (text, crlf)
    assert found.line_ends.tolist() == [place for place, character in enumerate(text) if character == "\n"]


def test_one_byte_order_mark_is_taken_off_and_told() -> None:
    found = normalize_line_ends("\ufeff第一条")
    assert (found.text, found.has_mark) == ("第一条", True)


def test_characters_beyond_16_bits_and_lone_surrogates_are_kept() -> None:
    found = normalize_line_ends("𠮷\ud800林\r\n")
    assert found.text == "𠮷\ud800林\n"
    assert found.beyond_16_bits.tolist() == [0]


def test_a_squeezed_text_knows_where_its_characters_stand() -> None:
    text = " 第一\u3000条\n\u200b规定\t"
    squeezed = squeeze(text)
    assert squeezed.text == drop_space(text) == "第一条规定"
    assert "".join(text[place] for place in squeezed.indices) == "第一条规定"
