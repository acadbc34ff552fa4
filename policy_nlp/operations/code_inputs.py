"""The inputs of a `code` run -> documents.parquet, and from it the table of their sentences."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path

import pyarrow as pa

from policy_nlp.documents.load import iter_documents
from policy_nlp.errors import DocumentError
from policy_nlp.exchange.result_folder import (
    DOCUMENTS,
    SENTENCE_SCHEMA,
    CountedDocument,
    iter_document_texts,
    sentence_batch,
    write_documents,
)
from policy_nlp.files import atomic_path, write_atomically
from policy_nlp.records import Document, Progress, Sentence, SkippedInput
from policy_nlp.sentences import sentences_in, sentences_of
from policy_nlp.settings.commands import CodeSettings
from policy_nlp.tables.table import BATCH_ROWS, Table, iter_from_row

_NOTES = "inputs.json"


@dataclass(frozen=True, slots=True)
class InputsRead:
    """What came of the inputs."""

    n_documents: int
    n_sentences: int
    skipped: tuple[SkippedInput, ...]


@dataclass(slots=True)
class _Reading:
    """What is known so far, while the documents pass by."""

    progress: Progress | None
    n_documents: int = 0
    n_sentences: int = 0
    skipped: list[SkippedInput] = field(default_factory=list)

    def iter_counted(self, settings: CodeSettings) -> Iterator[CountedDocument]:
        """The documents with their number of sentences; what is skipped is noted."""
        for found in iter_documents(settings.inputs, text_column=settings.text_column):
            if isinstance(found, SkippedInput):
                self.skipped.append(found)
                continue
            yield self._count(found)
            if self.progress is not None:
                self.progress(self.n_documents, None)

    def _count(self, document: Document) -> CountedDocument:
        n_sentences = len(sentences_of(document))
        self.n_documents += 1
        self.n_sentences += n_sentences
        return CountedDocument(document, n_sentences)


def read_inputs(settings: CodeSettings, folder: Path, *, progress: Progress | None = None) -> InputsRead:
    """Reads the inputs into documents.parquet in `folder`, or takes what a run that was broken off had read.

    Raises:
        DocumentError: none of the inputs could be read.
    """
    documents_path, notes_path = folder / DOCUMENTS, folder / _NOTES
    if documents_path.exists() and notes_path.exists():
        return _read_notes(notes_path)
    reading = _Reading(progress)
    with atomic_path(documents_path) as temporary:
        write_documents(temporary, reading.iter_counted(settings))
    if reading.n_documents == 0:
        raise _nothing_read(reading.skipped)
    inputs_read = InputsRead(reading.n_documents, reading.n_sentences, tuple(reading.skipped))
    write_atomically(notes_path, json.dumps(asdict(inputs_read), ensure_ascii=False))
    return inputs_read


def _read_notes(path: Path) -> InputsRead:
    content = json.loads(path.read_text(encoding="utf-8"))
    skipped = tuple(SkippedInput(**entry) for entry in content["skipped"])
    return InputsRead(content["n_documents"], content["n_sentences"], skipped)


def _nothing_read(skipped: list[SkippedInput]) -> DocumentError:
    """All reasons: no manifest is written that could hold them."""
    reasons = "".join(f"\n  {entry.reason}" for entry in skipped)
    return DocumentError(f"none of the inputs could be read, so there is nothing to code:{reasons}")


def sentence_table(documents_path: Path, *, n_sentences: int) -> Table:
    """The sentences of a documents.parquet as a table; memory holds a few documents at a time."""

    def read(first_row: int) -> Iterator[pa.RecordBatch]:
        return iter_from_row(_iter_sentence_batches(documents_path), first_row)

    return Table(documents_path, "sentences", SENTENCE_SCHEMA, n_sentences, read)


def _iter_sentence_batches(documents_path: Path) -> Iterator[pa.RecordBatch]:
    sentences = _iter_sentences(documents_path)
    while block := list(islice(sentences, BATCH_ROWS)):
        yield sentence_batch(block)


def _iter_sentences(documents_path: Path) -> Iterator[Sentence]:
    for document in iter_document_texts(documents_path):
        yield from sentences_in(document.text, document.document_id)
