"""Result folders of `code` -> one CodedCorpus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from policy_nlp.analysis.coded_corpus import STATUSES, CodedCorpus, CorpusDocument, CorpusModel
from policy_nlp.analysis.document_kinds import document_kind
from policy_nlp.codebook import Codebook
from policy_nlp.errors import ExchangeError
from policy_nlp.exchange.coder_codebook import codebook_of_input
from policy_nlp.exchange.result_folder import DOCUMENTS, MANIFEST, SENTENCES
from policy_nlp.exchange.result_manifest import CodeManifest, read_manifest
from policy_nlp.exchange.result_units import is_result_folder
from policy_nlp.files import show_path
from policy_nlp.gold.rows import ABSTAINED, UNDECIDED
from policy_nlp.records import PREDICTED_LEVELS, DocumentMetadata

_DOCUMENT_COLUMNS = (
    "document_id", "path", "title", "format", "encoding", "sha256", "n_sentences", "warnings",
    "issuer", "region", "year", "document_number", "date",
)  # fmt: skip
_SENTENCE_COLUMNS = (
    "document_id", "sentence_id", "start", "end", "text", "kind", "status", *PREDICTED_LEVELS, "scores",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Part:
    """What is kept of one result folder, D documents of it with N sentences."""

    documents: tuple[CorpusDocument, ...]
    n_sentences: NDArray[np.int64]  # shape (D,)
    sentences: pa.Table
    applies: NDArray[np.bool_]
    is_undecided: NDArray[np.bool_]
    scores: NDArray[np.float32]


def read_corpus(folders: Sequence[Path], *, codebook_path: Path | None = None) -> CodedCorpus:
    """The documents of all folders, each once: one that a later folder repeats is left out, with a note.

    Args:
        folders: of `policy-nlp code`, all coded with one codebook.
        codebook_path: the user's codebook; None: the shipped one, if the folders were coded with it.

    Raises:
        ExchangeError: a folder is no finished result folder, is damaged, or was coded with other codes.
        OutputError: a manifest is none that `code` wrote.
        CodebookError: the codebook of the run is not the shipped one, and none was named.
    """
    models: list[CorpusModel] = []
    parts: list[_Part] = []
    notes: list[str] = []
    seen: set[str] = set()
    codebook: Codebook | None = None
    for folder in folders:
        manifest = read_manifest(check_folder(folder) / MANIFEST)
        codebook = codebook_of_input(folder, manifest.run.codebook_sha256, codebook_path=codebook_path)
        name = show_path(folder)
        models.append(CorpusModel(name, manifest.model, manifest.run.version, manifest.run.model_sha256))
        part = _read_part(folder, codebook, seen=seen)
        if n_repeated := manifest.n_documents - len(part.documents):
            notes.append(f"{name}: {n_repeated:,} documents are in an earlier folder too and count once")
        if n_abstained := int(part.is_undecided.any(axis=1).sum()):
            notes.append(f"{name}: {n_abstained:,} sentences have undecided codes: they count in no share")
        seen.update(document.document_id for document in part.documents)
        parts.append(part)
    if codebook is None:
        raise ExchangeError("no result folder was given. Name one or more folders of `policy-nlp code`.")
    return _join(parts, codebook, models=models, notes=notes)


def read_folder(folder: Path, *, manifest: CodeManifest, codebook: Codebook) -> CodedCorpus:
    """The documents of one folder, which may be one in the making: its manifest need not be in it.

    Raises:
        ExchangeError: the tables are damaged, or were coded with other codes.
    """
    model = CorpusModel(show_path(folder), manifest.model, manifest.run.version, manifest.run.model_sha256)
    return _join([_read_part(folder, codebook, seen=set())], codebook, models=(model,), notes=())


def check_folder(folder: Path) -> Path:
    """The folder, if it is a finished result folder of `code`; raises ExchangeError where it is none."""
    if is_result_folder(folder) and (folder / MANIFEST).is_file():
        return folder
    raise ExchangeError(
        f"{folder}: this is no finished result folder ({DOCUMENTS}, {SENTENCES} and {MANIFEST} are needed). "
        f"Make one: policy-nlp code DOCUMENTS --out {folder}",
        path=folder,
    )


def _read_part(folder: Path, codebook: Codebook, *, seen: set[str]) -> _Part:
    try:
        documents = read_columns(folder / DOCUMENTS, _DOCUMENT_COLUMNS).to_pylist()
        lengths = _text_lengths(folder)
        more = {UNDECIDED} & set(pq.read_schema(folder / SENTENCES).names)
        sentences = read_columns(folder / SENTENCES, (*_SENTENCE_COLUMNS, *more))
    except (OSError, pa.ArrowException, KeyError) as err:
        raise ExchangeError(
            f"{folder}: its tables cannot be read ({err}). Run `policy-nlp code` anew.", path=folder
        ) from err
    _check_order(folder, documents, sentences)
    _check_statuses(folder, sentences)
    is_new = [row["document_id"] not in seen for row in documents]
    if not all(is_new):
        keep = np.repeat(is_new, [row["n_sentences"] for row in documents])
        sentences = sentences.filter(pa.array(keep))
    kept = [(row, n) for row, n, new in zip(documents, lengths, is_new, strict=True) if new]
    return _Part(
        documents=tuple(_document(row, folder, n_characters=n) for row, n in kept),
        n_sentences=np.array([row["n_sentences"] for row, _ in kept], dtype=np.int64),
        sentences=sentences,
        applies=_applies(folder, sentences, codebook),
        is_undecided=_undecided(folder, sentences, codebook),
        scores=_scores(sentences, codebook),
    )


def read_columns(path: Path, names: Sequence[str]) -> pa.Table:
    """The columns of a Parquet file; KeyError where one is missing, which `read_table` would pass over."""
    missing = [name for name in names if name not in pq.read_schema(path).names]
    if missing:
        raise KeyError(f"{path.name} has no column {missing[0]!r}")
    return pq.read_table(path, columns=list(names))


def _text_lengths(folder: Path) -> list[int]:
    """Code points of each document's text, a few texts in memory at a time."""
    with pq.ParquetFile(folder / DOCUMENTS) as file:
        return [
            n for batch in file.iter_batches(16, columns=["text"])
            for n in pc.utf8_length(batch.column("text")).to_pylist()
        ]  # fmt: skip


