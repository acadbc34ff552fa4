from __future__ import annotations

import math

import pytest

from policy_nlp.analysis.document_codes import LevelCodings, PlacedSentence, gather_level
from policy_nlp.codebook import load_codebook, shipped_codebook_path
from policy_nlp.records import CodedUnit, Coder, CoderUnits, Span

CODEBOOK = load_codebook(shipped_codebook_path())
FIRST, SECOND = CODEBOOK.ids("initial")[:2]


def unit(unit_id: str, *codes: str, document_id: str | None = "d1", start: int = 0) -> CodedUnit:
    text = f"第{unit_id}句。"
    span = Span(start, start + len(text))
    return CodedUnit(unit_id, text, codes, None, None, document_id=document_id, span=span)


def coder(name: str, *units: CodedUnit) -> CoderUnits:
    return CoderUnits(Coder(name), units)


def counts_of(found: LevelCodings) -> list[list[int]]:
    return [document.counts[:2].tolist() for document in found.documents]


def test_a_code_counts_once_in_a_unit_however_many_coders_gave_it() -> None:
    a = coder("a", unit("1", FIRST), unit("2"), unit("3", document_id="d2"))
    b = coder("b", unit("1", FIRST, SECOND), unit("2"), unit("4", SECOND, document_id="d2"))
    found = gather_level((a, b), CODEBOOK, level="initial")
    assert [document.document_id for document in found.documents] == ["d1", "d2"]
    assert counts_of(found) == [[1, 1], [0, 1]]
    assert [document.n_units for document in found.documents] == [2, 2]


def test_units_that_no_coder_coded_are_listed_and_shared() -> None:
    a = coder("a", unit("1", FIRST), unit("2"), unit("3"))
    b = coder("b", unit("1"), unit("2", SECOND), unit("3"))
    fitting = gather_level((a, b), CODEBOOK, level="initial").fitting
    assert [one.unit.unit_id for one in fitting.uncoded] == ["3"]
    assert fitting.share_uncoded == pytest.approx(1 / 3)


def test_a_level_that_nobody_coded_has_no_units() -> None:
    found = gather_level((coder("a", unit("1", FIRST)),), CODEBOOK, level="paths")
    assert found.documents == ()
    assert math.isnan(found.fitting.share_uncoded)


def test_main_categories_follow_from_initial_ones() -> None:
    found = gather_level((coder("a", unit("1", FIRST)),), CODEBOOK, level="main")
    main = CODEBOOK.main_of((FIRST,))
    assert [found.code_ids[i] for i in found.documents[0].counts.nonzero()[0]] == list(main)


def test_units_without_a_document_are_counted_apart() -> None:
    found = gather_level((coder("a", unit("1", FIRST, document_id=None)),), CODEBOOK, level="initial")
    assert (found.documents, found.n_without_document, found.fitting.n_units) == ((), 1, 1)


def test_scores_order_the_lists_and_pick_what_fits_badly() -> None:
    units = [unit("1", FIRST, start=0), unit("2", SECOND, start=9), unit("3", start=20), unit("4", start=30)]
    scores = {
        PlacedSentence("d1", one.span.start, one.span.end): score
        for one, score in zip(units, (0.4, 0.9, 0.2, 0.1), strict=True)
        if one.span
    }
    found = gather_level((coder("m", *units),), CODEBOOK, level="initial", scores=scores, low_score=0.5)
    assert [one.unit.unit_id for one in found.fitting.uncoded] == ["3", "4"]
    assert [(one.unit.unit_id, one.score) for one in found.fitting.weak] == [("1", 0.4)]
    assert gather_level((coder("m", *units),), CODEBOOK, level="initial", scores=scores).fitting.weak == ()
