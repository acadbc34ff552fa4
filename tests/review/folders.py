"""Result folders of any size with codes and scores, as `code` writes them, for the tests of reviews."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from policy_nlp.codebook import load_codebook, shipped_codebook_path
from policy_nlp.exchange.result_folder import (
    DOCUMENTS,
    MANIFEST,
    SENTENCES,
    CountedDocument,
    sentence_batch,
    write_documents,
)
from policy_nlp.exchange.result_manifest import CodeManifest, CodeRun, manifest_json
from policy_nlp.records import Document, DocumentMetadata, LabelCounts, Sentence, SentenceKind, Span

CODEBOOK = load_codebook(shipped_codebook_path())
N_CODES = len(CODEBOOK.code_ids)
LISTS = pa.list_(pa.string())


def document_sentences(number: int, texts: Sequence[str]) -> tuple[Document, list[Sentence]]:
    """A document with a heading as its first unit, one unit a line."""
    sentences, start = [], 0
    for place, text in enumerate(texts):
        kind: SentenceKind = "heading" if place == 0 else "sentence"
        span = Span(start, start + len(text))
        sentences.append(Sentence(f"d{number}", f"d{number}-{place:05d}", span, text, kind))
        start += len(text) + 1
    document = Document(
        f"d{number}", f"{number}.txt", f"文件{number}", "txt", None, None, "0" * 64, "\n".join(texts),
        DocumentMetadata(),
    )  # fmt: skip
    return document, sentences


def made_up_texts(n_documents: int, n_sentences: int) -> list[list[str]]:
    """Texts of documents; no two sentences are the same."""
    return [
        [f"第{number}号文件", *(f"支持第{number}批企业的第{i}项攻关。" for i in range(1, n_sentences))]
        for number in range(n_documents)
    ]


def write_review_folder(folder: Path, texts: Sequence[Sequence[str]], *, seed: int = 0) -> Path:
    """The folder of these documents; scores are drawn, a code applies from 0.5 on, few are near it."""
    folder.mkdir(parents=True, exist_ok=True)
    made = [document_sentences(number, own) for number, own in enumerate(texts)]
    write_documents(folder / DOCUMENTS, [CountedDocument(document, len(own)) for document, own in made])
    sentences = [sentence for _, own in made for sentence in own]
    scores = np.random.default_rng(seed).beta(0.2, 2.0, (len(sentences), N_CODES)).astype(np.float32).round(4)
    applies = scores >= 0.5
    table = pa.Table.from_batches([sentence_batch(sentences)])
    ids = np.array(CODEBOOK.code_ids)
    for level in ("initial", "dimensions", "paths"):
        is_own = np.array([code_id in CODEBOOK.ids(level) for code_id in ids])
        lists = [ids[row & is_own].tolist() for row in applies]
        table = table.append_column(level, pa.array(lists, LISTS))
    mains = [list(CODEBOOK.main_of(codes)) for codes in table.column("initial").to_pylist()]
    table = table.append_column("main", pa.array(mains, LISTS))
    columns = [pa.array(scores[:, place]) for place in range(N_CODES)]
    table = table.append_column("scores", pa.StructArray.from_arrays(columns, list(CODEBOOK.code_ids)))
    status = ["coded" if row.any() else "uncoded" for row in applies]
    pq.write_table(table.append_column("status", pa.array(status)), folder / SENTENCES)
    _write_manifest(folder, n_documents=len(made), n_rows=len(sentences))
    return folder


def make_review_folder(folder: Path, *, n_documents: int = 3, n_sentences: int = 8, seed: int = 0) -> Path:
    """A folder of made-up documents."""
    return write_review_folder(folder, made_up_texts(n_documents, n_sentences), seed=seed)


def abstain_on(folder: Path, row: int, code_ids: Sequence[str]) -> None:
    """The folder as `code --abstain` writes it: these codes of one sentence are left undecided."""
    table = pq.read_table(folder / SENTENCES)
    status = table.column("status").to_pylist()
    status[row] = "abstained"
    undecided = [list(code_ids) if place == row else [] for place in range(table.num_rows)]
    table = table.set_column(table.schema.names.index("status"), "status", pa.array(status))
    pq.write_table(table.append_column("undecided", pa.array(undecided, LISTS)), folder / SENTENCES)


def _write_manifest(folder: Path, *, n_documents: int, n_rows: int) -> None:
    run = CodeRun((), "m" * 64, CODEBOOK.digest, None, "cpu", "fp32", 1024, "0.1.0")
    manifest = CodeManifest(
        run, "tiny", "m:cpu", CODEBOOK.name, 0, n_documents, LabelCounts(n_rows, 0, 0, 0, 0, ()), (), (), (),
        "2026-11-23", {},
    )  # fmt: skip
    (folder / MANIFEST).write_text(manifest_json(manifest), encoding="utf-8")
