from __future__ import annotations

import math

import pytest

from policy_nlp.reports.charts.chart import Estimate, Unit
from policy_nlp.reports.charts.numbers import explain_missing_values, show_estimate, show_tick, show_value


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0.12345, "share", "12.3%"),
        (-0.0001, "share", "0.0%"),
        (0.0, "share", "0.0%"),
        (0.0004, "share", "0.04%"),
        (0.00001, "share", "<0.01%"),
        (0.0099, "share", "0.99%"),
        (0.00996, "share", "1.0%"),
        (12345.0, "count", "12,345"),
        (111.8, "count", "112"),
        (-0.2, "count", "0"),
        (0.12345, "number", "0.123"),
        (math.nan, "share", "n/a"),
        (math.inf, "number", "n/a"),
    ],
)
def test_numbers_are_rounded_as_their_unit_says(value: float, unit: Unit, shown: str) -> None:
    assert show_value(value, unit) == shown


def test_an_interval_stands_behind_its_value_and_never_alone() -> None:
    assert show_estimate(Estimate(0.2, 0.1, 0.35), "share") == "20.0% [10.0%, 35.0%]"
    assert show_estimate(Estimate(0.2), "share") == "20.0%"
    assert show_estimate(Estimate(math.nan, 0.1, 0.35), "share") == "n/a"


def test_one_line_a_reason_names_what_is_missing_values_before_intervals() -> None:
    bare, unknown = Estimate(0.5, reason="只有一份文件"), Estimate(math.nan, reason="没有文件")
    assert explain_missing_values([("甲", bare), ("乙", unknown), ("丙", unknown)]) == (
        "n/a（乙、丙）：没有文件",
        "无区间（甲）：只有一份文件",
    )


def test_a_long_list_of_names_is_cut_and_counted() -> None:
    unknown = Estimate(math.nan, reason="没有文件")
    (line,) = explain_missing_values((f"名{number}", unknown) for number in range(30))
    assert "名11 等 30 项" in line
    assert "名12" not in line


@pytest.mark.parametrize(
    ("tick", "unit", "shown"), [(0.2, "share", "20%"), (0.025, "share", "2.5%"), (2000, "count", "2,000")]
)
def test_ticks_are_short(tick: float, unit: Unit, shown: str) -> None:
    assert show_tick(tick, unit) == shown
