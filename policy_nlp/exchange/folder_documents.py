"""A result folder document by document: each with its sentences, the codes that apply and their scores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from policy_nlp.errors import ExchangeError
from policy_nlp.exchange.result_folder import DOCUMENT_SCHEMA, DOCUMENTS, SENTENCES
from policy_nlp.records import PREDICTED_LEVELS, Document, DocumentMetadata, Span
from policy_nlp.tables.table import BATCH_ROWS

_DOCUMENT_ROWS = 16  # read at once: a document may be a whole book
_COLUMNS = ["document_id", "sentence_id", "start", "end", *PREDICTED_LEVELS, "scores"]


@dataclass(frozen=True, slots=True)
class ScoredCode:
    """A code that applies to a sentence; the score is None where the folder holds none."""

    code_id: str
    score: float | None


@dataclass(frozen=True, slots=True)
class CodedSentence:
    """One sentence of a result folder with the codes that apply, main categories left out: they follow."""

    sentence_id: str
    span: Span
    codes: tuple[ScoredCode, ...]


@dataclass(frozen=True, slots=True)
class FolderDocument:
    """One document of a result folder with its sentences in order."""

    document: Document
    sentences: tuple[CodedSentence, ...]


def iter_folder_documents(folder: Path) -> Iterator[FolderDocument]:
    """The documents of a folder that holds documents.parquet and sentences.parquet; memory holds a few.

    Raises:
        ExchangeError: a file is missing or damaged, or the two do not belong together.
    """
    try:
        with pq.ParquetFile(folder / SENTENCES) as sentence_file:
            sentences = chain.from_iterable(
                _iter_sentences(batch) for batch in sentence_file.iter_batches(BATCH_ROWS, columns=_COLUMNS)
            )
            for document, n_sentences in _iter_documents(folder):
                own = tuple(islice(sentences, n_sentences))
                _check_belong(folder, document, n_sentences, own=own)
                yield FolderDocument(document, tuple(sentence for _, sentence in own))
    except (OSError, pa.ArrowException, KeyError) as err:
        raise ExchangeError(
            f"{folder}: {DOCUMENTS} and {SENTENCES} cannot be read ({err}). Give a result folder of "
            "`policy-nlp code`, or code again.",
            path=folder,
        ) from err


def _iter_documents(folder: Path) -> Iterator[tuple[Document, int]]:
    with pq.ParquetFile(folder / DOCUMENTS) as file:
        names = [name for name in DOCUMENT_SCHEMA.names if name in file.schema_arrow.names]
        for batch in file.iter_batches(batch_size=_DOCUMENT_ROWS, columns=names):
            for row in batch.to_pylist():
                yield _document(row), row["n_sentences"]


def _document(row: Mapping[str, Any]) -> Document:
    return Document(
        document_id=row["document_id"],
        path=row["path"],
        title=row["title"],
        format=row["format"],
        encoding=row["encoding"],
        encoding_confidence=row["encoding_confidence"],
        sha256=row["sha256"],
        text=row["text"],
        metadata=DocumentMetadata(
            issuer=row["issuer"],
            document_number=row["document_number"],
            date=row["date"],
            region=row["region"],
            year=row["year"],
        ),
        warnings=tuple(row["warnings"]),
    )


def _iter_sentences(batch: pa.RecordBatch) -> Iterator[tuple[str, CodedSentence]]:
    """The sentences of some rows, each with the id of its document."""
    scores = batch.column("scores")
    places = {scores.type.field(i).name: i for i in range(scores.type.num_fields)}
    score_of = {code_id: pc.struct_field(scores, i).to_pylist() for code_id, i in places.items()}
    columns = [batch.column(name).to_pylist() for name in _COLUMNS[:4]]
    levels = zip(*(batch.column(level).to_pylist() for level in PREDICTED_LEVELS), strict=True)
    rows = zip(*columns, levels, strict=True)
    for row, (document_id, sentence_id, start, end, code_ids) in enumerate(rows):
        codes = tuple(
            ScoredCode(code_id, score_of[code_id][row]) for code_id in chain.from_iterable(code_ids)
        )
        yield document_id, CodedSentence(sentence_id, Span(start, end), codes)


def _check_belong(
    folder: Path, document: Document, n_sentences: int, *, own: tuple[tuple[str, CodedSentence], ...]
) -> None:
    is_foreign = any(document_id != document.document_id for document_id, _ in own)
    is_outside = any(sentence.span.end > len(document.text) for _, sentence in own)
    if len(own) != n_sentences or is_foreign or is_outside:
        raise ExchangeError(
            f"{folder}: {SENTENCES} does not hold the {n_sentences} sentences of document "
            f"{document.document_id} of {DOCUMENTS}. The files are of two runs: code again.",
            path=folder,
            document_id=document.document_id,
        )
