from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from policy_nlp.agreement.chance import (
    MISSING,
    code_shares,
    coder_shares,
    complete_units,
    expected_agreement,
    observed_agreement,
    sum_pairs,
    unit_agreements,
)
from policy_nlp.agreement.coefficients import compute_coefficients, count_codes
from policy_nlp.agreement.standard_errors import NO_VARIANCE, standard_error
from policy_nlp.errors import TooFewCodersError

WITH_GAPS = arrays(np.int_, st.tuples(st.integers(2, 5), st.integers(1, 12)), elements=st.integers(-1, 3))


@given(WITH_GAPS)
def test_shares_and_agreements_are_those_of_the_table_of_counts(codes: np.ndarray) -> None:
    counts = count_codes(codes, 4)
    n_coders = counts.sum(axis=1)
    if not (n_coders >= 2).any():
        with pytest.raises(TooFewCodersError):
            observed_agreement(codes)
        return
    used = counts[n_coders >= 1]
    shares = (used / used.sum(axis=1, keepdims=True)).mean(axis=0)
    assert code_shares(codes, 4) == pytest.approx(shares)
    pairable, n_of_unit = counts[n_coders >= 2], n_coders[n_coders >= 2]
    agreements = (pairable * (pairable - 1)).sum(axis=1) / (n_of_unit * (n_of_unit - 1))
    ours = unit_agreements(codes)
    assert ours[~np.isnan(ours)] == pytest.approx(agreements)
    assert observed_agreement(codes) == pytest.approx(agreements.mean())


@given(WITH_GAPS)
def test_identity_weights_change_nothing(codes: np.ndarray) -> None:
    assert sum_pairs(codes, np.eye(4)) == pytest.approx(sum_pairs(codes))
    if (codes != MISSING).any(axis=1).sum() >= 2:
        for model in ("fleiss", "conger", "gwet", "brennan_prediger", "none"):
            plain = expected_agreement(model, codes, n_codes=4)
            assert expected_agreement(model, codes, n_codes=4, weights=np.eye(4)) == pytest.approx(plain)


def test_chance_of_conger_is_the_mean_over_pairs_of_coders() -> None:
    codes = np.array([[0, 0, 1, 1], [0, 1, 1, 1], [0, 0, 0, 2]])
    shares = coder_shares(codes, 3)
    pairs = [shares[a] @ shares[b] for a in range(3) for b in range(a)]
    assert expected_agreement("conger", codes, n_codes=3) == pytest.approx(np.mean(pairs))


def test_one_code_in_half_a_million_codings_is_undefined_and_not_one() -> None:
    codes = np.zeros((5, 100_000), dtype=int)
    codes[np.random.default_rng(0).random(codes.shape) < 0.1] = MISSING
    values = compute_coefficients(codes, 1)
    for name in ("cohen_kappa", "scott_pi", "fleiss_kappa", "conger_kappa", "krippendorff_alpha", "gwet_ac1"):
        assert math.isnan(values[name]), name
        assert standard_error(name, codes, n_codes=1).reason == NO_VARIANCE, name


def test_complete_units_are_those_of_all_coders() -> None:
    codes = np.array([[0, 1, -1, 2], [0, -1, 1, 2]])
    assert complete_units(codes).tolist() == [[0, 2], [0, 2]]
    with pytest.raises(TooFewCodersError):
        complete_units(codes[:, 1:3])
