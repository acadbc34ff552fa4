"""Inputs of `screen` -> documents with sentences: result folders of `code`, or files read without a model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import pyarrow as pa

from policy_nlp.analysis.topic_hits import ScreenDocument
from policy_nlp.documents.load import iter_documents
from policy_nlp.errors import ExchangeError
from policy_nlp.exchange.corpus_reading import read_columns
from policy_nlp.exchange.result_folder import DOCUMENTS, SENTENCES, iter_document_texts
from policy_nlp.exchange.result_units import is_result_folder
from policy_nlp.files import show_path
from policy_nlp.records import Sentence, SkippedInput, Span
from policy_nlp.sentences import sentences_of

_COLUMNS = ("document_id", "sentence_id", "start", "end", "text", "kind", "status")


def iter_screen_documents(
    inputs: Sequence[Path], *, text_column: str | None = None
) -> Iterator[ScreenDocument | SkippedInput]:
    """The documents of all inputs in order, and what could not be read, with why."""
    for path in inputs:
        if is_result_folder(path):
            yield from _iter_result_folder(path)
        else:
            yield from _iter_plain(path, text_column)


def _iter_plain(path: Path, text_column: str | None) -> Iterator[ScreenDocument | SkippedInput]:
    for found in iter_documents((path,), text_column=text_column):
        if isinstance(found, SkippedInput):
            yield found
            continue
        yield ScreenDocument(
            document_id=found.document_id,
            source=show_path(path),
            path=found.path,
            title=found.title,
            text=found.text,
            sentences=tuple(sentences_of(found)),
        )


def _iter_result_folder(folder: Path) -> Iterator[ScreenDocument]:
    try:
        rows = read_columns(folder / SENTENCES, _COLUMNS).to_pylist()
        texts = list(iter_document_texts(folder / DOCUMENTS))
    except (OSError, pa.ArrowException, KeyError) as err:
        raise ExchangeError(
            f"{folder}: its tables cannot be read ({err}). Run `policy-nlp code` anew.", path=folder
        ) from err
    sentences_by_document = {
        document_id: list(group) for document_id, group in groupby(rows, key=lambda row: row["document_id"])
    }
    for document in texts:
        own = sentences_by_document.get(document.document_id, [])
        yield ScreenDocument(
            document_id=document.document_id,
            source=show_path(folder),
            path=document.path,
            title=document.title,
            text=document.text,
            sentences=tuple(
                Sentence(
                    row["document_id"],
                    row["sentence_id"],
                    Span(row["start"], row["end"]),
                    row["text"],
                    row["kind"],
                )
                for row in own
            ),
            is_coded=tuple(row["status"] == "coded" for row in own),
        )
