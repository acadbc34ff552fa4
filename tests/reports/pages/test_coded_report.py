"""report.html as a whole, and in a real browser: read, filter, jump, scores by mouse, keyboard and touch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import lxml.html
import pytest
from browser import OpenPage

from policy_nlp.codebook import Codebook
from policy_nlp.reports.pages.coded_report import make_coded_report
from tests.reports.pages.corpora import Said, Written, manifest_of, write_corpus

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SUPPORT, LEADER = "government_support", "leading_enterprise_leadership"
ATTACK = "<script>document.title='taken'</script><img src=x onerror=alert(1)>"
DOCUMENTS = {
    "a": [
        Said("一、总体要求", is_heading=True),
        Said("省财政支持联合体。", {SUPPORT: 0.93, "path_5": 0.61}, gap="\n"),
        Said("会议由办公厅主持。"),
        Said("也许有关。", gap="\n", status="abstained"),
    ],
    "b": [Said(f"龙头企业牵头{ATTACK}。", {LEADER: 0.88}), Said("无关。")],
    "c": [Said("今天天气好。"), Said("再支持一次。", {SUPPORT: 0.55})],
}


def report_of(written: Written, **options: int) -> str:
    return make_coded_report(written.corpus, written.texts, manifest=manifest_of(written), **options).html


@pytest.fixture
def written(shipped_codebook: Codebook) -> Written:
    return write_corpus(shipped_codebook, DOCUMENTS)


@pytest.fixture
def report_path(written: Written, tmp_path: Path) -> Path:
    path = tmp_path / "report.html"
    path.write_text(report_of(written), encoding="utf-8")
    return path


def open_report(open_page: OpenPage, path: Path, *, width: int = 1440) -> Page:
    page = open_page(width=width)
    page.goto(path.as_uri())
    return page


def shown_ids(page: Page) -> list[str]:
    return page.evaluate(
        "[...document.querySelectorAll('.coded [id]')].filter(e => e.offsetParent !== null).map(e => e.id)"
    )


def test_the_page_shows_the_status_of_the_codebook_the_model_and_the_hashes(written: Written) -> None:
    text = lxml.html.document_fromstring(report_of(written)).text_content()
    assert written.corpus.codebook.status in text
    assert "不是人工编码" in text
    assert all(digit * 64 in text for digit in "123")
    assert "图.png" in text
    assert "no text <b>" in text


def test_the_page_lists_no_digest_of_itself_and_no_date(written: Written) -> None:
    html = report_of(written)
    assert "4" * 64 not in html
    assert "2026-11-23" not in html


def test_ids_are_unique_and_every_link_has_a_target(written: Written) -> None:
    tree = lxml.html.document_fromstring(report_of(written))
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in tree.xpath("//a/@href")} <= set(ids)
    assert {*written.corpus.sentence_ids, "a", "b", "c"} <= set(ids)


def test_a_page_that_cannot_hold_the_texts_says_so(written: Written) -> None:
    report = make_coded_report(
        written.corpus, written.texts, manifest=manifest_of(written), most_characters=10
    )
    assert report.n_shown_in_part == 3
    assert "下面只显示有编码和弃权的句子" in report.html
    assert "下面只显示" not in report_of(written)


def test_thirty_reports_of_twenty_thousand_characters_take_less_than_three_megabytes(
    shipped_codebook: Codebook,
) -> None:
    sentence = "加快组建创新联合体，支持领军企业牵头承担国家重大科技项目，推动产业链上下游协同攻关。"
    codes = {SUPPORT: 0.9, LEADER: 0.8, "path_4": 0.7}
    said = [Said(sentence, codes if place % 3 == 0 else {}) for place in range(20_000 // len(sentence) + 1)]
    written = write_corpus(shipped_codebook, {f"{number:016x}": said for number in range(30)})
    assert sum(map(len, written.texts)) >= 600_000
    assert len(report_of(written).encode()) < 3_000_000


def test_a_script_in_a_sentence_stays_text(open_page: OpenPage, report_path: Path) -> None:
    page = open_report(open_page, report_path)
    assert page.title() == "政策文本编码报告"
    assert ATTACK in (page.text_content("article[id=b]") or "")
    assert page.locator("img").count() == 0


def test_a_code_filter_leaves_its_sentences(open_page: OpenPage, report_path: Path) -> None:
    page = open_report(open_page, report_path)
    assert page.inner_text("#found") == "有编码 3 句，3 个文件"
    page.select_option("#code", label="政府支持")
    assert page.inner_text("#found") == "匹配 2 句，2 个文件"
    page.check("#only")
    assert shown_ids(page) == ["s1", "s7"]
    page.click("#clear")
    assert len(shown_ids(page)) == 8


@pytest.mark.parametrize(
    ("code", "ids"),
    [("产学研协同创新深度融合", ["s4"]), ("结合有为政府与有效市场，提升国家创新体系效能", ["s1"])],
)
def test_main_categories_and_paths_are_filtered_too(
    open_page: OpenPage, report_path: Path, shipped_codebook: Codebook, code: str, ids: list[str]
) -> None:
    page = open_report(open_page, report_path)
    names = {one.name_zh.replace(",", "，"): one.name_zh for one in shipped_codebook.all_codes}
    page.select_option("#code", label=names[code])
    page.check("#only")
    assert shown_ids(page) == ids


def test_status_and_words_are_searched(open_page: OpenPage, report_path: Path) -> None:
    page = open_report(open_page, report_path)
    page.select_option("#status", "abstained")
    page.check("#only")
    assert shown_ids(page) == ["s3"]
    page.click("#clear")
    page.fill("#query", "支持")
    page.locator("#found", has_text="匹配 2 句").wait_for()


def test_keys_jump_from_coded_sentence_to_coded_sentence_and_show_its_scores(
    open_page: OpenPage, report_path: Path
) -> None:
    page = open_report(open_page, report_path)
    for expected in ("s1", "s4", "s7", "s1"):
        page.keyboard.press("n")
        assert page.evaluate("document.activeElement.id") == expected
    assert "政府支持" in page.inner_text("#detail")
    assert "0.93" in page.inner_text("#detail")
    page.keyboard.press("p")
    assert page.evaluate("document.activeElement.id") == "s7"
    page.keyboard.press("Escape")
    assert page.is_hidden("#detail")


def test_the_mouse_shows_the_scores_and_hides_them_again(open_page: OpenPage, report_path: Path) -> None:
    page = open_report(open_page, report_path)
    page.hover("#s4")
    assert "0.88" in page.inner_text("#detail")
    page.hover("h1")
    assert page.is_hidden("#detail")


def test_a_sentence_beside_a_match_shows_no_scores(open_page: OpenPage, report_path: Path) -> None:
    page = open_report(open_page, report_path)
    page.select_option("#code", label="政府支持")
    page.hover("#s2")
    assert page.is_hidden("#detail")
    page.hover("#s1")
    assert page.is_visible("#detail")


def test_a_finger_shows_the_scores_on_a_narrow_page_that_does_not_scroll_sideways(
    open_page: OpenPage, report_path: Path
) -> None:
    page = open_report(open_page, report_path, width=390)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.tap("#s7")
    assert "0.55" in page.inner_text("#detail")


def test_a_link_to_a_sentence_leads_to_it(open_page: OpenPage, report_path: Path) -> None:
    page = open_page(height=300)
    page.goto(f"{report_path.as_uri()}#s7")
    top = page.evaluate("document.getElementById('s7').getBoundingClientRect().top")
    assert 0 <= top < 300


def test_the_text_can_be_read_without_script(chromium: Browser, report_path: Path) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report_path.as_uri())
    assert "省财政支持联合体。" in (page.text_content("article[id=a]") or "")
    assert page.is_hidden("#tools")
    assert "没有运行脚本" in page.inner_text("#texts")
    context.close()


def test_the_page_prints_with_all_its_texts(open_page: OpenPage, report_path: Path, tmp_path: Path) -> None:
    import pdfplumber

    page = open_report(open_page, report_path)
    page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    with pdfplumber.open(tmp_path / "report.pdf") as pdf:
        assert pdf.pages[0].width == pytest.approx(595, abs=2)  # A4
        text = "".join(one.extract_text() for one in pdf.pages)
    assert "alert(1)" in text.replace("\n", "")  # in the middle of the texts
    assert "torch" in text  # at the end
