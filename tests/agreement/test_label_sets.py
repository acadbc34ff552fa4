from __future__ import annotations

import doctest
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from policy_nlp.agreement import label_sets
from policy_nlp.agreement.coefficients import nominal_alpha
from policy_nlp.agreement.label_sets import find_label_sets, jaccard_distances, masi_distances, set_alpha

APPLIES = arrays(np.bool_, st.tuples(st.integers(2, 3), st.integers(1, 12), st.integers(1, 11)))


def masi_by_the_book(first: set[int], second: set[int]) -> float:
    """Passonneau 2006, section 3, with two empty sets taken as equal."""
    if first == second:
        return 0.0
    if not first & second:
        return 1.0
    monotonicity = 2 / 3 if first < second or second < first else 1 / 3
    return 1 - len(first & second) / len(first | second) * monotonicity


def test_examples_in_docstrings_are_true() -> None:
    assert doctest.testmod(label_sets).failed == 0


@given(APPLIES)
def test_distances_are_those_of_the_definition(applies: np.ndarray) -> None:
    members = find_label_sets(applies).members
    sets = [set(np.flatnonzero(row).tolist()) for row in members]
    for i, first in enumerate(sets):
        for j, second in enumerate(sets):
            union = first | second
            jaccard = 1 - len(first & second) / len(union) if union else 0.0
            assert jaccard_distances(members)[i, j] == pytest.approx(jaccard)
            assert masi_distances(members)[i, j] == pytest.approx(masi_by_the_book(first, second))


@given(APPLIES)
def test_each_unit_finds_its_own_set_again(applies: np.ndarray) -> None:
    sets = find_label_sets(applies)
    assert (sets.members[sets.set_of] == applies).all()
    assert len(np.unique(sets.members, axis=0)) == len(sets.members)


@given(arrays(np.int_, st.tuples(st.integers(2, 3), st.integers(1, 12)), elements=st.integers(0, 3)))
def test_sets_of_one_label_each_give_the_nominal_alpha(codes: np.ndarray) -> None:
    sets = find_label_sets(np.eye(4, dtype=np.bool_)[codes])
    for distance in (jaccard_distances, masi_distances):
        assert set_alpha(sets, distance) == pytest.approx(nominal_alpha(codes), nan_ok=True)


def test_empty_sets_agree_with_each_other_and_with_nothing_else() -> None:
    members = np.array([[False, False], [True, False]])
    for distance in (jaccard_distances, masi_distances):
        assert distance(members).tolist() == [[0.0, 1.0], [1.0, 0.0]]


def test_one_set_everywhere_has_no_alpha() -> None:
    sets = find_label_sets(np.zeros((2, 5, 3), dtype=np.bool_))
    assert math.isnan(set_alpha(sets, masi_distances))


def test_units_not_given_to_a_coder_are_not_empty_sets() -> None:
    applies = np.array(
        [[[1, 0], [0, 1], [0, 0]], [[1, 0], [0, 1], [0, 0]], [[0, 0], [0, 0], [0, 0]]], dtype=np.bool_
    )
    coded = np.array([[True] * 3, [True] * 3, [False] * 3])
    assert set_alpha(find_label_sets(applies, coded), masi_distances) == pytest.approx(1.0)
    assert set_alpha(find_label_sets(applies), masi_distances) < 0.5
