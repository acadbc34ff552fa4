"""Bar charts and small multiples drawn by matplotlib."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policy_nlp.reports.charts.chart import Bar, BarChart, ColourGroup, PanelChart, Unit
from policy_nlp.reports.charts.colours import PLAIN_LINE, GroupColour, colours_of
from policy_nlp.reports.charts.frame import (
    EDGE,
    RULE,
    SOFT,
    WIDTH,
    Frame,
    Lettering,
    TextLook,
    legend_inches,
    legend_rows,
    text_inches,
    wrap_text,
)
from policy_nlp.reports.charts.numbers import show_estimate, show_tick, show_value
from policy_nlp.reports.charts.scales import Scale, estimate_scale

if TYPE_CHECKING:  # loaded when a picture is drawn
    from matplotlib.axes import Axes
    from matplotlib.patches import Rectangle

_ROW, _PANEL_ROW = 0.225, 0.2
_AXIS = 0.2
_LEGEND_ROW = 0.19
_PANEL_HEAD = 0.24
_GAP = 0.12
_MOST_NAME = 34  # half-width characters of a name, in one line
_MOST_PANEL_NAME = 16  # in a line of two
_N_COLUMNS = 3
_SHARE_OF_BARS = 0.8  # of a panel; the rest is for the values
_MANY_PANELS = 12


@dataclass(frozen=True, slots=True)
class _Look:
    """What all bars of a chart share."""

    unit: Unit
    scale: Scale
    colours: Mapping[str, GroupColour]
    row: float
    size: float


def bars_size(chart: BarChart, letters: Lettering) -> tuple[float, float]:
    """Width and height of the body in inches."""
    return WIDTH, _legend_height(chart.bars, chart.colour_groups, letters) + _AXIS + _ROW * max(
        1, len(chart.bars)
    )


def panels_size(chart: PanelChart, letters: Lettering) -> tuple[float, float]:
    """Width and height of the body in inches."""
    bars = [bar for panel in chart.panels for bar in panel.bars]
    rows = sum(height for _, height in _panel_rows(chart))
    height = _legend_height(bars, chart.colour_groups, letters) + rows
    return WIDTH, max(0.3, height)


def draw_bars(chart: BarChart, frame: Frame) -> None:
    """Names at the left, bars with whiskers in the middle, numbers at the right."""
    colours = colours_of((bar.colour_group for bar in chart.bars), chart.colour_groups)
    scale = estimate_scale((bar.estimate for bar in chart.bars), is_count=chart.unit == "count")
    look = _Look(chart.unit, scale, colours, _ROW, 8.0)
    top = _draw_legend(chart.bars, chart.colour_groups, frame, colours=colours)
    names = [_bar_name(bar, number, look, frame=frame) for number, bar in enumerate(chart.bars, start=1)]
    shown = [_cut(name, _MOST_NAME) for name in names]
    texts = [frame.letters.show(show_estimate(bar.estimate, chart.unit)) for bar in chart.bars]
    left = EDGE + max((text_inches(name, look.size) for name in shown), default=0.0) + 0.08
    right = frame.width - EDGE - max((text_inches(text, 7.5) for text in texts), default=0.0)
    bottom = top - _AXIS - _ROW * max(1, len(chart.bars))
    axes = frame.axes(left, bottom, width=right - left - 0.1, height=top - _AXIS - bottom)
    _draw_axis(axes, chart.bars, look)
    for number, (name, text) in enumerate(zip(shown, texts, strict=True)):
        y = top - _AXIS - _ROW * (number + 0.5)
        frame.write(name, (EDGE, y), size=look.size)
        frame.write(text, (right, y), size=7.5)


def draw_panels(chart: PanelChart, frame: Frame) -> None:
    """Panels in rows, on one scale; names stand once a row where all panels have the same bars."""
    bars = [bar for panel in chart.panels for bar in panel.bars]
    colours = colours_of((bar.colour_group for bar in bars), chart.colour_groups)
    scale = estimate_scale((bar.estimate for bar in bars), is_count=chart.unit == "count", n_steps=3)
    look = _Look(chart.unit, scale, colours, _panel_row(chart), 7.0)
    top = _draw_legend(bars, chart.colour_groups, frame, colours=colours)
    n_columns = _n_columns(chart)
    names = {
        id(bar): wrap_text(_bar_name(bar, number, look, frame=frame), _MOST_PANEL_NAME)
        for panel in chart.panels
        for number, bar in enumerate(panel.bars, start=1)
    }
    name_width = max((text_inches(name, look.size) for name in names.values()), default=0.0) + 0.1
    is_shared = _has_shared_names(chart)
    n_name_columns = 1 if is_shared else n_columns
    width = (frame.width - 2 * EDGE - name_width * n_name_columns) / n_columns
    for panels, row_height in _panel_rows(chart):
        for column, panel in enumerate(panels):
            has_names = column == 0 or not is_shared
            left = EDGE + column * width + name_width * (1 if is_shared else column + 1)
            _draw_panel(panel, frame, look=look, at=(left, top), width=width - _GAP)
            for place, bar in enumerate(panel.bars if has_names else ()):
                y = top - _PANEL_HEAD - _AXIS - look.row * (place + 0.5)
                frame.write(names[id(bar)], (left - name_width, y), size=look.size)
        top -= row_height


def _draw_panel(panel: BarChart, frame: Frame, *, look: _Look, at: tuple[float, float], width: float) -> None:
    """Title and bars of one panel, whose upper left corner is at `at`, without the names of bars."""
    left, top = at
    title = frame.letters.show(panel.title, panel.chart_id)
    frame.write(_cut(title, int(width * 17)), (left, top - 0.1), size=8.5)
    height = look.row * max(1, len(panel.bars))
    axes = frame.axes(left, top - _PANEL_HEAD - _AXIS - height, width=width, height=height)
    _draw_axis(axes, panel.bars, look)
    _print_values(axes, panel.bars, look)


def _n_columns(chart: PanelChart) -> int:
    is_dense = len(chart.panels) > _MANY_PANELS and _has_shared_names(chart)
    return max(1, min(_N_COLUMNS + is_dense, len(chart.panels)))


def _has_shared_names(chart: PanelChart) -> bool:
    return len({tuple(bar.name for bar in panel.bars) for panel in chart.panels}) <= 1


def _panel_row(chart: PanelChart) -> float:
    """The height of a row: more where a name takes more than a line."""
    widest = max(
        (
            len(wrap_text(f"A {bar.name}", _MOST_PANEL_NAME).split("\n"))
            for p in chart.panels
            for bar in p.bars
        ),
        default=1,
    )
    return max(_PANEL_ROW, 0.125 * widest + 0.03)


def _panel_rows(chart: PanelChart) -> list[tuple[tuple[BarChart, ...], float]]:
    """The panels that stand side by side, and the height that the longest of them needs."""
    n_columns, bar_row = _n_columns(chart), _panel_row(chart)
    rows = [chart.panels[start : start + n_columns] for start in range(0, len(chart.panels), n_columns)]
    edges = _PANEL_HEAD + _AXIS + 0.14
    return [(row, edges + bar_row * max(1, *(len(panel.bars) for panel in row))) for row in rows]


def _bar_name(bar: Bar, number: int, look: _Look, *, frame: Frame) -> str:
    """The name, behind the mark of its group where groups have names."""
    name = frame.letters.show(bar.name, bar.detail, number=number)
    colour = look.colours.get(bar.colour_group)
    return f"{colour.mark}  {name}" if colour and colour.name != colour.group_id else name


def _cut(text: str, width: int) -> str:
    first, *rest = wrap_text(text, max(4, width - 1)).split("\n")
    return first + "…" if rest else first


def _draw_axis(axes: Axes, bars: Sequence[Bar], look: _Look) -> None:
    """Bars from 0, whiskers over them, and the scale above; nothing where a value is undefined."""
    axes.set_xlim(look.scale.low, look.scale.high)
    axes.set_ylim(max(1, len(bars)) - 0.5, -0.5)
    for tick in look.scale.ticks:
        axes.axvline(tick, color=RULE, lw=0.7, zorder=0)
        is_last = tick == look.scale.ticks[-1]
        side = "left" if tick == look.scale.ticks[0] else "right" if is_last else "center"
        axes.annotate(
            show_tick(tick, look.unit),
            (tick, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(0, 3),
            textcoords="offset points",
            ha=side,
            va="bottom",
            size=6.5,
            color=SOFT,
        )
    for place, bar in enumerate(bars):
        if math.isfinite(bar.estimate.value):
            colour = look.colours.get(bar.colour_group)
            axes.barh(place, bar.estimate.value, height=0.62, color=colour.line if colour else PLAIN_LINE)
        if math.isfinite(bar.estimate.value) and bar.estimate.has_interval:
            _draw_whisker(axes, bar, place)


def _draw_whisker(axes: Axes, bar: Bar, place: int) -> None:
    """A line from end to end with caps, on white so that it is seen on dark bars."""
    low, high = bar.estimate.low, bar.estimate.high
    for colour, width in (("white", 2.6), ("#111111", 1.1)):
        axes.hlines(place, low, high, color=colour, lw=width, zorder=3, clip_on=False)
        axes.vlines([low, high], place - 0.2, place + 0.2, color=colour, lw=width, zorder=3, clip_on=False)


def _print_values(axes: Axes, bars: Sequence[Bar], look: _Look) -> None:
    """The values of a panel, behind its bars, where the axis gets room for them."""
    scale = look.scale
    axes.set_xlim(scale.low, scale.low + (scale.high - scale.low) / _SHARE_OF_BARS)
    for place, bar in enumerate(bars):
        ends = [end for end in (0.0, bar.estimate.value, bar.estimate.high) if math.isfinite(end)]
        axes.annotate(
            show_value(bar.estimate.value, look.unit),
            (max(ends), place),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            size=6.0,
            color=SOFT,
            annotation_clip=False,
        )


def _used_groups(bars: Sequence[Bar], groups: Sequence[ColourGroup]) -> list[GroupColour]:
    used = {bar.colour_group for bar in bars}
    colours = colours_of((), groups)
    return [colours[group.group_id] for group in groups if group.group_id in used]


def _legend_height(bars: Sequence[Bar], groups: Sequence[ColourGroup], letters: Lettering) -> float:
    used = _used_groups(bars, groups)
    return _LEGEND_ROW * len(legend_rows(used, letters, width=WIDTH - 2 * EDGE)) + 0.08 if used else 0.0


def _draw_legend(
    bars: Sequence[Bar], groups: Sequence[ColourGroup], frame: Frame, *, colours: Mapping[str, GroupColour]
) -> float:
    """Draws the groups that the bars are of; the place below the legend."""
    used = _used_groups(bars, groups)
    if not used:
        return frame.top
    number = 0
    y = frame.top
    for row in legend_rows(used, frame.letters, width=frame.width - 2 * EDGE):
        x = EDGE
        for text in row:
            box = frame.axes(x, y - 0.14, width=0.1, height=0.1)
            box.add_patch(_filled_box(colours[used[number].group_id].line))
            frame.write(text, (x + 0.16, y - 0.09), size=7.5, look=TextLook(SOFT))
            x += legend_inches(text)
            number += 1
        y -= _LEGEND_ROW
    return y - 0.08


def _filled_box(colour: str) -> Rectangle:
    from matplotlib.patches import Rectangle

    return Rectangle((0, 0), 1, 1, color=colour, lw=0)
