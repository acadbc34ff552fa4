from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.reports.charts.scales import round_scale


@given(st.lists(st.floats(-1e6, 1e6) | st.just(math.nan), max_size=6), st.booleans())
def test_an_axis_holds_zero_and_every_known_value(values: list[float], is_count: bool) -> None:
    scale = round_scale(values, is_count=is_count)
    assert all(-1e-9 <= scale.position(v) <= 1 + 1e-9 for v in [0.0, *values] if math.isfinite(v))
    assert 2 <= len(scale.ticks) <= 13
    assert all(first < second for first, second in itertools.pairwise(scale.ticks))


@given(st.lists(st.integers(0, 10**6).map(float), min_size=1, max_size=6))
def test_ticks_of_counts_are_whole(values: list[float]) -> None:
    assert all(tick.is_integer() for tick in round_scale(values, is_count=True).ticks)


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([0.445], (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)),
        ([456.0], (0.0, 100.0, 200.0, 300.0, 400.0, 500.0)),
        ([], (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)),
        ([-0.2, 0.2], (-0.2, -0.1, 0.0, 0.1, 0.2)),
    ],
)
def test_ticks_are_round(values: list[float], ticks: tuple[float, ...]) -> None:
    assert round_scale(values).ticks == ticks
