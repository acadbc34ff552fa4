"""Heat maps as tables of coloured cells, tile maps as grids of squares."""

from __future__ import annotations

import math

from markupsafe import Markup

from policy_nlp.reports.charts.chart import HeatMapChart, Tile, TileMapChart, Unit
from policy_nlp.reports.charts.colours import ColourScale, text_colour, value_scale
from policy_nlp.reports.charts.html_bars import percent
from policy_nlp.reports.charts.numbers import missing_reason, show_estimate, show_value

_FEW_COLUMNS, _SOME_COLUMNS, _MANY_COLUMNS = 7, 13, 22
_TABLE = Markup(
    '<div class="chart-scroll" tabindex="0" role="region" aria-label="{}">'
    '<table class="matrix{}"><thead><tr><td></td>{}'
    "</tr></thead><tbody>{}</tbody></table></div>"
)
_COLUMN = Markup('<th scope="col"{}><span>{}</span></th>')
_ROW = Markup('<tr><th scope="row"{}>{}</th>{}</tr>')
_CELL = Markup('<td style="background:{};color:{}" title="{}">{}</td>')
_APART = Markup('<td class="apart" title="{}">{}</td>')
_MISSING = Markup('<td class="missing" title="{}"></td>')
_SCALE = Markup(
    '<div class="chart-scale"><span>{}</span>'
    '<i style="background:linear-gradient(to right,{})"></i><span>{}</span>{}</div>'
)
_TILE = Markup(
    '<li style="grid-row:{};grid-column:{};background:{};color:{}" title="{}"><b>{}</b><span>{}</span></li>'
)
_EMPTY_TILE = Markup(
    '<li class="missing" style="grid-row:{};grid-column:{}" title="{}"><b>{}</b><span></span></li>'
)


def render_matrix(chart: HeatMapChart) -> Markup:
    """The coloured table in a box that scrolls sideways, and its scale."""
    scale = matrix_scale(chart)
    columns = Markup("").join(
        _COLUMN.format(_title(detail), name)
        for name, detail in zip(
            chart.column_names, chart.column_details or ("",) * len(chart.column_names), strict=True
        )
    )
    details = chart.row_details or ("",) * len(chart.row_names)
    rows = Markup("").join(
        _ROW.format(_title(detail), name, _render_cells(chart, row, scale=scale))
        for row, (name, detail) in enumerate(zip(chart.row_names, details, strict=True))
    )
    return _TABLE.format(chart.title, _room_class(len(chart.column_names)), columns, rows) + _render_scale(
        scale, chart.unit
    )


def matrix_scale(chart: HeatMapChart) -> ColourScale:
    """The colours of the matrix, from all cells that take one."""
    return value_scale(
        (
            value
            for row, values in enumerate(chart.values)
            for column, value in enumerate(values)
            if not (chart.is_diagonal_apart and row == column)
        ),
        unit=chart.unit,
    )


def _room_class(n_columns: int) -> str:
    """How wide the heads of columns may be; a class of the style sheet."""
    if n_columns <= _FEW_COLUMNS:
        return " few"
    if n_columns >= _MANY_COLUMNS:
        return " many"
    return " some" if n_columns <= _SOME_COLUMNS else ""


def _title(detail: str) -> Markup:
    return Markup(' title="{}"').format(detail) if detail else Markup("")


def _render_cells(chart: HeatMapChart, row: int, *, scale: ColourScale) -> Markup:
    cells = []
    for column, value in enumerate(chart.values[row]):
        shown = show_value(value, chart.unit)
        tip = f"{chart.row_names[row]} × {chart.column_names[column]}：{shown}"
        if not math.isfinite(value):
            cells.append(_MISSING.format(f"{tip}（{chart.reason}）" if chart.reason else tip))
        elif chart.is_diagonal_apart and row == column:
            cells.append(_APART.format(tip, shown))
        else:
            background = scale.colour(value)
            cells.append(_CELL.format(background, text_colour(background), tip, shown))
    return Markup("").join(cells)


def _render_scale(scale: ColourScale, unit: Unit) -> Markup:
    n_stops = 12  # CSS mixes between them evenly, a scale of roots does not
    stops = ",".join(
        f"{scale.colour(scale.low + (scale.high - scale.low) * stop / n_stops)} {percent(stop / n_stops)}%"
        for stop in range(n_stops + 1)
    )
    root = Markup('<span class="scale-note">颜色按平方根</span>') if scale.is_root else Markup("")
    return _SCALE.format(show_value(scale.low, unit), stops, show_value(scale.high, unit), root)


def render_tiles(chart: TileMapChart) -> Markup:
    """One square a place, its value printed in it, and the scale; a square without a value stays empty."""
    scale = value_scale((tile.estimate.value for tile in chart.tiles), unit=chart.unit)
    tiles = Markup("").join(_render_tile(tile, unit=chart.unit, scale=scale) for tile in chart.tiles)
    return Markup('<ul class="tiles">{}</ul>').format(tiles) + _render_scale(scale, chart.unit)


def _render_tile(tile: Tile, *, unit: Unit, scale: ColourScale) -> Markup:
    row, column = tile.row + 1, tile.column + 1
    value = tile.estimate.value
    tip = f"{tile.name}：{show_estimate(tile.estimate, unit)}" + (f"，{tile.detail}" if tile.detail else "")
    if not math.isfinite(value):
        return _EMPTY_TILE.format(row, column, f"{tile.name}：{missing_reason(tile.estimate)}", tile.name)
    background = scale.colour(value)
    shown = show_value(value, unit)
    return _TILE.format(row, column, background, text_colour(background), tip, tile.name, shown)
