"""MAXQDA's intercoder agreement against its help's rules."""

from __future__ import annotations

import math

import pytest

from policy_nlp.agreement.continuum import lay_end_to_end
from policy_nlp.agreement.vendors.maxqda import compare_like_maxqda, maxqda_kappa
from tests.agreement.coded_documents import coded_document


def compare(*documents, min_overlap: float = 0.9):
    return compare_like_maxqda(lay_end_to_end(documents, ("1", "2", "3")), min_overlap=min_overlap)


def test_twelve_and_fourteen_segments_are_26_tests() -> None:
    # MAXQDA help: every segment of either coder is tested, 12 and 14 give 26 rows.
    marks = [(10 * n, 10 * n + 5, "1") for n in range(14)]
    (comparison,) = compare(coded_document(200, {"x": marks[:12], "y": marks}))
    assert comparison.codes[0].n_segments == 26
    assert comparison.codes[0].n_segments_agree == 24
    assert comparison.segment_agreement.value == pytest.approx(24 / 26)


def test_kappa_takes_chance_as_one_by_the_codes_that_were_used() -> None:
    marks = [(0, 10, "1"), (20, 30, "2")]
    (comparison,) = compare(coded_document(50, {"x": marks, "y": [*marks, (40, 45, "2")]}))
    assert comparison.chance.value == 0.5
    assert comparison.kappa.value == pytest.approx((4 / 5 - 0.5) / 0.5)


@pytest.mark.parametrize(("agreement", "n_codes", "kappa"), [(1.0, 7, 1.0), (0.25, 4, 0.0), (0.0, 2, -1.0)])
def test_kappa_is_1_for_all_0_for_chance_and_less_below(agreement, n_codes, kappa) -> None:
    assert maxqda_kappa(agreement, n_codes) == pytest.approx(kappa)


def test_kappa_of_one_code_is_undefined() -> None:
    (comparison,) = compare(coded_document(50, {"x": [(0, 10, "1")], "y": [(0, 10, "1")]}))
    assert math.isnan(comparison.kappa.value)
    assert comparison.kappa.reason == "one code only: chance agreement would be 1"


def test_presence_and_frequency_are_of_documents() -> None:
    documents = [
        coded_document(50, {"x": [(0, 5, "1"), (10, 15, "1")], "y": [(30, 35, "1")]}, "d1"),
        coded_document(50, {"x": [(0, 5, "1")], "y": [(40, 45, "1")]}, "d2"),
        coded_document(50, {"x": [], "y": [(40, 45, "1")]}, "d3"),
        coded_document(50, {"x": [], "y": []}, "d4"),
    ]
    (comparison,) = compare(*documents)
    (code,) = comparison.codes
    assert (code.n_documents, code.n_present_agree, code.n_frequency_agree) == (4, 3, 2)
    assert comparison.presence_agreement.value == 0.75
    assert comparison.frequency_agreement.value == 0.5
    assert comparison.segment_agreement.value == 0.0


def test_documents_without_a_coding_have_nothing_to_test() -> None:
    (comparison,) = compare(coded_document(50, {"x": [], "y": []}))
    assert comparison.codes == ()
    assert math.isnan(comparison.segment_agreement.value)
    assert comparison.kappa.reason == "neither coder coded a segment"
