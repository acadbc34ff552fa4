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
    """N sentences of D documents.

    Attributes:
        document_of_rows: shape (N,).
        paragraph_of_rows: shape (N,), from 0, unique over documents; sentences of one line are of one.
        notes: what was left out, for people.
    """

    documents: tuple[KeywordDocument, ...]
    texts: tuple[str, ...]
    document_of_rows: NDArray[np.int64]
    paragraph_of_rows: NDArray[np.int64]
    notes: tuple[str, ...] = ()

    @property
    def years(self) -> tuple[int | None, ...]:
        """The year of each document."""
        return tuple(document.year for document in self.documents)

    @property
    def n_characters(self) -> int:
        """Characters of all sentences."""
        return sum(map(len, self.texts))

    def select(self, is_kept: NDArray[np.bool_]) -> KeywordTexts:
        """The kept sentences; all documents stay."""
        return KeywordTexts(
            documents=self.documents,
            texts=tuple(text for text, kept in zip(self.texts, is_kept.tolist(), strict=True) if kept),
            document_of_rows=self.document_of_rows[is_kept],
            paragraph_of_rows=self.paragraph_of_rows[is_kept],
            notes=self.notes,
        )


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
        notes=first.notes + second.notes,
    )
