"""Coded documents written short: for each coder, (start, end, code)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from hypothesis import strategies as st

from policy_nlp.codebook import Code, Codebook
from policy_nlp.records import CodedDocument, Coding, Span

Marks = Mapping[str, Sequence[tuple[int, int, str]]]


def coded_document(
    length: int, marks: Marks, document_id: str = "d", *, part_of: str | None = None
) -> CodedDocument:
    return CodedDocument(
        document_id=document_id,
        length=length,
        coder_ids=tuple(marks),
        codings=tuple(
            Coding(document_id, Span(start, end), code_id, coder_id)
            for coder_id, own in marks.items()
            for start, end, code_id in own
        ),
        part_of=part_of,
    )


def small_codebook() -> Codebook:
    """Main A with a1, a2 and main B with b1; a concept under a1; one dimension."""
    return Codebook(
        name="small",
        main=(_code("A", "main"), _code("B", "main")),
        initial=(_code("a1", "initial", "A"), _code("a2", "initial", "A"), _code("b1", "initial", "B")),
        concepts=(_code("a1x", "concepts", "a1"),),
        dimensions=(_code("dim", "dimensions"),),
    )


def _code(code_id: str, level: str, parent_id: str | None = None) -> Code:
    return Code(code_id, level, f"名{code_id}", "", parent_id, "定义")  # type: ignore[arg-type]


@st.composite
def exclusive_marks(draw, length: int, code_ids: Sequence[str]) -> list[tuple[int, int, str]]:
    """Spans of one coder that do not overlap."""
    cuts = sorted(draw(st.sets(st.integers(0, length), max_size=8)))
    marks = []
    for start, end in pairwise(cuts):
        if code_id := draw(st.sampled_from([None, *code_ids])):
            marks.append((start, end, code_id))
    return marks


@st.composite
def coded_corpora(draw, code_ids: Sequence[str] = ("a1", "a2")) -> list[CodedDocument]:
    """One to three documents of two or three coders, who need not all be given each document."""
    coders = draw(st.sampled_from([("x", "y"), ("x", "y", "z")]))
    documents = []
    for number in range(draw(st.integers(1, 3))):
        length = draw(st.integers(1, 30))
        given = (
            coders if number == 0 else draw(st.sampled_from([coders, coders[:2], coders[-2:], coders[:1]]))
        )
        marks = {coder_id: draw(exclusive_marks(length, code_ids)) for coder_id in given}
        documents.append(coded_document(length, marks, f"d{number}"))
    return documents
