from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from policy_nlp.agreement.binary import BinaryCounts, positive_agreement
from policy_nlp.agreement.coefficients import (
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    percent_agreement,
    percent_agreement_all,
)
from policy_nlp.agreement.label_sets import find_label_sets
from policy_nlp.agreement.standard_errors import coefficient_scores, error_of_scores, standard_error
from policy_nlp.agreement.variants import (
    alpha_scores_of_distribution,
    dice_agreement,
    fleiss_1971_error,
    fleiss_kappa_by_codings,
    fleiss_null_error,
    hubert_kappa,
    largest_kappa,
    lotus,
    of_one_code,
    percent_agreement_by_codings,
    share_with_common_label,
    specific_agreement,
    standardised_lotus,
    von_eye_kappa,
)

COMPLETE = arrays(np.int_, st.tuples(st.integers(2, 5), st.integers(3, 15)), elements=st.integers(0, 3))
MIXED = np.array([[0, 1, 2, 2, -1, 0], [0, 1, 2, 1, 1, -1], [0, 1, 0, 2, 1, -1]])


@given(COMPLETE)
def test_without_gaps_the_readings_of_missing_codes_are_one(codes: np.ndarray) -> None:
    assert percent_agreement_by_codings(codes) == pytest.approx(percent_agreement(codes))
    assert fleiss_kappa_by_codings(codes) == pytest.approx(fleiss_kappa(codes), nan_ok=True, abs=1e-9)
    assert hubert_kappa(codes) == pytest.approx(conger_kappa(codes), nan_ok=True, abs=1e-9)


def test_with_gaps_units_of_more_coders_weigh_more_by_codings() -> None:
    # Units of 3 coders: agreements 1, 1, 1/3, 1/3; unit of 2: 1; the last was coded once.
    assert percent_agreement(MIXED) == pytest.approx((1 + 1 + 1 / 3 + 1 / 3 + 1) / 5)
    assert percent_agreement_by_codings(MIXED) == pytest.approx((3 + 3 + 1 + 1 + 2) / 14)


@given(arrays(np.int_, st.tuples(st.just(2), st.integers(3, 20)), elements=st.integers(0, 2)))
def test_for_two_coders_von_eye_is_brennan_prediger_and_lotus_counts_halves(codes: np.ndarray) -> None:
    assert von_eye_kappa(codes, 3) == pytest.approx(brennan_prediger(codes, 3))
    assert lotus(codes) == pytest.approx((1 + percent_agreement(codes)) / 2)


def test_von_eye_asks_more_of_many_coders() -> None:
    codes = np.array([[0, 1, 0, 1], [0, 1, 1, 1], [0, 1, 1, 0]])
    assert percent_agreement_all(codes) == 0.5
    assert von_eye_kappa(codes, 2) == pytest.approx((0.5 - 1 / 4) / (1 - 1 / 4))
    assert standardised_lotus(codes, 2) == pytest.approx((lotus(codes) - 0.5) / 0.5)


def test_the_largest_kappa_of_cohens_table_is_the_one_he_prints() -> None:
    # Cohen 1960, p. 45, of his second example: kappa .492, at most .831.
    table = np.array([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
    codes = np.array([[i, j] for i in range(3) for j in range(3) for _ in range(table[i, j])]).T
    assert cohen_kappa(codes) == pytest.approx(0.492, abs=5e-4)
    assert largest_kappa(codes) == pytest.approx(0.831, abs=5e-4)


def test_specific_agreement_of_two_coders_is_positive_agreement() -> None:
    codes = np.array([[1, 1, 1, 0, 0, 0], [1, 0, 1, 0, 1, 0]])
    counts = BinaryCounts(*(np.array(float(n)) for n in (2, 1, 1, 2)))
    assert specific_agreement(codes, 1) == pytest.approx(float(positive_agreement(counts)))
    assert specific_agreement(of_one_code(codes + 3, 4), 1) == pytest.approx(2 / 3)
    assert math.isnan(specific_agreement(codes, 7))


def test_one_code_against_the_others_keeps_gaps() -> None:
    assert of_one_code(MIXED, 2).tolist() == [[0, 0, 1, 1, -1, 0], [0, 0, 1, 0, 0, -1], [0, 0, 0, 1, 0, -1]]


def test_errors_of_fleiss_are_undefined_with_gaps() -> None:
    assert math.isnan(fleiss_null_error(MIXED))
    assert math.isnan(fleiss_1971_error(MIXED))
    assert math.isnan(fleiss_null_error(np.zeros((3, 5), dtype=int)))


def test_the_error_of_a_distribution_has_the_value_of_alpha() -> None:
    scores = alpha_scores_of_distribution(MIXED)
    ours = standard_error("krippendorff_alpha", MIXED, n_codes=3)
    assert scores.value == pytest.approx(ours.value)
    assert error_of_scores(scores).se != pytest.approx(ours.se)
    assert scores.n_units == coefficient_scores("krippendorff_alpha", MIXED, n_codes=3).n_units


def test_coders_share_labels_in_part() -> None:
    # Three units of two coders: {A} and {A}; {A, B} and {B, C}; nothing and nothing.
    applies = np.array(
        [
            [[True, False, False], [True, True, False], [False] * 3],
            [[True, False, False], [False, True, True], [False] * 3],
        ]
    )
    sets = find_label_sets(applies)
    assert share_with_common_label(sets) == pytest.approx(2 / 3)
    assert dice_agreement(sets) == pytest.approx((1 + 0.5 + 0) / 3)
    coded = np.array([[True, True, True], [True, True, False]])
    assert share_with_common_label(find_label_sets(applies, coded)) == 1.0
