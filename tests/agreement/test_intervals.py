from __future__ import annotations

import math

import numpy as np
import pytest

from policy_nlp.agreement import intervals
from policy_nlp.agreement.intervals import (
    Bootstrap,
    Measure,
    bootstrap_draws,
    group_indices,
    measures_from_draws,
)


def mean_measure(values: np.ndarray, bootstrap: Bootstrap) -> Measure:
    """The mean of the values with its interval, each value a group of its own."""
    draws = bootstrap_draws(
        lambda weights: (weights @ values / len(values))[:, np.newaxis], len(values), bootstrap=bootstrap
    )
    (measure,) = measures_from_draws(
        np.array([values.mean()]), draws, reasons=["no value"], n_groups=len(values), bootstrap=bootstrap
    )
    return measure


def test_interval_of_a_mean_is_the_normal_one() -> None:
    values = np.random.default_rng(1).normal(size=400)
    measure = mean_measure(values, Bootstrap(4000, seed=3))
    half_width = 1.96 * values.std() / math.sqrt(400)
    assert measure.low == pytest.approx(values.mean() - half_width, abs=0.015)
    assert measure.high == pytest.approx(values.mean() + half_width, abs=0.015)


def test_interval_narrows_with_more_groups() -> None:
    values = np.random.default_rng(1).normal(size=6400)
    few, many = mean_measure(values[:100], Bootstrap()), mean_measure(values, Bootstrap())
    assert (few.high - few.low) / (many.high - many.low) == pytest.approx(8, rel=0.25)


def test_same_seed_gives_the_same_interval_and_another_seed_another() -> None:
    values = np.arange(50.0) ** 2
    assert mean_measure(values, Bootstrap(200, seed=7)) == mean_measure(values, Bootstrap(200, seed=7))
    assert mean_measure(values, Bootstrap(200, seed=7)) != mean_measure(values, Bootstrap(200, seed=8))


def test_drawing_in_parts_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.arange(50.0) ** 2
    at_once = mean_measure(values, Bootstrap(200))
    monkeypatch.setattr(intervals, "_CELLS_AT_ONCE", 50 * 7)
    assert mean_measure(values, Bootstrap(200)) == at_once


def test_every_draw_holds_as_many_groups_as_there_are() -> None:
    draws = bootstrap_draws(lambda weights: weights.sum(axis=1), 13, bootstrap=Bootstrap(50))
    assert draws.tolist() == [13.0] * 50


def test_undefined_draws_are_counted_and_left_out() -> None:
    draws = np.array([[0.2], [math.nan], [0.4], [0.6]])
    (measure,) = measures_from_draws(
        np.array([0.4]), draws, reasons=["undefined"], n_groups=9, bootstrap=Bootstrap(4, confidence=0.5)
    )
    assert (measure.low, measure.high) == (pytest.approx(0.3), pytest.approx(0.5))
    assert measure.n_undefined == 1


@pytest.mark.parametrize(
    ("value", "draws", "n_groups", "reason"),
    [
        (math.nan, [0.1, 0.2], 5, "never used"),
        (0.5, [0.5, 0.6], 1, "one document"),
        (0.5, [], 5, "switched off"),
        (0.5, [0.5, math.nan, math.nan], 5, "2 of 3"),
        (1.0, [1.0, 1.0, 1.0], 5, "same value"),
    ],
)
def test_what_has_no_interval_says_why(value: float, draws: list[float], n_groups: int, reason: str) -> None:
    (measure,) = measures_from_draws(
        np.array([value]),
        np.array(draws).reshape(-1, 1),
        reasons=["never used"],
        n_groups=n_groups,
        bootstrap=Bootstrap(len(draws)),
    )
    assert not measure.has_interval
    assert reason in (measure.reason or "")


def test_an_undefined_measure_without_reason_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="reason"):
        Measure(math.nan)


def test_groups_are_numbered_as_they_appear() -> None:
    indices, n_groups = group_indices(["b", "a", "b", "c"])
    assert indices.tolist() == [0, 1, 0, 2]
    assert n_groups == 3
