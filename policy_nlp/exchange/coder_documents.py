"""Units with their spans -> the same codings on characters of documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from policy_nlp.records import CodedDocument, CodedUnit, CoderUnits, Coding, Span

_WIDEST_GAP = 2  # code points between two sentences that follow each other: a line end, a blank


@dataclass(frozen=True, slots=True)
class DocumentsRead:
    """Codings on characters, and how it was settled which characters the coders were given."""

    documents: tuple[CodedDocument, ...]
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Given:
    """The units of one document, each with who was given it and their codings."""

    coder_ids: dict[Span, list[str]] = field(default_factory=dict)
    codings: dict[Span, list[Coding]] = field(default_factory=dict)


def documents_of_units(coders: Sequence[CoderUnits]) -> DocumentsRead:
    """The documents that units with a document id and a span lie in; units without are left out.

    The documents' texts are not known. Where spans are the same or apart (sentences), a document is each run
    of sentences that follow each other and were given to the same coders: what lies between was not given.
    Where spans overlap (coders chose them), it is the text up to the last span, all of it given.
    """
    by_document: dict[str, _Given] = {}
    for coder in coders:
        for unit in coder.units:
            if unit.document_id is not None and unit.span is not None:
                _add_unit(by_document.setdefault(unit.document_id, _Given()), unit, unit.span, coder)
    documents: list[CodedDocument] = []
    n_chosen = 0
    for document_id, given in by_document.items():
        spans = sorted(given.coder_ids, key=lambda span: (span.start, span.end))
        if any(later.start < earlier.end for earlier, later in pairwise(spans)):
            documents.append(_whole_document(document_id, given))
            n_chosen += 1
        else:
            documents.extend(_iter_runs(document_id, spans, given))
    return DocumentsRead(tuple(documents), tuple(_iter_notes(len(by_document), n_chosen)))


def codings_of_unit(unit: CodedUnit, *, document_id: str, span: Span, coder_id: str) -> Iterator[Coding]:
    """Each code of a unit as a coding of all its characters."""
    for codes in (unit.initial, unit.dimensions, unit.paths):
        for code_id in codes or ():
            yield Coding(document_id, span, code_id, coder_id)


def _add_unit(given: _Given, unit: CodedUnit, span: Span, coder: CoderUnits) -> None:
    coder_id = coder.coder.coder_id
    coder_ids = given.coder_ids.setdefault(span, [])
    if coder_id not in coder_ids:
        coder_ids.append(coder_id)
    document_id = unit.document_id or ""
    codings = given.codings.setdefault(span, [])
    codings.extend(codings_of_unit(unit, document_id=document_id, span=span, coder_id=coder_id))


def _whole_document(document_id: str, given: _Given) -> CodedDocument:
    coder_ids = dict.fromkeys(coder_id for own in given.coder_ids.values() for coder_id in own)
    codings = tuple(coding for own in given.codings.values() for coding in own)
    return CodedDocument(document_id, max(span.end for span in given.coder_ids), tuple(coder_ids), codings)


def _iter_runs(document_id: str, spans: Sequence[Span], given: _Given) -> Iterator[CodedDocument]:
    first = 0
    for place in range(1, len(spans) + 1):
        if place == len(spans) or _is_parted(spans[place - 1], spans[place], given):
            yield _run_document(document_id, spans[first:place], given)
            first = place


def _is_parted(earlier: Span, later: Span, given: _Given) -> bool:
    is_far = later.start - earlier.end > _WIDEST_GAP
    return is_far or set(given.coder_ids[earlier]) != set(given.coder_ids[later])


def _run_document(document_id: str, spans: Sequence[Span], given: _Given) -> CodedDocument:
    start, end = spans[0].start, spans[-1].end
    run_id = f"{document_id}[{start}:{end})"
    codings = tuple(
        Coding(run_id, Span(span.start - start, span.end - start), coding.code_id, coding.coder_id)
        for span in spans
        for coding in given.codings[span]
    )
    return CodedDocument(run_id, end - start, tuple(given.coder_ids[spans[0]]), codings)


def _iter_notes(n_documents: int, n_chosen: int) -> Iterator[str]:
    if n_chosen:
        yield (
            f"on characters, {n_chosen:,} documents whose spans overlap end with their last span, as their "
            "texts are not in the file; characters in no span count as seen, nothing applies"
        )
    if n_documents > n_chosen:
        yield (
            f"on characters, {n_documents - n_chosen:,} documents are the sentences given; the text between "
            "them counts as not given"
        )
