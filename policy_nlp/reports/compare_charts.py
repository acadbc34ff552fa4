"""Comparison -> charts: a heat map of each level, small multiples, maps of provinces, lines over years."""

from __future__ import annotations

import math
from collections.abc import Sequence

from policy_nlp.agreement.intervals import Measure
from policy_nlp.analysis.comparison import Comparison, LevelComparison
from policy_nlp.analysis.group_shares import LEAST_SENTENCES, CodeShare, GroupShares
from policy_nlp.analysis.groups import GROUP_WORDS
from policy_nlp.codebook import Code
from policy_nlp.documents.regions import PROVINCES
from policy_nlp.reports.agreement_words import LEVEL_NAMES
from policy_nlp.reports.charts.chart import (
    Bar,
    BarChart,
    Chart,
    Estimate,
    HeatMapChart,
    LineChart,
    PanelChart,
    Series,
    TileMapChart,
)
from policy_nlp.reports.charts.colours import group_of, level_groups
from policy_nlp.reports.charts.numbers import estimate_of
from policy_nlp.reports.charts.provinces import province_tiles

MOST_PANELS = 40
MOST_BARS = 8  # of one panel, and lines of one chart
_LEAST_DOCUMENTS = 3  # of a group whose intervals are drawn
ANY_CODE = "任一编码"
_BASIS = {"documents": "区间以文件为抽样单位", "blocks": "仅一份文件，区间以其段落为抽样单位"}


def level_charts(comparison: Comparison, one: LevelComparison) -> tuple[Chart, ...]:
    """The charts of one level, in the order in which they are shown."""
    codes = comparison.corpus.codebook.codes(one.level)
    charts: list[Chart] = [_heat_map(comparison, one, codes)]
    if len(codes) <= MOST_BARS:
        if comparison.grouping.by == "year" and len(one.shares.groups) > 1:
            charts.append(_lines(comparison, one, codes))
        if len(one.shares.groups) <= MOST_PANELS:
            charts.append(_panels(comparison, one, codes))
    return tuple(charts)


def province_maps(comparison: Comparison) -> tuple[TileMapChart, ...]:
    """A map of the share of coded sentences, then one for each code of the first small level."""
    if comparison.grouping.by != "region" or not set(comparison.grouping.names) & set(PROVINCES):
        return ()
    one = next((x for x in comparison.levels if len(x.shares.code_ids) <= MOST_BARS), comparison.levels[0])
    level = LEVEL_NAMES[one.level]
    maps = [
        _map(
            f"map-{one.level}-any",
            f"{ANY_CODE}（{level}）的句子占比",
            one,
            [g.coded for g in one.shares.groups],
        )
    ]
    if len(one.shares.code_ids) <= MOST_BARS:
        for place, code in enumerate(comparison.corpus.codebook.codes(one.level)):
            shares = [group.codes[place] for group in one.shares.groups]
            maps.append(_map(f"map-{one.level}-{place + 1}", f"{code.name_zh}的句子占比", one, shares))
    return tuple(maps)


def _drawn(measure: Measure, group: GroupShares) -> Estimate:
    """The estimate of a bar or a point: intervals of two documents, often of 0 to 1, would set the scale."""
    estimate = estimate_of(measure)
    if group.basis == "blocks" or group.n_documents >= _LEAST_DOCUMENTS or not estimate.has_interval:
        return estimate
    return Estimate(estimate.value, reason=f"不足 {_LEAST_DOCUMENTS} 份文件，区间太宽，只列在表中")


def _heat_map(comparison: Comparison, one: LevelComparison, codes: Sequence[Code]) -> HeatMapChart:
    groups = one.shares.groups
    return HeatMapChart(
        chart_id=f"heat-{one.level}",
        title=f"各{GROUP_WORDS[comparison.grouping.by]}{LEVEL_NAMES[one.level]}的句子占比",
        row_names=tuple(f"{group.name}（{group.n_documents}）" for group in groups),
        column_names=tuple(code.name_zh for code in codes),
        values=tuple(tuple(share.share.value for share in group.codes) for group in groups),
        unit="share",
        note="括号内为文件数。占比为模型编码，未校正；区间见表与工作簿。",
        row_details=tuple(_describe_group(group) for group in groups),
        column_details=tuple(code.name_en for code in codes),
        reason="该组没有可编码的句子",
    )


def _panels(comparison: Comparison, one: LevelComparison, codes: Sequence[Code]) -> PanelChart:
    panels = tuple(
        BarChart(
            chart_id=f"panel-{one.level}-{place}",
            title=f"{group.name}（{group.n_documents} 份，{group.n_sentences:,} 句）",
            bars=tuple(
                Bar(
                    name=code.name_zh,
                    estimate=_drawn(share.share, group),
                    colour_group=group_of(code),
                    detail=_describe_share(code, share, group),
                )
                for code, share in zip(codes, group.codes, strict=True)
            ),
            unit="share",
        )
        for place, group in enumerate(one.shares.groups, start=1)
    )
    return PanelChart(
        chart_id=f"panels-{one.level}",
        title=f"各{GROUP_WORDS[comparison.grouping.by]}的{LEVEL_NAMES[one.level]}",
        panels=panels,
        note="横线为 95% 区间；只有一份文件的组，区间只反映该文件内部各段的波动。",
        colour_groups=level_groups(comparison.corpus.codebook, one.level),
    )


def _lines(comparison: Comparison, one: LevelComparison, codes: Sequence[Code]) -> LineChart:
    groups = one.shares.groups
    return LineChart(
        chart_id=f"years-{one.level}",
        title=f"{LEVEL_NAMES[one.level]}的句子占比随年份的变化",
        places=tuple(group.name for group in groups),
        series=tuple(
            Series(
                name=code.name_zh,
                estimates=tuple(_drawn(group.codes[place].share, group) for group in groups),
                colour_group=group_of(code),
                detail=code.name_en,
            )
            for place, code in enumerate(codes)
        ),
        note="横轴只列有文件的年份，间隔不一定相等。",
        colour_groups=level_groups(comparison.corpus.codebook, one.level),
    )


def _map(chart_id: str, title: str, one: LevelComparison, shares: Sequence[CodeShare]) -> TileMapChart:
    groups = one.shares.groups
    return TileMapChart(
        chart_id=chart_id,
        title=title,
        tiles=province_tiles(
            {group.name: estimate_of(share.share) for group, share in zip(groups, shares, strict=True)},
            details={group.name: _describe_group(group) for group in groups},
        ),
        note="每格一个省级地区，位置为示意，不表示边界；空格为没有文件。" + _outside(groups) + _short(groups),
    )


def _outside(groups: Sequence[GroupShares]) -> str:
    others = [group.name for group in groups if group.name not in PROVINCES]
    return f"不在图上：{'、'.join(others)}。" if others else ""


def _short(groups: Sequence[GroupShares]) -> str:
    names = [group.name for group in groups if 0 < group.n_sentences < LEAST_SENTENCES]
    return f"不足 {LEAST_SENTENCES} 句、占比很不稳定：{'、'.join(names)}。" if names else ""


def _describe_group(group: GroupShares) -> str:
    return f"{group.name}：{group.n_documents} 份文件，{group.n_sentences:,} 句；{_BASIS[group.basis]}"


def _describe_share(code: Code, share: CodeShare, group: GroupShares) -> str:
    found = (
        f"{share.n_sentences:,}/{group.n_sentences:,} 句" if not math.isnan(share.share.value) else "无句子"
    )
    return f"{code.name_en}；{found}；{_BASIS[group.basis]}"
