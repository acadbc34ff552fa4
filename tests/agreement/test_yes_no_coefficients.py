from __future__ import annotations

import math
from dataclasses import fields
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from policy_nlp.agreement.chance import MISSING
from policy_nlp.agreement.coefficients import compute_coefficients
from policy_nlp.agreement.report import CoefficientName
from policy_nlp.agreement.yes_no import YesNoSums, sums_of_cells
from policy_nlp.agreement.yes_no_coefficients import CoefficientValues, yes_no_coefficients

# 2 yes, 1 no, 0 not coded; shape (K, U), every unit coded by two coders or more.
STATES = (
    st.tuples(st.integers(2, 5), st.integers(1, 15))
    .flatmap(lambda shape: arrays(np.int8, shape, elements=st.integers(0, 2)))
    .map(lambda states: states[:, (states > 0).sum(axis=0) >= 2])
    .filter(lambda states: states.shape[1] > 0)
)


def sums_of(states: np.ndarray) -> YesNoSums:
    """Each unit is a cell of its own."""
    return sums_of_cells(states).weighted(np.ones((1, states.shape[1])))


def coefficients_of(both: int, only_first: int, only_second: int, neither: int) -> dict[str, float]:
    """Of two coders, by name."""
    cells = np.array([[2, 2, 1, 1], [2, 1, 2, 1]], dtype=np.int8)
    counts = [both, only_first, only_second, neither]
    values = yes_no_coefficients(sums_of(np.repeat(cells, counts, axis=1)))
    return {field.name: float(getattr(values, field.name)[0]) for field in fields(values)}


def test_coefficients_are_in_the_order_of_the_report() -> None:
    assert tuple(field.name for field in fields(CoefficientValues)) == get_args(CoefficientName)


@settings(max_examples=60)
@given(STATES)
def test_sums_give_what_the_codes_give(states: np.ndarray) -> None:
    found = yes_no_coefficients(sums_of(states)).stacked()[0]
    codes = states.astype(int) - 1
    assert MISSING == -1
    expected = list(compute_coefficients(codes, 2).values())
    assert found == pytest.approx(expected, abs=1e-12, nan_ok=True)


def test_prevalence_paradox_of_80_7_8_5() -> None:
    """Feinstein and Cicchetti (1990): agreement .85, kappa .31; Gwet's AC1 .81."""
    values = coefficients_of(80, 7, 8, 5)
    assert values["percent_agreement"] == pytest.approx(0.85)
    assert values["cohen_kappa"] == pytest.approx(0.31, abs=5e-3)
    assert values["gwet_ac1"] == pytest.approx(0.81, abs=5e-3)


def test_kappa_is_0_where_one_coder_never_says_yes_and_the_others_are_not() -> None:
    values = coefficients_of(0, 30, 0, 70)
    assert values["cohen_kappa"] == pytest.approx(0.0, abs=1e-12)
    assert values["scott_pi"] == pytest.approx(-0.176, abs=5e-4)
    assert values["krippendorff_alpha"] == pytest.approx(-0.171, abs=5e-4)
    assert values["gwet_ac1"] == pytest.approx(0.597, abs=5e-4)


def test_without_any_yes_there_is_agreement_and_nothing_beyond_chance() -> None:
    values = coefficients_of(0, 0, 0, 10)
    assert values["percent_agreement"] == values["brennan_prediger"] == 1.0
    for name in ("cohen_kappa", "scott_pi", "fleiss_kappa", "krippendorff_alpha", "gwet_ac1"):
        assert math.isnan(values[name])
