from __future__ import annotations

from policy_nlp.operations.agree_characters import documents_of_coders
from policy_nlp.records import CodedDocument, CodedUnit, Coder, CoderUnits, Coding, Span


def units_of(coder_id: str, *codes: tuple[str, ...], document_id: str = "d") -> CoderUnits:
    units = tuple(
        CodedUnit(
            f"{document_id}{row}",
            "四个汉字",
            own,
            (),
            (),
            document_id,
            coder_id,
            span=Span(4 * row, 4 * row + 4),
        )
        for row, own in enumerate(codes)
    )
    return CoderUnits(Coder(coder_id), units)


WHOLE = CodedDocument("d", 8, ("a",), (Coding("d", Span(1, 3), "government_support", "a"),))


def test_a_model_joins_a_document_with_the_spans_of_its_units() -> None:
    coders = [units_of("a", (), ()), units_of("m", (), ("market_competition",))]
    (document,) = documents_of_coders([WHOLE], coders).documents
    assert document.coder_ids == ("a", "m")
    assert document.codings[1] == Coding("d", Span(4, 8), "market_competition", "m")
    assert document.codings[0] == WHOLE.codings[0]  # the person's own span, not that of the sentence


def test_a_coder_who_was_not_given_every_sentence_does_not_join_the_document() -> None:
    coders = [units_of("a", (), ()), units_of("m", ())]
    (document,) = documents_of_coders([WHOLE], coders).documents
    assert document.coder_ids == ("a",)


def test_units_in_no_known_document_make_documents_of_their_own() -> None:
    coders = [
        units_of("a", (), ("market_competition",), document_id="e"),
        units_of("b", (), (), document_id="e"),
    ]
    (document,) = documents_of_coders([], coders).documents
    assert set(document.coder_ids) == {"a", "b"}
    assert document.length == 8
