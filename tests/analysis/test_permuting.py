"""Permutations of clusters against all arrangements counted out."""

from __future__ import annotations

from itertools import permutations as arrangements

import numpy as np
import pytest

from policy_nlp.analysis.clusters import Clusters, document_clusters
from policy_nlp.analysis.permuting import Permutations, least_p_value, permute_clusters
from tests.analysis.grouped_sentences import Document, make_sentences

GROUPS: list[list[Document]] = [[(10, 6), (14, 5), (9, 4)], [(12, 1), (20, 3), (8, 0)]]


def clusters_of(groups: list[list[Document]]) -> Clusters:
    return document_clusters(make_sentences(groups))


def between(documents: list[Document], n_first: int) -> float:
    """Sum over two groups of n_g (p_g - p)^2, written out."""
    n, total = (sum(column) for column in zip(*documents, strict=True))
    parts = (documents[:n_first], documents[n_first:])
    sums = [tuple(sum(column) for column in zip(*part, strict=True)) for part in parts]
    return sum(size * (count / size - total / n) ** 2 for size, count in sums)


def test_the_p_value_is_that_of_all_arrangements_counted_out() -> None:
    documents = [document for group in GROUPS for document in group]
    observed = between(documents, 3)
    counted = [between(list(order), 3) >= observed - 1e-9 for order in arrangements(documents)]
    found = permute_clusters(clusters_of(GROUPS), Permutations(n_draws=20_000, seed=1))
    assert found.p_values[0] == pytest.approx(sum(counted) / len(counted), abs=0.01)


def test_eta_squared_is_the_share_of_variance_between_groups() -> None:
    found = permute_clusters(clusters_of(GROUPS), Permutations(99))
    values = [1.0] * 15 + [0.0] * 18, [1.0] * 4 + [0.0] * 36
    whole = np.array(values[0] + values[1])
    within = sum(((np.array(part) - np.mean(part)) ** 2).sum() for part in values)
    total = ((whole - whole.mean()) ** 2).sum()
    assert found.observed.eta_squared[0, 0] == pytest.approx(1 - within / total)


def test_the_smallest_p_value_is_one_over_the_different_arrangements() -> None:
    """Six documents, three and three: 20 ways to choose, each twice as the groups are of one size."""
    assert least_p_value([3, 3]) == pytest.approx(1 / 10)
    assert least_p_value([2, 4]) == pytest.approx(1 / 15)


def test_one_document_a_group_gives_p_1_whatever_the_shares() -> None:
    found = permute_clusters(clusters_of([[(50, 50)], [(50, 0)], [(50, 20)]]), Permutations(199))
    assert found.p_values[0] == 1.0
    assert least_p_value([1, 1, 1]) == 1.0


def test_the_same_seed_gives_the_same_p_values() -> None:
    first, second = (permute_clusters(clusters_of(GROUPS), Permutations(499, seed=3)) for _ in range(2))
    assert first.p_values.tolist() == second.p_values.tolist()
    assert first.difference_p.tolist() == second.difference_p.tolist()


def test_a_code_of_no_sentence_has_no_p_value() -> None:
    found = permute_clusters(clusters_of([[(5, 0), (5, 0)], [(5, 0), (5, 0)]]), Permutations(99))
    assert np.isnan(found.p_values[0])
    assert np.isnan(found.difference_p).all()


def test_a_p_value_is_never_0() -> None:
    groups: list[list[Document]] = [[(20, 20)] * 8, [(20, 0)] * 8]
    assert permute_clusters(clusters_of(groups), Permutations(99)).p_values[0] >= 1 / 100
