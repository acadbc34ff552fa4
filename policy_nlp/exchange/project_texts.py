"""QDA project -> its texts and their sentences, for codings of others to find their places in."""

from __future__ import annotations

from pathlib import Path

from policy_nlp.codebook import Codebook
from policy_nlp.exchange.coder_file import CoderFile, SourceText
from policy_nlp.exchange.placing import TextUnit
from policy_nlp.exchange.project_building import KnownText
from policy_nlp.exchange.project_units import document_ids_of, metadata_of
from policy_nlp.exchange.refi_qda.project import QdaProject
from policy_nlp.records import CodedUnit, Coder, CoderUnits
from policy_nlp.sentences import sentences_in

_READER = "reader of the texts of {}"  # no coder: who was given every sentence and coded no level


def texts_of_project(project: QdaProject, path: Path, *, codebook: Codebook) -> CoderFile:
    """The texts of a project as a file in which nobody coded, so that its sentences can be aligned."""
    ids = document_ids_of(project.sources)
    name = _READER.format(path)
    units = tuple(
        CodedUnit(
            unit_id=sentence.sentence_id,
            text=sentence.text,
            initial=None,
            dimensions=None,
            paths=None,
            document_id=ids[source.guid],
            coder_id=name,
            span=sentence.span,
        )
        for source in project.sources
        for sentence in sentences_in(source.text, ids[source.guid])
    )
    texts = (
        SourceText(ids[source.guid], source.name, source.text, metadata_of(source))
        for source in project.sources
    )
    return CoderFile(path, "", codebook, (CoderUnits(Coder(name), units),), texts=tuple(texts))


def known_texts(file: CoderFile) -> tuple[KnownText, ...]:
    """The texts of such a file with their sentences, as they are called after aligning."""
    units: dict[str, list[TextUnit]] = {text.document_id: [] for text in file.texts}
    for coder in file.coders:
        for unit in coder.units:
            if unit.document_id in units and unit.span is not None:
                units[unit.document_id].append(TextUnit(unit.unit_id, unit.span))
    return tuple(KnownText(text, tuple(units[text.document_id])) for text in file.texts)
