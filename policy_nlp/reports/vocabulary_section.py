"""Words typical of each group of documents -> a section of a page, and a sheet of a workbook."""

from __future__ import annotations

from policy_nlp.analysis.vocabulary import GroupVocabulary, VocabularyComparison, VocabularyRules
from policy_nlp.reports.charts.chart import Bar, BarChart, Estimate, PanelChart
from policy_nlp.reports.measure_texts import show_p
from policy_nlp.reports.pages.page import PagePart, PageSection
from policy_nlp.reports.report_blocks import Paragraph, TableBlock
from policy_nlp.reports.workbook import SheetColumn, WorkbookSheet

_N_SHOWN = 10  # words of each group on the page

_COLUMNS = (
    SheetColumn("组别"),
    SheetColumn("词"),
    SheetColumn("本组频次", "count"),
    SheetColumn("本组使用文档数", "count"),
    SheetColumn("本组文档数", "count"),
    SheetColumn("其他组频次", "count"),
    SheetColumn("对数优势比", "number"),
    SheetColumn("z", "number"),
    SheetColumn("q", "number"),
)


def vocabulary_section(comparison: VocabularyComparison, *, group_name: str = "组") -> PageSection:
    """The section `特色词汇`: how it was found, a panel of bars and a table for each group.

    Args:
        comparison: what was found.
        group_name: what a group is: 省份, 年份 ...
    """
    parts: list[PagePart] = [Paragraph(_describe(comparison, group_name)), _panels(comparison)]
    parts.append(_table(comparison, group_name))
    silent = [group.name for group in comparison.groups if not group.typical]
    if silent:
        parts.append(Paragraph(f"没有达到上述条件的特色词：{'、'.join(silent)}。", "note"))
    if n_single := sum(group.n_documents == 1 for group in comparison.groups):
        single = f"{n_single} 个{group_name}只有一篇文档：所列是那篇文档的特色词，未必是该{group_name}的。"
        parts.append(Paragraph(single, "note"))
    parts.append(Paragraph(_describe_limits(comparison.rules), "note"))
    return PageSection("vocabulary", "特色词汇", tuple(parts))


def vocabulary_sheet(comparison: VocabularyComparison) -> WorkbookSheet:
    """All typical words, one row a group and word."""
    rows = tuple(
        (
            group.name, word.text, word.count, word.n_documents, group.n_documents, word.count_elsewhere,
            word.log_odds, word.z, word.q,
        )
        for group in comparison.groups
        for word in group.typical
    )  # fmt: skip
    notes = (_describe(comparison, "组"), _describe_limits(comparison.rules))
    return WorkbookSheet("特色词汇", _COLUMNS, rows, notes, n_fixed=2)


def _describe(comparison: VocabularyComparison, group_name: str) -> str:
    rules = comparison.rules
    return (
        f"每个{group_name}与其余各{group_name}合起来相比，哪些词用得更多。"
        "指标为带信息性 Dirichlet 先验的加权对数优势比"
        f"（Monroe, Colaresi & Quinn 2008），先验强度 {rules.prior_size:,.0f} 词。检验全部语料中出现 "
        f"{rules.min_count} 次以上的 {comparison.n_tested:,} 个词，错误发现率（Benjamini–Hochberg）不超过 "
        f"{rules.max_fdr:g}，且本组至少 {rules.min_documents} 篇文档用到（只有一篇文档的组除外）。"
    )


def _describe_limits(rules: VocabularyRules) -> str:
    return (
        "z 值把词当作逐个独立抽取，而同一文档会重复自己的词，所以 z 偏大：它用来排序，不宜当作严格的显著性。"
        f"每组最多取 {rules.n_words} 个词，网页列前 {_N_SHOWN} 个。"
        "词由 jieba 与领域词典切分，地名、人名、数词和停用词不计。"
    )


def _panels(comparison: VocabularyComparison) -> PanelChart:
    panels = tuple(
        BarChart(
            chart_id=f"vocabulary-{number}",
            title=group.name,
            bars=tuple(
                Bar(
                    word.text,
                    Estimate(word.z),
                    detail=f"{word.count:,} 次，{word.n_documents:,} / {group.n_documents:,} 篇",
                )
                for word in group.typical[:_N_SHOWN]
            ),
            unit="number",
        )
        for number, group in enumerate(comparison.groups, start=1)
        if group.typical
    )
    return PanelChart(
        "vocabulary", "各组特色词汇（z 值）", panels, unit="number", note="条长为 z 值，越长越有特色。"
    )


def _table(comparison: VocabularyComparison, group_name: str) -> TableBlock:
    rows = tuple(row for group in comparison.groups for row in _rows_of(group))
    return TableBlock(
        caption="各组特色词汇",
        header=(group_name, "词", "频次", "文档数", "其他组频次", "对数优势比", "z", "q"),
        rows=rows,
        n_text_columns=2,
    )


def _rows_of(group: GroupVocabulary) -> list[tuple[str, ...]]:
    return [
        (
            group.name,
            word.text,
            f"{word.count:,}",
            f"{word.n_documents:,} / {group.n_documents:,}",
            f"{word.count_elsewhere:,}",
            f"{word.log_odds:.2f}",
            f"{word.z:.1f}",
            show_p(word.q),
        )
        for word in group.typical[:_N_SHOWN]
    ]
