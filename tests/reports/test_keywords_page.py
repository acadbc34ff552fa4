from __future__ import annotations

from dataclasses import replace

import pytest

from policy_nlp.analysis.keyword_result import KeywordsResult, KeywordYears
from policy_nlp.analysis.keywords import YearShare
from policy_nlp.operations.keywords import find_keywords
from policy_nlp.reports.charts.chart import LineChart, NetworkChart
from policy_nlp.reports.keywords_page import keywords_page
from policy_nlp.reports.pages.page import Page
from policy_nlp.reports.report_blocks import BulletList, Paragraph, TableBlock
from policy_nlp.settings.keywords import KeywordsSettings


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> KeywordsResult:
    folder = tmp_path_factory.mktemp("keywords")
    for name, text in {"a": "企业培养人才。企业保护海洋。", "b": "企业培养人才。海洋。"}.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return find_keywords(
        KeywordsSettings((folder / "a.txt", folder / "b.txt"), folder / "out", min_count=1, min_together=1)
    )


def table_of(page: Page, anchor: str) -> TableBlock:
    (section,) = (section for section in page.sections if section.anchor == anchor)
    return next(part for part in section.parts if isinstance(part, TableBlock))


def test_the_table_has_the_numbers_of_the_result_and_n_a_for_what_is_undefined(
    result: KeywordsResult,
) -> None:
    rows = table_of(keywords_page(result), "keywords").rows
    assert [(row[1], row[2], row[3]) for row in rows] == [
        (word.text, str(word.count), str(word.n_documents)) for word in result.keywords
    ]
    assert all(row[6:] == ("n/a", "n/a", "n/a") for row in rows)  # no document is dated


def test_bursts_are_shown_with_their_years(result: KeywordsResult) -> None:
    burst = replace(result.keywords[0], strength=3.84, burst_years=(2022, 2023), first_year=2020)
    page = keywords_page(replace(result, keywords=(burst, *result.keywords[1:])))
    assert table_of(page, "keywords").rows[0][6:] == ("3.84", "2022–2023", "2020")


def test_the_picture_has_the_nodes_and_ties_of_the_network(result: KeywordsResult) -> None:
    (chart,) = (chart for chart in keywords_page(result).charts if isinstance(chart, NetworkChart))
    assert [node.name for node in chart.nodes] == [node.keyword.text for node in result.network.nodes]
    assert [(edge.source, edge.target, edge.weight) for edge in chart.edges] == [
        (tie.first, tie.second, tie.weight) for tie in result.network.ties
    ]


def test_only_years_with_documents_enough_have_a_share(result: KeywordsResult) -> None:
    shares = (YearShare(2020, 3, 10), YearShare(2021, 1, 1), YearShare(2022, 6, 10))
    page = keywords_page(replace(result, years=(KeywordYears("企业", shares),)))
    (chart,) = (chart for chart in page.charts if isinstance(chart, LineChart))
    assert chart.places == ("2020", "2022")
    assert [one.value for one in chart.series[0].estimates] == [0.3, 0.6]
    assert [row[:3] for row in table_of(page, "years").rows] == [
        ("2020", "10", "3"), ("2021", "1", "1"), ("2022", "10", "6"),
    ]  # fmt: skip


def test_the_page_says_how_it_was_done_and_where_the_codebook_is_from(result: KeywordsResult) -> None:
    page = keywords_page(result)
    methods = next(section for section in page.sections if section.anchor == "methods")
    words = " ".join(
        text
        for part in methods.parts
        for text in (part.items if isinstance(part, BulletList) else ())
        if not isinstance(part, Paragraph)
    )
    assert all(name in words for name in ("jieba", "TF-IDF", "Louvain", "Kleinberg", "CiteSpace"))
    assert "重建" in page.codebook_note
    assert any(result.codebook.digest[:12] in line for line in page.signature)
