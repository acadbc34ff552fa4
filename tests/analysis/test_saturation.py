from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_nlp.analysis.document_codes import DocumentCodes
from policy_nlp.analysis.saturation import Saturation, SaturationRules, measure_saturation
from policy_nlp.errors import TooFewDocumentsError

CODES = ("a", "b", "c", "d", "e")


def documents_of(*codes_of_documents: str) -> list[DocumentCodes]:
    """Documents `d1`, `d2`, ... with one unit for each letter of their text."""
    return [
        DocumentCodes(f"d{i}", len(text), np.array([text.count(code) for code in CODES]))
        for i, text in enumerate(codes_of_documents, start=1)
    ]


def saturation_of(*codes_of_documents: str, **rules: object) -> Saturation:
    return measure_saturation(documents_of(*codes_of_documents), CODES, rules=SaturationRules(**rules))


def test_the_curve_counts_each_code_where_it_is_first_seen() -> None:
    curve = saturation_of("ab", "", "bc", "a", "d").curve
    assert [point.n_new for point in curve] == [2, 0, 1, 0, 1]
    assert [point.n_codes for point in curve] == [2, 2, 3, 3, 4]
    assert [point.document_id for point in curve] == ["d1", "d2", "d3", "d4", "d5"]
    assert all(math.isnan(point.low) for point in curve)


def test_codes_that_no_document_has_are_named() -> None:
    found = saturation_of("ab", "b", "d")
    assert (found.n_codes, found.unused_code_ids) == (3, ("c", "e"))


def test_runs_overlap_and_are_compared_with_the_base() -> None:
    # Base d1 to d4 with a, b, c, d; runs d5-d6 (e is new: 1/4), d6-d7 (0).
    runs = saturation_of("ab", "c", "d", "a", "e", "a", "b", base_size=4, run_length=2).runs
    assert runs.n_base_codes == 4
    assert [(run.first, run.last, run.n_new, run.share) for run in runs.runs] == [
        (5, 6, 1, 0.25),
        (6, 7, 0, 0.0),
    ]
    assert (runs.reached_after, runs.share_reached, runs.n_after, runs.reason) == (5.0, 1.0, 0.0, None)


def test_codes_that_come_after_the_run_are_counted() -> None:
    runs = saturation_of("ab", "a", "b", "a", "a", "b", "cde").runs
    assert (runs.reached_after, runs.n_after) == (4.0, 3.0)


def test_a_looser_threshold_is_reached_earlier() -> None:
    texts = ("ab", "c", "d", "a", "e", "a", "b")
    assert saturation_of(*texts, threshold=0.25).runs.reached_after == 4.0


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        (("a", "b", "c", "d", "e"), "fewer documents"),
        (("", "", "", "", "a", "b"), "no code is in the base"),
        (("a", "a", "a", "a", "b", "c"), "more than 5%"),
    ],
)
def test_runs_that_do_not_saturate_say_why(texts: tuple[str, ...], reason: str) -> None:
    runs = saturation_of(*texts).runs
    assert runs.reached_after is None
    assert reason in (runs.reason or "")


def test_the_last_third_is_held_back() -> None:
    hold_out = saturation_of("ab", "a", "b", "c", "c", "de").hold_out
    assert (hold_out.n_first, hold_out.n_held, hold_out.n_codes_first) == (4, 2, 3.0)
    assert (hold_out.n_new, hold_out.new_code_ids, hold_out.share_without_new) == (2.0, ("d", "e"), 0.0)
    saturated = saturation_of("abc", "de", "a", "b", "c", "d", "e").hold_out
    assert (saturated.n_first, saturated.n_new, saturated.share_without_new) == (5, 0.0, 1.0)


def test_random_orders_are_those_of_the_seed() -> None:
    texts = ("ab", "c", "d", "a", "e", "a", "b", "")
    first, again, other = (saturation_of(*texts, order="random", seed=seed) for seed in (1, 1, 2))
    assert first.curve == again.curve
    assert first.curve != other.curve


def test_random_orders_average_to_the_rarefaction_curve() -> None:
    # Expected codes in n of D documents: sum over codes of 1 - C(D - D_c, n) / C(D, n) (Hurlbert 1971).
    texts = ("ab", "ab", "a", "c", "", "abd")
    curve = saturation_of(*texts, order="random", n_orders=4000).curve
    n_with = [sum(code in text for text in texts) for code in CODES]
    for n, point in enumerate(curve, start=1):
        exact = sum(1 - math.comb(6 - k, n) / math.comb(6, n) for k in n_with if k)
        assert point.n_codes == pytest.approx(exact, abs=0.05)
        assert point.low <= point.n_codes <= point.high
    assert curve[-1].n_codes == curve[-1].low == curve[-1].high == 4


def test_random_orders_tell_in_how_many_the_threshold_is_reached() -> None:
    runs = saturation_of(*["abcde"] * 10, order="random").runs
    assert (runs.reached_after, runs.share_reached, runs.n_after) == (4.0, 1.0, 0.0)
    never = saturation_of("a", "b", "c", "d", "e", "", order="random", base_size=1, run_length=5).runs
    assert never.reached_after is None or never.share_reached < 1


def test_two_documents_are_too_few() -> None:
    with pytest.raises(TooFewDocumentsError, match="coded units: 2;"):
        saturation_of("a", "b")


@pytest.mark.parametrize("rules", [{"base_size": 0}, {"run_length": 0}, {"threshold": 1.0}, {"n_orders": 0}])
def test_rules_out_of_range_are_an_error(rules: dict) -> None:
    with pytest.raises(ValueError, match="saturation needs"):
        SaturationRules(**rules)


@settings(max_examples=50)
@given(st.lists(st.text(alphabet="abcde", max_size=4), min_size=3, max_size=12), st.booleans())
def test_curve_hold_out_and_estimates_agree_with_each_other(texts: list[str], is_random: bool) -> None:
    found = saturation_of(*texts, order="random" if is_random else "file", n_orders=20)
    n_codes = len(set("".join(texts)))
    assert found.n_codes == found.unseen.n_codes == n_codes
    assert found.curve[-1].n_codes == pytest.approx(n_codes)
    assert sum(point.n_new for point in found.curve) == pytest.approx(n_codes)
    assert found.hold_out.n_codes_first + found.hold_out.n_new == pytest.approx(n_codes)
    assert all(point.n_new >= 0 for point in found.curve)
    assert n_codes == 0 or found.unseen.chao1 >= n_codes
