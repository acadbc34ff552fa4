from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.errors import ExchangeError
from policy_nlp.exchange.sheet_sampling import NO_CODE_STRATUM, draw_stratified, draw_units, shuffle_units
from policy_nlp.records import CodedUnit


def units_with(counts: dict[str, int], n_without: int) -> list[CodedUnit]:
    codes = [(code,) for code, n in counts.items() for _ in range(n)] + [()] * n_without
    return [CodedUnit(f"u{i}", "文", own, None, None) for i, own in enumerate(codes)]


POOL = units_with({"rare": 4, "common": 80}, 916)


def test_a_larger_sample_of_one_seed_holds_the_smaller() -> None:
    small, large = (draw_units(POOL, n, seed=3) for n in (10, 50))
    assert {one.unit.unit_id for one in small} <= {one.unit.unit_id for one in large}
    assert {one.probability for one in large} == {0.05}


def test_every_unit_has_the_same_chance_of_being_drawn() -> None:
    drawn = Counter(one.unit.unit_id for seed in range(400) for one in draw_units(POOL[:20], 5, seed=seed))
    assert len(drawn) == 20
    assert all(60 < n < 145 for n in drawn.values())  # 100 expected, standard deviation 8.7


def test_rare_codes_occur_in_a_stratified_draw_and_weights_give_back_the_sizes() -> None:
    drawn = draw_stratified(POOL, 60, seed=1)
    assert len(drawn) == 60
    by_stratum = Counter(one.stratum for one in drawn)
    assert by_stratum["rare"] >= 2
    for stratum, size in (("rare", 4), ("common", 80), (NO_CODE_STRATUM, 916)):
        weights = [1 / one.probability for one in drawn if one.stratum == stratum]
        assert sum(weights) == pytest.approx(size)


def test_a_unit_of_two_codes_is_in_the_stratum_of_the_rarer() -> None:
    both = CodedUnit("both", "文", ("common", "rare"), None, None)
    drawn = draw_stratified([*POOL, both], 1001, seed=0)
    assert {one.stratum for one in drawn if one.unit.unit_id == "both"} == {"rare"}
    assert {one.probability for one in drawn} == {1.0}


def test_fewer_units_than_strata_are_refused() -> None:
    with pytest.raises(ExchangeError, match=r"2 sentences are wanted.* 3 strata"):
        draw_stratified(POOL, 2, seed=0)


@given(
    sizes=st.lists(st.integers(1, 30), min_size=1, max_size=6),
    n_more=st.integers(0, 200),
    seed=st.integers(0, 9),
)
def test_a_stratified_draw_is_of_the_wanted_size_without_repeats(
    sizes: list[int], n_more: int, seed: int
) -> None:
    units = units_with({f"c{i}": n for i, n in enumerate(sizes)}, 0)
    n_units = len(sizes) + n_more
    drawn = draw_stratified(units, n_units, seed=seed)
    assert len({one.unit.unit_id for one in drawn}) == len(drawn) == min(n_units, len(units))
    assert all(0 < one.probability <= 1 for one in drawn)


def test_shuffling_keeps_every_unit() -> None:
    drawn = draw_units(POOL, 30, seed=0)
    shuffled = shuffle_units(drawn, seed=0, coder="甲")
    assert shuffled != drawn
    assert sorted(one.unit.unit_id for one in shuffled) == sorted(one.unit.unit_id for one in drawn)
