"""Where topics are named: places, variants, words that only look like one."""

from __future__ import annotations

import pytest

from policy_nlp.analysis.topic_hits import TopicHit, find_hits
from policy_nlp.settings.screen import DEFAULT_TOPICS, Topic
from tests.analysis.screen_documents import FILLER, screen_document


def hits_of(*lines: str, title: str = "工作情况") -> tuple[TopicHit, ...]:
    return find_hits(screen_document(*lines, title=title), DEFAULT_TOPICS)


@pytest.mark.parametrize(
    "text",
    [
        "支持龙头企业牵头组建创新联合体。",
        "支持龍頭企業牽頭組建創新聯合體。",
        "支持龙头企业牵头组建“创新 联合体”。",
        "支持龙头企业牵头组建产学研联合体。",
    ],
)
def test_a_topic_is_found_in_every_way_it_is_written(text: str) -> None:
    (hit,) = hits_of(text)
    assert (hit.topic, hit.is_counted) == (0, True)
    assert hit.span is not None
    assert text[hit.span.start : hit.span.end].strip("“”。")[-1] in "体體"


@pytest.mark.parametrize("text", ["构建协同创新联合体系。", "健全创新联合体制机制。", "以联合体形式投标。"])
def test_words_that_only_look_like_the_topic_are_no_hits(text: str) -> None:
    assert hits_of(text) == ()


def test_a_related_word_is_found_and_does_not_count() -> None:
    (hit,) = hits_of("推进京津冀协同创新共同体建设，完善利益共享机制。")
    assert (hit.is_related, hit.is_counted) == (True, False)


def test_a_short_form_counts_only_where_the_name_stands_too() -> None:
    short = "联合体成员共享设备和数据。"
    assert [hit.is_related for hit in hits_of(FILLER, short)] == [True]
    assert [hit.word for hit in hits_of("支持龙头企业牵头组建创新联合体。", short)] == [
        "创新联合体",
        "联合体",
    ]
    assert [hit.place for hit in hits_of(short, FILLER, title="创新联合体这三年")] == ["title", "first_third"]


@pytest.mark.parametrize(
    "text", ["推进紧密型医疗联合体建设。", "支持以联合体形式申报。", "发展农业产业化联合体。"]
)
def test_a_short_form_inside_another_word_never_counts(text: str) -> None:
    hits = hits_of("支持龙头企业牵头组建创新联合体。", text)
    assert [hit.word for hit in hits] == ["创新联合体"]


def test_the_longest_word_at_a_place_is_the_hit() -> None:
    topics = (Topic("联合体", variants=("创新联合体",)),)
    (hit,) = find_hits(screen_document("支持企业组建创新联合体。"), topics)
    assert hit.word == "创新联合体"


def test_a_hit_knows_where_it_stands() -> None:
    hits = hits_of(
        "一、加快发展新质生产力",
        "因地制宜发展新质生产力，推动传统产业升级。",
        *[FILLER] * 8,
        "各地要把发展新质生产力落到实处。",
        title="关于新质生产力的意见",
    )
    assert [hit.place for hit in hits] == ["title", "heading", "first_third", "body"]


def test_the_printed_title_is_not_counted_again_in_the_text() -> None:
    title = "关于发展新质生产力的意见"
    assert [hit.place for hit in hits_of(title, FILLER, title=title)] == ["title"]


@pytest.mark.parametrize(
    "line",
    [
        "建有重点实验室、中试基地、创新联合体、概念验证中心等平台。",
        "序号 | 名称 | 创新联合体 | 备注",
    ],
)
def test_an_item_of_a_list_of_names_is_a_list(line: str) -> None:
    (hit,) = hits_of(FILLER, line)
    assert (hit.place, hit.is_counted) == ("list", False)


def test_an_action_in_an_enumeration_is_no_name_in_a_list() -> None:
    line = "支持企业牵头组建创新联合体承担重大任务、建设中试平台、引进人才、拓展应用场景。"
    assert [hit.place for hit in hits_of(FILLER * 3, line)] == ["body"]


def test_names_one_below_the_other_are_a_list() -> None:
    places = [hit.place for hit in hits_of(FILLER, "智能机器人创新联合体", "先进材料创新联合体", FILLER)]
    assert places == ["list", "list"]


@pytest.mark.parametrize("mark", ["相关链接", "延伸阅读：", "参考文献", "【相关新闻】"])
def test_what_stands_below_the_text_is_a_footer(mark: str) -> None:
    (hit,) = hits_of(FILLER, FILLER, mark, "某市组建首批创新联合体并签约落地。")
    assert hit.place == "footer"


def test_a_signature_is_a_footer() -> None:
    (hit,) = hits_of(FILLER, "来源：某某创新联合体秘书处")
    assert hit.place == "footer"
