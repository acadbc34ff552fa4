"""Documents end to end, and the stretches on which no code changes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from policy_nlp.agreement.continuum import (
    find_overlap,
    find_stretches,
    lay_end_to_end,
    merge_codes,
    share_documents,
)
from policy_nlp.errors import TooFewCodersError
from policy_nlp.records import CodedDocument
from tests.agreement.coded_documents import coded_corpora, coded_document


@given(coded_corpora())
@settings(deadline=None)
def test_stretches_give_each_character_the_code_of_its_coder(documents: list[CodedDocument]) -> None:
    continuum = lay_end_to_end(documents)
    stretches = find_stretches(continuum)
    values = np.repeat(stretches.values, stretches.length.astype(int), axis=1)
    expected = np.zeros((len(continuum.coder_ids), continuum.borders[-1]), dtype=int)
    used = [document for document in documents if len(document.coder_ids) >= 2]
    for border, document in zip(continuum.borders, used, strict=False):
        for coding in document.codings:
            coder = continuum.coder_ids.index(coding.coder_id)
            place = slice(border + coding.span.start, border + coding.span.end)
            expected[coder, place] = continuum.code_ids.index(coding.code_id) + 1
    assert (values == expected).all()
    assert (np.repeat(stretches.document, stretches.length.astype(int)) == characters(continuum)).all()


def characters(continuum) -> np.ndarray:
    return np.repeat(np.arange(len(continuum.lengths)), continuum.lengths)


def test_empty_documents_take_no_stretch_and_keep_their_place() -> None:
    documents = [
        coded_document(0, {"x": [], "y": []}, "d1"),
        coded_document(4, {"x": [(0, 4, "a1")], "y": [(1, 2, "a1")]}, "d2"),
        coded_document(0, {"x": [], "y": []}, "d3"),
    ]
    stretches = find_stretches(lay_end_to_end(documents))
    assert stretches.length.tolist() == [1, 1, 2]
    assert stretches.document.tolist() == [1, 1, 1]


def test_merging_codes_merges_the_spans_that_overlap_and_no_others() -> None:
    document = coded_document(20, {"x": [(0, 5, "a1"), (3, 8, "a2"), (8, 9, "a1")], "y": []})
    merged = merge_codes(lay_end_to_end([document]), np.array([0, 0]), code_ids=("A",))
    assert list(zip(merged.start.tolist(), merged.end.tolist(), strict=True)) == [(0, 8), (8, 9)]


def test_spans_of_two_coders_may_overlap() -> None:
    assert find_overlap(lay_end_to_end([coded_document(9, {"x": [(0, 5, "1")], "y": [(2, 6, "2")]})])) is None


def test_codes_that_are_not_asked_for_are_left_out() -> None:
    document = coded_document(9, {"x": [(0, 5, "1"), (1, 2, "2")], "y": []})
    continuum = lay_end_to_end([document], ("3", "2"))
    assert continuum.code_ids == ("3", "2")
    assert continuum.code.tolist() == [1]


def test_parts_that_two_coders_share_are_one_document_again() -> None:
    parts = [
        coded_document(4, {"x": [(0, 4, "1")], "y": [(1, 2, "1")]}, "p1", part_of="d"),
        coded_document(5, {"x": [(0, 5, "1")]}, "p2", part_of="d"),
        coded_document(6, {"z": [(0, 1, "1")], "y": []}, "p3", part_of="d"),
        coded_document(7, {"y": [(3, 6, "1")], "x": [(2, 5, "1")]}, "p4", part_of="d"),
        coded_document(8, {"x": [], "y": [(0, 8, "1")]}, "other"),
    ]
    shared = share_documents(lay_end_to_end(parts), (0, 1))
    assert shared.borders.tolist() == [0, 11, 19]
    assert [shared.whole_ids[place] for place in shared.whole] == ["d", "other"]
    spans = zip(shared.coder.tolist(), shared.start.tolist(), shared.end.tolist(), strict=True)
    assert sorted(spans) == [(0, 0, 4), (0, 6, 9), (1, 1, 2), (1, 7, 10), (1, 11, 19)]
    assert shared.document[shared.start >= 11].tolist() == [1]


def test_no_document_is_too_few() -> None:
    with pytest.raises(TooFewCodersError, match="none of 0 documents"):
        lay_end_to_end([])
