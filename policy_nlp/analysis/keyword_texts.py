"""The sentences that keywords are counted in, from coded folders or plain documents alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class KeywordDocument:
    """A document that keywords are counted in; `year` is None where no date was found."""

    document_id: str
    path: str
    title: str
    year: int | None


@dataclass(frozen=True, slots=True)
class KeywordTexts:
    """N sentences of D documents; terms are looked for in all, keywords counted in those that count.

    Attributes:
        document_of_rows: shape (N,).
        is_counted: shape (N,).
        paragraph_of_rows: shape (N,), from 0, unique over documents; sentences of one line are of one.
        notes: what was left out, for people.
    """

    documents: tuple[KeywordDocument, ...]
    texts: tuple[str, ...]
    document_of_rows: NDArray[np.int64]
    paragraph_of_rows: NDArray[np.int64]
    is_counted: NDArray[np.bool_]
    notes: tuple[str, ...] = ()

    @property
    def years(self) -> tuple[int | None, ...]:
        """The year of each document."""
        return tuple(document.year for document in self.documents)

    @property
    def n_characters(self) -> int:
        """Characters of the sentences that count."""
        counted = zip(self.texts, self.is_counted.tolist(), strict=True)
        return sum(len(text) for text, is_counted in counted if is_counted)


def number_paragraphs(text: str, starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The line of the text that each sentence begins in, from 0.

    Args:
        text: of one document.
        starts: where its sentences begin, in code points.
    """
    ends = np.array([place for place, mark in enumerate(text) if mark == "\n"], dtype=np.int64)
    return np.searchsorted(ends, starts)


def join_texts(first: KeywordTexts, second: KeywordTexts) -> KeywordTexts:
    """The sentences of both, documents of the second behind those of the first."""
    n_paragraphs = int(first.paragraph_of_rows.max(initial=-1)) + 1
    return KeywordTexts(
        documents=first.documents + second.documents,
        texts=first.texts + second.texts,
        document_of_rows=np.concatenate(
            [first.document_of_rows, second.document_of_rows + len(first.documents)]
        ),
        paragraph_of_rows=np.concatenate([first.paragraph_of_rows, second.paragraph_of_rows + n_paragraphs]),
        is_counted=np.concatenate([first.is_counted, second.is_counted]),
        notes=first.notes + second.notes,
    )
