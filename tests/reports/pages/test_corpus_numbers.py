"""Sections of numbers: every number shown is that of the corpus, and of the table beside the picture."""

from __future__ import annotations

import math
from dataclasses import replace

import lxml.html
import pytest

from policy_nlp.codebook import Codebook
from policy_nlp.reports.charts.chart import BarChart, HeatMapChart, LineChart
from policy_nlp.reports.charts.html import render_chart
from policy_nlp.reports.charts.tables import chart_tables
from policy_nlp.reports.pages.corpus_numbers import corpus_sections
from policy_nlp.reports.pages.page import PagePart
from policy_nlp.reports.report_blocks import Paragraph, TableBlock
from tests.reports.pages.corpora import Said, write_corpus

SUPPORT, LEADER = "government_support", "leading_enterprise_leadership"
DOCUMENTS = {
    "a": [Said("甲。", {SUPPORT: 0.9, "path_5": 0.8}), Said("乙。"), Said("丙。", status="abstained")],
    "b": [Said("丁。", {SUPPORT: 0.9, LEADER: 0.7, "market_oriented": 0.9}), Said("戊。", is_heading=True)],
    "c": [Said("己。", {LEADER: 0.7})],
}


def parts_of(
    codebook: Codebook, years: tuple[int | None, ...] = (2023, 2024, None)
) -> dict[str, tuple[PagePart, ...]]:
    written = write_corpus(codebook, DOCUMENTS, years=years)
    return {section.anchor: section.parts for section in corpus_sections(written.corpus)}


def test_the_table_and_the_picture_of_a_level_say_the_same(shipped_codebook: Codebook) -> None:
    parts = parts_of(shipped_codebook)["frequencies"]
    charts = [part for part in parts if isinstance(part, BarChart)]
    tables = [part for part in parts if isinstance(part, TableBlock)]
    assert len(charts) == len(tables) == 4
    for chart, table in zip(charts, tables, strict=True):
        at = table.header.index("占句子")
        assert [row[at] for row in table.rows] == [f"{bar.estimate.value:.1%}" for bar in chart.bars]


def test_every_number_of_a_heat_map_on_the_page_is_in_its_table(shipped_codebook: Codebook) -> None:
    for part in parts_of(shipped_codebook)["co-occurrence"]:
        if not isinstance(part, HeatMapChart):
            continue
        cells = [
            td.text_content().strip()
            for td in lxml.html.fromstring(str(render_chart(part))).xpath("//tbody//td")
        ]
        (table,) = chart_tables(part)
        at = table.header.index("value")
        assert cells == [f"{row[at]:,.0f}" for row in table.rows]


def test_shares_are_of_the_sentences_that_were_decided_on(shipped_codebook: Codebook) -> None:
    chart = next(part for part in parts_of(shipped_codebook)["frequencies"] if isinstance(part, BarChart))
    values = {bar.name: bar.estimate.value for bar in chart.bars}
    assert values["创新环境"] == 2 / 5


def test_a_dimension_without_sentences_has_no_profile(shipped_codebook: Codebook) -> None:
    chart = parts_of(shipped_codebook)["dimensions"][0]
    assert isinstance(chart, HeatMapChart)
    rows = dict(zip(chart.row_names, chart.values, strict=True))
    assert all(math.isnan(value) for value in rows["战略引领"])
    assert rows["市场导向"][1] == 1.0


@pytest.mark.parametrize(("years", "n_undated"), [((2023, 2024, None), 1), ((2023, 2024, 2024), 0)])
def test_the_timeline_says_how_many_documents_have_no_year(
    shipped_codebook: Codebook, years: tuple[int | None, ...], n_undated: int
) -> None:
    note, chart, _ = parts_of(shipped_codebook, years)["timeline"]
    assert isinstance(note, Paragraph)
    assert isinstance(chart, LineChart)
    assert f"{n_undated} 个没有" in note.text
    assert chart.places == ("2023", "2024")


def test_a_year_with_few_documents_has_no_interval_and_says_why(shipped_codebook: Codebook) -> None:
    chart = parts_of(shipped_codebook)["timeline"][1]
    assert isinstance(chart, LineChart)
    assert all(not one.has_interval and one.reason for series in chart.series for one in series.estimates)


def test_why_there_is_no_interval_is_said_in_chinese(shipped_codebook: Codebook) -> None:
    corpus = write_corpus(shipped_codebook, {"a": DOCUMENTS["a"]}).corpus
    bars = [
        bar
        for section in corpus_sections(corpus)
        for part in section.parts
        if isinstance(part, BarChart)
        for bar in part.bars
    ]
    assert bars
    assert all(bar.estimate.reason.startswith("没有区间") for bar in bars)


def test_without_two_years_there_is_a_sentence_in_place_of_a_picture(shipped_codebook: Codebook) -> None:
    (only,) = parts_of(shipped_codebook, (None, None, 2024))["timeline"]
    assert isinstance(only, Paragraph)
    assert "不足两个年份" in only.text


def test_a_codebook_without_dimensions_and_paths_has_no_such_pictures(shipped_codebook: Codebook) -> None:
    bare = replace(shipped_codebook, dimensions=(), paths=())
    documents = {"a": [Said("甲。", {SUPPORT: 0.9}), Said("乙。")]}
    sections = {one.anchor: one.parts for one in corpus_sections(write_corpus(bare, documents).corpus)}
    assert "dimensions" not in sections
    assert [part.chart_id for part in sections["frequencies"] if isinstance(part, BarChart)] == [
        "frequencies-main", "frequencies-initial",
    ]  # fmt: skip
