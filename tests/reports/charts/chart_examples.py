"""Random charts for property tests, and an example of each kind."""

from __future__ import annotations

import math

from hypothesis import strategies as st

from policy_nlp.reports.charts.chart import (
    Bar,
    BarChart,
    Chart,
    ColourGroup,
    Edge,
    Estimate,
    HeatMapChart,
    LineChart,
    NetworkChart,
    Node,
    PanelChart,
    Series,
    TileMapChart,
)
from policy_nlp.reports.charts.provinces import province_tiles

NAMES = ("国家战略需求", "政府支持", "“卡脖子”技术", "a<b>&\"c'", "$x$ 与 $y$", "Open Innovation")
GROUPS = (ColourGroup("demand", "需求"), ColourGroup("supply", "供给"))
UNDEFINED = Estimate(math.nan, reason="没有文件")

names = st.sampled_from(NAMES)
units = st.sampled_from(("count", "share", "number"))


@st.composite
def estimates(draw: st.DrawFn) -> Estimate:
    if draw(st.integers(0, 5)) == 0:
        return UNDEFINED
    value = draw(st.floats(-5, 3000, allow_nan=False) | st.integers(0, 500).map(float))
    if draw(st.booleans()):
        return Estimate(value, reason=draw(st.sampled_from(("", "只有一份文件"))))
    below, above = draw(st.floats(0, 50)), draw(st.floats(0, 50))
    return Estimate(value, value - below, value + above)


@st.composite
def bar_charts(draw: st.DrawFn) -> BarChart:
    bars = draw(
        st.lists(
            st.builds(
                Bar,
                name=names,
                estimate=estimates(),
                colour_group=st.sampled_from(("", "demand", "supply", "other")),
                detail=st.sampled_from(("", "National demand")),
            ),
            max_size=8,
        )
    )
    return BarChart("bars", draw(names), tuple(bars), draw(units), colour_groups=GROUPS)


@st.composite
def line_charts(draw: st.DrawFn) -> LineChart:
    places = tuple(str(2015 + year) for year in range(draw(st.integers(1, 6))))
    rows = st.lists(estimates(), min_size=len(places), max_size=len(places)).map(tuple)
    series = draw(st.lists(st.builds(Series, name=names, estimates=rows), max_size=5))
    return LineChart("lines", draw(names), places, tuple(series), draw(units))


@st.composite
def matrices(draw: st.DrawFn) -> HeatMapChart:
    n_rows, n_columns = draw(st.integers(0, 5)), draw(st.integers(1, 5))
    cells = st.just(math.nan) | st.floats(-3, 900, allow_nan=False)
    rows = st.lists(cells, min_size=n_columns, max_size=n_columns).map(tuple)
    values = draw(st.lists(rows, min_size=n_rows, max_size=n_rows))
    row_names = tuple(draw(names) for _ in range(n_rows))
    column_names = tuple(draw(names) for _ in range(n_columns))
    return HeatMapChart(
        "matrix", draw(names), row_names, column_names, tuple(values), draw(units), draw(st.booleans())
    )


@st.composite
def networks(draw: st.DrawFn) -> NetworkChart:
    shares = st.floats(0, 1)
    nodes = draw(
        st.lists(
            st.builds(
                Node, name=names, x=shares, y=shares, size=st.floats(0, 900), community=st.integers(0, 15)
            ),
            min_size=1,
            max_size=10,
        )
    )
    places = st.integers(0, len(nodes) - 1)
    edges = draw(st.lists(st.builds(Edge, source=places, target=places, weight=st.floats(0, 99)), max_size=8))
    return NetworkChart("network", draw(names), tuple(nodes), tuple(edges), "频次", "共现次数")


@st.composite
def panel_charts(draw: st.DrawFn) -> PanelChart:
    panels = draw(st.lists(bar_charts(), max_size=4))
    return PanelChart("panels", draw(names), tuple(panels), draw(units), colour_groups=GROUPS)


@st.composite
def tile_maps(draw: st.DrawFn) -> TileMapChart:
    known = draw(st.dictionaries(st.sampled_from(("浙江", "北京", "全国")), estimates()))
    return TileMapChart("tiles", draw(names), province_tiles(known), draw(units))


charts = bar_charts() | line_charts() | matrices() | networks() | panel_charts() | tile_maps()


def examples() -> tuple[Chart, ...]:
    """One small chart of each kind, each with something undefined."""
    known = Estimate(0.2, 0.1, 0.35)
    bars = (Bar("国家战略需求", known, "demand", "National demand"), Bar("政府支持", UNDEFINED, "supply"))
    bar_chart = BarChart("bars", "份额", bars, "share", "未校正。", GROUPS)
    return (
        bar_chart,
        HeatMapChart("matrix", "矩阵", ("甲", "乙"), ("丙",), ((3.0,), (math.nan,)), reason="没有编码"),
        LineChart("lines", "变化", ("2023", "2024"), (Series("需求", (known, UNDEFINED)),)),
        PanelChart("panels", "各省", (bar_chart, bar_chart)),
        TileMapChart("tiles", "地图", province_tiles({"浙江": known})),
        NetworkChart(
            "network",
            "网络",
            (Node("企业", 0.1, 0.2, 90.0, 0), Node("高校", 0.8, 0.9, 20.0, 1)),
            (Edge(0, 1, 7.0),),
            "频次",
            "共现次数",
        ),
    )
