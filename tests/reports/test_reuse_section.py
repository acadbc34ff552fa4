"""The section and the sheets of text reuse say the numbers that were counted."""

from __future__ import annotations

from policy_nlp.analysis.groups import group_documents
from policy_nlp.analysis.reuse_groups import CorpusReuse, measure_reuse
from policy_nlp.codebook import Codebook
from policy_nlp.records import DocumentMetadata
from policy_nlp.reports.charts.chart import HeatMapChart
from policy_nlp.reports.reuse_section import reuse_section, reuse_sheets
from tests.analysis.test_text_reuse import CHANGED, LONG, OTHERS, SHARED, CodedCorpus, corpus_of


def example(codebook: Codebook, *, later: str | None) -> tuple[CodedCorpus, CorpusReuse]:
    corpus = corpus_of(
        codebook,
        {"甲": [SHARED, OTHERS[0]], "乙": [CHANGED, OTHERS[1], LONG]},
        metadata={
            "甲": DocumentMetadata(region="河北", date="2023-01-10"),
            "乙": DocumentMetadata(region="浙江", date=later),
        },
    )
    return corpus, measure_reuse(corpus, group_documents(corpus, "region"))


def test_charts_hold_shares_of_the_column_and_counts_in_order_of_time(shipped_codebook: Codebook) -> None:
    corpus, found = example(shipped_codebook, later="2024-01-10")
    shared, handed_on = (
        part for part in reuse_section(corpus, found).parts if isinstance(part, HeatMapChart)
    )
    assert shared.values == ((0.0, 1 / 3), (0.5, 0.0))
    assert handed_on.values == ((0.0, 1.0), (0.0, 0.0))


def test_without_dates_no_order_is_drawn_and_it_is_said(shipped_codebook: Codebook) -> None:
    corpus, found = example(shipped_codebook, later=None)
    parts = reuse_section(corpus, found).parts
    assert sum(isinstance(part, HeatMapChart) for part in parts) == 1
    assert any("未作先后推断" in str(part) for part in parts)


def test_sheets_hold_every_document_cluster_and_pair(shipped_codebook: Codebook) -> None:
    corpus, found = example(shipped_codebook, later="2024-01-10")
    documents, groups, sentences, pairs = reuse_sheets(corpus, found)
    assert [row[3:6] for row in documents.rows] == [(2, 1, 0.5), (3, 1, 1 / 3)]
    assert [row[:3] for row in groups.rows] == [("河北", "浙江", 1), ("浙江", "河北", 1)]
    assert [row[-1] for row in sentences.rows] == [SHARED, CHANGED]
    assert {row[1] for row in pairs.rows} == {SHARED}
    assert all(str(row[-1]) in SHARED for row in pairs.rows)
