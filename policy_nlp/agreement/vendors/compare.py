"""Codings on characters -> VendorParity: the numbers of four other tools, and why they differ from ours."""

from __future__ import annotations

from collections.abc import Sequence

from policy_nlp.agreement.characters import MIN_OVERLAP, codings_of_level, is_comparable
from policy_nlp.agreement.continuum import lay_end_to_end
from policy_nlp.agreement.vendors.atlas_ti import Domain, compare_like_atlas_ti
from policy_nlp.agreement.vendors.inception import compare_like_inception
from policy_nlp.agreement.vendors.maxqda import compare_like_maxqda
from policy_nlp.agreement.vendors.notes import NOTES
from policy_nlp.agreement.vendors.nvivo import compare_like_nvivo
from policy_nlp.agreement.vendors.report import DocumentUnits, VendorLevel, VendorParity
from policy_nlp.codebook import Codebook
from policy_nlp.records import LEVELS, CodedDocument, Level, Span
from policy_nlp.sentences import split_sentences


def compare_like_vendors(
    documents: Sequence[CodedDocument],
    codebook: Codebook,
    *,
    units: Sequence[DocumentUnits] = (),
    min_overlap: float = MIN_OVERLAP,
) -> VendorParity:
    """What the other tools would print, at every level in which some coder used a code.

    Args:
        documents: those that two coders or more were given are compared.
        codebook: main categories are ATLAS.ti's semantic domains of initial ones; every other level is one.
        units: sentences and paragraphs (`find_units`); without them NVivo's numbers are on characters only.
        min_overlap: share of the longer segment from which MAXQDA's segments agree.

    Raises:
        TooFewCodersError: no document was given to two coders.
    """
    at_levels = [(level, codings_of_level(documents, codebook, level=level)) for level in LEVELS]
    return VendorParity(
        levels=tuple(
            _compare_level(level, coded, codebook, units=units, min_overlap=min_overlap)
            for level, coded in at_levels
            if is_comparable(coded)
        ),
        notes=NOTES,
    )


def find_units(document_id: str, text: str) -> DocumentUnits:
    """The sentences of a cleaned text, and its paragraphs: its lines that are not blank."""
    paragraphs, start = [], 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            paragraphs.append(Span(start, start + len(line.rstrip("\r\n"))))
        start += len(line)
    return DocumentUnits(document_id, tuple(split_sentences(text)), tuple(paragraphs))


def _compare_level(
    level: Level,
    documents: Sequence[CodedDocument],
    codebook: Codebook,
    *,
    units: Sequence[DocumentUnits],
    min_overlap: float,
) -> VendorLevel:
    continuum = lay_end_to_end(documents, codebook.ids(level))
    document_ids = [document.document_id for document in documents if len(document.coder_ids) >= 2]
    return VendorLevel(
        level=level,
        nvivo=compare_like_nvivo(continuum, document_ids, units=units),
        maxqda=compare_like_maxqda(continuum, min_overlap=min_overlap),
        atlas_ti=compare_like_atlas_ti(continuum, _domains(level, codebook)),
        inception=compare_like_inception(continuum),
    )


def _domains(level: Level, codebook: Codebook) -> list[Domain]:
    if level != "initial":
        return [Domain(level, codebook.ids(level))]
    families: dict[str, list[str]] = {main_id: [] for main_id in codebook.ids("main")}
    for code in codebook.initial:
        families.setdefault(code.parent_id or level, []).append(code.code_id)
    return [Domain(main_id, tuple(code_ids)) for main_id, code_ids in families.items() if code_ids]
