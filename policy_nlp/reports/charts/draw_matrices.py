"""Heat maps and tile maps drawn by matplotlib."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from policy_nlp.reports.charts.chart import HeatMapChart, TileMapChart, Unit
from policy_nlp.reports.charts.colours import ColourScale, text_colour, value_scale
from policy_nlp.reports.charts.frame import (
    EDGE,
    INK,
    SOFT,
    WIDTH,
    Frame,
    Lettering,
    TextLook,
    text_inches,
    wrap_text,
)
from policy_nlp.reports.charts.html_matrices import matrix_scale
from policy_nlp.reports.charts.numbers import show_value

if TYPE_CHECKING:  # loaded when a picture is drawn
    from matplotlib.axes import Axes
    from matplotlib.patches import Rectangle

_CELL_HEIGHT = 0.26
_LEAST_CELL, _MOST_CELL = 0.4, 0.62
_HEAD_CHARACTERS = 6  # half-width, in a line of a column's name
_MOST_NAME = 30
_SCALE = 0.3
_TILE = 0.7
_HATCH = "#dcdcd8"


def matrix_size(chart: HeatMapChart, letters: Lettering) -> tuple[float, float]:
    """Width and height of the body in inches."""
    cell = _cell_width(chart, letters)
    width = 2 * EDGE + _names_width(chart, letters) + cell * len(chart.column_names)
    height = _head_height(chart, letters) + _CELL_HEIGHT * max(1, len(chart.row_names)) + _SCALE
    return max(WIDTH, width), height


def tiles_size(chart: TileMapChart, letters: Lettering) -> tuple[float, float]:
    """Width and height of the body in inches."""
    n_rows = max((tile.row for tile in chart.tiles), default=0) + 1
    n_columns = max((tile.column for tile in chart.tiles), default=0) + 1
    return max(WIDTH, n_columns * _TILE + 2 * EDGE), n_rows * _TILE + _SCALE


def draw_matrix(chart: HeatMapChart, frame: Frame) -> None:
    """Coloured cells with their numbers; a cell without a value is hatched."""
    scale = matrix_scale(chart)
    cell, names_width = _cell_width(chart, frame.letters), _names_width(chart, frame.letters)
    head = frame.top - _head_height(chart, frame.letters)
    left, n_columns = EDGE + names_width, len(chart.column_names)
    height = _CELL_HEIGHT * max(1, len(chart.row_names))
    axes = frame.axes(left, head - height, width=cell * max(1, n_columns), height=height)
    axes.set_xlim(0, max(1, n_columns))
    axes.set_ylim(max(1, len(chart.row_names)), 0)
    for number, name in enumerate(_row_names(chart, frame.letters)):
        frame.write(
            name, (left - 0.06, head - _CELL_HEIGHT * (number + 0.5)), size=7.5, look=TextLook(side="right")
        )
    for number, name in enumerate(_column_names(chart, frame.letters)):
        n_lines = name.count("\n") + 1
        y = head + 0.05 + 0.055 * n_lines
        frame.write(name, (left + cell * (number + 0.5), y), size=6.5, look=TextLook(side="center"))
    for row, values in enumerate(chart.values):
        for column, value in enumerate(values):
            is_apart = chart.is_diagonal_apart and row == column
            colour = None if is_apart or not math.isfinite(value) else scale.colour(value)
            _draw_cell(axes, row, column, colour=colour, text=show_value(value, chart.unit))
    _draw_scale(frame, scale, chart.unit)


def draw_tiles(chart: TileMapChart, frame: Frame) -> None:
    """A square a place, with its name and value; one without a value is hatched."""
    from matplotlib.patches import Rectangle

    scale = value_scale((tile.estimate.value for tile in chart.tiles), unit=chart.unit)
    _, height = tiles_size(chart, frame.letters)
    n_columns = max((tile.column for tile in chart.tiles), default=0) + 1
    left = (frame.width - n_columns * _TILE) / 2
    axes = frame.axes(left, frame.top - height + _SCALE, width=n_columns * _TILE, height=height - _SCALE)
    axes.set_xlim(0, n_columns)
    axes.set_ylim((height - _SCALE) / _TILE, 0)
    for number, tile in enumerate(chart.tiles, start=1):
        is_known = math.isfinite(tile.estimate.value)
        colour = scale.colour(tile.estimate.value) if is_known else "white"
        ink = text_colour(colour) if is_known else SOFT
        square = Rectangle((tile.column + 0.03, tile.row + 0.03), 0.94, 0.94, facecolor=colour)
        _outline(square, is_known=is_known)
        axes.add_patch(square)
        name = frame.letters.show(tile.name, tile.detail, number=number)
        y = tile.row + (0.38 if is_known else 0.5)
        box = None if is_known else {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
        axes.text(tile.column + 0.5, y, name, size=8, color=ink, ha="center", va="center", bbox=box)
        if is_known:
            shown = show_value(tile.estimate.value, chart.unit)
            axes.text(tile.column + 0.5, tile.row + 0.68, shown, size=7, color=ink, ha="center", va="center")
    _draw_scale(frame, scale, chart.unit)


def _outline(square: Rectangle, *, is_known: bool) -> None:
    square.set_linewidth(0.6)
    square.set_edgecolor("#00000022" if is_known else _HATCH)
    if not is_known:
        square.set_hatch("////")


def _row_names(chart: HeatMapChart, letters: Lettering) -> list[str]:
    details = chart.row_details or ("",) * len(chart.row_names)
    named = enumerate(zip(chart.row_names, details, strict=True), start=1)
    shown = [
        wrap_text(letters.show(name, detail, number=number), _MOST_NAME) for number, (name, detail) in named
    ]
    return ["\n".join(name.split("\n")[:2]) for name in shown]


def _column_names(chart: HeatMapChart, letters: Lettering) -> list[str]:
    details = chart.column_details or ("",) * len(chart.column_names)
    named = enumerate(zip(chart.column_names, details, strict=True), start=1)
    width = max(_HEAD_CHARACTERS, int(_cell_width(chart, letters) * 72 / 6.5 / 0.55))
    return [wrap_text(letters.show(name, detail, number=number), width) for number, (name, detail) in named]


def _names_width(chart: HeatMapChart, letters: Lettering) -> float:
    return max((text_inches(name, 7.5) for name in _row_names(chart, letters)), default=0.0) + 0.08


def _cell_width(chart: HeatMapChart, letters: Lettering) -> float:
    """Wide enough for the numbers, and wider where there are few columns."""
    texts = (show_value(value, chart.unit) for values in chart.values for value in values)
    least = max(_LEAST_CELL, max((text_inches(text, 6.5) + 0.06 for text in texts), default=0.0))
    room = WIDTH - 2 * EDGE - _names_width(chart, letters)
    return max(least, min(_MOST_CELL, room / max(1, len(chart.column_names))))


def _head_height(chart: HeatMapChart, letters: Lettering) -> float:
    most = max((name.count("\n") + 1 for name in _column_names(chart, letters)), default=1)
    return 0.11 * most + 0.08


def _draw_cell(axes: Axes, row: int, column: int, *, colour: str | None, text: str) -> None:
    """A coloured cell, or an outlined one where it takes no colour; hatched where it is undefined."""
    from matplotlib.patches import Rectangle

    is_undefined = text == show_value(math.nan, "count")
    cell = Rectangle((column + 0.02, row + 0.03), 0.96, 0.94, facecolor=colour or "white", linewidth=0)
    if is_undefined:
        _outline(cell, is_known=False)
    elif colour is None:
        cell.set_linewidth(0.7)
        cell.set_edgecolor("#9a9a94")
    axes.add_patch(cell)
    if not is_undefined:
        ink = text_colour(colour) if colour else INK
        axes.text(column + 0.5, row + 0.52, text, size=6.5, color=ink, ha="center", va="center")


def _draw_scale(frame: Frame, scale: ColourScale, unit: Unit) -> None:
    """A strip of the colours with the values of its ends, at the bottom of the body."""
    import numpy as np
    from matplotlib.colors import to_rgb

    n_steps = 200
    values = np.linspace(scale.low, scale.high, n_steps)
    y = frame.bottom + 0.1
    low, high = show_value(scale.low, unit), show_value(scale.high, unit)
    left = EDGE + text_inches(low, 7) + 0.06
    axes = frame.axes(left, y - 0.05, width=1.6, height=0.1)
    colours = np.array([[to_rgb(scale.colour(float(value))) for value in values]])
    axes.imshow(colours, aspect="auto", interpolation="nearest")
    frame.write(low, (EDGE, y), size=7, look=TextLook(SOFT))
    root = frame.letters.show("颜色按平方根", "colours by square root") if scale.is_root else ""
    frame.write(f"{high}    {root}".rstrip(), (left + 1.66, y), size=7, look=TextLook(SOFT))
