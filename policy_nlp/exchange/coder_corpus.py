"""One coder of a coder file, table, project or coding sheet -> a CodedCorpus: what tables count from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policy_nlp.analysis.coded_corpus import STATUSES, CodedCorpus, CorpusDocument
from policy_nlp.analysis.document_kinds import document_kind
from policy_nlp.codebook import Codebook
from policy_nlp.errors import GoldError
from policy_nlp.exchange.coder_file import CoderFile, SourceText
from policy_nlp.files import show_path
from policy_nlp.records import PREDICTED_LEVELS, CodedUnit, Coder, CoderUnits, DocumentMetadata, Level

WITHOUT_DOCUMENT = "（未注明文献）"
_SHOWN_NAMES = 3


@dataclass(frozen=True, slots=True)
class CoderCorpus:
    """The codings of one coder; `levels` are those that the coder coded somewhere."""

    coder_id: str
    corpus: CodedCorpus
    levels: tuple[Level, ...]
    is_model: bool = False


def corpus_of_coder(file: CoderFile, coder_id: str | None = None) -> CoderCorpus:
    """The units of one coder by documents, in the order of the file; a unit without one stands with its like.

    A coder's codings have no scores. A level that was not coded in a unit counts as without a code there.

    Raises:
        GoldError: there is no coder of that name, or none is named and several coded the same units.
    """
    coder = _find_coder(file, coder_id)
    by_document: dict[str, list[CodedUnit]] = {}
    for unit in coder.units:
        by_document.setdefault(unit.document_id or WITHOUT_DOCUMENT, []).append(unit)
    units = [unit for one in by_document.values() for unit in one]
    texts = {text.document_id: text for text in file.texts}
    counts = [len(one) for one in by_document.values()]
    applies = _applies(units, file.codebook)
    is_coded = applies.any(axis=1)
    corpus = CodedCorpus(
        codebook=file.codebook,
        models=(),
        documents=tuple(_document(i, texts.get(i), folder=show_path(file.path)) for i in by_document),
        first_rows=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        sentence_ids=tuple(unit.unit_id for unit in units),
        texts=tuple(unit.text for unit in units),
        starts=np.array([unit.span.start if unit.span else 0 for unit in units], dtype=np.int64),
        ends=np.array([unit.span.end if unit.span else len(unit.text) for unit in units], dtype=np.int64),
        is_heading=np.zeros(len(units), dtype=np.bool_),
        status=np.where(is_coded, STATUSES.index("coded"), STATUSES.index("uncoded")).astype(np.uint8),
        applies=applies,
        scores=np.full(applies.shape, np.nan, dtype=np.float32),
        notes=(*file.notes, *coder.notes),
    )
    return CoderCorpus(coder.coder.coder_id, corpus, _coded_levels(units), coder.coder.is_model)


def _find_coder(file: CoderFile, coder_id: str | None) -> CoderUnits:
    names = [coder.coder.coder_id for coder in file.coders]
    if coder_id is None and (joined := _join_disjoint(file.coders)):
        return joined
    found = next((coder for coder in file.coders if coder.coder.coder_id == coder_id), None)
    if found is None:
        what = "several coders of the same units" if coder_id is None else f"no coder {coder_id!r}"
        raise GoldError(
            f"{file.path}: {what}; a table is of one. Name one of {', '.join(names)} with --coder.",
            path=file.path,
            coder=coder_id,
        )
    return found


def _join_disjoint(coders: Sequence[CoderUnits]) -> CoderUnits | None:
    """The only coder, or all of them as one where each unit was coded once: they shared the work."""
    if len(coders) == 1:
        return coders[0]
    units = tuple(unit for coder in coders for unit in coder.units)
    if len({unit.unit_id for unit in units}) < len(units):
        return None
    names = [coder.coder.coder_id for coder in coders]
    shown = "、".join(names[:_SHOWN_NAMES]) + (f" 等 {len(names)} 人" if len(names) > _SHOWN_NAMES else "")
    return CoderUnits(Coder(shown), units, (f"{len(names)} coders shared the units: they count as one",))


def _document(document_id: str, text: SourceText | None, *, folder: str) -> CorpusDocument:
    title = text.title if text else document_id
    return CorpusDocument(
        document_id=document_id,
        folder=folder,
        path=document_id,
        title=title,
        format="",
        encoding=None,
        sha256="",
        n_characters=len(text.text) if text else 0,
        metadata=text.metadata if text else DocumentMetadata(),
        kind=document_kind(title),
    )


def _applies(units: Sequence[CodedUnit], codebook: Codebook) -> NDArray[np.bool_]:
    columns = {code_id: column for column, code_id in enumerate(codebook.code_ids)}
    applies = np.zeros((len(units), len(columns)), dtype=np.bool_)
    for row, unit in enumerate(units):
        for codes in (unit.initial, unit.dimensions, unit.paths):
            applies[row, [columns[code_id] for code_id in codes or ()]] = True
    return applies


def _coded_levels(units: Sequence[CodedUnit]) -> tuple[Level, ...]:
    lists = {
        "initial": [unit.initial for unit in units],
        "dimensions": [unit.dimensions for unit in units],
        "paths": [unit.paths for unit in units],
    }
    return tuple(level for level in PREDICTED_LEVELS if any(one is not None for one in lists[level]))