def _check_order(folder: Path, documents: Sequence[Mapping[str, Any]], sentences: pa.Table) -> None:
    expected = [row["document_id"] for row in documents for _ in range(row["n_sentences"])]
    if sentences.column("document_id").to_pylist() != expected:
        raise ExchangeError(
            f"{folder}: {SENTENCES} does not hold the sentences of the documents of {DOCUMENTS}. The files "
            "are of two runs: code again.",
            path=folder,
        )


def _check_statuses(folder: Path, sentences: pa.Table) -> None:
    unknown = set(pc.unique(sentences.column("status")).to_pylist()) - set(STATUSES)
    if unknown:
        found = ", ".join(sorted(map(repr, unknown)))
        raise ExchangeError(
            f"{folder}: the status {found} of {SENTENCES} is not known; {', '.join(STATUSES)} were expected. "
            "It was made by another version of policy-nlp: code again.",
            path=folder,
        )


def _document(row: Mapping[str, Any], folder: Path, *, n_characters: int) -> CorpusDocument:
    metadata = DocumentMetadata(
        issuer=row["issuer"],
        document_number=row["document_number"],
        date=row["date"],
        region=row["region"],
        year=row["year"],
    )
    return CorpusDocument(
        document_id=row["document_id"],
        folder=show_path(folder),
        path=row["path"],
        title=row["title"],
        format=row["format"],
        encoding=row["encoding"],
        sha256=row["sha256"],
        n_characters=n_characters,
        metadata=metadata,
        kind=document_kind(row["title"]),
        warnings=tuple(row["warnings"]),
    )


def _applies(folder: Path, sentences: pa.Table, codebook: Codebook) -> NDArray[np.bool_]:
    return _flags_of_lists(folder, sentences.select(list(PREDICTED_LEVELS)), codebook)


def _undecided(folder: Path, sentences: pa.Table, codebook: Codebook) -> NDArray[np.bool_]:
    """Shape (N, C): codes left undecided; all of an abstained sentence where the folder says none."""
    if UNDECIDED in sentences.column_names:
        return _flags_of_lists(folder, sentences.select([UNDECIDED]), codebook)
    abstained = pc.equal(sentences.column("status"), ABSTAINED).to_numpy()
    return np.repeat(abstained[:, None], len(codebook.code_ids), axis=1)


def _flags_of_lists(folder: Path, lists_of_codes: pa.Table, codebook: Codebook) -> NDArray[np.bool_]:
    """Shape (N, C): whether a list of the row, of any column, holds the code."""
    applies = np.zeros((lists_of_codes.num_rows, len(codebook.code_ids)), dtype=np.bool_)
    places = pa.array(codebook.code_ids)
    for column in lists_of_codes.columns:
        lists = column.combine_chunks()
        columns = pc.index_in(pc.list_flatten(lists), places)
        if columns.null_count:
            unknown = pc.list_flatten(lists).filter(pc.is_null(columns))[0].as_py()
            raise ExchangeError(
                f"{folder}: the code {unknown!r} of {SENTENCES} is not in codebook {codebook.name!r}. Name "
                "the codebook it was coded with by --codebook.",
                path=folder,
                code_id=unknown,
            )
        applies[pc.list_parent_indices(lists).to_numpy(), columns.to_numpy(zero_copy_only=False)] = True
    return applies


def _scores(sentences: pa.Table, codebook: Codebook) -> NDArray[np.float32]:
    scores = np.full((sentences.num_rows, len(codebook.code_ids)), np.nan, dtype=np.float32)
    column = sentences.column("scores").combine_chunks()
    known = {column.type.field(i).name: i for i in range(column.type.num_fields)}
    for place, code_id in enumerate(codebook.code_ids):
        if code_id in known:
            values = pc.struct_field(column, known[code_id])
            scores[:, place] = values.to_numpy(zero_copy_only=False)
    return scores


def _join(
    parts: Sequence[_Part], codebook: Codebook, *, models: Sequence[CorpusModel], notes: Sequence[str]
) -> CodedCorpus:
    sentences = pa.concat_tables(part.sentences.select(list(_SENTENCE_COLUMNS[:-1])) for part in parts)
    counts = np.concatenate([part.n_sentences for part in parts])
    status = pc.index_in(sentences.column("status"), pa.array(STATUSES))
    return CodedCorpus(
        codebook=codebook,
        models=tuple(models),
        documents=tuple(document for part in parts for document in part.documents),
        first_rows=np.concatenate([[0], counts.cumsum()]).astype(np.int64),
        sentence_ids=tuple(sentences.column("sentence_id").to_pylist()),
        texts=tuple(sentences.column("text").to_pylist()),
        starts=sentences.column("start").to_numpy(),
        ends=sentences.column("end").to_numpy(),
        is_heading=pc.equal(sentences.column("kind"), "heading").to_numpy(),
        status=status.to_numpy().astype(np.uint8),
        applies=np.concatenate([part.applies for part in parts]),
        scores=np.concatenate([part.scores for part in parts]),
        notes=tuple(notes),
        is_undecided=np.concatenate([part.is_undecided for part in parts]),
    )
