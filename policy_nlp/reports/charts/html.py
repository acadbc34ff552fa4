"""Charts -> accessible HTML without script: tables, tiles and inline SVG; `chart_css` is their look."""

from __future__ import annotations

from importlib import resources

from markupsafe import Markup

from policy_nlp.reports.charts.chart import (
    BarChart,
    Chart,
    HeatMapChart,
    LineChart,
    PanelChart,
    TileMapChart,
)
from policy_nlp.reports.charts.html_bars import render_bars, render_panels
from policy_nlp.reports.charts.html_lines import render_lines
from policy_nlp.reports.charts.html_matrices import render_matrix, render_tiles
from policy_nlp.reports.charts.html_networks import render_network
from policy_nlp.reports.charts.missing import missing_notes

_NOTE = Markup('<p class="chart-note">{}</p>')
_FIGURE = Markup('<figure class="chart {}" id="{}"><figcaption>{}</figcaption>{}{}</figure>')


def chart_css() -> str:
    """The style sheet of all charts: a page includes it once."""
    return resources.files("policy_nlp.reports.charts").joinpath("charts.css").read_text(encoding="utf-8")


def render_chart(chart: Chart, *, caption: str = "") -> Markup:
    """The chart as one `<figure>` whose id is that of the chart; every text in it is escaped.

    Args:
        chart: what is drawn.
        caption: stands in place of the title (`图 1　各类别的句数`).
    """
    kind, body = _render_body(chart)
    texts = [*chart.note.splitlines(), *missing_notes(chart)]
    notes = Markup("").join(_NOTE.format(text) for text in texts if text.strip())
    return _FIGURE.format(kind, chart.chart_id, caption or chart.title, body, notes)


def _render_body(chart: Chart) -> tuple[str, Markup]:
    """The class of the figure, and what is inside it."""
    if isinstance(chart, BarChart):
        return "chart-bars", render_bars(chart)
    if isinstance(chart, PanelChart):
        return "chart-panels", render_panels(chart)
    if isinstance(chart, HeatMapChart):
        return "chart-matrix", render_matrix(chart)
    if isinstance(chart, TileMapChart):
        return "chart-tiles", render_tiles(chart)
    if isinstance(chart, LineChart):
        return "chart-lines", render_lines(chart)
    return "chart-network", render_network(chart)
