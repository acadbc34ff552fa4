"""Spans that share characters, against all pairs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_nlp.agreement.continuum import lay_end_to_end
from policy_nlp.agreement.span_matching import pair_spans
from tests.agreement.coded_documents import coded_document, exclusive_marks


@given(exclusive_marks(40, ("1",)), exclusive_marks(40, ("1",)), st.sampled_from([0.1, 0.5, 0.9, 1.0]))
@settings(deadline=None)
def test_matched_spans_are_those_of_all_pairs(first, second, min_overlap: float) -> None:
    continuum = lay_end_to_end([coded_document(40, {"x": first, "y": second})], ("1",))
    found = pair_spans(continuum, first=0, second=1).count_matched(min_overlap)
    assert found == (count_by_hand(first, second, min_overlap), count_by_hand(second, first, min_overlap))


def count_by_hand(own, others, min_overlap: float) -> int:
    def matches(mine, other) -> bool:
        shared = min(mine[1], other[1]) - max(mine[0], other[0])
        longer = max(mine[1] - mine[0], other[1] - other[0])
        return shared > 0 and shared >= min_overlap * longer - 1e-6

    return sum(any(matches(mine, other) for other in others) for mine in own)


@pytest.mark.parametrize(("end", "n_matched"), [(10, 1), (9, 1), (8, 0)])
def test_nine_of_ten_characters_are_ninety_percent(end: int, n_matched: int) -> None:
    document = coded_document(30, {"x": [(0, 10, "1")], "y": [(0, end, "1")]})
    pairs = pair_spans(lay_end_to_end([document]), first=0, second=1)
    assert pairs.count_matched(0.9) == (n_matched, n_matched)


def test_spans_in_documents_that_one_coder_was_not_given_are_not_counted() -> None:
    documents = [
        coded_document(9, {"x": [(0, 3, "1")], "y": [], "z": []}, "d1"),
        coded_document(9, {"x": [(0, 3, "1")], "z": [(0, 3, "1")]}, "d2"),
    ]
    pairs = pair_spans(lay_end_to_end(documents), first=0, second=1)
    assert (len(pairs.first), len(pairs.second)) == (1, 0)
