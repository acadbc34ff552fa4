"""What a chart says below it of values that are undefined."""

from __future__ import annotations

import math
from collections.abc import Iterator

from policy_nlp.reports.charts.chart import (
    BarChart,
    Chart,
    Estimate,
    HeatMapChart,
    LineChart,
    NetworkChart,
    PanelChart,
)
from policy_nlp.reports.charts.numbers import explain_missing_values


def missing_notes(chart: Chart) -> tuple[str, ...]:
    """One line a reason: whose value, or interval, is missing; none where nothing is."""
    return () if isinstance(chart, NetworkChart) else explain_missing_values(_iter_named(chart))


def _iter_named(chart: Chart) -> Iterator[tuple[str, Estimate]]:
    if isinstance(chart, BarChart):
        yield from ((bar.name, bar.estimate) for bar in chart.bars)
    elif isinstance(chart, PanelChart):
        for panel in chart.panels:
            yield from _iter_bars(panel)
    elif isinstance(chart, LineChart):
        yield from _iter_points(chart)
    elif isinstance(chart, HeatMapChart):
        for name, values in zip(chart.row_names, chart.values, strict=True):
            if chart.reason and not all(math.isfinite(value) for value in values):
                yield name, Estimate(math.nan, reason=chart.reason)
    elif not isinstance(chart, NetworkChart):
        yield from ((tile.name, tile.estimate) for tile in chart.tiles)


def _iter_bars(panel: BarChart) -> Iterator[tuple[str, Estimate]]:
    """A panel by its title alone where the same is missing of all its bars, else each bar."""
    estimates = [bar.estimate for bar in panel.bars]
    if len({_missing(estimate) for estimate in estimates}) == 1:
        yield panel.title, estimates[0]
    else:
        yield from ((f"{panel.title} · {bar.name}", bar.estimate) for bar in panel.bars)


def _missing(estimate: Estimate) -> tuple[bool, bool, str]:
    return math.isfinite(estimate.value), estimate.has_interval, estimate.reason


def _iter_points(chart: LineChart) -> Iterator[tuple[str, Estimate]]:
    """A place by its name alone where the same is missing of all lines, else each line there."""
    for number, place in enumerate(chart.places):
        estimates = [one.estimates[number] for one in chart.series]
        if len({(math.isfinite(estimate.value), estimate.reason) for estimate in estimates}) == 1:
            yield place, estimates[0]
        else:
            yield from ((f"{one.name} {place}", one.estimates[number]) for one in chart.series)
