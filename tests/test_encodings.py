from __future__ import annotations

import codecs
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_nlp.encodings import decode_text
from policy_nlp.errors import EncodingError

SIMPLIFIED = (
    "我们要加快发展新质生产力，支持企业创新；完善科技金融服务体系。推动产业集群和人才队伍建设国家的是在了"
)
TRADITIONAL = (
    "我們要加快發展新質生產力，支持企業創新；完善科技金融服務體系。推動產業集群和人才隊伍建設國家的是在了"
)
LEAST_CHARACTERS = 8  # the honest bound: below it two short readings can be equally likely

simplified_sentences = st.text(alphabet=SIMPLIFIED, min_size=LEAST_CHARACTERS, max_size=200)
traditional_sentences = st.text(alphabet=TRADITIONAL, min_size=LEAST_CHARACTERS, max_size=200)


@settings(deadline=None)
@given(simplified_sentences)
def test_gb18030_is_read_back(text: str) -> None:
    decoded = decode_text(text.encode("gb18030"))
    assert (decoded.text, decoded.encoding) == (text, "gb18030")


@settings(deadline=None)
@given(traditional_sentences)
def test_big5_is_read_back(text: str) -> None:
    decoded = decode_text(text.encode("big5"))
    assert (decoded.text, decoded.encoding) == (text, "big5")


@settings(deadline=None)
@given(traditional_sentences)
def test_traditional_text_in_gb18030_is_not_taken_for_big5(text: str) -> None:
    assert decode_text(text.encode("gb18030")).text == text


@settings(deadline=None)
@given(simplified_sentences, st.sampled_from(["utf-16-le", "utf-16-be"]))
def test_utf16_without_mark_is_read_back(text: str, encoding: str) -> None:
    decoded = decode_text(text.encode(encoding))
    assert (decoded.text, decoded.encoding) == (text, encoding)


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs")), min_size=1))
def test_utf8_beyond_latin_is_read_back_at_any_length(text: str) -> None:
    text += "国"
    decoded = decode_text(text.encode("utf-8"))
    assert decoded.text == text or text.startswith("\ufeff")
    assert decoded.confidence == 1.0


@pytest.mark.parametrize(
    ("mark", "codec", "name"),
    [
        (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be", "utf-32-be"),
        (b"\x84\x31\x95\x33", "gb18030", "gb18030"),
    ],
)
def test_byte_order_mark_settles_the_encoding_and_is_removed(mark: bytes, codec: str, name: str) -> None:
    decoded = decode_text(mark + "目录\r\n第一章".encode(codec))
    assert (decoded.text, decoded.encoding, decoded.confidence) == ("目录\r\n第一章", name, 1.0)


def test_utf8_mark_before_gb18030_bytes_is_not_believed() -> None:
    text = "支持企业牵头组建创新联合体，开展关键技术攻关。"
    assert text in decode_text(codecs.BOM_UTF8 + text.encode("gb18030")).text


@pytest.mark.parametrize("text", ["目录", "通知", "ab\n12\n发展规划\n", "第3条 支持"])
def test_very_short_gb18030_text_is_read(text: str) -> None:
    assert decode_text(text.encode("gb18030")).text == text


@pytest.mark.parametrize("text", ["Привет, мир", "café, naïve", "A·B·C", "Ελλάδα", "", "plain ASCII"])
def test_utf8_of_other_scripts_is_not_taken_for_gb18030(text: str) -> None:
    assert decode_text(text.encode("utf-8")).text == text


def test_long_ascii_head_does_not_hide_the_chinese_text() -> None:
    text = "<script>x = 1;</script>\n" * 10_000 + "各市人民政府，省级各部门："
    assert decode_text(text.encode("gb18030")).text == text


def test_ascii_in_utf16_without_mark_is_read() -> None:
    assert decode_text("Annual plan\n".encode("utf-16-le")).text == "Annual plan\n"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_few_bad_bytes_are_counted_and_the_document_is_kept(encoding: str) -> None:
    line = "加强知识产权保护，完善成果转化机制。\n"
    damaged = (line * 20).encode(encoding) + b"\xff\n" + (line * 20).encode(encoding) + b"\xff"
    decoded = decode_text(damaged)
    assert decoded.text.count(line) == 40
    assert decoded.encoding == encoding
    assert "2 characters" in decoded.warnings[0]
    assert "line 21" in decoded.warnings[0]


def test_character_cut_at_the_end_of_the_file_loses_only_itself() -> None:
    text = "加强知识产权保护，完善成果转化机制。"
    assert decode_text(text.encode("gb18030")[:-1]).text[:-1] == text[:-1]


def test_doubtful_encoding_is_said() -> None:
    decoded = decode_text("it’s a café".encode("cp1252"))
    assert decoded.confidence < 0.8
    assert "confidence" in decoded.warnings[0]


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=10_000))
def test_random_bytes_are_no_text(seed: int) -> None:
    with pytest.raises(EncodingError, match="are no text"):
        decode_text(random.Random(seed).randbytes(2_000))


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_give_text_or_an_encoding_error(content: bytes) -> None:
    try:
        decoded = decode_text(content)
    except EncodingError:
        return
    assert 0.0 <= decoded.confidence <= 1.0


def test_nul_bytes_here_and_there_do_not_lose_the_document() -> None:
    text = "推动产业集群发展。\n" * 100 + "\0"
    assert decode_text(text.encode("utf-8")).text == text
