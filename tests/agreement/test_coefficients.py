from __future__ import annotations

import doctest
import math
import time
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import cohen_kappa_score

from policy_nlp.agreement import coefficients
from policy_nlp.agreement.coefficients import (
    brennan_prediger,
    coder_pairs,
    cohen_kappa,
    compute_coefficients,
    conger_kappa,
    count_codes,
    distance_alpha,
    fleiss_kappa,
    gwet_ac1,
    holsti,
    light_kappa,
    nominal_alpha,
    pairable_totals,
    percent_agreement,
    percent_agreement_all,
    perreault_leigh,
    scott_pi,
)
from policy_nlp.agreement.report import CoefficientName
from policy_nlp.errors import TooFewCodersError

PAIRS = arrays(np.int_, st.tuples(st.just(2), st.integers(2, 40)), elements=st.integers(0, 3))
WITH_GAPS = arrays(np.int_, st.tuples(st.integers(2, 5), st.integers(2, 15)), elements=st.integers(-1, 3))
ALL_COEFFICIENTS = (percent_agreement, fleiss_kappa, gwet_ac1, brennan_prediger, nominal_alpha)


def alpha_by_the_book(codes: np.ndarray) -> float:
    """Krippendorff 2011 word for word: values by unit, coincidence matrix, observed and expected."""
    units = [[code for code in unit if code != -1] for unit in codes.T]
    units = [unit for unit in units if len(unit) >= 2]
    n_codes = max(max(unit) for unit in units) + 1
    coincidences = np.zeros((n_codes, n_codes))
    for unit in units:
        for i, first in enumerate(unit):
            for j, second in enumerate(unit):
                if i != j:
                    coincidences[first, second] += 1 / (len(unit) - 1)
    totals = coincidences.sum(axis=0)
    differ = ~np.eye(n_codes, dtype=bool)
    expected = np.outer(totals, totals)[differ].sum()
    return 1 - (totals.sum() - 1) * coincidences[differ].sum() / expected if expected else math.nan


def test_examples_in_docstrings_are_true() -> None:
    assert doctest.testmod(coefficients).failed == 0


@given(PAIRS)
def test_cohen_kappa_is_that_of_sklearn(codes: np.ndarray) -> None:
    if len(np.unique(codes)) == 1:
        assert math.isnan(cohen_kappa(codes))
    else:
        assert cohen_kappa(codes) == pytest.approx(cohen_kappa_score(*codes), abs=1e-9)


@given(WITH_GAPS)
def test_nominal_alpha_is_that_of_the_coincidence_matrix(codes: np.ndarray) -> None:
    if not ((codes != -1).sum(axis=0) >= 2).any():
        with pytest.raises(TooFewCodersError):
            nominal_alpha(codes)
    else:
        assert nominal_alpha(codes) == pytest.approx(alpha_by_the_book(codes), nan_ok=True)


@given(WITH_GAPS, st.randoms())
def test_order_of_coders_and_units_does_not_matter(codes: np.ndarray, random: object) -> None:
    if ((codes != -1).sum(axis=0) >= 2).any():
        generator = np.random.default_rng(random.randrange(2**32))  # type: ignore[attr-defined]
        shuffled = codes[generator.permutation(len(codes))][:, generator.permutation(codes.shape[1])]
        for coefficient in ALL_COEFFICIENTS:
            assert coefficient(shuffled) == pytest.approx(coefficient(codes), nan_ok=True)


@given(PAIRS)
def test_coders_who_agree_always_have_a_coefficient_of_one_or_none(codes: np.ndarray) -> None:
    twice = np.stack([codes[0], codes[0]])
    for coefficient in (*ALL_COEFFICIENTS, cohen_kappa, scott_pi):
        value = coefficient(twice)
        assert value == pytest.approx(1.0) or (math.isnan(value) and len(np.unique(twice)) == 1)


def test_one_coder_who_never_used_the_code_gives_a_kappa_of_zero() -> None:
    codes = np.array([[1] * 30 + [0] * 70, [0] * 100])
    assert cohen_kappa(codes) == pytest.approx(0.0)
    assert scott_pi(codes) == pytest.approx(-0.176, abs=5e-4)
    assert nominal_alpha(codes) == pytest.approx(-0.171, abs=5e-4)
    assert gwet_ac1(codes) == pytest.approx(0.597, abs=5e-4)


def test_missing_units_count_as_gwet_and_krippendorff_say() -> None:
    # Krippendorff 2011, section C: percent agreement .818 and alpha .743 as Gwet 2014, p. 120 has them.
    missing = -1
    codes = np.array(
        [
            [1, 2, 3, 3, 2, 1, 4, 1, 2, missing, missing, missing],
            [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, missing, missing],
            [missing, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 3],
            [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, missing],
        ]
    )
    assert percent_agreement(codes) == pytest.approx(0.818, abs=5e-4)
    assert nominal_alpha(codes) == pytest.approx(0.743, abs=5e-4)


