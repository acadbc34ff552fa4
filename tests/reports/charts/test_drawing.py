from __future__ import annotations

import io
import logging
import math
import re
import warnings

import pytest
from hypothesis import given, settings
from lxml import etree
from matplotlib import image
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from policy_nlp.reports.charts import drawing
from policy_nlp.reports.charts.chart import (
    Bar,
    BarChart,
    Chart,
    Estimate,
    HeatMapChart,
    LineChart,
    NetworkChart,
    PanelChart,
    TileMapChart,
)
from policy_nlp.reports.charts.drawing import NO_FONT_LINE, draw_chart
from policy_nlp.reports.charts.html import render_chart
from policy_nlp.reports.charts.numbers import show_estimate, show_value
from policy_nlp.reports.fonts import find_chinese_font
from tests.reports.charts.chart_examples import bar_charts, charts, examples

KINDS = {type(chart).__name__: chart for chart in examples()}


def figure_of(chart: Chart, *, font: str | None = "") -> Figure:
    """The figure that is drawn as PNG."""
    kept: list[Figure] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing, "_save", lambda figure, picture_format: kept.append(figure) or b"")
        draw_chart(chart, "png", font=font)
    return kept[0]


def texts_of(figure: Figure) -> list[str]:
    drawn = [*figure.texts, *(text for axes in figure.axes for text in axes.texts)]
    return [text.get_text() for text in drawn]


def svg_texts(chart: Chart) -> list[str]:
    tree = etree.fromstring(draw_chart(chart, "svg"))
    return ["".join(text.itertext()) for text in tree.iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_chart_gives_the_same_bytes(kind: str) -> None:
    for picture_format in ("png", "svg"):
        first = draw_chart(KINDS[kind], picture_format)  # type: ignore[arg-type]
        assert draw_chart(KINDS[kind], picture_format) == first  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
def test_a_png_shows_something_in_print_quality(kind: str) -> None:
    pixels = image.imread(io.BytesIO(draw_chart(KINDS[kind], "png")))
    assert pixels.shape[1] >= 1400
    assert 0.005 < (pixels[..., :3].min(axis=-1) < 0.9).mean() < 0.9


@pytest.mark.parametrize("kind", KINDS)
def test_an_svg_keeps_text_as_text_in_fonts_of_every_system_and_holds_no_date(kind: str) -> None:
    svg = draw_chart(KINDS[kind], "svg").decode("utf-8")
    assert KINDS[kind].title in svg
    fonts = re.findall(r"font(?:-family)?: ([^;\"]+)", svg)
    assert fonts
    assert all("'Microsoft YaHei', 'PingFang SC', 'Noto Sans CJK SC'" in font for font in fonts)
    assert "<dc:date>" not in svg


@given(bar_charts())
@settings(max_examples=25)
def test_an_svg_shows_the_numbers_of_the_page(chart: BarChart) -> None:
    texts = svg_texts(chart)
    for bar in chart.bars:
        assert show_estimate(bar.estimate, chart.unit) in texts


def test_numbers_of_matrices_and_maps_are_those_of_the_page() -> None:
    for chart in examples():
        if isinstance(chart, HeatMapChart):
            values = [value for row in chart.values for value in row]
        elif isinstance(chart, TileMapChart):
            values = [tile.estimate.value for tile in chart.tiles]
        else:
            continue
        shown = [show_value(value, chart.unit) for value in values if math.isfinite(value)]
        texts = svg_texts(chart)
        assert all(text in texts for text in shown)
        assert "n/a" not in texts  # the place stays empty


@given(bar_charts())
@settings(max_examples=25)
def test_drawn_whiskers_end_where_the_interval_ends(chart: BarChart) -> None:
    drawn = {
        (row, low, high)
        for axes in figure_of(chart).axes
        for lines in axes.collections
        if isinstance(lines, LineCollection)
        for (low, row), (high, end_row) in (segment.tolist() for segment in lines.get_segments())
        if row == end_row
    }
    expected = {
        (float(row), bar.estimate.low, bar.estimate.high)
        for row, bar in enumerate(chart.bars)
        if bar.estimate.has_interval and math.isfinite(bar.estimate.value)
    }
    assert drawn == expected


@given(charts)
@settings(max_examples=25)
def test_every_chart_can_be_drawn_without_a_warning(chart: Chart) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert draw_chart(chart, "svg").startswith(b"<?xml")


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_chinese_font_no_box_is_drawn_and_the_picture_says_so(
    kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    with warnings.catch_warnings(), caplog.at_level(logging.WARNING):
        warnings.simplefilter("error")  # matplotlib warns of each missing character
        draw_chart(KINDS[kind], "png", font=None)
    texts = texts_of(figure_of(KINDS[kind], font=None))
    assert not caplog.messages
    assert NO_FONT_LINE in " ".join(texts)
    assert all(ord(mark) < 0x2E80 for text in texts for mark in text)


def test_without_a_chinese_font_the_english_name_or_the_number_stands_for_a_bar() -> None:
    texts = texts_of(figure_of(KINDS["BarChart"], font=None))
    assert any(text.endswith("National demand") for text in texts)
    assert any(text.endswith("no. 2") for text in texts)


@pytest.mark.skipif(find_chinese_font() is None, reason="no Chinese font is installed on this machine")
def test_with_a_chinese_font_names_are_chinese_and_nothing_is_said() -> None:
    texts = texts_of(figure_of(KINDS["BarChart"]))
    assert any(text.endswith("国家战略需求") for text in texts)
    assert NO_FONT_LINE not in " ".join(texts)


def test_dollar_signs_are_no_formula() -> None:
    chart = BarChart("bars", "$x^2$", (Bar("$a$ 与 $b$", Estimate(1.0)),))
    assert {"$x^2$", "$a$ 与 $b$"} <= set(svg_texts(chart))


@pytest.mark.parametrize(
    "chart",
    [
        BarChart("empty", "空", ()),
        BarChart("endless", "无穷", (Bar("甲", Estimate(2.0, 1.0, math.inf)), Bar("乙", Estimate(math.inf)))),
        HeatMapChart("empty", "空", ("甲",), (), ((),)),
        LineChart("empty", "空", (), ()),
        PanelChart("empty", "空", ()),
        TileMapChart("empty", "空", ()),
        NetworkChart("empty", "空", (), (), "频次", "共现次数"),
    ],
    ids=lambda chart: f"{type(chart).__name__} {chart.chart_id}",
)
def test_a_chart_of_nothing_or_without_end_is_drawn_all_the_same(chart: Chart) -> None:
    assert draw_chart(chart, "png")
    assert draw_chart(chart, "svg")
    assert "inf" not in str(render_chart(chart)).replace(chart.chart_id, "")
