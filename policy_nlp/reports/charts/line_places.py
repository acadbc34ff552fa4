"""What both drawings of a line chart need: runs of known values, places and texts of the labels."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from policy_nlp.reports.charts.chart import Estimate, LineChart, Series
from policy_nlp.reports.charts.colours import GroupColour, colours_of
from policy_nlp.reports.report_blocks import text_width

_MOST_LABEL = 30  # half-width characters


def line_colours(chart: LineChart) -> tuple[GroupColour, ...]:
    """The look of each line: of its group, or of its own where it has none."""
    keys = [one.colour_group or f"\0{number}" for number, one in enumerate(chart.series)]
    colours = colours_of(keys, chart.colour_groups)
    return tuple(colours[key] for key in keys)


def known_runs(estimates: Sequence[Estimate]) -> Iterator[list[int]]:
    """Places of neighbouring known values: a line breaks where one is undefined."""
    run: list[int] = []
    for place, estimate in enumerate(estimates):
        if math.isfinite(estimate.value):
            run.append(place)
        elif run:
            yield run
            run = []
    if run:
        yield run


def interval_runs(estimates: Sequence[Estimate]) -> Iterator[list[int]]:
    """Places of neighbouring intervals: a band breaks where one is missing."""
    return known_runs([Estimate(one.value if one.has_interval else math.nan) for one in estimates])


def spread_labels(wanted: Sequence[float], *, step: float, low: float, high: float) -> list[float]:
    """Heights near those wanted, at least `step` apart, within the ends as far as there is room."""
    order = sorted(range(len(wanted)), key=lambda number: wanted[number])
    places = [0.0] * len(wanted)
    floor = low
    for number in order:
        places[number] = max(wanted[number], floor)
        floor = places[number] + step
    ceiling = high
    for number in reversed(order):
        places[number] = min(places[number], ceiling)
        ceiling = places[number] - step
    return places


def cut_label(name: str) -> str:
    """The name, with `…` after what a label has room for."""
    if text_width(name) <= _MOST_LABEL:
        return name
    end = len(name)
    while text_width(name[:end]) > _MOST_LABEL - 1:
        end -= 1
    return name[:end] + "…"


def last_known(one: Series) -> int | None:
    """The last place with a value; None where all are undefined."""
    known = [place for place, estimate in enumerate(one.estimates) if math.isfinite(estimate.value)]
    return known[-1] if known else None
