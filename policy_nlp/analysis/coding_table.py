"""Coded sentences -> the three levels of grounded theory: concepts, initial categories, main categories."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from string import ascii_uppercase

import numpy as np
from numpy.typing import NDArray

from policy_nlp.analysis.coded_corpus import CodedCorpus
from policy_nlp.analysis.concept_suggestions import UNDECIDED, ConceptSuggester, ConceptSuggestions
from policy_nlp.analysis.representative_sentences import Candidates, choose_sentences
from policy_nlp.records import LEVELS, PREDICTED_LEVELS, Level


@dataclass(frozen=True, slots=True)
class ExampleSentence:
    """A sentence that stands for a code.

    Attributes:
        label: number of its document and of itself in it, as papers cite raw statements: `A03-12`.
        score: of the code; NaN where a person gave it.
        similarity: to the concept it stands for; NaN where it stands for no concept.
    """

    row: int
    label: str
    text: str
    score: float
    similarity: float = math.nan


@dataclass(frozen=True, slots=True)
class CodeCounts:
    """Where one code applies.

    Attributes:
        code_id: None for the sentences of a category whose concept is left open.
        n_sentences: that have the code.
        n_documents: in which a sentence has it.
        score: mean over these sentences; NaN where people coded, or none has the code.
    """

    code_id: str | None
    n_sentences: int
    n_documents: int
    score: float
    examples: tuple[ExampleSentence, ...] = ()


@dataclass(frozen=True, slots=True)
class InitialCategory:
    """An initial category with its concepts; those of all sum to its sentences, the open ones last."""

    counts: CodeCounts
    concepts: tuple[CodeCounts, ...]


@dataclass(frozen=True, slots=True)
class MainCategory:
    """A main category with its initial ones, whose sentences may overlap."""

    counts: CodeCounts
    categories: tuple[InitialCategory, ...]


@dataclass(frozen=True, slots=True)
class LabelledDocument:
    """A document under the number by which sentences cite it; `place` is that in the corpus."""

    label: str
    place: int
    n_sentences: int
    n_coded: int


@dataclass(frozen=True, slots=True)
class SentenceCoding:
    """One initial category of one sentence, with what is suggested for its concept."""

    row: int
    label: str
    category_id: str
    concept_id: str | None
    similarity: float
    score: float


@dataclass(frozen=True, slots=True)
class CodingTable:
    """The three-level coding of a corpus.

    Attributes:
        levels: those that were coded; the others are not in the table.
        n_coded: sentences with a code of any level.
        codings: of every sentence, in its order.
    """

    levels: tuple[Level, ...]
    main: tuple[MainCategory, ...]
    dimensions: tuple[CodeCounts, ...]
    paths: tuple[CodeCounts, ...]
    documents: tuple[LabelledDocument, ...]
    codings: tuple[SentenceCoding, ...]
    n_sentences: int
    n_coded: int


def make_coding_table(
    corpus: CodedCorpus, *, n_examples: int, coded_levels: Collection[Level] = PREDICTED_LEVELS
) -> CodingTable:
    """The table of all documents of the corpus.

    Args:
        corpus: with the codings of a model or of one person.
        n_examples: sentences shown for each concept, category without concepts, dimension and path.
        coded_levels: of the corpus; a level that the coder did not code is left out.
    """
    counter = _Counter(corpus, n_examples=n_examples)
    levels = tuple(one for one in LEVELS if ("initial" if one == "main" else one) in coded_levels)
    levels = tuple(one for one in levels if corpus.codebook.codes(one))
    return CodingTable(
        levels=levels,
        main=counter.count_main() if "initial" in levels else (),
        dimensions=counter.count_level("dimensions", n_examples=n_examples) if "dimensions" in levels else (),
        paths=counter.count_level("paths", n_examples=n_examples) if "paths" in levels else (),
        documents=_label_documents(corpus),
        codings=tuple(sorted(counter.codings, key=lambda one: one.row)),
        n_sentences=len(corpus),
        n_coded=int(corpus.is_coded().sum()),
    )


@dataclass(frozen=True, slots=True)
class _CodedRows:
    """Sentences that have one code, n of them.

    Attributes:
        rows: shape (n,), of the corpus.
        scores: shape (n,), of the code.
        similarity: shape (n,), to a concept; None where the code is none.
    """

    rows: NDArray[np.int64]
    scores: NDArray[np.float32]
    similarity: NDArray[np.float64] | None = None

    def where(self, is_kept: NDArray[np.bool_]) -> _CodedRows:
        """Some of them; `is_kept` has shape (n,)."""
        similarity = None if self.similarity is None else self.similarity[is_kept]
        return _CodedRows(self.rows[is_kept], self.scores[is_kept], similarity)


class _Counter:
    """Counts codes of one corpus, and chooses their sentences."""

    def __init__(self, corpus: CodedCorpus, *, n_examples: int) -> None:
        self.codings: list[SentenceCoding] = []
        self._corpus = corpus
        self._n_examples = n_examples
        self._labels = document_labels(corpus)
        self._document_of = corpus.document_of_rows()
        self._n_codes = corpus.applies_at("initial").sum(axis=1)
        self._suggester = ConceptSuggester(corpus.codebook)

    def count_main(self) -> tuple[MainCategory, ...]:
        """Every main category of the codebook, also those that no sentence has."""
        codes = self._corpus.codebook.initial
        counted = [self._count_category(i, code.code_id) for i, code in enumerate(codes)]
        return tuple(
            MainCategory(
                counts,
                tuple(
                    one for one, code in zip(counted, codes, strict=True) if code.parent_id == counts.code_id
                ),
            )
            for counts in self.count_level("main", n_examples=0)
        )

    def count_level(self, level: Level, *, n_examples: int) -> tuple[CodeCounts, ...]:
        """The codes of one level, in the order of the codebook."""
        return tuple(
            self._count(code_id, self._coded_rows(level, column), n_examples=n_examples)
            for column, code_id in enumerate(self._corpus.codebook.ids(level))
        )

    def _coded_rows(self, level: Level, column: int) -> _CodedRows:
        rows = np.flatnonzero(self._corpus.applies_at(level)[:, column])
        return _CodedRows(rows, self._corpus.scores_at(level)[rows, column])

    def _count_category(self, column: int, code_id: str) -> InitialCategory:
        coded = self._coded_rows("initial", column)
        suggested = self._suggester.suggest(code_id, [self._corpus.texts[row] for row in coded.rows])
        for at, row in enumerate(coded.rows.tolist()):
            self.codings.append(
                SentenceCoding(
                    row=row,
                    label=self._label(row),
                    category_id=code_id,
                    concept_id=suggested.at(at),
                    similarity=float(suggested.similarity[at]),
                    score=float(coded.scores[at]),
                )
            )
        n_examples = 0 if suggested.concept_ids else self._n_examples
        counts = self._count(code_id, coded, n_examples=n_examples)
        return InitialCategory(counts, self._count_concepts(coded, suggested))

    def _count_concepts(self, coded: _CodedRows, suggested: ConceptSuggestions) -> tuple[CodeCounts, ...]:
        all_of_them = _CodedRows(coded.rows, coded.scores, suggested.similarity)
        counted = [
            self._count(concept_id, all_of_them.where(suggested.chosen == place), n_examples=self._n_examples)
            for place, concept_id in enumerate(suggested.concept_ids)
        ]
        is_open = suggested.chosen == UNDECIDED
        if suggested.concept_ids and is_open.any():
            counted.append(self._count(None, all_of_them.where(is_open), n_examples=0))
        return tuple(counted)

    def _count(self, code_id: str | None, coded: _CodedRows, *, n_examples: int) -> CodeCounts:
        known = coded.scores[~np.isnan(coded.scores)].astype(np.float64)
        return CodeCounts(
            code_id=code_id,
            n_sentences=len(coded.rows),
            n_documents=len(np.unique(self._document_of[coded.rows])),
            score=float(known.mean()) if len(known) else math.nan,
            examples=self._choose(coded, n_examples) if n_examples else (),
        )

    def _choose(self, coded: _CodedRows, n_examples: int) -> tuple[ExampleSentence, ...]:
        similarity = np.full(len(coded.rows), np.nan) if coded.similarity is None else coded.similarity
        strength = np.nan_to_num(coded.scores.astype(np.float64)) + np.nan_to_num(similarity)
        texts = [self._corpus.texts[row] for row in coded.rows]
        candidates = Candidates(
            texts=texts,
            documents=self._document_of[coded.rows],
            strength=strength,
            n_codes=self._n_codes[coded.rows],
            is_heading=self._corpus.is_heading[coded.rows],
        )
        return tuple(
            ExampleSentence(
                row=int(coded.rows[at]),
                label=self._label(int(coded.rows[at])),
                text=texts[at],
                score=float(coded.scores[at]),
                similarity=float(similarity[at]),
            )
            for at in choose_sentences(candidates, n_examples)
        )

    def _label(self, row: int) -> str:
        document = int(self._document_of[row])
        return f"{self._labels[document]}-{row - int(self._corpus.first_rows[document]) + 1}"


def document_labels(corpus: CodedCorpus) -> tuple[str, ...]:
    """`A03`: a letter for each result folder, and the number of the document in it, of one width.

    After Z come AA, AB and so on.
    """
    folders = [document.folder for document in corpus.documents]
    letters = {folder: _letters(place) for place, folder in enumerate(dict.fromkeys(folders))}
    width = len(str(max(Counter(folders).values(), default=0)))
    numbers: Counter[str] = Counter()
    labels = []
    for folder in folders:
        numbers[folder] += 1
        labels.append(f"{letters[folder]}{numbers[folder]:0{width}}")
    return tuple(labels)


def _letters(place: int) -> str:
    before, last = divmod(place, len(ascii_uppercase))
    return (_letters(before - 1) if before else "") + ascii_uppercase[last]


def _label_documents(corpus: CodedCorpus) -> tuple[LabelledDocument, ...]:
    is_coded = corpus.is_coded()
    return tuple(
        LabelledDocument(
            label,
            place,
            n_sentences=len(is_coded[corpus.rows_of(place)]),
            n_coded=int(is_coded[corpus.rows_of(place)].sum()),
        )
        for place, label in enumerate(document_labels(corpus))
    )
