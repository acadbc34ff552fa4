from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from policy_nlp.agreement.binary import (
    BinaryCounts,
    beyond_chance,
    binary_ac1,
    binary_alpha,
    binary_kappa,
    binary_percent_agreement,
    binary_pi,
    binary_precision,
    binary_recall,
    mean_of_defined,
    positive_agreement,
)
from policy_nlp.agreement.coefficients import (
    cohen_kappa,
    gwet_ac1,
    nominal_alpha,
    percent_agreement,
    scott_pi,
)

CELLS = st.tuples(*(st.integers(0, 25) for _ in range(4))).filter(lambda cells: sum(cells) > 0)
SAME_AS = [
    (binary_percent_agreement, percent_agreement),
    (binary_kappa, cohen_kappa),
    (binary_pi, scott_pi),
    (binary_alpha, nominal_alpha),
    (binary_ac1, gwet_ac1),
]


def counts_of(*cells: float) -> BinaryCounts:
    return BinaryCounts(*(np.array([float(cell)]) for cell in cells))


@pytest.mark.parametrize(("binary", "general"), SAME_AS, ids=lambda function: function.__name__)
@given(cells=CELLS)
def test_two_by_two_counts_give_what_the_codes_give(
    binary: Callable, general: Callable, cells: tuple[int, ...]
) -> None:
    both, only_first, only_second, neither = cells
    first = [1] * both + [1] * only_first + [0] * only_second + [0] * neither
    second = [1] * both + [0] * only_first + [1] * only_second + [0] * neither
    expected = general(np.array([first, second]))
    assert binary(counts_of(*cells))[0] == pytest.approx(expected, abs=1e-9, nan_ok=True)


@given(arrays(np.float64, st.just((4, 3, 5)), elements=st.integers(0, 9).map(float)))
def test_many_tables_at_once_give_what_each_gives_alone(cells: np.ndarray) -> None:
    for binary in (binary_kappa, binary_alpha, binary_ac1, binary_percent_agreement, positive_agreement):
        at_once = binary(BinaryCounts(*cells))
        alone = [[binary(counts_of(*cells[:, i, j]))[0] for j in range(5)] for i in range(3)]
        np.testing.assert_allclose(at_once, alone)


def test_prevalence_paradox_is_that_of_gwet_2008() -> None:
    counts = counts_of(80, 8, 7, 5)
    assert binary_percent_agreement(counts)[0] == pytest.approx(0.85)
    assert binary_kappa(counts)[0] == pytest.approx(0.31, abs=0.005)
    assert binary_ac1(counts)[0] == pytest.approx(0.808, abs=5e-4)


@pytest.mark.parametrize("cells", [(0, 0, 0, 10), (10, 0, 0, 0)])
def test_a_code_that_never_varies_has_agreement_but_no_chance_corrected_one(cells: tuple[int, ...]) -> None:
    counts = counts_of(*cells)
    assert binary_percent_agreement(counts)[0] == 1.0
    assert all(math.isnan(binary(counts)[0]) for binary in (binary_kappa, binary_alpha, binary_ac1))


def test_positive_agreement_is_undefined_where_neither_used_the_code() -> None:
    assert math.isnan(positive_agreement(counts_of(0, 0, 0, 10))[0])
    assert positive_agreement(counts_of(3, 1, 2, 4))[0] == pytest.approx(6 / 9)


def test_precision_is_of_the_second_coder_and_recall_of_the_first() -> None:
    counts = counts_of(6, 2, 3, 9)
    assert binary_precision(counts) == pytest.approx(6 / 9)
    assert binary_recall(counts) == pytest.approx(6 / 8)
    never_used = counts_of(0, 2, 0, 9)
    assert np.isnan(binary_precision(never_used)).all()
    assert binary_recall(never_used) == 0.0


def test_a_mean_leaves_out_what_is_undefined_and_is_undefined_when_all_is() -> None:
    values = np.array([[0.2, np.nan, 0.6], [np.nan, np.nan, np.nan]])
    assert mean_of_defined(values) == pytest.approx([0.4, np.nan], nan_ok=True)


def test_agreement_beyond_certain_chance_is_undefined() -> None:
    observed, expected = np.array([0.75, 1.0]), np.array([0.5, 1.0])
    assert beyond_chance(observed, expected) == pytest.approx([0.5, np.nan], nan_ok=True)
