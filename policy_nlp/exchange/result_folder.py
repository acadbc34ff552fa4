"""The result folder of `policy-nlp code`: its files, their columns, and records -> their rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from policy_nlp.records import Document, Sentence

DOCUMENTS = "documents.parquet"
SENTENCES = "sentences.parquet"
CODINGS_CSV = "codings.csv"
CODINGS_XLSX = "codings.xlsx"
PROJECT = "project.qdpx"
REPORT = "report.html"
MANIFEST = "manifest.json"
RESULT_FILES = (
    DOCUMENTS,
    SENTENCES,
    CODINGS_CSV,
    CODINGS_XLSX,
    PROJECT,
    REPORT,
)  # in the order they are put in place

ROW_GROUP_CHARACTERS = 1 << 22  # of document text: some 12 MB in UTF-8

DOCUMENT_SCHEMA = pa.schema(
    [
        pa.field("document_id", pa.string(), nullable=False),
        pa.field("path", pa.string(), nullable=False),
        pa.field("title", pa.string(), nullable=False),
        pa.field("format", pa.string(), nullable=False),
        pa.field("encoding", pa.string()),
        pa.field("encoding_confidence", pa.float64()),
        pa.field("sha256", pa.string(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
        pa.field("n_sentences", pa.int64(), nullable=False),
        pa.field("warnings", pa.list_(pa.string()), nullable=False),
        pa.field("issuer", pa.string()),
        pa.field("region", pa.string()),
        pa.field("year", pa.int32()),
        pa.field("document_number", pa.string()),
        pa.field("date", pa.string()),
    ]
)
SENTENCE_SCHEMA = pa.schema(
    [
        pa.field("document_id", pa.string(), nullable=False),
        pa.field("sentence_id", pa.string(), nullable=False),
        pa.field("start", pa.int64(), nullable=False),
        pa.field("end", pa.int64(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
    ]
)


@dataclass(frozen=True, slots=True)
class CountedDocument:
    """A document and how many sentences it has."""

    document: Document
    n_sentences: int


@dataclass(frozen=True, slots=True)
class DocumentText:
    """What coding needs of a document that was read before."""

    document_id: str
    path: str
    title: str
    text: str


def write_documents(path: Path, documents: Iterable[CountedDocument]) -> None:
    """Write documents.parquet, a few megabytes of text in memory at a time.

    A row group ends by the length of its texts and not by rows: a document may be a whole book.
    """
    with pq.ParquetWriter(path, DOCUMENT_SCHEMA, compression="zstd", write_page_checksum=True) as writer:
        for group in _iter_row_groups(documents):
            writer.write_batch(_document_batch(group))


def iter_document_texts(path: Path) -> Iterator[DocumentText]:
    """The documents of a documents.parquet, in its order."""
    columns = ["document_id", "path", "title", "text"]
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=64, columns=columns):
            for values in zip(*(batch.column(name).to_pylist() for name in columns), strict=True):
                yield DocumentText(*values)


def sentence_batch(sentences: Sequence[Sentence]) -> pa.RecordBatch:
    """Rows of sentences.parquet, without the columns of the codes."""
    columns: list[list[object]] = [
        [sentence.document_id for sentence in sentences],
        [sentence.sentence_id for sentence in sentences],
        [sentence.span.start for sentence in sentences],
        [sentence.span.end for sentence in sentences],
        [sentence.text for sentence in sentences],
        [sentence.kind for sentence in sentences],
    ]
    arrays = [pa.array(column, field.type) for column, field in zip(columns, SENTENCE_SCHEMA, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=SENTENCE_SCHEMA)


def _iter_row_groups(documents: Iterable[CountedDocument]) -> Iterator[list[CountedDocument]]:
    group: list[CountedDocument] = []
    n_characters = 0
    for counted in documents:
        group.append(counted)
        n_characters += len(counted.document.text)
        if n_characters >= ROW_GROUP_CHARACTERS:
            yield group
            group, n_characters = [], 0
    if group:
        yield group


def _document_batch(group: Sequence[CountedDocument]) -> pa.RecordBatch:
    rows = [_document_values(counted) for counted in group]
    columns = zip(*rows, strict=True)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, DOCUMENT_SCHEMA, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=DOCUMENT_SCHEMA)


def _document_values(counted: CountedDocument) -> tuple[object, ...]:
    """The values of one document in the order of `DOCUMENT_SCHEMA`."""
    document = counted.document
    metadata = document.metadata
    return (
        document.document_id,
        document.path,
        document.title,
        document.format,
        document.encoding,
        document.encoding_confidence,
        document.sha256,
        document.text,
        counted.n_sentences,
        list(document.warnings),
        metadata.issuer,
        metadata.region,
        metadata.year,
        metadata.document_number,
        metadata.date,
    )
