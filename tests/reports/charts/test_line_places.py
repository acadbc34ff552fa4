from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.reports.charts.chart import Estimate
from policy_nlp.reports.charts.line_places import cut_label, interval_runs, known_runs, spread_labels
from policy_nlp.reports.report_blocks import text_width


@given(st.lists(st.floats(0, 100), max_size=12))
def test_labels_do_not_touch_and_stay_in_order_and_in_the_picture(wanted: list[float]) -> None:
    places = spread_labels(wanted, step=8.0, low=0.0, high=100.0)
    order = sorted(range(len(wanted)), key=lambda number: wanted[number])
    gaps = [places[second] - places[first] for first, second in itertools.pairwise(order)]
    assert all(gap >= 8.0 - 1e-9 for gap in gaps)
    assert all(-1e-9 <= place <= 100 for place in places)


def test_labels_with_room_stay_where_they_are_wanted() -> None:
    assert spread_labels([80.0, 10.0, 40.0], step=8.0, low=0.0, high=100.0) == [80.0, 10.0, 40.0]


def test_runs_leave_out_undefined_places() -> None:
    known, bare, unknown = Estimate(1.0, 0.5, 2.0), Estimate(1.0), Estimate(math.nan)
    assert list(known_runs([known, bare, unknown, known])) == [[0, 1], [3]]
    assert list(interval_runs([known, bare, unknown, known])) == [[0], [3]]


@pytest.mark.parametrize(
    "name", ["短名", "很长的名字" * 8, "a long English name of a category of the codebook"]
)
def test_a_label_is_never_wider_than_its_room(name: str) -> None:
    assert text_width(cut_label(name)) <= 31
    assert cut_label("短名") == "短名"
