"""A small result folder as `code` writes it, for the tests of what reads them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

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
from policy_nlp.records import Document, DocumentMetadata, LabelCounts, Sentence, Span

CODEBOOK = load_codebook(shipped_codebook_path())
LISTS = pa.list_(pa.string())
TEXTS = (
    "关于组建创新联合体的意见\n政府设立专项资金。鼓励企业牵头攻关。\n支持高校参加。",
    "附则\n本意见自发布之日起施行。",
)


def sentences_of(number: int, text: str) -> list[Sentence]:
    """A heading, then a sentence up to each 。"""
    sentences, start = [], 0
    for place, mark in enumerate(text):
        if mark in "\n。":
            end = place + (mark == "。")
            if end > start:
                kind = "sentence" if mark == "。" else "heading"
                name = f"d{number}-{len(sentences):05d}"
                sentences.append(Sentence(f"d{number}", name, Span(start, end), text[start:end], kind))  # type: ignore[arg-type]
            start = place + 1
    return sentences


def make_result_folder(
    folder: Path,
    *,
    initial: Sequence[Sequence[str]] = (),
    status: Sequence[str] = (),
    codebook_sha256: str = CODEBOOK.digest,
) -> Path:
    """The folder; `initial` and `status` are those of the first sentences, the others have none."""
    folder.mkdir(parents=True, exist_ok=True)
    sentences = [s for number, text in enumerate(TEXTS) for s in sentences_of(number, text)]
    metadata = DocumentMetadata(region="浙江", year=2024)
    documents = [
        Document(f"d{n}", f"{n}.txt", f"文件{n}", "txt", None, None, "0" * 64, text, metadata)
        for n, text in enumerate(TEXTS)
    ]
    write_documents(folder / DOCUMENTS, [CountedDocument(document, 1) for document in documents])
    n_rest = len(sentences) - len(initial)
    codes = [[*map(list, initial), *([[]] * n_rest)], *([[[]] * len(sentences)] * 3)]
    names = ("initial", "main", "dimensions", "paths")
    batch = sentence_batch(sentences)
    columns = {name: pa.array(column, LISTS) for name, column in zip(names, codes, strict=True)}
    statuses = [*status, *(["uncoded"] * (len(sentences) - len(status)))]
    table = pa.Table.from_batches([batch])
    for name, column in columns.items():
        table = table.append_column(name, column)
    pq.write_table(table.append_column("status", pa.array(statuses)), folder / SENTENCES)
    run = CodeRun((), "m" * 64, codebook_sha256, None, "cpu", "fp32", 1024, "0.1.0")
    counts = LabelCounts(len(sentences), 0, 0, 0, 0, ())
    manifest = CodeManifest(
        run, "policy-zh", "m:cpu", CODEBOOK.name, 0, len(documents), counts, (), (), (), "2026-11-23", {}
    )
    (folder / MANIFEST).write_text(manifest_json(manifest), encoding="utf-8")
    return folder
