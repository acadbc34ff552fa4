from __future__ import annotations

from dataclasses import replace

from policy_nlp.exchange.coder_documents import DocumentsRead, documents_of_units
from policy_nlp.records import CodedUnit, Coder, CoderUnits, Coding, Span, UncodedLevel


def unit(start: int, end: int, *codes: str, coder: str = "甲", document_id: str | None = "d") -> CodedUnit:
    return CodedUnit(f"{start}-{end}", "", codes, None, None, document_id, coder, span=Span(start, end))


def documents_of(coders: list[CoderUnits]) -> DocumentsRead:
    return documents_of_units(coders, shown_path="a.jsonl")


def coder_of(*units: CodedUnit) -> CoderUnits:
    return CoderUnits(Coder(units[0].coder_id or ""), units)


def test_sentences_that_follow_each_other_are_one_document_and_gaps_are_not_given() -> None:
    read = documents_of([coder_of(unit(5, 9, "a"), unit(10, 14), unit(40, 44, "a"))])
    assert [(document.document_id, document.length) for document in read.documents] == [
        ("d[5:14)", 9),
        ("d[40:44)", 4),
    ]
    assert read.documents[0].codings == (Coding("d[5:14)", Span(0, 4), "a", "甲"),)
    assert "the text between them counts as not given" in read.notes[0]


def test_a_sentence_given_to_one_coder_only_is_parted_from_those_of_both() -> None:
    first = coder_of(unit(0, 4), unit(4, 8))
    second = coder_of(unit(0, 4, "a", coder="乙"))
    documents = documents_of([first, second]).documents
    assert [(document.length, document.coder_ids) for document in documents] == [
        (4, ("甲", "乙")),
        (4, ("甲",)),
    ]


def test_overlapping_spans_are_chosen_ones_in_a_document_seen_up_to_the_last() -> None:
    read = documents_of([coder_of(unit(2, 9, "a")), coder_of(unit(4, 12, "a", "b", coder="乙"))])
    (document,) = read.documents
    assert (document.document_id, document.length, document.coder_ids) == ("d", 12, ("甲", "乙"))
    assert [coding.span for coding in document.codings] == [Span(2, 9), Span(4, 12), Span(4, 12)]
    assert "characters in no span count as seen" in read.notes[0]


def test_units_without_a_place_make_no_document() -> None:
    assert documents_of([coder_of(unit(0, 4, document_id=None))]).documents == ()


def test_a_level_that_was_not_coded_is_told_and_parts_the_sentences() -> None:
    units = [unit(0, 4, "a"), replace(unit(4, 8, "a"), dimensions=()), unit(8, 12)]
    documents = documents_of([coder_of(*units)]).documents
    assert [(document.length, document.uncoded) for document in documents] == [
        (4, (UncodedLevel("甲", "dimensions"), UncodedLevel("甲", "paths"))),
        (4, (UncodedLevel("甲", "paths"),)),
        (4, (UncodedLevel("甲", "dimensions"), UncodedLevel("甲", "paths"))),
    ]


def test_a_chosen_span_leaves_a_level_uncoded_only_where_no_span_of_the_coder_has_it() -> None:
    units = [unit(0, 6, "a"), replace(unit(4, 8), initial=None, dimensions=("d",))]
    (document,) = documents_of([coder_of(*units)]).documents
    assert document.uncoded == (UncodedLevel("甲", "paths"),)
