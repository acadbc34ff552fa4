from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from policy_nlp.agreement import distances
from policy_nlp.agreement.coefficients import distance_alpha, nominal_alpha
from policy_nlp.agreement.distances import (
    check_distances,
    find_ancestors,
    interval_alpha,
    interval_distances,
    nominal_distances,
    ordinal_alpha,
    ordinal_distances,
    ratio_distances,
    tree_distances,
)
from policy_nlp.agreement.label_sets import dice_distances, tree_set_distances
from policy_nlp.errors import DistanceError

PARENTS = {"a1": "a", "a2": "a", "b1": "b", "a11": "a1", "a": None}


def test_examples_in_docstrings_are_true() -> None:
    assert doctest.testmod(distances).failed == 0


def test_ordinal_distances_are_those_krippendorff_prints() -> None:
    # Krippendorff 2011, section E: frequencies 9, 13, 10, 5, 3 of the ranks 1 to 5.
    table = ordinal_distances(np.array([9.0, 13, 10, 5, 3]))
    assert table[0, 1] == 11**2
    assert table[0, 4] == 34**2
    assert table[3, 4] == 4**2
    assert (table == table.T).all()


def test_ratio_distances_of_zero_and_zero_are_zero() -> None:
    assert ratio_distances([0, 0, 2]).tolist() == [[0, 0, 1], [0, 0, 1], [1, 1, 0]]


def test_ratio_distances_of_negative_values_are_an_error() -> None:
    with pytest.raises(DistanceError, match="value -1"):
        ratio_distances([-1, 2])


@given(
    arrays(np.int_, st.tuples(st.integers(2, 4), st.integers(4, 12)), elements=st.integers(0, 3)),
    st.floats(0.5, 5),
    st.floats(-5, 5),
)
def test_interval_alpha_does_not_change_with_scale_and_origin(
    codes: np.ndarray, scale: float, origin: float
) -> None:
    values = np.arange(4.0)
    expected = interval_alpha(codes, values)
    assert interval_alpha(codes, values * scale + origin) == pytest.approx(expected, nan_ok=True, abs=1e-9)


def test_two_codes_are_at_one_distance_on_any_scale() -> None:
    codes = np.array([[0, 1, 1, 0, 1], [0, 1, 0, 0, -1], [0, 1, 1, 1, 1]])
    assert ordinal_alpha(codes) == pytest.approx(nominal_alpha(codes))
    assert interval_alpha(codes, [3, 7]) == pytest.approx(nominal_alpha(codes))


def test_tree_distance_is_half_between_siblings_and_one_across_the_root() -> None:
    codes = ["a1", "a2", "b1", "a11", "a"]
    table = tree_distances(find_ancestors(codes, PARENTS))
    by_pair = {(x, y): table[i, j] for i, x in enumerate(codes) for j, y in enumerate(codes)}
    assert by_pair["a1", "a2"] == 0.5  # depths 2 and 2, common ancestor at 1
    assert by_pair["a1", "b1"] == 1.0
    assert by_pair["a1", "a"] == pytest.approx(1 - 2 / 3)  # a code and its parent
    assert by_pair["a11", "a1"] == pytest.approx(1 - 4 / 5)
    assert by_pair["a11", "a2"] == pytest.approx(1 - 2 / 5)
    check_distances(table, len(codes))


def test_codes_without_parents_have_the_nominal_alpha() -> None:
    table = tree_distances(find_ancestors(["a", "b", "c"], {}))
    assert (table == nominal_distances(3)).all()
    codes = np.array([[0, 1, 2, 2, -1], [0, 2, 2, 1, 1], [0, 1, 2, 2, 1]])
    assert distance_alpha(codes, table) == pytest.approx(nominal_alpha(codes))


def test_sets_of_one_code_are_at_the_distance_of_the_codes() -> None:
    ancestors = find_ancestors(["a1", "a2", "b1", "a11"], PARENTS)
    one_each = np.eye(4, dtype=bool)
    assert np.allclose(tree_set_distances(one_each, ancestors), tree_distances(ancestors))


def test_a_parent_of_two_codes_of_a_set_counts_once() -> None:
    ancestors = find_ancestors(["a1", "a2", "b1"], PARENTS)
    members = np.array([[True, True, False], [True, False, False], [False, False, False]])
    # {a1, a2, a} and {a1, a} share two of three and two; nothing against something is 1.
    table = tree_set_distances(members, ancestors)
    assert table[0, 1] == pytest.approx(1 - 4 / 5)
    assert table[1, 2] == 1.0
    assert table[2, 2] == 0.0


@given(arrays(np.bool_, st.tuples(st.integers(1, 8), st.just(4)), elements=st.booleans()))
def test_without_parents_the_set_distance_is_dice(members: np.ndarray) -> None:
    ancestors = find_ancestors(["p", "q", "r", "s"], {})
    assert np.allclose(tree_set_distances(members, ancestors), dice_distances(members))


def test_a_circle_of_parents_is_an_error() -> None:
    with pytest.raises(DistanceError, match="x > y > x"):
        find_ancestors(["x"], {"x": "y", "y": "x"})


@pytest.mark.parametrize(
    ("table", "text"),
    [
        ([[0, 1], [2, 0]], "two distances of one pair"),
        ([[0, -1], [-1, 0]], "negative"),
        ([[0, float("nan")], [float("nan"), 0]], "no number"),
        ([[1, 1], [1, 0]], "from itself"),
        ([[0, 1, 1], [1, 0, 1], [1, 1, 0]], r"shape \(3, 3\) for 2 codes"),
    ],
)
def test_tables_that_are_no_distances_are_an_error(table: list, text: str) -> None:
    with pytest.raises(DistanceError, match=text):
        check_distances(np.array(table, dtype=float), 2)


def test_three_hundred_codes_need_no_memory_of_units_times_codes_squared() -> None:
    generator = np.random.default_rng(0)
    codes = generator.integers(0, 300, (3, 20_000))
    assert abs(distance_alpha(codes, interval_distances(range(300)))) < 0.02
