from __future__ import annotations

import math
import re

import pytest
from hypothesis import given, settings
from lxml import html

from policy_nlp.reports.charts.chart import (
    Bar,
    BarChart,
    Chart,
    Estimate,
    HeatMapChart,
    LineChart,
    NetworkChart,
    PanelChart,
    Series,
    TileMapChart,
    Unit,
)
from policy_nlp.reports.charts.html import chart_css, render_chart
from policy_nlp.reports.charts.provinces import NO_DOCUMENT
from policy_nlp.reports.charts.scales import estimate_scale
from policy_nlp.reports.charts.tables import chart_tables
from tests.reports.charts.chart_examples import (
    UNDEFINED,
    bar_charts,
    charts,
    examples,
    line_charts,
    matrices,
    networks,
    panel_charts,
    tile_maps,
)

NUMBER = re.compile(r"-?\d+(?:,\d{3})*(?:\.\d+)?")
HALF_UNITS = {"count": 0.5, "share": 0.0005, "number": 0.0005}


def parsed(chart: Chart) -> html.HtmlElement:
    return html.fromstring(str(render_chart(chart)))


def shown_numbers(text: str, unit: Unit) -> list[float]:
    """The numbers of a text as fractions or counts: `20.7% [16.1%, 25.3%]` -> three."""
    factor = 0.01 if unit == "share" else 1.0
    return [float(number.replace(",", "")) * factor for number in NUMBER.findall(text)]


def assert_shows(text: str, known: list[object], unit: Unit) -> None:
    """The text shows exactly the known numbers of a row of the CSV, rounded; `n/a` where there is none."""
    numbers = [float(cell) for cell in known if isinstance(cell, (int, float)) and math.isfinite(cell)]
    assert shown_numbers(text, unit) == pytest.approx(numbers, abs=HALF_UNITS[unit] * 1.001)
    assert bool(numbers) or text.strip() in ("n/a", "")


def estimate_of(row: tuple[object, ...], start: int) -> list[object]:
    """Value and interval of a row of a table, as far as the value is known."""
    value = row[start]
    return list(row[start : start + 3]) if isinstance(value, float) and math.isfinite(value) else []


@given(bar_charts())
def test_bars_show_the_numbers_of_their_csv(chart: BarChart) -> None:
    shown = [cell.text_content() for cell in parsed(chart).xpath('.//td[@class="value"]')]
    (table,) = chart_tables(chart)
    for text, row in zip(shown, table.rows, strict=True):
        assert_shows(text, estimate_of(row, 1), chart.unit)


@given(panel_charts())
def test_panels_show_the_numbers_of_their_csv(chart: PanelChart) -> None:
    shown = [cell.text_content() for cell in parsed(chart).xpath('.//td[@class="value"]')]
    (table,) = chart_tables(chart)
    for text, row in zip(shown, table.rows, strict=True):
        assert_shows(text, estimate_of(row, 2), chart.unit)


@given(line_charts())
def test_lines_show_the_numbers_of_their_csv(chart: LineChart) -> None:
    figure = parsed(chart)
    (table,) = chart_tables(chart)
    cells = [cell.text_content() for cell in figure.xpath(".//details//td[parent::tr/parent::tbody]")]
    for text, row in zip(cells, table.rows, strict=True):
        assert_shows(text, estimate_of(row, 2), chart.unit)
    known = [row for row in table.rows if estimate_of(row, 2)]
    tips = [tip.text_content().rsplit("：", 1)[1] for tip in figure.xpath(".//svg//title")]
    for text, row in zip(tips, known, strict=True):
        assert_shows(text, estimate_of(row, 2), chart.unit)


@given(matrices())
def test_cells_show_the_numbers_of_their_csv(chart: HeatMapChart) -> None:
    cells = [cell.text_content() for cell in parsed(chart).xpath(".//tbody//td")]
    (table,) = chart_tables(chart)
    for text, row in zip(cells, table.rows, strict=True):
        assert_shows(text, [row[2]], chart.unit)


@given(tile_maps())
def test_tiles_show_the_numbers_of_their_csv(chart: TileMapChart) -> None:
    tiles = parsed(chart).xpath('.//ul[@class="tiles"]/li')
    (table,) = chart_tables(chart)
    for tile, row in zip(tiles, table.rows, strict=True):
        assert tile.find("b").text_content() == row[0]
        assert_shows(tile.find("span").text_content(), estimate_of(row, 1)[:1], chart.unit)


@given(networks())
def test_a_network_shows_the_numbers_of_its_csv(chart: NetworkChart) -> None:
    nodes, edges = parsed(chart).xpath(".//details//tbody")
    node_table, edge_table = chart_tables(chart)
    for found, row in zip(nodes, node_table.rows, strict=True):
        assert found.find("th").text_content() == row[0]
        assert_shows(found.findall("td")[0].text_content(), [row[1]], "number")
        assert found.findall("td")[1].text_content() == str(row[2])
    for found, row in zip(edges, edge_table.rows, strict=True):
        assert_shows(found.find("td").text_content(), [row[2]], "number")


