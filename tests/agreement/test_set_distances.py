from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from nltk.metrics.distance import jaccard_distance, masi_distance

from policy_nlp.agreement import set_distances
from policy_nlp.agreement.distances import find_ancestors, tree_distances
from policy_nlp.agreement.set_distances import JACCARD, MASI, SetDistance, tree_distance

MEMBERS = arrays(np.bool_, st.tuples(st.integers(1, 12), st.integers(1, 6)))
TREE = tree_distance(find_ancestors(["a1", "a2", "b1"], {"a1": "a", "a2": "a", "b1": "b"}))


@given(MEMBERS)
def test_jaccard_and_masi_are_those_of_nltk_and_empty_sets_are_equal(members: np.ndarray) -> None:
    sets = [frozenset(np.flatnonzero(row).tolist()) for row in members]
    found = JACCARD.matrix(members), MASI.matrix(members)
    for i, one in enumerate(sets):
        for j, other in enumerate(sets):
            expected = (
                (jaccard_distance(one, other), masi_distance(one, other)) if one | other else (0.0, 0.0)
            )
            assert (found[0][i, j], found[1][i, j]) == pytest.approx(expected, abs=2e-3)  # nltk: .67, .33


@given(MEMBERS, st.integers(0, 1000))
@pytest.mark.parametrize("distance", [JACCARD, MASI])
def test_pairs_and_products_are_those_of_the_matrix(
    distance: SetDistance, members: np.ndarray, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    matrix = distance.matrix(members)
    first, second = generator.integers(0, len(members), (2, 20))
    assert distance.between(members, first=first, second=second) == pytest.approx(matrix[first, second])
    columns = generator.random((len(members), 3))
    assert distance.times(members, columns) == pytest.approx(matrix @ columns)


def test_many_sets_are_multiplied_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    members = np.random.default_rng(0).random((50, 7)) < 0.4
    columns = np.random.default_rng(1).random((50, 2))
    whole = MASI.times(members, columns)
    monkeypatch.setattr(set_distances, "_CELLS_AT_ONCE", 120)
    assert np.allclose(MASI.times(members, columns), whole)


def test_sets_of_one_code_are_as_far_as_their_codes_are_in_the_tree() -> None:
    ancestors = find_ancestors(["a1", "a2", "b1"], {"a1": "a", "a2": "a", "b1": "b"})
    assert TREE.matrix(np.eye(3, dtype=bool)) == pytest.approx(tree_distances(ancestors))


def test_without_parents_the_distance_of_the_tree_is_that_of_dice() -> None:
    flat = tree_distance(find_ancestors(["x", "y", "z"], {}))
    members = np.array([[1, 1, 0], [1, 0, 1], [0, 0, 0], [1, 1, 1]], dtype=bool)
    expected = [[0, 0.5, 1, 0.2], [0.5, 0, 1, 0.2], [1, 1, 0, 1], [0.2, 0.2, 1, 0]]
    assert flat.matrix(members) == pytest.approx(np.array(expected))


def test_a_neighbour_in_the_tree_is_nearer_than_a_stranger_and_both_than_nothing() -> None:
    members = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]], dtype=bool)
    assert TREE.matrix(members)[0].tolist() == [0.0, 0.5, 1.0, 1.0]
