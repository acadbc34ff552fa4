"""Bar charts and small multiples as HTML tables with a bar and an interval whisker in each row."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from policy_nlp.reports.charts.chart import Bar, BarChart, ColourGroup, Estimate, PanelChart, Unit
from policy_nlp.reports.charts.colours import PLAIN_LINE, GroupColour, colours_of
from policy_nlp.reports.charts.numbers import (
    missing_reason,
    show_estimate,
    show_interval,
    show_tick,
    show_value,
)
from policy_nlp.reports.charts.scales import Scale, estimate_scale

_TABLE = Markup(
    '<table class="bars"><thead><tr><th></th><th>{}</th><th></th></tr></thead><tbody>{}</tbody></table>'
)
_ROW = Markup(
    '<tr><th scope="row"{}{}>{}{}</th><td class="bar"><div class="track">{}</div></td>'
    '<td class="value">{}</td></tr>'
)
_AXIS = Markup('<div class="axis" aria-hidden="true">{}</div>')
_TICK = Markup('<span style="left:{}%">{}</span>')
_GRID = Markup('<i class="grid" style="left:{}%"></i>')
_BAR = Markup('<i class="fill" style="left:{}%;width:{}%;background:{}" title="{}"></i>')
_WHISKER = Markup('<i class="whisker" style="left:{}%;width:{}%" title="{}"></i>')
_MARK = Markup('<b class="mark" style="background:{};border-color:{}">{}</b>')
_LEGEND = Markup('<ul class="chart-legend">{}</ul>')
_PANEL = Markup('<section class="panel"><h4>{}</h4>{}</section>')


def render_bars(chart: BarChart) -> Markup:
    """The legend and the bars."""
    colours = colours_of((bar.colour_group for bar in chart.bars), chart.colour_groups)
    scale = estimate_scale((bar.estimate for bar in chart.bars), is_count=chart.unit == "count")
    table = _render_table(chart.bars, unit=chart.unit, scale=scale, colours=colours)
    return render_legend(chart.bars, groups=chart.colour_groups, colours=colours) + table


def render_panels(chart: PanelChart) -> Markup:
    """The legend, and one table of bars a panel, all on one scale."""
    bars = [bar for panel in chart.panels for bar in panel.bars]
    colours = colours_of((bar.colour_group for bar in bars), chart.colour_groups)
    scale = estimate_scale((bar.estimate for bar in bars), is_count=chart.unit == "count", n_steps=3)
    panels = Markup("").join(
        _PANEL.format(panel.title, _render_table(panel.bars, unit=chart.unit, scale=scale, colours=colours))
        for panel in chart.panels
    )
    legend = render_legend(bars, groups=chart.colour_groups, colours=colours)
    return legend + Markup('<div class="panels">{}</div>').format(panels)


def render_legend(
    bars: Sequence[Bar], *, groups: Sequence[ColourGroup], colours: Mapping[str, GroupColour]
) -> Markup:
    """The groups that the bars are of, each with its mark; empty where the chart names none."""
    used = {bar.colour_group for bar in bars}
    shown = [colours[group.group_id] for group in groups if group.group_id in used]
    if not shown:
        return Markup("")
    items = (Markup("<li>{}{}</li>").format(render_mark(colour), colour.name) for colour in shown)
    return _LEGEND.format(Markup("").join(items))


def render_mark(colour: GroupColour) -> Markup:
    """The letter of a group in a box of its colours."""
    return _MARK.format(colour.background, colour.line, colour.mark)


def percent(share: float) -> str:
    """A place in CSS percent."""
    return f"{100 * share:.3f}".rstrip("0").rstrip(".")


def _render_table(
    bars: Sequence[Bar], *, unit: Unit, scale: Scale, colours: Mapping[str, GroupColour]
) -> Markup:
    ticks = ((percent(scale.position(tick)), show_tick(tick, unit)) for tick in scale.ticks)
    axis = _AXIS.format(Markup("").join(_TICK.format(*tick) for tick in ticks))
    grid = Markup("").join(_GRID.format(percent(scale.position(tick))) for tick in scale.ticks)
    rows = (_render_row(bar, unit=unit, scale=scale, colours=colours, grid=grid) for bar in bars)
    return _TABLE.format(axis, Markup("").join(rows))


def _render_row(
    bar: Bar, *, unit: Unit, scale: Scale, colours: Mapping[str, GroupColour], grid: Markup
) -> Markup:
    colour = colours.get(bar.colour_group)
    mark = render_mark(colour) if colour and colour.name != colour.group_id else Markup("")
    title = Markup(' title="{}"').format(bar.detail) if bar.detail else Markup("")
    tip = f"{bar.name}：{show_estimate(bar.estimate, unit)}"
    drawn = grid + _render_bar(bar.estimate, scale, line=colour.line if colour else PLAIN_LINE, tip=tip)
    marked = Markup(' class="marked"') if mark else ""
    return _ROW.format(marked, title, mark, bar.name, drawn, render_value(bar.estimate, unit))


def _render_bar(estimate: Estimate, scale: Scale, *, line: str, tip: str) -> Markup:
    """The bar from 0 to the value and the whisker over it; nothing where the value is undefined."""
    if not math.isfinite(estimate.value):
        return Markup("")
    zero, end = scale.position(0.0), scale.position(estimate.value)
    drawn = _BAR.format(percent(min(zero, end)), percent(abs(end - zero)), line, tip)
    if estimate.has_interval:
        low, high = scale.position(estimate.low), scale.position(estimate.high)
        drawn += _WHISKER.format(percent(low), percent(high - low), tip)
    return drawn


def render_value(estimate: Estimate, unit: Unit) -> Markup:
    """The value in print with its interval below or beside it; `n/a` with its reason on hover."""
    if not math.isfinite(estimate.value):
        return Markup('<span class="missing" title="{}">{}</span>').format(
            missing_reason(estimate), show_value(estimate.value, unit)
        )
    interval = show_interval(estimate, unit)
    shown = Markup("{}").format(show_value(estimate.value, unit))
    return shown + Markup(' <span class="interval">{}</span>').format(interval) if interval else shown
