"""Line charts as inline SVG: lines with interval bands, labels at their ends, and a table of the numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from policy_nlp.reports.charts.chart import LineChart, Series
from policy_nlp.reports.charts.colours import GroupColour
from policy_nlp.reports.charts.html_bars import render_value
from policy_nlp.reports.charts.line_places import (
    cut_label,
    interval_runs,
    known_runs,
    last_known,
    line_colours,
    spread_labels,
)
from policy_nlp.reports.charts.numbers import show_estimate, show_tick
from policy_nlp.reports.charts.scales import Scale, estimate_scale
from policy_nlp.reports.charts.shapes import dash_of, render_shape, shape_of, short
from policy_nlp.reports.report_blocks import text_width

_SVG = Markup(
    '<div class="chart-scroll" tabindex="0" role="region" aria-label="{}">'
    '<svg class="lines" viewBox="0 0 {} {}"'
    ' role="img" aria-label="{}">{}</svg></div>'
)
_GRID = Markup(
    '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>'
    '<text class="tick" x="{}" y="{}" text-anchor="end">{}</text>'
)
_PLACE = Markup('<text class="tick" x="{}" y="{}" text-anchor="middle">{}</text>')
_BAND = Markup('<polygon class="band" points="{}" fill="{}"/>')
_WHISKER = Markup('<line class="whisker" x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}"/>')
_LINE = Markup('<polyline class="line" points="{}" stroke="{}" stroke-dasharray="{}"/>')
_LABEL = Markup('<text class="label" x="{}" y="{}">{}</text>')
_TABLE = Markup(
    '<details class="chart-numbers"><summary>数值表</summary><div class="chart-scroll">'
    "<table><thead><tr><td></td>{}"
    "</tr></thead><tbody>{}</tbody></table></div></details>"
)

_WIDTH, _PLOT_HEIGHT = 680.0, 260.0
_LEFT, _TOP, _BOTTOM = 52.0, 14.0, 30.0
_LABEL_STEP = 17.0  # between the labels at the ends of lines
_CHARACTER = 6.9  # width of a half-width character of a label


@dataclass(frozen=True, slots=True)
class _Plane:
    """Where values and places lie in the picture."""

    scale: Scale
    n_places: int
    right: float
    bottom: float

    def x(self, place: int) -> float:
        """The place of an axis from the left."""
        share = place / (self.n_places - 1) if self.n_places > 1 else 0.5
        return _LEFT + 14 + share * (self.right - _LEFT - 28)

    def y(self, value: float) -> float:
        """A value from the top."""
        return self.bottom - self.scale.position(value) * (self.bottom - _TOP)


def render_lines(chart: LineChart) -> Markup:
    """The picture, in a box that scrolls sideways, and the table of its numbers."""
    colours = line_colours(chart)
    widest = max((text_width(cut_label(one.name)) for one in chart.series), default=0)
    right = _WIDTH - 24 - widest * _CHARACTER
    bottom = _TOP + max(_PLOT_HEIGHT, _LABEL_STEP * len(chart.series))
    estimates = [estimate for one in chart.series for estimate in one.estimates]
    scale = estimate_scale(estimates, is_count=chart.unit == "count")
    plane = _Plane(scale, len(chart.places), right, bottom)
    parts = [_render_axes(chart, plane)]
    parts += [
        _render_bands(one, plane, colour=colour) for one, colour in zip(chart.series, colours, strict=True)
    ]
    parts += [_render_line(chart, number, plane, colour=colour) for number, colour in enumerate(colours)]
    parts.append(_render_labels(chart, plane, colours=colours))
    svg = _SVG.format(
        chart.title, short(_WIDTH), short(bottom + _BOTTOM), chart.title, Markup("").join(parts)
    )
    return svg + _render_numbers(chart)


def _render_axes(chart: LineChart, plane: _Plane) -> Markup:
    left, right = short(_LEFT), short(plane.right)
    parts = [
        _GRID.format(
            left, right, short(y), short(y), short(_LEFT - 6), short(y + 4), show_tick(tick, chart.unit)
        )
        for tick in plane.scale.ticks
        for y in [plane.y(tick)]
    ]
    widest = max((text_width(place) for place in chart.places), default=1) * 6.5 + 8
    room = (plane.right - _LEFT - 28) / max(1, len(chart.places) - 1)
    every = max(1, math.ceil(widest / room))
    parts += [
        _PLACE.format(short(plane.x(number)), short(plane.bottom + 19), place)
        for number, place in enumerate(chart.places)
        if number % every == 0
    ]
    return Markup("").join(parts)


def _render_bands(one: Series, plane: _Plane, *, colour: GroupColour) -> Markup:
    parts = []
    for run in interval_runs(one.estimates):
        lows = [(plane.x(place), plane.y(one.estimates[place].low)) for place in run]
        highs = [(plane.x(place), plane.y(one.estimates[place].high)) for place in run]
        if len(run) > 1:
            parts.append(_BAND.format(_points([*lows, *reversed(highs)]), colour.line))
        else:
            x, low, high = short(lows[0][0]), short(lows[0][1]), short(highs[0][1])
            parts.append(_WHISKER.format(x, x, low, high, colour.line))
    return Markup("").join(parts)


def _render_line(chart: LineChart, number: int, plane: _Plane, *, colour: GroupColour) -> Markup:
    one = chart.series[number]
    dashes = " ".join(short(length) for length in dash_of(number)) or "none"
    parts = [
        _LINE.format(
            _points([(plane.x(place), plane.y(one.estimates[place].value)) for place in run]),
            colour.line,
            dashes,
        )
        for run in known_runs(one.estimates)
        if len(run) > 1
    ]
    for run in known_runs(one.estimates):
        for place in run:
            estimate = one.estimates[place]
            tip = f"{one.name}，{chart.places[place]}：{show_estimate(estimate, chart.unit)}"
            shape = render_shape(
                shape_of(number),
                (plane.x(place), plane.y(estimate.value)),
                radius=3.6,
                look=f"fill:{colour.line};stroke:#fff",
            )
            parts.append(shape + Markup("<title>{}</title></g>").format(tip))
    return Markup("").join(parts)


def _render_labels(chart: LineChart, plane: _Plane, *, colours: Sequence[GroupColour]) -> Markup:
    shown = [
        (number, last) for number, one in enumerate(chart.series) if (last := last_known(one)) is not None
    ]
    wanted = [plane.y(chart.series[number].estimates[last].value) for number, last in shown]
    heights = spread_labels(wanted, step=_LABEL_STEP, low=_TOP, high=plane.bottom)
    parts = []
    for (number, _), y in zip(shown, heights, strict=True):
        mark = render_shape(
            shape_of(number), (plane.right + 5, y), radius=3.6, look=f"fill:{colours[number].line}"
        ) + Markup("</g>")
        label = cut_label(chart.series[number].name)
        parts.append(mark + _LABEL.format(short(plane.right + 13), short(y + 4), label))
    return Markup("").join(parts)


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{short(x)},{short(y)}" for x, y in points)


def _render_numbers(chart: LineChart) -> Markup:
    columns = Markup("").join(Markup('<th scope="col">{}</th>').format(place) for place in chart.places)
    rows = Markup("").join(
        Markup('<tr><th scope="row"{}>{}</th>{}</tr>').format(
            Markup(' title="{}"').format(one.detail) if one.detail else "",
            one.name,
            Markup("").join(
                Markup("<td>{}</td>").format(render_value(estimate, chart.unit)) for estimate in one.estimates
            ),
        )
        for one in chart.series
    )
    return _TABLE.format(columns, rows)
