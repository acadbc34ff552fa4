"""The records of compare.html: which charts there are, and what they leave out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from policy_nlp.analysis.coded_corpus import CodedCorpus
from policy_nlp.analysis.comparison import Comparison, compare_levels, find_copies
from policy_nlp.analysis.groups import group_documents
from policy_nlp.analysis.permuting import Permutations
from policy_nlp.analysis.reuse_groups import measure_reuse
from policy_nlp.codebook import Codebook
from policy_nlp.records import DocumentMetadata
from policy_nlp.reports.charts.chart import HeatMapChart, LineChart, PanelChart, TileMapChart
from policy_nlp.reports.compare_charts import level_charts, province_maps
from policy_nlp.reports.compare_page import compare_page
from policy_nlp.reports.compare_tables import tests_table as table_of_tests
from policy_nlp.reports.report_blocks import BulletList, Paragraph, TableBlock
from policy_nlp.settings.compare import GroupBy
from tests.analysis.small_corpora import make_corpus


def _words(place: int, number: int) -> str:
    """A sentence that no other document has: characters that hang on both numbers."""
    return "".join(chr(0x4E00 + (place * 3001 + number * 61 + i * 7) % 9000) for i in range(12)) + "。"


def corpus_of(codebook: Codebook, metadata: Sequence[DocumentMetadata]) -> CodedCorpus:
    """Documents of 40 sentences, each with more coded ones than the one before."""
    documents = {
        f"d{place}": [
            (
                _words(place, number),
                {"government_support": 0.9} if number < 2 + 3 * place else {},
            )
            for number in range(40)
        ]
        for place in range(len(metadata))
    }
    corpus = make_corpus(codebook, documents)
    own = tuple(replace(d, metadata=m) for d, m in zip(corpus.documents, metadata, strict=True))
    return replace(corpus, documents=own)


def comparison_of(corpus: CodedCorpus, by: GroupBy) -> Comparison:
    grouping = group_documents(corpus, by)
    permutations = Permutations(99)
    return Comparison(
        corpus=corpus,
        grouping=grouping,
        levels=compare_levels(
            corpus, grouping, levels=("main", "initial"), gold=None, permutations=permutations
        ),
        gold=None,
        permutations=permutations,
        reuse=measure_reuse(corpus, grouping),
        copies=find_copies(corpus, grouping),
    )


@pytest.fixture(scope="module")
def by_region(shipped_codebook: Codebook) -> Comparison:
    names = ["浙江", "浙江", "浙江", "江苏", "江苏", "长三角"]
    return comparison_of(
        corpus_of(shipped_codebook, [DocumentMetadata(region=name) for name in names]), "region"
    )


def test_a_map_shows_the_province_s_share_and_names_what_has_no_tile(by_region: Comparison) -> None:
    charts = province_maps(by_region)
    assert len(charts) == 1 + 6
    tiles = {tile.name: tile.estimate.value for tile in charts[0].tiles}
    assert tiles["浙江"] == pytest.approx((2 + 5 + 8) / 120)
    assert np.isnan(tiles["北京"])
    assert "长三角" in charts[0].note


def test_the_heat_map_holds_the_shares_of_all_groups(by_region: Comparison) -> None:
    for one in by_region.levels:
        heat_map = level_charts(by_region, one)[0]
        assert isinstance(heat_map, HeatMapChart)
        expected = [[share.share.value for share in group.codes] for group in one.shares.groups]
        assert [list(row) for row in heat_map.values] == expected


def test_panels_draw_no_interval_of_two_documents_and_say_why(by_region: Comparison) -> None:
    panels = next(c for c in level_charts(by_region, by_region.levels[0]) if isinstance(c, PanelChart))
    by_name = {panel.title[:2]: panel.bars[1].estimate for panel in panels.panels}
    assert by_name["浙江"].has_interval
    assert not by_name["江苏"].has_interval
    assert "不足 3 份" in by_name["江苏"].reason


def test_years_are_a_line_and_no_map(shipped_codebook: Codebook) -> None:
    metadata = [DocumentMetadata(year=2020 + place // 2) for place in range(6)]
    comparison = comparison_of(corpus_of(shipped_codebook, metadata), "year")
    page = compare_page(comparison)
    lines = [chart for chart in page.charts if isinstance(chart, LineChart)]
    assert [line.places for line in lines] == [("2020", "2021", "2022")]
    assert not any(isinstance(chart, TileMapChart) for chart in page.charts)


def test_one_document_a_group_is_said_in_the_table_of_tests(shipped_codebook: Codebook) -> None:
    metadata = [DocumentMetadata(region=name) for name in ("浙江", "江苏", "安徽")]
    comparison = comparison_of(corpus_of(shipped_codebook, metadata), "region")
    notes = " ".join(table_of_tests(comparison, comparison.levels[0]).notes)
    assert "每组只有一份文件" in notes


def test_too_few_documents_are_said_to_have_no_power(shipped_codebook: Codebook) -> None:
    metadata = [DocumentMetadata(region=name) for name in ("浙江", "浙江", "江苏", "江苏")]
    comparison = comparison_of(corpus_of(shipped_codebook, metadata), "region")
    assert "p 最小只能到 0.333" in table_of_tests(comparison, comparison.levels[0]).notes[0]


def test_documents_left_out_and_copies_are_named(shipped_codebook: Codebook) -> None:
    metadata = [DocumentMetadata(region=name) for name in ("浙江", "浙江", "江苏", "江苏")] + [
        DocumentMetadata()
    ]
    corpus = corpus_of(shipped_codebook, metadata)
    texts = (*corpus.texts[:40], *corpus.texts[:40], *corpus.texts[80:])
    parts = compare_page(comparison_of(replace(corpus, texts=texts), "region")).sections[0].parts
    words = [part.text for part in parts if isinstance(part, Paragraph)]
    listed = [item for part in parts if isinstance(part, BulletList) for item in part.items]
    assert any("1 份文件没有地区" in text for text in words)
    assert any("1 份文件与另一份几乎相同" in text for text in words)
    assert listed == ["文件d4", "d1.txt ＝ d0.txt"]
    assert isinstance(parts[0], TableBlock)
