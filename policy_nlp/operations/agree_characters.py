"""Coders -> the documents that are compared on characters, and the comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from policy_nlp.agreement.character_report import CharacterAgreement
from policy_nlp.agreement.characters import compare_characters
from policy_nlp.agreement.intervals import Bootstrap
from policy_nlp.agreement.vendors.compare import compare_like_vendors, find_units
from policy_nlp.agreement.vendors.report import VendorParity
from policy_nlp.codebook import Codebook
from policy_nlp.errors import TooFewCodersError
from policy_nlp.exchange.coder_documents import (
    DocumentsRead,
    codings_of_unit,
    documents_of_units,
    iter_uncoded,
)
from policy_nlp.exchange.coder_file import SourceText
from policy_nlp.records import CodedDocument, CodedUnit, CoderUnits, UncodedLevel


def compare_on_characters(
    read: DocumentsRead, codebook: Codebook, *, bootstrap: Bootstrap
) -> CharacterAgreement:
    """Agreement on characters, with the notes of how the documents were made.

    Raises:
        TooFewCodersError: no document was given to two coders.
    """
    _check_shared(read)
    found = compare_characters(read.documents, codebook, bootstrap=bootstrap)
    return replace(found, notes=(*read.notes, *found.notes))


def compare_as_vendors(
    read: DocumentsRead, codebook: Codebook, *, texts: Sequence[SourceText]
) -> VendorParity:
    """What other tools would print for the same documents.

    Raises:
        TooFewCodersError: no document was given to two coders.
    """
    _check_shared(read)
    compared = {document.document_id for document in read.documents}
    units = [find_units(t.document_id, t.text) for t in texts if t.document_id in compared]
    return compare_like_vendors(read.documents, codebook, units=[*read.units, *units])


def documents_of_coders(whole: Sequence[CodedDocument], coders: Sequence[CoderUnits]) -> DocumentsRead:
    """The documents on which coders are compared character by character.

    Args:
        whole: documents whose texts the inputs hold, with the codings on characters found there. A coder of
            another input (a model) joins one when they were given all its units; their units' spans count.
        coders: their units that lie in no such document make the documents of the others.
    """
    ids = {document.document_id for document in whole}
    elsewhere = documents_of_units([_outside(coder, ids) for coder in coders], shown_path="the inputs")
    documents = (*_with_coders(whole, coders), *elsewhere.documents)
    return DocumentsRead(documents, elsewhere.notes, elsewhere.units)


def _outside(coder: CoderUnits, document_ids: set[str]) -> CoderUnits:
    return replace(coder, units=tuple(u for u in coder.units if u.document_id not in document_ids))


def _with_coders(whole: Sequence[CodedDocument], coders: Sequence[CoderUnits]) -> list[CodedDocument]:
    """The documents with the codings of coders who were given all their units in another input."""
    units_of = {coder.coder.coder_id: _by_document(coder) for coder in coders}
    found = []
    for document in whole:
        given = {
            unit.unit_id
            for coder_id in document.coder_ids
            for unit in units_of.get(coder_id, {}).get(document.document_id, ())
        }
        for coder_id, by_document in units_of.items():
            own = by_document.get(document.document_id, [])
            if coder_id not in document.coder_ids and given and given <= {unit.unit_id for unit in own}:
                document = _add_coder(document, coder_id, own)
        found.append(document)
    return found


def _by_document(coder: CoderUnits) -> dict[str, list[CodedUnit]]:
    found: dict[str, list[CodedUnit]] = {}
    for unit in coder.units:
        if unit.document_id is not None and unit.span is not None:
            found.setdefault(unit.document_id, []).append(unit)
    return found


def _add_coder(document: CodedDocument, coder_id: str, units: Sequence[CodedUnit]) -> CodedDocument:
    codings = (
        coding
        for unit in units
        if unit.span is not None and unit.span.end <= document.length
        for coding in codings_of_unit(unit, document_id=document.document_id, span=unit.span)
    )
    # A level that is missing in some of the units is not compared in the whole document.
    uncoded = dict.fromkeys(own for unit in units for own in iter_uncoded([unit]))
    return replace(
        document,
        coder_ids=(*document.coder_ids, coder_id),
        codings=(*document.codings, *codings),
        uncoded=(*document.uncoded, *(UncodedLevel(coder_id, own.level) for own in uncoded)),
    )


def _check_shared(read: DocumentsRead) -> None:
    if not any(len(document.coder_ids) >= 2 for document in read.documents):
        raise TooFewCodersError(
            "no document was given to two coders on characters: the units name no documents with spans "
            "(`doc_id`, `start`, `end`), or no two coders share one. Compare sentences (leave out --unit "
            "character and --vendors), or give .qdpx projects or result folders of the same documents.",
        )
