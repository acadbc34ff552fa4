"""A result folder -> the units of its review: once, and anew where the folder was coded anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from policy_nlp.analysis.coded_corpus import STATUSES, CodedCorpus
from policy_nlp.codebook import Codebook
from policy_nlp.errors import ModelError
from policy_nlp.exchange.coder_codebook import codebook_of_input
from policy_nlp.exchange.corpus_reading import read_corpus
from policy_nlp.exchange.result_folder import DOCUMENTS, MANIFEST, SENTENCES
from policy_nlp.exchange.result_manifest import read_manifest
from policy_nlp.files import sha256_of_file
from policy_nlp.model.trained import load_model
from policy_nlp.records import Progress
from policy_nlp.review.database import Database
from policy_nlp.review.queue import UNDECIDED
from policy_nlp.review.ranking import count_contradictions, infer_thresholds, measure_uncertainty

_BLOCK = 5_000  # units between two words of progress
_INSERT = "INSERT INTO units VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class FolderState:
    """What decides the units of a review; the review is built anew where it is another."""

    sentences_sha256: str
    documents_sha256: str
    codebook_sha256: str
    model: str
    model_sha256: str


@dataclass(frozen=True, slots=True)
class BuiltReview:
    """What a review is of."""

    codebook: Codebook
    state: FolderState
    is_rebuilt: bool  # there were units before, of other codings


def build_units(
    database: Database, folder: Path, *, codebook_path: Path | None = None, progress: Progress | None = None
) -> BuiltReview:
    """Fill the units of the database from the folder, unless they are those of the folder already.

    Decisions are not touched: they hold the texts they were made on.

    Raises:
        ExchangeError: the folder is no finished result folder, or is damaged.
        OutputError: its manifest is none that `code` wrote.
        CodebookError: it was coded with another codebook than the shipped one, and none was named.
        ReviewError: the database cannot be written.
    """
    state, codebook = _state_of(folder, codebook_path)
    known = _known_state(database)
    if known != state:
        corpus = read_corpus([folder], codebook_path=codebook_path)
        with database.writing() as connection:
            _fill(connection, corpus, state, progress=progress)
    return BuiltReview(codebook, state, is_rebuilt=known not in (None, state))


def built_review(
    database: Database, folder: Path, *, codebook_path: Path | None = None
) -> BuiltReview | None:
    """What the database is of; None where its units are not those of the folder as it is now."""
    state, codebook = _state_of(folder, codebook_path)
    return BuiltReview(codebook, state, is_rebuilt=False) if _known_state(database) == state else None


def _state_of(folder: Path, codebook_path: Path | None) -> tuple[FolderState, Codebook]:
    manifest = read_manifest(folder / MANIFEST)
    codebook = codebook_of_input(folder, manifest.run.codebook_sha256, codebook_path=codebook_path)
    state = FolderState(
        sentences_sha256=sha256_of_file(folder / SENTENCES),
        documents_sha256=sha256_of_file(folder / DOCUMENTS),
        codebook_sha256=codebook.digest,
        model=manifest.model,
        model_sha256=manifest.run.model_sha256,
    )
    return state, codebook


def _known_state(database: Database) -> FolderState | None:
    with database.reading() as connection:
        meta: dict[str, str] = dict(connection.execute("SELECT key, value FROM meta").fetchall())
    names = [field.name for field in fields(FolderState)]
    return FolderState(**{name: meta[name] for name in names}) if set(names) <= meta.keys() else None


def _fill(
    connection: sqlite3.Connection, corpus: CodedCorpus, state: FolderState, *, progress: Progress | None
) -> None:
    connection.execute("DELETE FROM units")
    connection.execute("DELETE FROM documents")
    connection.executemany(
        "INSERT INTO documents VALUES (?, ?, ?)",
        ((place, one.document_id, one.title or one.path) for place, one in enumerate(corpus.documents)),
    )
    rows = _iter_rows(corpus, _thresholds(corpus))
    n_done = 0
    while block := list(islice(rows, _BLOCK)):
        connection.executemany(_INSERT, block)
        n_done += len(block)
        if progress is not None:
            progress(n_done, len(corpus))
    connection.executemany(
        "INSERT OR REPLACE INTO meta VALUES (?, ?)",
        ((field.name, getattr(state, field.name)) for field in fields(FolderState)),
    )


def _iter_rows(corpus: CodedCorpus, thresholds: NDArray[np.float64]) -> Iterator[tuple[object, ...]]:
    undecided = corpus.is_undecided
    if undecided is None:
        undecided = np.zeros_like(corpus.applies)
    uncertainty = measure_uncertainty(corpus.scores, thresholds)
    uncertainty[undecided.any(axis=1)] = 1.0  # the model said itself that it does not know
    columns = zip(
        corpus.sentence_ids,
        corpus.document_of_rows().tolist(),
        corpus.starts.tolist(),
        corpus.ends.tolist(),
        corpus.texts,
        corpus.is_heading.astype(int).tolist(),
        (corpus.status == STATUSES.index("empty")).astype(int).tolist(),
        _headings_above(corpus),
        uncertainty.tolist(),
        count_contradictions(corpus).tolist(),
        np.where(undecided, UNDECIDED, corpus.applies).astype(np.uint8),
        corpus.scores,
        strict=True,
    )
    for place, (*values, answers, scores) in enumerate(columns):
        yield (place, *values, answers.tobytes(), scores.tobytes())


def _headings_above(corpus: CodedCorpus) -> list[int | None]:
    """The place of the nearest heading before each sentence, in its document."""
    rows = np.arange(len(corpus))
    nearest = np.maximum.accumulate(np.where(corpus.is_heading, rows, -1))
    above = np.concatenate([[-1], nearest[:-1]]) if len(rows) else nearest
    first = np.repeat(corpus.first_rows[:-1], np.diff(corpus.first_rows))
    return [int(place) if place >= start else None for place, start in zip(above, first, strict=True)]


def _thresholds(corpus: CodedCorpus) -> NDArray[np.float64]:
    """Those of the model that coded the folder where it is here, else as the codings show them."""
    try:
        model = load_model(corpus.models[0].name)
    except ModelError:
        return infer_thresholds(corpus)
    is_same = model.digest == corpus.models[0].sha256 and model.codebook.code_ids == corpus.codebook.code_ids
    return model.thresholds.values if is_same else infer_thresholds(corpus)
