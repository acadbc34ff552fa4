"""Spans are true for any string; cuts are those a coder of Chinese policy text would make."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_nlp.records import Document, DocumentMetadata, Sentence
from policy_nlp.sentences import LONGEST_ENCLOSURE, LONGEST_SENTENCE, sentences_of, split_sentences

# Marks the splitter looks at are drawn often, so that short strings reach its branches.
_MARKS = st.sampled_from(
    list(
        "。！？!?…；：，、.“”‘’「」『』《》（）()【】[]\"'〔〕1a一是的否创 \n\r\t\u3000\u2028\ufffd\U00020000"
    )
)
_TEXTS = st.one_of(st.text(max_size=200), st.text(alphabet=_MARKS, max_size=80))


def segments(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text)]


@settings(max_examples=600, deadline=None)
@given(_TEXTS)
def test_spans_are_ordered_trimmed_and_cover_every_visible_character_once(text: str) -> None:
    spans = split_sentences(text)
    covered = [index for span in spans for index in range(span.start, span.end)]
    assert covered == sorted(set(covered))
    assert all(
        text[span.start : span.end] and text[span.start : span.end].strip() == text[span.start : span.end]
        for span in spans
    )
    assert {index for index, character in enumerate(text) if not character.isspace()} <= set(covered)


@settings(max_examples=200, deadline=None)
@given(_TEXTS)
def test_no_sentence_crosses_a_line_end(text: str) -> None:
    assert not any(set(segment) & set("\n\r\v\f\x85\u2028\u2029") for segment in segments(text))


# Each case is the text with | where a cut belongs; | is no part of the text.
CASES = [
    # full stops, questions, exclamations
    "全省研发投入强度达到2.8%。|新增高新技术企业1200家。",
    "创新靠什么？|靠人才！|人才从哪里来？|靠培养和引进。",
    "这难道不值得深思？！|答案是肯定的。",
    "成绩来之不易。。|经验弥足珍贵。",
    "各位代表！|过去一年极不平凡。",
    "各位代表!|过去一年极不平凡。",
    "钱从哪里来?",
    "能否按期完工?|答案取决于各县。",
    "资金够不够，人手怎么办?|我们逐一作了安排。",
    # what does not end a sentence
    "支持企业牵头组建创新联合体；支持高校开放实验室；支持院所转化成果。",
    "重点任务包括：一是加强基础研究；二是突破关键技术；三是培育科技企业。|请认真落实。",
    "对以下项目给予补助：（一）首台套装备；（二）首批次材料；（三）首版次软件。",
    "支持方向：1.集成电路；2.生物医药；3.人工智能。",
    "建机制、搭平台、引人才……各地纷纷拿出实招。",
    "增速为6.5%、占比为33.3%，见表2.1。",
    "申报网址为https://kjt.example.gov.cn/apply?id=3&y=2024，邮箱为kjt@example.gov.cn。|逾期不再受理。",
    "经费由财政?门统一拨付，企业?得挪用。",
    "约翰?史密斯教授介绍了经验?，与会者反响热烈。",
    "費用需提高35%?94%。",
    "研究指数?评价模型。",
    "加快創(chuàng)新聯(lián)合體建設(shè)。|領(lǐng)域不斷擴(kuò)大。",
    "加快創(chu?ng)新聯(li?n)合體建設(sh?)，拓寬領(l?ng)域。|成效明顯。",
    # titles
    "贯彻《关于进一步支持企业创新的若干措施》（试行）精神。|抓好落实。",
    "他重读了《怎么办？》一书，深受启发。|后来写下笔记。",
    "栏目《出发！去实验室》《数据说话。》广受好评。",
    # quotes
    "他说：“创新是第一动力。”|会议强调，要真抓实干。",
    "他说：“创新是第一动力。人才是第一资源。”|会议强调，要真抓实干。",
    "所谓“揭榜挂帅”，就是谁有本事谁来干。|这一机制成效明显。",
    "提出“谁来种地？怎么种地？”的问题。|各地给出答案。",
    "面对“钱从哪来？”“人往哪去？”等难题，县里出了新招。",
    "“一天就办成了！”，企业负责人连声称赞。",
    "“把论文写在大地上。”|这是他的座右铭。",
    "他回忆：“老师说‘要坐冷板凳。’我记住了。”|此后十年未改。",
    "「先行先試。」|這是原則。",
    '文件要求"应转尽转。能转快转。"|各单位照办。',
    "“没有创新就没有出路。|这是大家的共识。",
    "有了出路”。|这是大家的共识。",
    '推行“一网通办"服务。|压减审批时限。|推行“一件事”改革。',
    "他说：“要抓紧干。”。|会后各市立即行动。",
    # brackets
    "加大投入（含社会资本。不含贷款）并加强监管。|确保安全。",
    "深化改革。|（责任单位：省科技厅、省财政厅）",
    "深化改革。|（责任单位：省科技厅。）|加强监督。",
    "加大投入（单位：亿元。|确保安全。",
    "据测算，投入产出比为1∶4。[12]|另有研究[3]持相同看法。",
    "【编者按】创新驱动发展。|本期刊发一组报道。",
    # numbering
    "一、总体要求\n|（一）指导思想。|坚持创新驱动。\n|1.基本原则\n|第一条 为了规范管理，制定本办法。",
    "①加大投入。|②加强监管。",
    "1。支持企业建设研发机构。|2。支持高校开放共享设备。",
    "1．优化布局。|2．培育主体。",
    # English among Chinese
    "This policy supports small and medium firms. |It was issued in 2023. |本文译自英文。",
    "参见Smith J. et al. Science Policy, vol. 3. 北京：某某出版社。",
    # line ends and blanks
    "关于印发方案的通知\n\n|各市人民政府：\r\n|  现印发给你们。　|请遵照执行。  ",
]


@pytest.mark.parametrize("case", CASES)
def test_cuts_are_where_a_coder_would_make_them(case: str) -> None:
    assert segments(case.replace("|", "")) == [part.strip() for part in case.split("|")]


def test_an_enclosure_without_its_closing_mark_does_not_swallow_the_line() -> None:
    assert segments("“甲。《乙。（丙。") == ["“甲。", "《乙。", "（丙。"]


def test_a_quotation_longer_than_the_limit_is_cut_at_its_own_sentences() -> None:
    inner = "加快推进科技成果转化应用。" * (LONGEST_ENCLOSURE // 10)
    assert len(segments(f"他说：“{inner}”")) > 30


def test_a_segment_over_the_limit_is_parted_at_semicolons_before_commas() -> None:
    parts = segments("支持企业、高校，加强攻关；" * 200)
    assert len(parts) > 1
    assert all(len(part) <= LONGEST_SENTENCE and part.endswith("；") for part in parts)


@pytest.mark.parametrize(
    "unit", ["创", "。", "“", "“”", "《。", "啊（。）", "?", "a?", "（", "，", "a. Bcd ", "创?", "。[1]"]
)
def test_time_grows_with_the_text_and_not_with_its_square(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    began = time.process_time()
    split_sentences(text)
    assert time.process_time() - began < 4.0  # a square would take minutes


def document(text: str) -> Document:
    return Document("d1", "a.txt", "a", "txt", "utf-8", 1.0, "0" * 64, text, DocumentMetadata())


def kinds(text: str) -> dict[str, str]:
    return {sentence.text: sentence.kind for sentence in sentences_of(document(text))}


def test_sentence_ids_are_stable_unique_and_in_order() -> None:
    first, second = sentences_of(document("甲。乙。")), sentences_of(document("甲。乙。"))
    assert first == second
    assert [sentence.sentence_id for sentence in first] == ["d1-00000", "d1-00001"]


@settings(max_examples=200, deadline=None)
@given(_TEXTS)
def test_sentences_hold_the_text_under_their_spans(text: str) -> None:
    for sentence in sentences_of(document(text)):
        assert isinstance(sentence, Sentence)
        assert sentence.text == text[sentence.span.start : sentence.span.end]


@pytest.mark.parametrize(
    "heading",
    [
        "一、总体要求",
        "（二）强化企业创新主体地位",
        "1.建设创新平台，集聚创新资源",
        "2．培育科技领军企业",
        "① 加强组织领导",
        "第三章 科技成果转化",
        "第二节 财政支持",
        "第四部分 保障措施",
        "某某省科技创新“十四五”规划",
        "附件1",
        "基本原则",
    ],
)
def test_headings_are_recognised(heading: str) -> None:
    assert kinds(f"正文在前。\n{heading}\n正文在后。")[heading] == "heading"


@pytest.mark.parametrize(
    "line",
    [
        "各市人民政府：",
        "加大财政投入。",
        "（一）企业研发费用加计扣除比例提高到100%；",
        "第一条 为了规范资金管理，制定本办法。",
        "2024年3月5日",
        "12.5%",
        "地区|项目|金额",
        "24 | 0.1500",
        "10 l 68587 0.040189",
        "3 企业 12996 0.021564 5.5352",
        "某某市 11.5 -2.3%",
        "（本报记者 某某）",
        "某政发〔2024〕12号",
        "高新技术企业数量，科技型中小企业数量",
    ],
)
def test_body_lines_are_not_headings(line: str) -> None:
    assert kinds(f"正文在前。\n{line}\n正文在后。")[line] == "sentence"


def test_a_numbered_heading_before_its_text_on_the_same_line_is_a_heading() -> None:
    found = kinds("（一）加强基础研究。支持高校开展自由探索。")
    assert found == {"（一）加强基础研究。": "heading", "支持高校开展自由探索。": "sentence"}


def test_such_a_heading_may_be_as_long_as_any_other_and_a_numbered_sentence_is_none() -> None:
    heading = "（二）扩大有效益的投入、激发有潜能的需求，改善营商环境，提振市场信心。"
    sentence = f"（三）{'支持企业牵头组建创新联合体，' * 4}承担攻关任务。"
    found = kinds(f"前。\n{heading}加快项目建设。\n{sentence}给予补助。")
    assert len(heading) > 30
    assert (found[heading], found[sentence]) == ("heading", "sentence")
