"""Shares of groups: variances, intervals, and what has none."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.analysis.group_shares import (
    ClusteredShare,
    GroupShares,
    linearised_variance,
    measure_shares,
    share_interval,
)
from tests.analysis.grouped_sentences import Document, make_grouping, make_sentences


def shares_of(groups: list[list[Document]]) -> tuple[GroupShares, ...]:
    found = measure_shares(make_sentences(groups), make_grouping(groups), level="main", code_ids=["c"])
    return found.groups


def test_no_success_in_ten_is_below_0_3085_as_clopper_and_pearson_print() -> None:
    """Clopper & Pearson (1934): the exact upper limit of 0 of 10 at 95 % is 1 - 0.025^(1/10) = 0.3085."""
    low, high = share_interval(ClusteredShare(0.0, 0.0, 10, 10))
    assert (low, high) == (0.0, pytest.approx(0.3085, abs=5e-5))


def test_the_share_of_documents_has_the_wilson_interval_that_newcombe_prints() -> None:
    """Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I: 81 of 263."""
    groups: list[list[Document]] = [[(3, 1)] * 81 + [(3, 0)] * 182, [(3, 1)] * 2]
    found = shares_of(groups)[0].codes[0]
    assert found.n_documents == 81
    assert (found.document_share.low, found.document_share.high) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_the_variance_of_a_ratio_is_that_of_the_textbook_formula_written_out() -> None:
    sizes, counts = [10.0, 20.0, 30.0], [1.0, 6.0, 3.0]
    ratio = sum(counts) / sum(sizes)
    squares = sum((y - ratio * n) ** 2 for y, n in zip(counts, sizes, strict=True))
    expected = 3 / 2 * squares / 60**2
    found = linearised_variance(np.array(sizes), np.array(counts)[:, np.newaxis])
    assert found.tolist() == pytest.approx([expected])


def test_documents_that_repeat_themselves_make_the_interval_wider_than_independent_sentences() -> None:
    alike: list[Document] = [(50, 50), (50, 0), (50, 50), (50, 0), (50, 0), (50, 0)]
    mixed: list[Document] = [(50, 17), (50, 16), (50, 17), (50, 16), (50, 17), (50, 17)]
    first, second = shares_of([alike, mixed])
    assert first.codes[0].share.value == second.codes[0].share.value == pytest.approx(1 / 3)
    widths = [one.codes[0].share.high - one.codes[0].share.low for one in (first, second)]
    assert widths[0] > 4 * widths[1]


def test_a_code_that_no_sentence_of_a_group_has_has_an_upper_limit_above_0() -> None:
    share = shares_of([[(100, 0), (100, 0), (100, 0)], [(100, 40), (100, 2)]])[0].codes[0].share
    assert (share.value, share.low) == (0.0, 0.0)
    assert 0.01 < share.high < 1


def test_one_document_says_how_far_its_passages_vary_and_nothing_of_documents() -> None:
    found = shares_of([[(100, 30)], [(50, 5), (50, 6)]])[0]
    assert found.basis == "blocks"
    assert found.codes[0].share.has_interval
    assert math.isnan(found.codes[0].document_share.low)
    assert "one document only" in (found.codes[0].document_share.reason or "")


def test_a_short_document_alone_has_a_share_and_a_reason_in_place_of_an_interval() -> None:
    share = shares_of([[(29, 3)], [(50, 5), (50, 6)]])[0].codes[0].share
    assert share.value == pytest.approx(3 / 29)
    assert "fewer than 30" in (share.reason or "")


def test_a_group_without_a_decided_sentence_is_undefined_and_not_0() -> None:
    groups: list[list[Document]] = [[(10, 1), (10, 2)], []]
    share = shares_of(groups)[1].codes[0].share
    assert math.isnan(share.value)


@given(
    st.lists(
        st.integers(1, 40).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), min_size=2, max_size=6
    )
)
def test_an_interval_holds_its_share_and_stays_between_0_and_1(documents: list[Document]) -> None:
    share = shares_of([documents, documents])[0].codes[0].share
    assert 0 <= share.low <= share.value <= share.high <= 1
