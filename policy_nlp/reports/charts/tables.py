"""The numbers of a chart as tables: one row a bar, a cell of a matrix, a point, a tile, a node or a tie."""

from __future__ import annotations

from collections.abc import Iterable

from policy_nlp.reports.charts.chart import (
    Bar,
    BarChart,
    Cell,
    Chart,
    ChartTable,
    Estimate,
    HeatMapChart,
    LineChart,
    NetworkChart,
    PanelChart,
    TileMapChart,
)
from policy_nlp.reports.charts.numbers import missing_reason

_Table = tuple[tuple[str, ...], tuple[tuple[Cell, ...], ...]]

_ESTIMATE_HEADER = ("value", "low", "high")
_BAR_HEADER = ("name", *_ESTIMATE_HEADER, "colour_group", "detail", "reason")


def chart_tables(chart: Chart) -> tuple[ChartTable, ...]:
    """All numbers of the chart, unrounded; a network has two tables, others have one."""
    if isinstance(chart, NetworkChart):
        return _tabulate_network(chart)
    header, rows = _tabulate(chart)
    return (ChartTable(chart.chart_id, header, rows),)


def _tabulate(chart: BarChart | HeatMapChart | LineChart | PanelChart | TileMapChart) -> _Table:
    if isinstance(chart, BarChart):
        return _BAR_HEADER, tuple(_bar_cells(bar) for bar in chart.bars)
    if isinstance(chart, HeatMapChart):
        return ("row", "column", "value", "reason"), tuple(_iter_matrix_rows(chart))
    if isinstance(chart, LineChart):
        return _line_table(chart)
    if isinstance(chart, PanelChart):
        rows = tuple((panel.title, *_bar_cells(bar)) for panel in chart.panels for bar in panel.bars)
        return ("panel", *_BAR_HEADER), rows
    return _tile_table(chart)


def _estimate_cells(estimate: Estimate) -> tuple[Cell, ...]:
    return (estimate.value, estimate.low, estimate.high)


def _reason_of(estimate: Estimate) -> str:
    """Why the value, or its interval, is missing."""
    return missing_reason(estimate) or estimate.reason


def _bar_cells(bar: Bar) -> tuple[Cell, ...]:
    return (
        bar.name,
        *_estimate_cells(bar.estimate),
        bar.colour_group,
        bar.detail,
        _reason_of(bar.estimate),
    )


def _iter_matrix_rows(chart: HeatMapChart) -> Iterable[tuple[Cell, ...]]:
    for row_name, values in zip(chart.row_names, chart.values, strict=True):
        for column_name, value in zip(chart.column_names, values, strict=True):
            yield row_name, column_name, value, missing_reason(Estimate(value, reason=chart.reason))


def _line_table(chart: LineChart) -> _Table:
    rows: list[tuple[Cell, ...]] = [
        (one.name, place, *_estimate_cells(estimate), one.colour_group, one.detail, _reason_of(estimate))
        for one in chart.series
        for place, estimate in zip(chart.places, one.estimates, strict=True)
    ]
    return ("series", "place", *_ESTIMATE_HEADER, "colour_group", "detail", "reason"), tuple(rows)


def _tile_table(chart: TileMapChart) -> _Table:
    rows: list[tuple[Cell, ...]] = [
        (
            tile.name,
            *_estimate_cells(tile.estimate),
            tile.row,
            tile.column,
            tile.detail,
            _reason_of(tile.estimate),
        )
        for tile in chart.tiles
    ]
    return ("name", *_ESTIMATE_HEADER, "tile_row", "tile_column", "detail", "reason"), tuple(rows)


def _tabulate_network(chart: NetworkChart) -> tuple[ChartTable, ...]:
    nodes: list[tuple[Cell, ...]] = [
        (node.name, node.size, node.community, node.x, node.y, node.detail) for node in chart.nodes
    ]
    edges: list[tuple[Cell, ...]] = [
        (chart.nodes[edge.source].name, chart.nodes[edge.target].name, edge.weight) for edge in chart.edges
    ]
    return (
        ChartTable(chart.chart_id, ("name", "size", "community", "x", "y", "detail"), tuple(nodes)),
        ChartTable(f"{chart.chart_id}-edges", ("source", "target", "weight"), tuple(edges)),
    )
