"""Coded documents of one or more result folders as columns: what reports, comparisons and maps count from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policy_nlp.codebook import Codebook, derive_main
from policy_nlp.records import DocumentMetadata, Level

STATUSES = ("coded", "uncoded", "abstained", "empty")


@dataclass(frozen=True, slots=True)
class CorpusDocument:
    """A document without its text.

    Attributes:
        folder: the result folder it is of, as the user named it.
        kind: its genre (文种), read from its title: 意见, 通知 ...; None where no word tells it.
    """

    document_id: str
    folder: str
    path: str
    title: str
    format: str
    encoding: str | None
    sha256: str
    n_characters: int
    metadata: DocumentMetadata
    kind: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CorpusModel:
    """The model that coded one folder."""

    folder: str
    name: str
    version: str  # of policy-nlp
    sha256: str  # of the weights


@dataclass(frozen=True, slots=True)
class CodedCorpus:
    """N sentences of D documents with their codes; the sentences of a document stand together, in order.

    Attributes:
        documents: D of them, each once.
        first_rows: shape (D + 1,), the row of each document's first sentence; the last is N.
        sentence_ids: N of them, unique within the corpus.
        texts: N of them.
        starts: shape (N,), code points of the document's text.
        ends: shape (N,), exclusive.
        is_heading: shape (N,).
        status: shape (N,), index into `STATUSES`.
        applies: shape (N, C) in the order of `codebook.code_ids`: initial, dimensions, paths.
        scores: shape (N, C), calibrated; NaN where a sentence was not scored.
        notes: what was left out or changed while reading, for people.
        is_undecided: shape (N, C), codes that the model left undecided; None where it decided all.
    """

    codebook: Codebook
    models: tuple[CorpusModel, ...]
    documents: tuple[CorpusDocument, ...]
    first_rows: NDArray[np.int64]
    sentence_ids: tuple[str, ...]
    texts: tuple[str, ...]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    is_heading: NDArray[np.bool_]
    status: NDArray[np.uint8]
    applies: NDArray[np.bool_]
    scores: NDArray[np.float32]
    notes: tuple[str, ...] = ()
    is_undecided: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        n_rows = len(self.texts)
        if self.first_rows.shape != (len(self.documents) + 1,) or self.first_rows[-1] != n_rows:
            raise ValueError("a corpus needs the first row of each document, and the number of rows")
        if self.applies.shape != (n_rows, len(self.codebook.code_ids)):
            raise ValueError("a corpus needs one row a sentence and one column a code")

    def __len__(self) -> int:
        return len(self.texts)

    def rows_of(self, document: int) -> slice:
        """The rows of the document at this place."""
        return slice(int(self.first_rows[document]), int(self.first_rows[document + 1]))

    def document_of_rows(self) -> NDArray[np.int64]:
        """Shape (N,): the place of each sentence's document."""
        return np.repeat(np.arange(len(self.documents)), np.diff(self.first_rows))

    def applies_at(self, level: Level) -> NDArray[np.bool_]:
        """Shape (N, codes of the level), in the order of `codebook.ids(level)`; main follows initial."""
        if level == "main":
            return derive_main(self.applies_at("initial"), self.codebook)
        return self.applies[:, self._columns(level)]

    def scores_at(self, level: Level) -> NDArray[np.float32]:
        """Shape (N, codes of the level); a main category has the highest score of its initial ones."""
        if level != "main":
            return self.scores[:, self._columns(level)]
        initial = self.scores_at("initial")
        parents = [code.parent_id for code in self.codebook.initial]
        columns = [
            initial[:, [parent == main_id for parent in parents]].max(axis=1, initial=-np.inf)
            for main_id in self.codebook.ids("main")
        ]
        return np.stack(columns, axis=1) if columns else initial[:, :0]

    def is_decided(self) -> NDArray[np.bool_]:
        """Shape (N,): whether the model decided on every code; neither empty nor abstained."""
        return np.isin(self.status, [STATUSES.index(status) for status in ("coded", "uncoded")])

    def is_coded(self) -> NDArray[np.bool_]:
        """Shape (N,): whether some code applies."""
        return np.equal(self.status, STATUSES.index("coded"))

    def _columns(self, level: Level) -> list[int]:
        places = {code_id: place for place, code_id in enumerate(self.codebook.code_ids)}
        return [places[code_id] for code_id in self.codebook.ids(level)]
