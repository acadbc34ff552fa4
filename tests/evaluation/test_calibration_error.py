from __future__ import annotations

import doctest
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.evaluation import calibration_error
from policy_nlp.evaluation.calibration_error import expected_calibration_error


def test_examples_in_docstrings_are_true() -> None:
    assert doctest.testmod(calibration_error).failed == 0


def test_true_probabilities_have_an_error_near_zero_and_shifted_ones_the_shift() -> None:
    generator = np.random.default_rng(1)
    scores = generator.uniform(0.2, 0.8, 40_000)
    outcomes = generator.random(40_000) < scores
    assert expected_calibration_error(scores, outcomes) < 0.01
    assert expected_calibration_error(scores - 0.2, outcomes) == pytest.approx(0.2, abs=0.01)


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=60), st.randoms())
def test_order_of_units_does_not_matter_even_with_equal_scores(
    cells: list[tuple[int, bool]], random: object
) -> None:
    shuffled = random.sample(cells, len(cells))  # type: ignore[attr-defined]
    values = []
    for some in (cells, shuffled):
        scores, outcomes = (
            np.array([score / 20 for score, _ in some]),
            np.array([outcome for _, outcome in some]),
        )
        values.append(expected_calibration_error(scores, outcomes))
    assert values[0] == pytest.approx(values[1])
    assert 0 <= values[0] <= 1


def test_one_score_for_all_is_one_bin() -> None:
    outcomes = np.array([True, False, False, False])
    assert expected_calibration_error(np.full(4, 0.5), outcomes) == pytest.approx(0.25)


def test_no_score_is_undefined() -> None:
    assert math.isnan(expected_calibration_error(np.zeros(0), np.zeros(0, dtype=np.bool_)))
