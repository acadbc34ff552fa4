"""Finished result folders with documents of several regions, for the tests of what counts over corpora."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from policy_nlp.codebook import Codebook
from policy_nlp.exchange.result_folder import (
    DOCUMENTS,
    MANIFEST,
    SENTENCES,
    CountedDocument,
    sentence_batch,
    write_documents,
)
from policy_nlp.exchange.result_manifest import CodeManifest, CodeRun, manifest_json
from policy_nlp.records import PREDICTED_LEVELS, Document, DocumentMetadata, LabelCounts, Sentence, Span

SCORE = 0.9


@dataclass(frozen=True)
class MadeDocument:
    """A document of sentences, each with the codes that apply to it."""

    sentences: Sequence[tuple[str, tuple[str, ...]]]
    region: str | None = None
    year: int | None = None
    issuer: str | None = None
    date: str | None = None
    title: str = ""
    path: str = ""


def make_corpus_folder(
    folder: Path, codebook: Codebook, documents: Mapping[str, MadeDocument], *, status: str = ""
) -> Path:
    """The folder; every sentence is coded or uncoded by its codes, or has the status given."""
    folder.mkdir(parents=True)
    counted, flat, codes = [], [], []
    for document_id, made in documents.items():
        text, place = "".join(sentence for sentence, _ in made.sentences), 0
        for number, (sentence, own) in enumerate(made.sentences):
            span = Span(place, place + len(sentence))
            flat.append(Sentence(document_id, f"{document_id}-{number:05d}", span, sentence))
            codes.append(own)
            place = span.end
        metadata = DocumentMetadata(made.issuer, None, made.date, made.region, made.year)
        path, title = made.path or f"{document_id}.txt", made.title or f"文件{document_id}"
        document = Document(document_id, path, title, "txt", "utf-8", 1.0, "0" * 64, text, metadata)
        counted.append(CountedDocument(document, len(made.sentences)))
    write_documents(folder / DOCUMENTS, counted)
    pq.write_table(_sentences(flat, codes, codebook, status=status), folder / SENTENCES)
    run = CodeRun((), "m" * 64, codebook.digest, None, "cpu", "fp32", 1024, "0.1.0")
    counts = LabelCounts(len(flat), 0, 0, 0, 0, ())
    manifest = CodeManifest(
        run, "policy-zh", "m:cpu", codebook.name, 0, len(counted), counts, (), (), (), "2026-11-23", {}
    )
    (folder / MANIFEST).write_text(manifest_json(manifest), encoding="utf-8")
    return folder


def _sentences(
    flat: Sequence[Sentence], codes: Sequence[tuple[str, ...]], codebook: Codebook, *, status: str
) -> pa.Table:
    table = pa.Table.from_batches([sentence_batch(flat)])
    for level in PREDICTED_LEVELS:
        lists = [[code_id for code_id in codebook.ids(level) if code_id in own] for own in codes]
        table = table.append_column(level, pa.array(lists, pa.list_(pa.string())))
    scores = [{code_id: SCORE if code_id in own else 0.1 for code_id in codebook.code_ids} for own in codes]
    kind = pa.struct([pa.field(code_id, pa.float32()) for code_id in codebook.code_ids])
    table = table.append_column("scores", pa.array(scores, kind))
    found = [status or ("coded" if own else "uncoded") for own in codes]
    return table.append_column("status", pa.array(found))