def test_declared_codes_change_ac1_and_brennan_prediger_but_not_alpha() -> None:
    codes = np.array([[0, 0, 1, 1, 0], [0, 1, 1, 1, 0]])
    assert gwet_ac1(codes, n_codes=5) > gwet_ac1(codes)
    assert brennan_prediger(codes, n_codes=5) == pytest.approx((0.8 - 0.2) / 0.8)


@pytest.mark.parametrize(
    "coefficient", [nominal_alpha, percent_agreement, fleiss_kappa, gwet_ac1, cohen_kappa]
)
def test_units_coded_once_only_are_an_error(coefficient: object) -> None:
    with pytest.raises(TooFewCodersError, match="two coders"):
        coefficient(np.array([[0, 1, -1], [-1, -1, 1]]))  # type: ignore[operator]


def test_kappa_of_three_coders_is_an_error() -> None:
    with pytest.raises(TooFewCodersError, match="3 coders"):
        cohen_kappa(np.zeros((3, 4), dtype=np.int_))


def test_distances_of_zero_and_one_give_the_nominal_alpha() -> None:
    codes = np.array([[0, 1, 2, 2, -1], [0, 2, 2, 1, 1], [0, 1, 2, 2, 1]])
    assert distance_alpha(codes, 1.0 - np.eye(3)) == nominal_alpha(codes)


def test_counts_of_codes_leave_out_what_is_missing() -> None:
    assert count_codes(np.array([[0, -1], [1, 1]])).tolist() == [[1, 1], [0, 1]]


def test_every_coefficient_of_the_report_is_computed_by_its_name() -> None:
    codes = np.array([[0, 1, 2, 2, -1], [0, 2, 2, 1, 1], [0, 1, 2, 2, 1]])
    values = compute_coefficients(codes, 4)
    assert set(values) == set(get_args(CoefficientName))
    assert values["cohen_kappa"] == light_kappa(codes)
    assert values["gwet_ac1"] == gwet_ac1(codes, 4)
    assert values["krippendorff_alpha"] == nominal_alpha(codes)


@given(PAIRS)
def test_of_two_coders_conger_is_cohen_and_holsti_is_percent_agreement(codes: np.ndarray) -> None:
    assert conger_kappa(codes) == pytest.approx(cohen_kappa(codes), nan_ok=True)
    assert light_kappa(codes) == pytest.approx(cohen_kappa(codes), nan_ok=True)
    assert holsti(codes) == pytest.approx(percent_agreement(codes))
    assert percent_agreement_all(codes) == pytest.approx(percent_agreement(codes))


def test_holsti_counts_units_of_one_coder_against_the_agreement() -> None:
    codes = np.array([[0, 1, 0, 1, -1], [0, 1, 1, -1, -1]])
    assert holsti(codes) == pytest.approx(2 * 2 / (4 + 3))
    assert percent_agreement(codes) == pytest.approx(2 / 3)


def test_all_coders_agree_less_often_than_pairs_of_them() -> None:
    codes = np.array([[0, 1, 0], [0, 1, 1], [0, 1, 1]])
    assert percent_agreement_all(codes) == pytest.approx(2 / 3)
    assert percent_agreement(codes) == pytest.approx((1 + 1 + 1 / 3) / 3)


def test_perreault_leigh_is_the_root_of_brennan_prediger_and_never_below_zero() -> None:
    codes = np.array([[0, 0, 1, 1, 0], [0, 1, 1, 1, 0]])
    assert perreault_leigh(codes, 5) == pytest.approx(math.sqrt(brennan_prediger(codes, 5)))
    opposed = np.array([[0, 1, 0, 1], [1, 0, 1, 0]])
    assert brennan_prediger(opposed, 2) == pytest.approx(-1.0)
    assert perreault_leigh(opposed, 2) == 0.0


def test_pairs_that_share_no_unit_are_left_out() -> None:
    codes = np.array([[0, 1, -1, -1], [0, 1, 1, 0], [-1, -1, 1, 0]])
    assert [pair.tolist() for pair in coder_pairs(codes)] == [[[0, 1], [0, 1]], [[1, 0], [1, 0]]]
    assert light_kappa(codes) == pytest.approx(1.0)


def test_totals_are_of_units_coded_twice() -> None:
    assert pairable_totals(np.array([[0, 1, 2], [0, 2, -1]]), 4).tolist() == [2, 1, 1, 0]


@pytest.mark.parametrize("n_codes", [20, 300])
def test_a_hundred_thousand_units_of_five_coders_take_well_under_a_second(n_codes: int) -> None:
    generator = np.random.default_rng(0)
    truth = generator.integers(0, n_codes, 100_000)
    is_right = generator.random((5, 100_000)) < 0.7
    codes = np.where(is_right, truth, generator.integers(0, n_codes, is_right.shape))
    codes[generator.random(codes.shape) < 0.05] = -1
    start = time.perf_counter()
    values = compute_coefficients(codes, n_codes)
    assert time.perf_counter() - start < 2.0  # 0.2 s on two idle cores
    assert values["krippendorff_alpha"] == pytest.approx(0.49, abs=0.03)
