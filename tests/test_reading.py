"""The model reads repaired simplified text, and every character knows where it came from."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_nlp.reading import read_segment
from policy_nlp.sentences import split_sentences

_PIECES = st.sampled_from(
    [
        "創(chuàng)",
        "聯(lián)",
        "領(l?ng)",
        "（lǐng）",
        "(AI)",
        "(ye)",
        "業",
        "乾",
        "发展",
        "?",
        "\ufffd",
        "。",
        "A",
        " ",
        "頭髮",
    ]
)
_SEGMENTS = st.one_of(st.text(max_size=80), st.lists(_PIECES, max_size=20).map("".join))


@settings(max_examples=500, deadline=None)
@given(_SEGMENTS)
def test_offsets_increase_and_point_into_the_segment(segment: str) -> None:
    reading = read_segment(segment)
    assert len(reading.offsets) == len(reading.text)
    assert all(left < right for left, right in zip(reading.offsets, reading.offsets[1:], strict=False))
    assert all(0 <= offset < len(segment) for offset in reading.offsets)


@settings(max_examples=300, deadline=None)
@given(_SEGMENTS)
def test_each_character_read_is_its_own_or_a_simplified_chinese_one(segment: str) -> None:
    reading = read_segment(segment)
    for character, offset in zip(reading.text, reading.offsets, strict=True):
        assert character == segment[offset] or ("\u4e00" <= character <= "\u9fff")


@settings(max_examples=300, deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from("支持企业牵头组建创新联合体（）()，。；：“”《》ABCabc 1234.%＆Ａ１ｂ　乾著"),
        max_size=60,
    )
)
def test_simplified_text_without_damage_is_read_as_it_is(segment: str) -> None:
    reading = read_segment(segment)
    assert reading.text == segment
    assert reading.offsets == tuple(range(len(segment)))


@pytest.mark.parametrize(
    ("segment", "text"),
    [
        ("創(chuàng)新聯(lián)合體", "创新联合体"),
        ("加快創（chuàng）新驅（qū）動", "加快创新驱动"),
        ("創( chuàng )新", "创新"),
        ("領(lǐng)域", "领域"),
        ("領(li\u030cng)域", "领域"),  # the accent as a combining character
        ("領(lĭng)域", "领域"),  # breve for caron
        ("領(l?ng)域", "领域"),
        ("領(l\ufffdng)域", "领域"),
        ("擴(ku?)大建設(sh?)規(gu?)模", "扩大建设规模"),
        ("產(chǎn)業(yè)鏈(liàn)", "产业链"),
        ("綠(lǜ)色發(fā)展戰(zhàn)略(lüè)", "绿色发展战略"),
        ("領(ling)域與產(chan)業", "领域与产业"),  # without accents, two behind traditional characters
        ("聯(lng)合創(chuàng)新", "联合创新"),  # the accented vowel vanished
        ("爭(?)取項(xiàng)目", "争取项目"),
        ("创(chuàng)新", "创新"),
        ("惡(è)化", "恶化"),
    ],
)
def test_inserted_pinyin_is_dropped(segment: str, text: str) -> None:
    assert read_segment(segment).text == text


@pytest.mark.parametrize(
    "segment",
    [
        "人工智能(AI)与大数据（BD）",
        "国内生产总值(GDP)增长5%",
        "研发(R&D)经费",
        "手机应用(app)推广",
        "高级别自动驾驶(an)测试",  # a syllable, but nothing else says it is pinyin
        "他们(he)与我们(men)的分工",
        "指标(a)、指标（b）与指标(c)",
        "产业(see)与政策(can)和资金(fan)",
        "某某咖啡(café)有限公司",
        "李(Lǐ)某",
        "智慧能源(ai)平台(tai)",
        "碳排放(CO?)核算",
        "创新(chuàng xīn)一词",
        "单位(个)、占比(%)、说明(无)",
    ],
)
def test_brackets_that_mean_something_stay(segment: str) -> None:
    assert read_segment(segment).text == segment


@pytest.mark.parametrize(
    ("segment", "text"),
    [
        ("人工智慧(AI)應用(app)", "人工智慧(AI)应用(app)"),
        ("專案(an)管理", "专案(an)管理"),
        ("國內生產總值(GDP)與研發(R&D)經費", "国内生产总值(GDP)与研发(R&D)经费"),
    ],
)
def test_brackets_that_mean_something_stay_in_traditional_text(segment: str, text: str) -> None:
    assert read_segment(segment).text == text


@pytest.mark.parametrize(
    ("segment", "text"),
    [
        ("經費由財政?門統一撥付", "经费由财政门统一拨付"),
        ("约翰?史密斯教授", "约翰史密斯教授"),
        ("取得成效?，值得推广", "取得成效，值得推广"),
        ("关键\ufffd\ufffd技术", "关键技术"),
        ("?情怀与责任", "情怀与责任"),
    ],
)
def test_lost_characters_are_dropped(segment: str, text: str) -> None:
    assert read_segment(segment).text == text


@pytest.mark.parametrize(
    "segment", ["钱从哪里来?", "怎么办?我们想了办法", "提高35%?94%", "http://example.org/a?b=1", "Why? 因为"]
)
def test_question_marks_that_ask_or_join_stay(segment: str) -> None:
    assert read_segment(segment).text == segment


@pytest.mark.parametrize(
    "segment", ["乾县与乾安县", "沿著名景区", "毕昇印刷术", "二噁英排放", "菜薹种植", "瞭望塔"]
)
def test_simplified_text_with_characters_of_both_scripts_is_not_converted(segment: str) -> None:
    assert read_segment(segment).text == segment


def test_offsets_lead_from_the_repaired_text_back_to_the_segment() -> None:
    segment = "推動創(chuàng)新聯(lián)合體建設"
    reading = read_segment(segment)
    at = reading.text.index("联合体")
    start, end = reading.offsets[at], reading.offsets[at + 2] + 1
    assert segment[start:end] == "聯(lián)合體"


def test_damaged_text_is_one_sentence_before_and_after_reading() -> None:
    text = "支持領(l?ng)軍企業牽頭組建創(chuàng)新聯(lián)合?體，開展攻關(gu?n)。"
    assert len(split_sentences(text)) == 1
    assert len(split_sentences(read_segment(text).text)) == 1
