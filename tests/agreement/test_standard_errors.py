from __future__ import annotations

import math
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from policy_nlp.agreement.coefficients import compute_coefficients
from policy_nlp.agreement.report import CoefficientName
from policy_nlp.agreement.standard_errors import (
    NO_SPREAD,
    NO_VARIANCE,
    ONE_UNIT,
    coefficient_scores,
    error_of_scores,
    standard_error,
)
from policy_nlp.errors import TooFewCodersError

NAMES = get_args(CoefficientName)
WITH_GAPS = arrays(np.int_, st.tuples(st.integers(2, 5), st.integers(3, 15)), elements=st.integers(-1, 3))


def draw_codes(
    generator: np.random.Generator, n_coders: int, n_units: int = 150, *, missing: float = 0.1
) -> np.ndarray:
    truth = generator.choice(4, n_units, p=[0.5, 0.3, 0.15, 0.05])
    is_right = generator.random((n_coders, n_units)) < 0.7
    codes = np.where(is_right, truth, generator.integers(0, 4, (n_coders, n_units)))
    codes[generator.random(codes.shape) < missing] = -1
    return codes


@settings(max_examples=60, deadline=None)
@given(WITH_GAPS)
def test_values_are_those_of_the_coefficients_and_influences_sum_to_zero(codes: np.ndarray) -> None:
    if not ((codes >= 0).sum(axis=0) >= 2).any():
        return
    values = compute_coefficients(codes, 4)
    for name in NAMES:
        scores = coefficient_scores(name, codes, n_codes=4)
        assert scores.value == pytest.approx(values[name], nan_ok=True, abs=1e-9), name
        if scores.n_units and not math.isnan(scores.value):
            assert np.nansum(scores.influences) == pytest.approx(0.0, abs=1e-6), name
        error = standard_error(name, codes, n_codes=4)
        assert (error.reason is None) == (not math.isnan(error.low)), name
        if error.reason is None:
            assert error.low <= error.value <= error.high <= 1.0 + 1e-12, name


@pytest.mark.parametrize("n_coders", [2, 4])
@pytest.mark.parametrize("name", [name for name in NAMES if name != "perreault_leigh"])
def test_the_error_is_that_of_repeated_samples(name: str, n_coders: int) -> None:
    generator, missing = np.random.default_rng(3), 0.1 if n_coders > 2 else 0.0
    errors = [
        standard_error(name, draw_codes(generator, n_coders, missing=missing), n_codes=4) for _ in range(300)
    ]
    assert np.mean([e.se for e in errors]) == pytest.approx(np.std([e.value for e in errors]), rel=0.15)


@pytest.mark.parametrize("name", ["krippendorff_alpha", "gwet_ac1", "fleiss_kappa"])
def test_intervals_hold_the_true_value_about_as_often_as_they_say(name: str) -> None:
    generator = np.random.default_rng(8)
    truth = standard_error(name, draw_codes(generator, 3, 200_000), n_codes=4).value
    errors = [standard_error(name, draw_codes(generator, 3, 100), n_codes=4) for _ in range(400)]
    share = np.mean([e.low <= truth <= e.high for e in errors])
    assert 0.92 <= share <= 0.98


def test_perreault_leigh_has_its_own_error_for_two_coders() -> None:
    codes = np.array([[0] * 60 + [1] * 40, [0] * 50 + [1] * 50])
    error = standard_error("perreault_leigh", codes, n_codes=2)
    assert error.value == pytest.approx(math.sqrt(0.8))
    assert error.se == pytest.approx(math.sqrt(error.value * (1 - error.value) / 100))
    assert error.high - error.value == pytest.approx(1.959964 * error.se, rel=1e-6)


def test_dividing_by_n_squared_is_smaller_by_the_root_of_one_less() -> None:
    scores = coefficient_scores("gwet_ac1", draw_codes(np.random.default_rng(1), 2, 50), n_codes=4)
    raw, table = error_of_scores(scores), error_of_scores(scores, divisor="n^2")
    n_units = scores.n_units
    assert table.se == pytest.approx(raw.se * math.sqrt((n_units - 1) / n_units))


def test_a_wider_confidence_gives_a_wider_interval() -> None:
    codes = draw_codes(np.random.default_rng(2), 3)
    widths = [
        error.high - error.low
        for error in (
            standard_error("krippendorff_alpha", codes, n_codes=4, confidence=level)
            for level in (0.8, 0.95, 0.99)
        )
    ]
    assert widths == sorted(widths)


def test_what_has_no_error_says_why() -> None:
    same = np.zeros((2, 8), dtype=int)
    agreed = np.array([[0, 1, 0, 1], [0, 1, 0, 1]])
    one_unit = np.array([[0, 1], [1, -1]])
    assert standard_error("cohen_kappa", same, n_codes=2).reason == NO_VARIANCE
    assert standard_error("gwet_ac1", same, n_codes=2).reason == NO_VARIANCE
    for name in NAMES:
        error = standard_error(name, agreed, n_codes=2)
        assert (error.value, error.se, error.reason) == (pytest.approx(1.0), 0.0, NO_SPREAD), name
    assert standard_error("krippendorff_alpha", one_unit, n_codes=2).reason == ONE_UNIT


def test_units_coded_once_make_the_error_larger_never_smaller() -> None:
    codes = draw_codes(np.random.default_rng(5), 2, missing=0.0)
    once = np.concatenate([codes, np.stack([codes[0, :40], np.full(40, -1)])], axis=1)
    for name in ("percent_agreement", "fleiss_kappa", "gwet_ac1", "brennan_prediger"):
        with_once, without = (standard_error(name, array, n_codes=4).se for array in (once, codes))
        assert with_once > without, name


def test_units_that_nobody_coded_change_nothing() -> None:
    codes = draw_codes(np.random.default_rng(6), 3, 60)
    padded = np.concatenate([codes, np.full((3, 20), -1)], axis=1)
    for name in NAMES:
        error, same = (standard_error(name, array, n_codes=4) for array in (codes, padded))
        assert error.se == pytest.approx(same.se), name
        assert error.low == pytest.approx(same.low), name


def test_a_coder_who_coded_nothing_changes_nothing() -> None:
    codes = draw_codes(np.random.default_rng(6), 3, 60)
    padded = np.concatenate([codes, np.full((1, 60), -1)])
    for name in NAMES:
        if name not in ("holsti", "perreault_leigh"):
            error, same = (standard_error(name, array, n_codes=4) for array in (codes, padded))
            assert error.value == pytest.approx(same.value), name
            assert error.se == pytest.approx(same.se), name


def test_units_coded_once_only_are_an_error() -> None:
    for name in NAMES:
        with pytest.raises(TooFewCodersError, match="two coders"):
            standard_error(name, np.array([[0, 1, -1], [-1, -1, 1]]), n_codes=2)
