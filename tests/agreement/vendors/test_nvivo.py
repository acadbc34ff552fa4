"""NVivo's coding comparison query against its help and its formula."""

from __future__ import annotations

import math

import numpy as np
import pytest

from policy_nlp.agreement.binary import BinaryCounts
from policy_nlp.agreement.continuum import lay_end_to_end
from policy_nlp.agreement.report import PairCounts
from policy_nlp.agreement.vendors.nvivo import compare_like_nvivo, nvivo_kappas
from policy_nlp.agreement.vendors.report import DocumentUnits
from policy_nlp.records import Span
from tests.agreement.coded_documents import coded_document


def compare(*documents, units=()):
    continuum = lay_end_to_end(documents, ("1",))
    return compare_like_nvivo(continuum, [document.document_id for document in documents], units=units)


def test_example_of_nvivos_help_is_85_percent() -> None:
    # NVivo help 9 to 12: of 1,000 characters 50 coded by both, 150 by one user, 800 by neither: 85 %.
    (comparison,) = compare(coded_document(1000, {"A": [(0, 200, "1")], "B": [(100, 150, "1")]}))
    (row,) = comparison.rows
    assert row.counts == PairCounts(50, 150, 0, 800)
    assert row.percent_agreement == pytest.approx(0.85)


def test_kappa_follows_the_expected_frequencies_of_nvivos_help() -> None:
    (comparison,) = compare(coded_document(1000, {"A": [(0, 200, "1")], "B": [(100, 150, "1")]}))
    by_chance = 200 * 50 / 1000 + 800 * 950 / 1000
    assert comparison.rows[0].kappa == pytest.approx((850 - by_chance) / (1000 - by_chance))


def test_kappa_is_one_where_neither_coder_used_the_code_and_zero_where_only_one_did() -> None:
    cells = [[0.0, 0.0, 10.0], [0.0, 4.0, 0.0], [0.0, 0.0, 0.0], [10.0, 6.0, 0.0]]
    kappas = nvivo_kappas(BinaryCounts(*(np.array(cell) for cell in cells)))
    assert kappas.tolist() == [1.0, 0.0, 1.0]


def test_averages_are_plain_and_weighted_by_the_size_of_the_file() -> None:
    documents = [
        coded_document(100, {"A": [(0, 50, "1")], "B": []}, "d1"),
        coded_document(300, {"A": [], "B": []}, "d2"),
    ]
    average = compare(*documents)[0].averages[0]
    assert (average.n_rows, average.n_unused) == (2, 1)
    assert average.percent_agreement.value == pytest.approx((0.5 + 1) / 2)
    assert average.weighted_percent_agreement.value == pytest.approx((0.5 * 100 + 300) / 400)
    assert average.kappa.value == pytest.approx(0.5)
    assert average.weighted_kappa.value == pytest.approx(0.75)
    assert average.kappa_used.value == pytest.approx(0.0)


def test_a_code_used_in_no_file_has_no_kappa_over_files_that_use_it() -> None:
    average = compare(coded_document(9, {"A": [], "B": []}))[0].averages[0]
    assert average.kappa.value == 1.0
    assert math.isnan(average.kappa_used.value)


def test_any_coded_character_makes_a_sentence_coded() -> None:
    document = coded_document(30, {"A": [(9, 11, "1")], "B": [(12, 13, "1"), (21, 30, "1")]})
    sentences = (Span(0, 10), Span(10, 20), Span(21, 30))  # a blank between the last two
    comparisons = compare(document, units=[DocumentUnits("d", sentences)])
    assert [comparison.unit for comparison in comparisons] == ["characters", "sentences"]
    assert comparisons[1].rows[0].counts == PairCounts(1, 1, 1, 0)
    assert comparisons[1].rows[0].n_characters == 30


def test_a_span_between_sentences_codes_none() -> None:
    document = coded_document(30, {"A": [(10, 12, "1")], "B": []})
    comparisons = compare(document, units=[DocumentUnits("d", (Span(0, 10), Span(12, 20)))])
    assert comparisons[1].rows == ()
    assert comparisons[1].averages[0].n_unused == 1


def test_parts_of_one_document_are_one_file() -> None:
    parts = [
        coded_document(10, {"A": [(0, 5, "1")], "B": []}, "p1", part_of="d"),
        coded_document(30, {"A": [(0, 5, "1")], "B": [(0, 5, "1")]}, "p2", part_of="d"),
    ]
    (row,) = compare(*parts)[0].rows
    assert (row.document_id, row.n_characters) == ("d", 40)
    assert row.counts == PairCounts(5, 5, 0, 30)


def test_files_that_one_coder_was_not_given_have_no_line() -> None:
    documents = [
        coded_document(9, {"A": [(0, 3, "1")], "B": [(0, 3, "1")]}, "d1"),
        coded_document(9, {"A": [(0, 3, "1")], "C": []}, "d2"),
    ]
    comparisons = compare(*documents)
    assert [(c.first, c.second, len(c.rows)) for c in comparisons] == [("A", "B", 1), ("A", "C", 1)]
