from __future__ import annotations

from policy_nlp.reports.charts.chart import Bar, BarChart, Estimate, PanelChart
from policy_nlp.reports.charts.missing import missing_notes

TOO_FEW = Estimate(0.2, reason="不足 3 份文件")
KNOWN = Estimate(0.2, 0.1, 0.3)


def _panel(title: str, *estimates: Estimate) -> BarChart:
    bars = tuple(Bar(name, estimate) for name, estimate in zip("甲乙", estimates, strict=True))
    return BarChart(title, title, bars)


def test_a_panel_without_any_interval_is_named_once_and_not_bar_by_bar() -> None:
    chart = PanelChart("panels", "各省", (_panel("上海", TOO_FEW, TOO_FEW), _panel("浙江", KNOWN, TOO_FEW)))
    (note,) = missing_notes(chart)
    assert "上海、浙江 · 乙" in note
    assert "上海 · 甲" not in note


def test_a_panel_of_known_values_is_not_named() -> None:
    assert missing_notes(PanelChart("panels", "各省", (_panel("浙江", KNOWN, KNOWN),))) == ()
