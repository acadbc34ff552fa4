from __future__ import annotations

from policy_nlp.analysis.vocabulary import VocabularyRules, compare_vocabularies
from policy_nlp.reports.charts.chart import PanelChart
from policy_nlp.reports.report_blocks import Paragraph, TableBlock
from policy_nlp.reports.vocabulary_section import vocabulary_section, vocabulary_sheet
from tests.analysis.word_tables import make_table

COMPARISON = compare_vocabularies(
    make_table([["海洋 海洋 海洋 企业"] * 9, ["山地 山地 山地 企业"] * 9, ["企业 海洋 山地"]]),
    ["沿海", "内陆", "中间"],
    rules=VocabularyRules(prior_size=10.0, min_count=2),
)


def test_chart_table_and_sheet_have_the_same_words() -> None:
    section = vocabulary_section(COMPARISON, group_name="地区")
    (chart,) = (part for part in section.parts if isinstance(part, PanelChart))
    (table,) = (part for part in section.parts if isinstance(part, TableBlock))
    expected = [(g.name, word.text) for g in COMPARISON.groups for word in g.typical]
    assert expected[:2] == [("沿海", "海洋"), ("内陆", "山地")]
    assert [(panel.title, bar.name) for panel in chart.panels for bar in panel.bars] == expected
    assert [row[:2] for row in table.rows] == expected
    assert [row[:2] for row in vocabulary_sheet(COMPARISON).rows] == expected


def test_a_group_without_typical_words_is_named() -> None:
    notes = [part.text for part in vocabulary_section(COMPARISON).parts if isinstance(part, Paragraph)]
    assert any("中间" in note for note in notes)


def test_the_rules_are_told() -> None:
    first = vocabulary_section(COMPARISON).parts[0]
    assert isinstance(first, Paragraph)
    assert "Monroe" in first.text
    assert "先验强度 10 词" in first.text


def test_a_group_of_one_document_is_said_to_be_that_document() -> None:
    notes = [part.text for part in vocabulary_section(COMPARISON).parts if isinstance(part, Paragraph)]
    assert any("3 个组只有一篇文档" in note for note in notes)
