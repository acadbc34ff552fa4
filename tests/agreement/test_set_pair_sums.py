from __future__ import annotations

import numpy as np
import pytest

from policy_nlp.agreement import set_pair_sums
from policy_nlp.agreement.patterns import Patterns, find_patterns
from policy_nlp.agreement.set_alphas import count_sets
from policy_nlp.agreement.set_distances import JACCARD, MASI
from policy_nlp.agreement.set_pair_sums import SetPairs, make_set_pair_sums
from tests.agreement.made_coders import random_codings

N_UNITS = 300


def patterns_of(n_groups: int) -> Patterns:
    codings = random_codings(3, N_UNITS, seed=1)
    return find_patterns(codings, np.arange(N_UNITS) % n_groups, n_groups=n_groups)


def pairs_of(patterns: Patterns) -> list[SetPairs]:
    everybody = count_sets(patterns.sets, len(patterns.members))
    one, other = (count_sets(patterns.sets[[coder]], len(patterns.members)) for coder in (0, 2))
    return [
        SetPairs(everybody, everybody, JACCARD),
        SetPairs(one, other),
        SetPairs(everybody, everybody, MASI),
        SetPairs(one, other, JACCARD),
        SetPairs(everybody, everybody),
    ]


def slow_sums(patterns: Patterns, weights: np.ndarray) -> list[float]:
    """From the whole matrix of distances."""
    sums = []
    for pair in pairs_of(patterns):
        first, second = weights @ pair.first.toarray(), weights @ pair.second.toarray()
        n_sets = len(patterns.members)
        table = 1 - np.eye(n_sets) if pair.distance is None else pair.distance.matrix(patterns.members)
        sums.append(float(first @ table @ second))
    return sums


@pytest.mark.parametrize("n_groups", [7, N_UNITS])
def test_over_few_rows_every_sample_is_exact(n_groups: int) -> None:
    patterns = patterns_of(n_groups)
    generator = np.random.default_rng(0)
    weights = generator.integers(0, 4, (5, n_groups)).astype(float)
    sample = patterns.sample(weights)
    found = make_set_pair_sums(pairs_of(patterns), patterns).of(sample)
    expected = [slow_sums(patterns, row) for row in sample.patterns]
    assert found == pytest.approx(np.array(expected))


@pytest.mark.parametrize("n_groups", [7, N_UNITS])
def test_to_first_order_the_data_are_exact_and_samples_nearly(
    n_groups: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(set_pair_sums, "MOST_CURVED_ROWS", 0)
    patterns = patterns_of(n_groups)
    sums = make_set_pair_sums(pairs_of(patterns), patterns)
    assert all(len(curvature.rows) == 0 for curvature in sums.curvatures)
    data = patterns.sample(np.ones((1, n_groups)))
    assert sums.of(data)[0] == pytest.approx(np.array(slow_sums(patterns, data.patterns[0])))
    generator = np.random.default_rng(0)
    drawn = generator.multinomial(n_groups, np.full(n_groups, 1 / n_groups), 20).astype(float)
    sample = patterns.sample(drawn)
    expected = np.array([slow_sums(patterns, row) for row in sample.patterns])
    n_pairs = [(drawn @ patterns.units @ (pair.first.sum(axis=1))) ** 2 for pair in pairs_of(patterns)]
    errors = np.abs(sums.of(sample) - expected) / np.array(n_pairs).T
    assert errors.mean() < 1 / n_groups


def test_large_documents_among_many_small_ones_are_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    codings = random_codings(3, N_UNITS, seed=1)
    # One document holds half of all units; to first order, leaving it out would leave no disagreement.
    patterns = find_patterns(codings, np.maximum(np.arange(N_UNITS) - 150, 0), n_groups=150)
    monkeypatch.setattr(set_pair_sums, "MOST_CURVED_ROWS", 20)
    monkeypatch.setattr(set_pair_sums, "_SMALL_SHARE", 0.01)
    sums = make_set_pair_sums(pairs_of(patterns), patterns)
    weights = np.ones((2, 150))
    weights[:, 0] = [0.0, 3.0]
    sample = patterns.sample(weights)
    expected = [slow_sums(patterns, row) for row in sample.patterns]
    assert sums.by_groups
    assert [len(curvature.rows) for curvature in sums.curvatures] == [1] * 5
    assert sums.of(sample) == pytest.approx(np.array(expected))


def test_with_too_many_sets_only_the_largest_rows_are_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    patterns = patterns_of(7)
    monkeypatch.setattr(set_pair_sums, "_MOST_PRODUCTS", 3 * len(patterns.members) ** 2)
    sums = make_set_pair_sums(pairs_of(patterns), patterns)
    assert [len(curvature.rows) for curvature in sums.curvatures] == [3, 7, 3, 3, 7]
