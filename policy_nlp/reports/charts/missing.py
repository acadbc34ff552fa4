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
        yield from (
            (f"{panel.title} · {bar.name}", bar.estimate) for panel in chart.panels for bar in panel.bars
        )
    elif isinstance(chart, LineChart):
        for one in chart.series:
            for place, estimate in zip(chart.places, one.estimates, strict=True):
                yield f"{one.name} {place}", estimate
    elif isinstance(chart, HeatMapChart):
        for name, values in zip(chart.row_names, chart.values, strict=True):
            if chart.reason and not all(math.isfinite(value) for value in values):
                yield name, Estimate(math.nan, reason=chart.reason)
    elif not isinstance(chart, NetworkChart):
        yield from ((tile.name, tile.estimate) for tile in chart.tiles)