def places_of(element: html.HtmlElement) -> tuple[float, float]:
    """Left and right end of a bar or whisker, as shares of the track."""
    left, width = re.findall(r"(?:left|width):([\d.]+)%", element.get("style"))
    return float(left) / 100, (float(left) + float(width)) / 100


@given(bar_charts())
def test_whiskers_end_where_the_interval_ends(chart: BarChart) -> None:
    scale = estimate_scale([bar.estimate for bar in chart.bars], is_count=chart.unit == "count")
    for bar, row in zip(chart.bars, parsed(chart).xpath(".//tbody/tr"), strict=True):
        whiskers = row.xpath('.//i[@class="whisker"]')
        assert len(whiskers) == (bar.estimate.has_interval and math.isfinite(bar.estimate.value))
        for whisker in whiskers:
            ends = (bar.estimate.low, bar.estimate.high)
            expected = [(end - scale.low) / (scale.high - scale.low) for end in ends]
            assert places_of(whisker) == pytest.approx(expected, abs=2e-5)


@given(bar_charts())
def test_bars_begin_at_zero_and_end_at_the_value_and_undefined_ones_are_not_drawn(chart: BarChart) -> None:
    scale = estimate_scale([bar.estimate for bar in chart.bars], is_count=chart.unit == "count")
    zero = -scale.low / (scale.high - scale.low)
    for bar, row in zip(chart.bars, parsed(chart).xpath(".//tbody/tr"), strict=True):
        fills = row.xpath('.//i[@class="fill"]')
        assert len(fills) == math.isfinite(bar.estimate.value)
        for fill in fills:
            end = (bar.estimate.value - scale.low) / (scale.high - scale.low)
            assert sorted(places_of(fill)) == pytest.approx(sorted((zero, end)), abs=2e-5)


@given(charts)
@settings(max_examples=60)
def test_texts_of_charts_stay_texts(chart: Chart) -> None:
    page = str(render_chart(chart))
    assert "a<b>" not in page
    assert "<script" not in page
    assert not re.search(r"<[^>]*\son\w+=", page)
    assert parsed(chart).xpath("string(./figcaption)") == chart.title


def test_names_are_escaped_in_every_kind_of_chart() -> None:
    name = "<script>alert(1)</script>"
    bar = BarChart("bars", name, (Bar(name, Estimate(1.0), detail=name),), note=name)
    page = str(render_chart(bar))
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 4


def test_an_undefined_value_is_never_a_zero() -> None:
    for chart in examples():
        figure = parsed(chart)
        for missing in figure.xpath('.//*[contains(@class, "missing")]'):
            assert "0" not in missing.text_content()
        if not isinstance(chart, NetworkChart):
            assert figure.xpath('.//*[contains(@class, "missing")]'), chart.chart_id


def test_the_reason_of_what_is_missing_stands_below_the_chart() -> None:
    chart = BarChart("bars", "份额", (Bar("政府支持", UNDEFINED), Bar("市场", UNDEFINED)))
    notes = parsed(chart).xpath('.//p[@class="chart-note"]')
    assert [note.text_content() for note in notes] == ["n/a（政府支持、市场）：没有文件"]


def test_a_province_without_documents_is_an_empty_tile_with_its_reason() -> None:
    (chart,) = (chart for chart in examples() if isinstance(chart, TileMapChart))
    (tile,) = parsed(chart).xpath('.//li[b="西藏"]')
    assert tile.get("class") == "missing"
    assert tile.find("span").text_content() == ""
    assert NO_DOCUMENT in tile.get("title")


def test_a_line_breaks_where_a_year_is_undefined() -> None:
    known = Estimate(0.2, 0.1, 0.3)
    chart = LineChart(
        "lines", "变化", tuple("12345"), (Series("需求", (known, known, UNDEFINED, known, known)),)
    )
    figure = parsed(chart)
    assert [len(line.get("points").split()) for line in figure.xpath('.//*[@class="line"]')] == [2, 2]
    assert [len(band.get("points").split()) for band in figure.xpath('.//*[@class="band"]')] == [4, 4]


def test_the_caption_takes_the_place_of_the_title() -> None:
    figure = html.fromstring(str(render_chart(examples()[0], caption="图 1　份额")))
    assert figure.xpath("string(./figcaption)") == "图 1　份额"
    assert figure.get("id") == "bars"


def test_the_style_sheet_asks_nothing_of_the_network() -> None:
    assert "url(" not in chart_css()
    assert "@import" not in chart_css()
