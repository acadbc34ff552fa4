"""Numbers of a coded corpus -> sections of its page: overview, frequencies, codes that meet, years."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from policy_nlp.agreement.intervals import Measure
from policy_nlp.analysis.coded_corpus import CodedCorpus
from policy_nlp.analysis.frequencies import (
    CorpusOverview,
    Timeline,
    count_pairs,
    measure_frequencies,
    measure_overview,
    measure_timeline,
)
from policy_nlp.analysis.group_shares import GroupShares
from policy_nlp.codebook import Code, Codebook
from policy_nlp.records import Level
from policy_nlp.reports.agreement_words import LEVEL_NAMES
from policy_nlp.reports.charts.chart import (
    Bar,
    BarChart,
    ChartTable,
    HeatMapChart,
    LineChart,
    Series,
)
from policy_nlp.reports.charts.colours import codebook_groups, group_of, level_groups
from policy_nlp.reports.charts.numbers import estimate_of, show_interval, show_value
from policy_nlp.reports.measure_texts import NOT_AVAILABLE
from policy_nlp.reports.pages.page import PagePart, PageSection
from policy_nlp.reports.report_blocks import BulletList, Paragraph, TableBlock

SHOWN_LEVELS: tuple[Level, ...] = ("main", "initial", "dimensions", "paths")
SHARE_NOTE = (
    "占比为该编码的句数占模型作出判断的句子（有编码与无编码，含标题句）的比例；"
    "一句可有多个编码，占比之和不必为 1。"
    "区间为 95%，以文件为单位计算（同一文件的句子并不独立）。未经人工编码校正，占比带有模型自身的误差。"
)
_FREQUENCY_HEADER = (
    "level", "code", "name", "n_sentences", "of_sentences", "share", "low", "high", "n_documents",
    "document_share", "reason",
)  # fmt: skip
_LEAST_DOCUMENTS = 5  # of a year, for an interval
_BASES = {
    "documents": "",
    "blocks": "只有一个文件：区间以文件内的段落为单位，只反映该文件内部的差异，不能推及其他文件。",
}


@dataclass(frozen=True, slots=True)
class _CodedLevel:
    """A level that the codebook has, with its numbers."""

    level: Level
    codes: tuple[Code, ...]
    shares: GroupShares


def frequency_numbers(corpus: CodedCorpus) -> ChartTable:
    """Counts and shares of every code of all levels, unrounded: the tables of the page as one."""
    rows = tuple(
        (
            LEVEL_NAMES[one.level],
            code.code_id,
            code.name_zh,
            found.n_sentences,
            one.shares.n_sentences,
            found.share.value,
            found.share.low,
            found.share.high,
            found.n_documents,
            found.document_share.value,
            found.share.reason or "",
        )
        for one in _measure_levels(corpus)
        for code, found in zip(one.codes, one.shares.codes, strict=True)
    )
    return ChartTable("frequencies", _FREQUENCY_HEADER, rows)


def corpus_sections(corpus: CodedCorpus) -> tuple[PageSection, ...]:
    """The sections with numbers, in order; one without anything to show is left out."""
    levels = _measure_levels(corpus)
    overview = measure_overview(corpus)
    sections = [
        PageSection("overview", "概览", tuple(_overview_parts(corpus, overview))),
        PageSection("frequencies", "编码频次", tuple(_frequency_parts(levels, corpus.codebook))),
        PageSection("co-occurrence", "编码共现", tuple(_pair_parts(corpus))),
    ]
    if corpus.codebook.dimensions:
        sections.append(PageSection("dimensions", "维度构成", tuple(_dimension_parts(corpus, levels))))
    timeline = measure_timeline(corpus, "main")
    sections.append(PageSection("timeline", "时间变化", tuple(_timeline_parts(timeline, corpus.codebook))))
    return tuple(sections)


def _measure_levels(corpus: CodedCorpus) -> tuple[_CodedLevel, ...]:
    return tuple(
        _CodedLevel(level, corpus.codebook.codes(level), measure_frequencies(corpus, level))
        for level in SHOWN_LEVELS
        if corpus.codebook.codes(level)
    )


def _overview_parts(corpus: CodedCorpus, overview: CorpusOverview) -> Iterator[PagePart]:
    models = "、".join(dict.fromkeys(f"{model.name}（{model.sha256[:12]}…）" for model in corpus.models))
    yield Paragraph(
        f"编码由模型 {models} 逐句作出，不是人工编码，也不是事实本身；引用前请人工核对（policy-nlp review）。"
    )
    rows = (
        ("文件", overview.n_documents, f"其中 {overview.n_coded_documents:,} 个至少有一句有编码"),
        ("字符", overview.n_characters, ""),
        ("句子", overview.n_sentences, f"其中标题 {overview.n_headings:,} 句，与其他句子一样计入"),
        ("有编码", overview.n_coded, _of_decided(overview) + f"；其中标题 {overview.n_coded_headings:,} 句"),
        ("无编码", overview.n_uncoded, "模型认为没有适用的编码"),
        ("弃权", overview.n_abstained, "模型把握不足，单独计数，不计入占比"),
        ("空", overview.n_empty, "没有可用文字，不计入占比"),
    )
    cells = tuple((name, note, f"{n:,}") for name, n, note in rows)
    yield TableBlock("语料与编码", ("项目", "说明", "数量"), cells, n_text_columns=2)
    if corpus.notes:
        yield BulletList(corpus.notes)


def _of_decided(overview: CorpusOverview) -> str:
    if not overview.n_decided:
        return f"占作出判断的句子 {NOT_AVAILABLE}"
    share = show_value(overview.n_coded / overview.n_decided, "share")
    return f"占作出判断的 {overview.n_decided:,} 句的 {share}"


def _frequency_parts(levels: Sequence[_CodedLevel], codebook: Codebook) -> Iterator[PagePart]:
    yield Paragraph(SHARE_NOTE, "note")
    for one in levels:
        yield BarChart(
            chart_id=f"frequencies-{one.level}",
            title=f"{LEVEL_NAMES[one.level]}：占句子的比例（95% 区间）",
            bars=tuple(_bar(code, place, one.shares) for place, code in enumerate(one.codes)),
            unit="share",
            note=_BASES[one.shares.basis],
            colour_groups=level_groups(codebook, one.level),
        )
        yield _frequency_table(one, codebook)


def _bar(code: Code, place: int, shares: GroupShares) -> Bar:
    found = shares.codes[place]
    return Bar(
        name=code.name_zh,
        estimate=estimate_of(found.share),
        colour_group=group_of(code),
        detail=f"{code.name_en}（{found.n_sentences:,} 句，{found.n_documents:,} 个文件）",
    )


def _frequency_table(one: _CodedLevel, codebook: Codebook) -> TableBlock:
    rows = [
        (
            *_names(code, codebook),
            f"{found.n_sentences:,}",
            *_share_cells(found.share),
            f"{found.n_documents:,}",
            show_value(found.document_share.value, "share"),
        )
        for code, found in zip(one.codes, one.shares.codes, strict=True)
    ]
    parents = ("主范畴",) if one.level == "initial" else ()
    return TableBlock(
        caption=f"{LEVEL_NAMES[one.level]}的频次",
        header=(*parents, "编码", "句数", "占句子", "95% 区间", "文件数", "占文件"),
        rows=tuple(rows),
        n_text_columns=1 + len(parents),
        notes=(f"分母：{one.shares.n_sentences:,} 句，{one.shares.n_documents:,} 个文件。",),
    )


def _names(code: Code, codebook: Codebook) -> tuple[str, ...]:
    own = f"{code.name_zh}\n{code.name_en}" if code.name_en else code.name_zh
    return (
        (codebook.find(code.parent_id).name_zh, own) if code.level == "initial" and code.parent_id else (own,)
    )


def _share_cells(share: Measure) -> tuple[str, str]:
    """The share and its interval, each `n/a` where there is none."""
    interval = show_interval(estimate_of(share), "share")
    return show_value(share.value, "share"), interval or NOT_AVAILABLE


def _pair_parts(corpus: CodedCorpus) -> Iterator[PagePart]:
    yield Paragraph(
        "格中为同一句同时有两个编码的句数；对角线为该编码的全部句数，不着色。颜色按平方根，使小的数也看得见。",
        "note",
    )
    yield _pair_chart(corpus, "main", second="main")
    yield _pair_chart(corpus, "initial", second="initial")
    if corpus.codebook.paths:
        yield _pair_chart(corpus, "initial", second="paths")


def _pair_chart(corpus: CodedCorpus, first: Level, *, second: Level) -> HeatMapChart:
    rows, columns = corpus.codebook.codes(first), corpus.codebook.codes(second)
    counts = count_pairs(corpus, first, second=second).astype(np.float64)
    return HeatMapChart(
        chart_id=f"pairs-{first}-{second}",
        title=f"{LEVEL_NAMES[first]} × {LEVEL_NAMES[second]}（句数）",
        row_names=tuple(code.name_zh for code in rows),
        column_names=tuple(code.name_zh for code in columns),
        values=tuple(tuple(row) for row in counts.tolist()),
        unit="count",
        is_diagonal_apart=first == second,
        row_details=tuple(code.name_en for code in rows),
        column_details=tuple(code.name_en for code in columns),
    )


def _dimension_parts(corpus: CodedCorpus, levels: Sequence[_CodedLevel]) -> Iterator[PagePart]:
    """Main categories of the sentences of each dimension, as shares of that dimension."""
    counts = count_pairs(corpus, "dimensions", second="main").astype(np.float64)
    totals = next(
        np.array([found.n_sentences for found in one.shares.codes], dtype=np.float64)
        for one in levels
        if one.level == "dimensions"
    )[:, np.newaxis]
    shares = np.divide(counts, totals, out=np.full(counts.shape, math.nan), where=totals > 0)
    dimensions, mains = corpus.codebook.dimensions, corpus.codebook.main
    yield HeatMapChart(
        chart_id="dimension-profile",
        title="各维度的句子落在哪些主范畴（占该维度句子的比例）",
        row_names=tuple(code.name_zh for code in dimensions),
        column_names=tuple(code.name_zh for code in mains),
        values=tuple(tuple(row) for row in shares.tolist()),
        unit="share",
        row_details=tuple(code.name_en for code in dimensions),
        column_details=tuple(code.name_en for code in mains),
        note="一句可有多个主范畴，也可以没有：一行之和不必为 1。",
        reason="该维度没有句子",
    )
    yield _pair_chart(corpus, "dimensions", second="main")


def _timeline_parts(timeline: Timeline, codebook: Codebook) -> Iterator[PagePart]:
    n_dated = timeline.n_documents - timeline.n_undated
    known = (
        f"{timeline.n_documents:,} 个文件中 {n_dated:,} 个从文本中读到年份，{timeline.n_undated:,} 个没有，"
        "不在此图中。"
    )
    if timeline.shares is None:
        yield Paragraph(known + "不足两个年份，不作时间图。", "note")
        return
    groups = timeline.shares.groups
    few = f"不足 {_LEAST_DOCUMENTS} 个文件的年份不给区间。"
    yield Paragraph(known + "年份自动识别，请核对；" + few, "note")
    yield LineChart(
        chart_id="timeline-main",
        title="各主范畴占句子的比例，按年份",
        places=tuple(group.name for group in groups),
        series=tuple(
            Series(
                code.name_zh,
                tuple(estimate_of(_of_year(group, group.codes[place].share)) for group in groups),
                code.code_id,
                code.name_en,
            )
            for place, code in enumerate(codebook.main)
        ),
        unit="share",
        note="没有文件的年份不在轴上。",
        colour_groups=codebook_groups(codebook),
    )
    yield TableBlock(
        "各年份的文件与句子",
        ("年份", "文件", "句子", "有主范畴的句子", "占比", "95% 区间"),
        tuple(_year_row(group) for group in groups),
    )


def _year_row(group: GroupShares) -> tuple[str, ...]:
    share = _of_year(group, group.coded.share)
    counts = (group.n_documents, group.n_sentences, group.coded.n_sentences)
    return (group.name, *(f"{n:,}" for n in counts), *_share_cells(share))


def _of_year(group: GroupShares, share: Measure) -> Measure:
    """The share without an interval where a year has few documents: it would reach over the whole picture."""
    if group.n_documents >= _LEAST_DOCUMENTS:
        return share
    return Measure(share.value, reason=share.reason or f"只有 {group.n_documents} 个文件，不给区间")
