"""Every sample of data/samples/ is read whole and clean, and the samples show every code."""

from __future__ import annotations

import collections
import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from policy_nlp.codebook import load_codebook, shipped_codebook_path
from policy_nlp.gold import read_coded_units
from policy_nlp.records import CodedUnit, Document, SkippedInput
from policy_nlp.sentences import sentences_of

DATA = Path(__file__).parents[1] / "data"
GOLD_PATH = DATA / "sample_gold.jsonl"
N_ITEMS = 30


@dataclass(frozen=True)
class Expected:
    """What reading one sample must give."""

    format: str
    title: str
    encoding: str | None = None
    number: str | None = None
    region: str | None = None
    year: int | None = None
    once: tuple[str, ...] = ()  # in the text exactly once
    never: tuple[str, ...] = ()


EXPECTED = {
    "01_组建创新联合体实施意见.docx": Expected(
        "docx",
        "临江省人民政府关于加快组建创新联合体的实施意见",
        number="临政发〔2024〕12号",
        year=2024,
        once=(
            "因技术路线变化没有完成任务的，经同行评议可以延期一年。",  # a tracked insertion
            "办理提示：备案材料在省科技厅网站提交",  # a text box, twice in the file
            "公布首批开放场景名录",  # a table cell
            "二〇二四年六月十八日",
        ),
        never=("一律收回全部财政资金", "临江省人民政府公报", "PAGE", "TOC", "第1页"),
    ),
    "02_报纸通讯.html": Expected(
        "html",
        "一张清单，十七家单位：云屏轴承创新联合体这三年",
        encoding="utf-8",
        once=("清晨六点半，澄湖边的雾还没有散", "厂区食堂今天的菜是冬瓜排骨和清炒藕片", "难题写在清单上"),
        never=("下载客户端", "分享到", "菊花展", "版权所有", "pageConfig", "请输入关键词", "count.gif"),
    ),
    "03_项目申报指南.html": Expected(
        "html",
        "云屏市科学技术局关于发布2025年度创新联合体项目申报指南的通知",
        encoding="gb18030",
        number="云科发〔2025〕7号",
        year=2025,
        once=(
            "以㵲溪示范农场为试验场景",
            "单项经费上限（万元）",
            "磻湖楼203室",
            "各县（市、区）科技主管部门，各有关单位",
        ),
        never=("加入收藏", "无障碍浏览", "网站地图", "1024×768", "一图读懂"),
    ),
    "04_科技创新专项规划.pdf": Expected(
        "pdf",
        "澜川省“十五五”科技创新专项规划",
        number="澜政办发〔2026〕3号",
        year=2026,
        once=(
            "第一节　加强组织领导",
            "凡是用户不点头的应用类课题不予立项。",  # begins on one page, ends on the next
        ),
        never=("澜川省科技创新专项规划（示例）", "— 2 —", "—2—", "— 5 —"),
    ),
    "05_政府工作报告节选.txt": Expected(
        "txt",
        "政府工作报告（节选）",
        encoding="gb18030",
        year=2025,
        once=("（一）着力增强科技创新能力",),
        never=("\r", "　　"),
    ),
    "06_提案.txt": Expected(
        "txt",
        "关于在浙江省完善创新联合体选题与共享机制的提案",
        encoding="utf-16-le",
        region="浙江",
        year=2024,
        once=("（二）建立企业出题机制。",),
        never=("\ufeff", "\r"),
    ),
    "08_期刊文章转载.html": Expected(
        "html",
        "創(chuàng)新聯(lián)合體的組織方式與運行效果",
        encoding="utf-8",
        once=("聯(lián)合攻克關（guān）鍵核心?術(shù)", "穩定的基礎?究投入渠道"),
        never=("會員充值", "猜你喜歡", "免責聲明", "閱讀券"),
    ),
    "09_会议材料.zip/简报/工作简报第11期.txt": Expected(
        "txt", "工作简报（第11期）", encoding="gb18030", once=("会议通报了有关情况。",)
    ),
    "09_会议材料.zip/座谈会纪要.docx": Expected(
        "docx", "焊接装备产业座谈会纪要", once=("大学材料学院",), never=("PAGE",)
    ),
    "10_創新聯合體觀察.txt": Expected(
        "txt", "創新聯合體觀察：三個小故事", encoding="big5", once=("無塵室",), never=("　　",)
    ),
    "11_发言提纲.md": Expected(
        "md",
        "四川省制造业创新座谈会发言提纲",
        encoding="utf-8",
        region="四川",
        once=("新质生产力", "两家通过认证", "会议资料"),
        never=("**", "](http", "---:"),
    ),
}


