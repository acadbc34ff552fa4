from __future__ import annotations

import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.analysis.bursts import find_bursts


def cost_of(states: tuple[bool, ...], n_with: list[int], n_all: list[int]) -> float:
    """The cost of a path by the definition of Kleinberg (2002), section 4, binomial coefficients included."""
    usual = sum(n_with) / sum(n_all)
    total, is_high = 0.0, False
    for state, n, of in zip(states, n_with, n_all, strict=True):
        share = usual * 2 if state else usual
        total -= math.log(math.comb(of, n) * share**n * (1 - share) ** (of - n))
        total += math.log(len(n_all)) if state and not is_high else 0.0
        is_high = state
    return total


def test_a_burst_of_two_years_has_the_weight_computed_by_hand() -> None:
    """Usual share 15 / 50 = 0.3, in a burst 0.6: each year of 6 in 10 saves 6 ln 2 + 4 ln (0.4 / 0.7)."""
    (burst,) = find_bursts([1, 1, 6, 6, 1], [10] * 5) or ()
    assert (burst.first, burst.last) == (2, 3)
    assert burst.strength == pytest.approx(2 * (6 * math.log(2) + 4 * math.log(0.4 / 0.7)))


def test_a_steady_word_has_no_burst() -> None:
    assert find_bursts([3, 3, 3, 3], [10] * 4) == ()


def test_a_word_of_half_of_all_documents_leaves_no_room_for_a_burst() -> None:
    assert find_bursts([5, 5], [10, 10]) is None
    assert find_bursts([0, 0], [10, 10]) is None
    assert find_bursts([], []) is None


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(8, 20)), min_size=1, max_size=7))
def test_no_other_path_of_states_is_cheaper(batches: list[tuple[int, int]]) -> None:
    n_with, n_all = [n for n, _ in batches], [of for _, of in batches]
    bursts = find_bursts(n_with, n_all)
    if bursts is None:
        return
    states = tuple(any(b.first <= place <= b.last for b in bursts) for place in range(len(batches)))
    cheapest = min(cost_of(path, n_with, n_all) for path in product((False, True), repeat=len(batches)))
    assert cost_of(states, n_with, n_all) == pytest.approx(cheapest)
