from __future__ import annotations

import doctest
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from policy_nlp.agreement import weighted
from policy_nlp.agreement.coefficients import (
    brennan_prediger,
    conger_kappa,
    fleiss_kappa,
    gwet_ac1,
    nominal_alpha,
    percent_agreement,
)
from policy_nlp.agreement.distances import interval_alpha
from policy_nlp.agreement.weighted import (
    code_weights,
    gwet_ac2,
    weighted_coefficient,
    weighted_kappa,
    weighted_standard_error,
    weights_from_distances,
)
from policy_nlp.errors import DistanceError, TooFewCodersError

KINDS = ("identity", "linear", "quadratic", "ordinal", "radical", "ratio", "circular", "bipolar")
NAMES = ("percent_agreement", "fleiss_kappa", "conger_kappa", "gwet_ac2", "brennan_prediger")
WITH_GAPS = arrays(np.int_, st.tuples(st.integers(2, 4), st.integers(4, 15)), elements=st.integers(-1, 3))


def test_examples_in_docstrings_are_true() -> None:
    assert doctest.testmod(weighted).failed == 0


@pytest.mark.parametrize("kind", KINDS)
def test_weights_are_one_on_the_diagonal_symmetric_and_zero_at_the_farthest(kind: str) -> None:
    table = code_weights(kind, [1, 2, 3, 4, 5])
    assert np.diag(table) == pytest.approx(np.ones(5))
    assert np.allclose(table, table.T)
    assert table.min() == pytest.approx(0.0, abs=1e-12)
    assert table.max() == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("kind", "first_row"),
    [
        # Gwet 2014, chapter 3: formulas for the scores 1 to 4, here computed by hand.
        ("linear", [1, 2 / 3, 1 / 3, 0]),
        ("quadratic", [1, 8 / 9, 5 / 9, 0]),
        ("ordinal", [1, 5 / 6, 3 / 6, 0]),
        ("radical", [1, 1 - 1 / math.sqrt(3), 1 - math.sqrt(2 / 3), 0]),
        ("ratio", [1, 1 - (1 / 9) / (9 / 25), 1 - (1 / 4) / (9 / 25), 0]),
        ("circular", [1, 0.5, 0, 0.5]),
        ("bipolar", [1, 1 - 1 / (1 * 5), 1 - 4 / (2 * 4), 1 - 9 / (3 * 3)]),
    ],
)
def test_weights_follow_their_formula(kind: str, first_row: list[float]) -> None:
    assert code_weights(kind, [1, 2, 3, 4])[0] == pytest.approx(first_row)


def test_ordinal_weights_look_at_ranks_alone() -> None:
    assert np.allclose(code_weights("ordinal", [1, 2, 3]), code_weights("ordinal", [-5, 0, 90]))


@settings(max_examples=60)
@given(WITH_GAPS)
def test_identity_weights_give_the_nominal_coefficients(codes: np.ndarray) -> None:
    if len(np.unique(codes[codes >= 0])) < 2 or not ((codes >= 0).sum(axis=0) >= 2).any():
        return
    weights = code_weights("identity", range(4))
    nominal = {
        "percent_agreement": percent_agreement(codes),
        "fleiss_kappa": fleiss_kappa(codes),
        "conger_kappa": conger_kappa(codes),
        "gwet_ac2": gwet_ac1(codes, 4),
        "brennan_prediger": brennan_prediger(codes, 4),
        "krippendorff_alpha": nominal_alpha(codes),
    }
    for name, value in nominal.items():
        ours = weighted_coefficient(name, codes, weights=weights)
        assert ours == pytest.approx(value, nan_ok=True, abs=1e-9), name


@settings(max_examples=60)
@given(WITH_GAPS)
def test_alpha_with_quadratic_weights_is_interval_alpha(codes: np.ndarray) -> None:
    if not ((codes >= 0).sum(axis=0) >= 2).any():
        return
    ours = weighted_coefficient("krippendorff_alpha", codes, weights=code_weights("quadratic", range(4)))
    assert ours == pytest.approx(interval_alpha(codes, range(4)), nan_ok=True, abs=1e-9)


def test_near_codes_raise_agreement_and_far_ones_do_not() -> None:
    weights = code_weights("linear", [1, 2, 3])
    near = np.array([[0, 1, 2, 0, 2], [0, 1, 2, 1, 1]])
    far = np.array([[0, 1, 2, 0, 2], [0, 1, 2, 2, 0]])
    assert gwet_ac2(near, weights) > gwet_ac1(near, 3)
    assert weighted_kappa(near, weights) > weighted_kappa(far, weights)


@pytest.mark.parametrize("name", [*NAMES, "krippendorff_alpha"])
def test_the_error_is_that_of_repeated_samples(name: str) -> None:
    generator, weights = np.random.default_rng(4), code_weights("quadratic", range(4))

    def draw() -> np.ndarray:
        truth = generator.integers(0, 4, 120)
        codes = np.clip(truth + generator.integers(-1, 2, (3, 120)), 0, 3)
        codes[2, generator.random(120) < 0.2] = -1  # two coders or more in every unit
        return codes

    errors = [weighted_standard_error(name, draw(), weights=weights) for _ in range(250)]
    assert np.mean([e.se for e in errors]) == pytest.approx(np.std([e.value for e in errors]), rel=0.2)


@pytest.mark.parametrize("name", [*NAMES[1:4], "krippendorff_alpha"])
def test_one_code_only_is_undefined_with_a_reason(name: str) -> None:
    codes, weights = np.zeros((3, 6), dtype=int), code_weights("quadratic", range(3))
    assert math.isnan(weighted_coefficient(name, codes, weights=weights))


def test_weights_of_equal_codes_are_all_one() -> None:
    assert weights_from_distances(np.zeros((2, 2))).tolist() == [[1, 1], [1, 1]]
    assert code_weights("quadratic", [3]).tolist() == [[1]]


def test_two_codes_of_one_value_are_an_error() -> None:
    with pytest.raises(DistanceError, match="one value a code"):
        code_weights("linear", [1, 1, 2])


def test_weighted_kappa_of_three_coders_is_an_error() -> None:
    with pytest.raises(TooFewCodersError, match="3 coders"):
        weighted_kappa(np.zeros((3, 4), dtype=int), np.eye(2))
