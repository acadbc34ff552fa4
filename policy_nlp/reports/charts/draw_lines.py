"""Line charts drawn by matplotlib."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from policy_nlp.reports.charts.chart import LineChart
from policy_nlp.reports.charts.colours import GroupColour
from policy_nlp.reports.charts.frame import EDGE, RULE, SOFT, WIDTH, Frame, Lettering, text_inches
from policy_nlp.reports.charts.line_places import (
    cut_label,
    interval_runs,
    last_known,
    line_colours,
    spread_labels,
)
from policy_nlp.reports.charts.numbers import show_tick
from policy_nlp.reports.charts.scales import estimate_scale
from policy_nlp.reports.charts.shapes import dash_of, shape_of

if TYPE_CHECKING:  # loaded when a picture is drawn
    from matplotlib.axes import Axes

_PLOT = 3.0
_LABEL_STEP = 0.17
_PLACES = 0.28  # below the plot
_SIZE = 8.0


def lines_size(chart: LineChart, letters: Lettering) -> tuple[float, float]:
    """Width and height of the body in inches."""
    return WIDTH, max(_PLOT, _LABEL_STEP * len(chart.series)) + _PLACES


def draw_lines(chart: LineChart, frame: Frame) -> None:
    """Lines with bands of intervals and a label at the end of each; a line breaks where it is undefined."""
    scale = estimate_scale(
        [estimate for one in chart.series for estimate in one.estimates], is_count=chart.unit == "count"
    )
    ticks = [show_tick(tick, chart.unit) for tick in scale.ticks]
    labels = [
        cut_label(frame.letters.show(one.name, one.detail, number=number))
        for number, one in enumerate(chart.series, start=1)
    ]
    left = EDGE + max(text_inches(tick, 7) for tick in ticks) + 0.08
    right = frame.width - EDGE - max((text_inches(label, _SIZE) for label in labels), default=0.0) - 0.2
    bottom = frame.bottom + _PLACES
    axes = frame.axes(left, bottom, width=right - left, height=frame.top - bottom - 0.06)
    axes.set_xlim(-0.25, max(1, len(chart.places)) - 0.75)
    axes.set_ylim(scale.low, scale.high)
    for tick, text in zip(scale.ticks, ticks, strict=True):
        axes.axhline(tick, color=RULE, lw=0.7, zorder=0)
        _annotate(axes, text, (0.0, tick), is_place=False)
    for place in range(0, len(chart.places), _label_interval(chart, frame.letters, width=right - left)):
        shown = frame.letters.show(chart.places[place], number=place + 1)
        _annotate(axes, shown, (float(place), 0.0), is_place=True)
    colours = line_colours(chart)
    for number, colour in enumerate(colours):
        _draw_line(axes, chart, number, colour=colour)
    _draw_labels(axes, chart, labels, colours=colours, height=frame.top - bottom - 0.06)


def _label_interval(chart: LineChart, letters: Lettering, *, width: float) -> int:
    """Every how many places one is named, so that names do not touch."""
    shown = (letters.show(place, number=number) for number, place in enumerate(chart.places, start=1))
    widest = max((text_inches(place, 7) for place in shown), default=0.0) + 0.08
    return max(1, math.ceil(widest / (width / max(1, len(chart.places)))))


def _annotate(axes: Axes, text: str, at: tuple[float, float], *, is_place: bool) -> None:
    axes.annotate(
        text,
        at,
        xycoords=("data", "axes fraction") if is_place else ("axes fraction", "data"),
        xytext=(0, -5) if is_place else (-4, 0),
        textcoords="offset points",
        ha="center" if is_place else "right",
        va="top" if is_place else "center",
        size=7,
        color=SOFT,
    )


def _draw_line(axes: Axes, chart: LineChart, number: int, *, colour: GroupColour) -> None:
    estimates = chart.series[number].estimates
    for run in interval_runs(estimates):
        lows, highs = [estimates[at].low for at in run], [estimates[at].high for at in run]
        if len(run) > 1:
            axes.fill_between(run, lows, highs, color=colour.line, alpha=0.14, lw=0, zorder=1)
        else:
            axes.vlines(run, lows, highs, color=colour.line, lw=1.0, alpha=0.7, zorder=1)
    dashes = [length / 1.6 for length in dash_of(number)]
    axes.plot(
        range(len(estimates)),
        [estimate.value for estimate in estimates],
        color=colour.line,
        lw=1.6,
        linestyle=(0, tuple(dashes)) if dashes else "-",
        marker=shape_of(number).marker,
        markersize=4.6,
        markeredgecolor="white",
        markeredgewidth=0.5,
        clip_on=False,
        zorder=2,
    )


def _draw_labels(
    axes: Axes, chart: LineChart, labels: Sequence[str], *, colours: Sequence[GroupColour], height: float
) -> None:
    """The names beside the ends of the lines, moved apart where they would touch."""
    low, high = axes.get_ylim()
    ends = [
        (number, last) for number, one in enumerate(chart.series) if (last := last_known(one)) is not None
    ]
    values = [chart.series[number].estimates[last].value for number, last in ends]
    wanted = [(value - low) / (high - low) * height for value in values]
    places = spread_labels(wanted, step=_LABEL_STEP, low=0.05, high=height)
    for (number, _), place in zip(ends, places, strict=True):
        share = place / height
        axes.plot(
            [1.015],
            [share],
            transform=axes.transAxes,
            clip_on=False,
            marker=shape_of(number).marker,
            color=colours[number].line,
            markersize=4.6,
        )
        axes.annotate(
            labels[number],
            (1.015, share),
            xycoords="axes fraction",
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            size=_SIZE,
        )
