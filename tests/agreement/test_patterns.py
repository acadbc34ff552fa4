from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from policy_nlp.agreement.patterns import coder_pairs_of, combine_keys, find_patterns
from tests.agreement.made_coders import random_codings, take_units

NUMBERS = st.integers(1, 6).flatmap(
    lambda n_rows: arrays(np.int_, st.tuples(st.just(n_rows), st.integers(0, 12)), elements=st.integers(0, 3))
)


@given(NUMBERS)
def test_keys_are_equal_for_equal_columns_only(numbers: np.ndarray) -> None:
    keys = combine_keys(numbers)
    columns = [tuple(column) for column in numbers.T.tolist()]
    for i, one in enumerate(columns):
        for j, other in enumerate(columns):
            assert (keys[i] == keys[j]) == (one == other)


def test_keys_of_many_rows_do_not_overflow() -> None:
    numbers = np.random.default_rng(0).integers(0, 1000, (40, 200))
    numbers[:, 100:] = numbers[:, :100]
    numbers[17, 100:] += 1
    keys = combine_keys(numbers)
    assert len(np.unique(keys)) == 200
    assert keys.min() >= 0


def test_patterns_hold_each_compared_unit_once_in_its_group() -> None:
    codings = random_codings(3, 50, seed=1)
    codings.coded[:, :5] = False
    codings.coded[0, :5] = True  # five units that one coder coded
    group_of = np.arange(50) % 4
    patterns = find_patterns(codings, group_of, n_groups=5)
    assert patterns.counts.sum() == 45
    assert (patterns.pattern_of[:5] == -1).all()
    assert patterns.units.sum(axis=1).tolist() == np.bincount(group_of[5:], minlength=5).tolist()
    assert patterns.n_groups == 4
    for unit in range(5, 50):
        sets = patterns.sets[:, patterns.pattern_of[unit]]
        assert ((sets >= 0) == codings.coded[:, unit]).all()
        for coder in np.flatnonzero(codings.coded[:, unit]):
            assert (patterns.members[sets[coder]] == codings.applies[coder, unit]).all()


def test_a_sample_holds_the_units_of_the_groups_drawn() -> None:
    codings = random_codings(2, 12, seed=2, missing=0.0)
    patterns = find_patterns(codings, np.arange(12) // 4, n_groups=3)
    sample = patterns.sample(np.array([[2.0, 0.0, 1.0]]))
    twice = take_units(codings, np.array([0, 1, 2, 3, 0, 1, 2, 3, 8, 9, 10, 11]))
    again = find_patterns(twice, np.arange(12), n_groups=12)
    assert sorted(sample.patterns[0][sample.patterns[0] > 0]) == sorted(again.counts)


def test_pairs_of_coders_are_in_order() -> None:
    assert coder_pairs_of(3).T.tolist() == [[0, 1], [0, 2], [1, 2]]
