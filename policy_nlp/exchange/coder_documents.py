"""Units with their spans -> the same codings on characters of documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from policy_nlp.agreement.vendors.report import DocumentUnits
from policy_nlp.records import CodedDocument, CodedUnit, CoderUnits, Coding, Span, UncodedLevel

_WIDEST_GAP = 2  # code points between two sentences that follow each other: a line end, a blank


@dataclass(frozen=True, slots=True)
class DocumentsRead:
    """Codings on characters, and how it was settled which characters the coders were given.

    Attributes:
        units: the sentences of documents that were made of sentences.
    """

    documents: tuple[CodedDocument, ...]
    notes: tuple[str, ...] = ()
    units: tuple[DocumentUnits, ...] = ()


_Given = dict[Span, list[CodedUnit]]  # the units of one document: each span as each coder coded it


def documents_of_units(coders: Sequence[CoderUnits], *, shown_path: str = "") -> DocumentsRead:
    """The documents that units with a document id and a span lie in; units without are left out.

    The documents' texts are not known. Where spans are the same or apart (sentences), a document is each run
    of sentences that follow each other and were given to the same coders: what lies between was not given.
    Where spans overlap (coders chose them), it is the text up to the last span, all of it given.
    """
    by_document: dict[str, _Given] = {}
    for coder in coders:
        for unit in coder.units:
            if unit.document_id is not None and unit.span is not None:
                by_document.setdefault(unit.document_id, {}).setdefault(unit.span, []).append(unit)
    documents: list[CodedDocument] = []
    units: list[DocumentUnits] = []
    n_chosen = 0
    for document_id, given in by_document.items():
        spans = sorted(given, key=lambda span: (span.start, span.end))
        if any(later.start < earlier.end for earlier, later in pairwise(spans)):
            documents.append(_whole_document(document_id, given))
            n_chosen += 1
        else:
            for run in _iter_runs(spans, given):
                documents.append(_run_document(document_id, run, given))
                units.append(_run_units(documents[-1].document_id, run))
    notes = tuple(_iter_notes(shown_path, len(by_document), n_chosen=n_chosen))
    return DocumentsRead(tuple(documents), notes, tuple(units))


def codings_of_unit(unit: CodedUnit, *, document_id: str, span: Span) -> Iterator[Coding]:
    """Each code that the unit's coder gave it, as a coding of all its characters."""
    for codes in (unit.initial, unit.dimensions, unit.paths):
        for code_id in codes or ():
            yield Coding(document_id, span, code_id, unit.coder_id or "")


def _whole_document(document_id: str, given: _Given) -> CodedDocument:
    units = [unit for own in given.values() for unit in own]
    codings = [
        coding
        for span, own in given.items()
        for unit in own
        for coding in codings_of_unit(unit, document_id=document_id, span=span)
    ]
    coder_ids = dict.fromkeys(unit.coder_id or "" for unit in units)
    return CodedDocument(
        document_id,
        max(span.end for span in given),
        tuple(coder_ids),
        tuple(codings),
        uncoded=tuple(iter_uncoded(units)),
    )


def _iter_runs(spans: Sequence[Span], given: _Given) -> Iterator[Sequence[Span]]:
    first = 0
    for place in range(1, len(spans) + 1):
        if place == len(spans) or _is_parted(spans[place - 1], spans[place], given):
            yield spans[first:place]
            first = place


def _run_units(run_id: str, spans: Sequence[Span]) -> DocumentUnits:
    start = spans[0].start
    return DocumentUnits(run_id, tuple(Span(span.start - start, span.end - start) for span in spans))


def _is_parted(earlier: Span, later: Span, given: _Given) -> bool:
    is_far = later.start - earlier.end > _WIDEST_GAP
    return is_far or _who_coded_what(given[earlier]) != _who_coded_what(given[later])


def _who_coded_what(units: Sequence[CodedUnit]) -> set[tuple[str, bool, bool, bool]]:
    return {
        (unit.coder_id or "", unit.initial is None, unit.dimensions is None, unit.paths is None)
        for unit in units
    }


def iter_uncoded(units: Sequence[CodedUnit]) -> Iterator[UncodedLevel]:
    """The levels that a coder coded in none of the units."""
    for coder_id in dict.fromkeys(unit.coder_id or "" for unit in units):
        own = [unit for unit in units if (unit.coder_id or "") == coder_id]
        if all(unit.initial is None for unit in own):
            yield UncodedLevel(coder_id, "initial")
        if all(unit.dimensions is None for unit in own):
            yield UncodedLevel(coder_id, "dimensions")
        if all(unit.paths is None for unit in own):
            yield UncodedLevel(coder_id, "paths")


def _run_document(document_id: str, spans: Sequence[Span], given: _Given) -> CodedDocument:
    start, end = spans[0].start, spans[-1].end
    run_id = f"{document_id}[{start}:{end})"
    codings = tuple(
        coding
        for span in spans
        for unit in given[span]
        for coding in codings_of_unit(
            unit, document_id=run_id, span=Span(span.start - start, span.end - start)
        )
    )
    coder_ids = dict.fromkeys(unit.coder_id or "" for unit in given[spans[0]])
    uncoded = tuple(iter_uncoded(given[spans[0]]))
    return CodedDocument(run_id, end - start, tuple(coder_ids), codings, part_of=document_id, uncoded=uncoded)


def _iter_notes(shown_path: str, n_documents: int, *, n_chosen: int) -> Iterator[str]:
    where = f"{shown_path}: " if shown_path else ""
    if n_chosen:
        yield (
            f"{where}on characters, {n_chosen:,} documents whose spans overlap end with their last "
            "span, as their texts are not in the file; characters in no span count as seen, nothing applies"
        )
    if n_documents > n_chosen:
        yield (
            f"{where}on characters, {n_documents - n_chosen:,} documents are the sentences given; the "
            "text between them counts as not given"
        )
