"""Coder files -> the same files in which documents with the same text have the same id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from policy_nlp.exchange.coder_file import CoderFile
from policy_nlp.records import CodedDocument, CodedUnit


def align_documents(files: Sequence[CoderFile]) -> tuple[CoderFile, ...]:
    """The files, each document named as in the first file that has its text.

    Where two files call documents with different texts the same, the later one gets its file's name added:
    spans of one mean nothing in the other. Documents whose text no file holds keep their ids.
    """
    id_of_text: dict[str, str] = {}
    text_of_id: dict[str, str] = {}
    aligned = []
    for file in files:
        new_ids: dict[str, str] = {}
        for source in file.texts:
            new_id = id_of_text.get(source.text, source.document_id)
            if text_of_id.get(new_id, source.text) != source.text:
                new_id = f"{source.document_id} ({file.path.name})"
            if new_id in new_ids.values():  # a text that one file holds twice
                new_id = source.document_id
            new_ids[source.document_id] = new_id
        for source in file.texts:
            id_of_text.setdefault(source.text, new_ids[source.document_id])
            text_of_id.setdefault(new_ids[source.document_id], source.text)
        changed = {old: new for old, new in new_ids.items() if old != new}
        aligned.append(_with_document_ids(file, changed) if changed else file)
    return tuple(aligned)


def _with_document_ids(file: CoderFile, new_ids: Mapping[str, str]) -> CoderFile:
    coders = tuple(
        replace(coder, units=tuple(_moved_unit(unit, new_ids) for unit in coder.units))
        for coder in file.coders
    )
    texts = tuple(
        replace(source, document_id=new_ids.get(source.document_id, source.document_id))
        for source in file.texts
    )
    documents = tuple(_moved_document(document, new_ids) for document in file.documents)
    return replace(file, coders=coders, texts=texts, documents=documents)


def _moved_unit(unit: CodedUnit, new_ids: Mapping[str, str]) -> CodedUnit:
    new_id = new_ids.get(unit.document_id or "")
    return unit if new_id is None else replace(unit, document_id=new_id)


def _moved_document(document: CodedDocument, new_ids: Mapping[str, str]) -> CodedDocument:
    new_id = new_ids.get(document.document_id)
    if new_id is None:
        return document
    codings = tuple(replace(coding, document_id=new_id) for coding in document.codings)
    return replace(document, document_id=new_id, codings=codings)