@pytest.fixture(scope="module")
def inputs() -> list[Document | SkippedInput]:
    load = pytest.importorskip("policy_nlp.documents.load")
    return list(load.iter_documents([DATA / "samples"]))


@pytest.fixture(scope="module")
def documents(inputs: list[Document | SkippedInput]) -> list[Document]:
    return [document for document in inputs if isinstance(document, Document)]


@pytest.fixture(scope="module")
def gold() -> list[CodedUnit]:
    return read_coded_units(GOLD_PATH, load_codebook(shipped_codebook_path()))


def find_documents(documents: list[Document], name: str) -> list[Document]:
    return [document for document in documents if f"/{name}" in f"/{document.path}"]


def squeeze(text: str) -> str:
    """The text without white space, which formats keep differently."""
    return "".join(text.split())


def test_no_sample_is_skipped(inputs: list[Document | SkippedInput]) -> None:
    assert [item.reason for item in inputs if isinstance(item, SkippedInput)] == []
    assert len(inputs) == len(EXPECTED) + N_ITEMS


@pytest.mark.parametrize("name", EXPECTED)
def test_sample_is_read_with_its_format_encoding_and_metadata(documents: list[Document], name: str) -> None:
    (document,) = find_documents(documents, name)
    expected = EXPECTED[name]
    assert (document.format, document.title) == (expected.format, expected.title)
    assert document.metadata.document_number == expected.number
    assert document.metadata.region == expected.region
    if expected.year is not None:
        assert document.metadata.year == expected.year
    if expected.encoding is not None:
        assert document.encoding == expected.encoding


@pytest.mark.parametrize("name", EXPECTED)
def test_sample_holds_its_body_once_and_nothing_around_it(documents: list[Document], name: str) -> None:
    (document,) = find_documents(documents, name)
    text = squeeze(document.text)
    counts = {part: text.count(squeeze(part)) for part in EXPECTED[name].once}
    assert counts == dict.fromkeys(EXPECTED[name].once, 1)
    assert [part for part in EXPECTED[name].never if part in document.text] == []


def test_each_row_of_the_table_is_one_document_with_its_title(documents: list[Document]) -> None:
    items = find_documents(documents, "07_报纸条目.xlsx")
    assert len(items) == N_ITEMS
    assert items[4].title == "新学期校车线路调整"
    assert items[4].text.startswith("市教育局公布新学期校车线路")
    assert items[4].metadata.date == "2024-02-19"


def test_each_gold_sentence_is_one_segment_of_its_document(
    documents: list[Document], gold: list[CodedUnit]
) -> None:
    names = {unit.document_id or "" for unit in gold}
    segments = {
        name: [s.text for d in find_documents(documents, name) for s in sentences_of(d)] for name in names
    }
    missing = [
        unit.text
        for unit in gold
        if not any(segment.endswith(unit.text) for segment in segments[unit.document_id or ""])
    ]
    assert missing == []


def test_gold_shows_every_code_at_least_twice_in_two_documents(gold: list[CodedUnit]) -> None:
    n_units: collections.Counter[str] = collections.Counter()
    samples: dict[str, set[str]] = collections.defaultdict(set)
    for unit in gold:
        for code_id in (*(unit.initial or ()), *(unit.dimensions or ()), *(unit.paths or ())):
            n_units[code_id] += 1
            samples[code_id].add(unit.unit_id.split("-")[1])
    code_ids = load_codebook(shipped_codebook_path()).code_ids
    assert {code_id for code_id in code_ids if n_units[code_id] < 2 or len(samples[code_id]) < 2} == set()


def test_gold_without_a_category_has_no_dimension_and_no_path(gold: list[CodedUnit]) -> None:
    assert [unit.text for unit in gold if not unit.initial and (unit.dimensions or unit.paths)] == []


def test_gold_and_text_samples_are_what_the_script_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(DATA))
    import make_samples

    sources = make_samples.read_sources()
    rows = [json.loads(line) for line in GOLD_PATH.read_text("utf-8").splitlines()]
    assert list(make_samples.iter_gold_rows(sources)) == rows
    built = make_samples.build_samples(sources)
    assert set(built) == {path.name for path in (DATA / "samples").iterdir()}
    for name, content in built.items():
        if name.endswith((".txt", ".md", ".html")):
            assert (DATA / "samples" / name).read_bytes() == content, name
