from __future__ import annotations

import math

from hypothesis import given

from policy_nlp.reports.charts.chart import Bar, BarChart, Chart, Estimate, HeatMapChart, NetworkChart
from policy_nlp.reports.charts.tables import chart_tables
from tests.reports.charts.chart_examples import charts, examples


@given(charts)
def test_every_row_has_a_cell_under_each_heading(chart: Chart) -> None:
    tables = chart_tables(chart)
    assert tables[0].name == chart.chart_id
    for table in tables:
        assert len(set(table.header)) == len(table.header)
        assert all(len(row) == len(table.header) for row in table.rows)


@given(charts)
def test_what_is_undefined_has_a_reason_and_no_number(chart: Chart) -> None:
    for table in chart_tables(chart):
        if "reason" not in table.header:
            continue
        for row in table.rows:
            value = row[table.header.index("value")]
            assert isinstance(value, float)
            assert math.isfinite(value) or row[-1]


def test_a_matrix_is_one_row_a_cell() -> None:
    chart = HeatMapChart("m", "矩阵", ("甲",), ("丙", "丁"), ((3.0, math.nan),), reason="没有编码")
    (table,) = chart_tables(chart)
    assert table.rows[0] == ("甲", "丙", 3.0, "")
    assert table.rows[1][:2] == ("甲", "丁")
    assert table.rows[1][3] == "没有编码"


def test_a_network_has_its_ties_by_name() -> None:
    (chart,) = (chart for chart in examples() if isinstance(chart, NetworkChart))
    nodes, edges = chart_tables(chart)
    assert edges.name == "network-edges"
    assert edges.rows == (("企业", "高校", 7.0),)
    assert [row[0] for row in nodes.rows] == ["企业", "高校"]


def test_a_value_without_interval_keeps_the_reason() -> None:
    (table,) = chart_tables(BarChart("b", "份额", (Bar("甲", Estimate(0.5, reason="只有一份文件")),)))
    assert table.rows[0][1] == 0.5
    assert table.rows[0][-1] == "只有一份文件"
