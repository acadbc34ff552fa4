"""Sentences of one initial category -> the concept of that category that each is most like: a suggestion.

Nobody coded concepts, so no model predicts them. A sentence is compared with what the codebook says of each
concept of its category (name, definition, triggers), as TF-IDF vectors of one to three characters. Their
weights come from the codebook alone, so that a sentence gets the same suggestion in every corpus.

How good it is (2026-11-23, shipped codebook, one reader who saw no suggestions; sentences of policy
documents and news, evenly over the 14 categories with two concepts; those that fit both concepts or none
are left out). Chosen on 190 sentences, where it was right in 0.79 without abstaining, TF-IDF of words
(jieba) in 0.73, vectors of the shipped model (mean-pooled, first token) in at most 0.72, those of its
base encoder in at most 0.70. Of 90 other sentences it suggests a concept for 77 (abstains in 14 %) and is
right in 0.82 of these [0.73, 0.90] (bootstrap over documents). To name the commoner concept of each
category would be right in 0.77 of the 90, if one knew which that is: a suggestion saves reading and does
not replace it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from policy_nlp.codebook import Code, Codebook
from policy_nlp.reading import read_segment

LEAST_MARGIN = 0.02
"""Between the two best similarities; below, the suggester abstains."""

UNDECIDED = -1
_NGRAMS = (1, 3)  # characters


@dataclass(frozen=True, slots=True)
class ConceptSuggestions:
    """The concepts suggested for N sentences of one initial category.

    Attributes:
        concept_ids: of the category, in the order of the codebook; empty where it has none.
        chosen: shape (N,), a place in `concept_ids`; `UNDECIDED` where the best two are too near.
        similarity: shape (N,), of the nearest concept, 0 to 1; NaN where the category has none.
    """

    concept_ids: tuple[str, ...]
    chosen: NDArray[np.int64]
    similarity: NDArray[np.float64]

    def at(self, row: int) -> str | None:
        """The concept suggested for one sentence; None where there is none."""
        place = int(self.chosen[row])
        return None if place == UNDECIDED else self.concept_ids[place]


class ConceptSuggester:
    """Compares sentences with the concepts of one codebook."""

    def __init__(self, codebook: Codebook) -> None:
        self._concepts = codebook.concepts
        if not self._concepts:
            return
        self._vectors = TfidfVectorizer(analyzer="char", ngram_range=_NGRAMS, sublinear_tf=True)
        self._of_concepts: csr_matrix = self._vectors.fit_transform(map(_describe, self._concepts))

    def suggest(self, category_id: str, texts: Sequence[str]) -> ConceptSuggestions:
        """What is suggested for sentences of this initial category.

        A category with one concept gets it for every sentence. A sentence that shares no character with the
        concepts of its category gets none.
        """
        places = [i for i, concept in enumerate(self._concepts) if concept.parent_id == category_id]
        n_texts = len(texts)
        if not (places and n_texts):
            nothing = np.full(n_texts, UNDECIDED, dtype=np.int64)
            return ConceptSuggestions(self._ids(places), nothing, np.full(n_texts, np.nan))
        of_texts = self._vectors.transform(read_segment(text).text for text in texts)
        similarities = (of_texts @ self._of_concepts[places].T).toarray()
        chosen = similarities.argmax(axis=1)
        if len(places) > 1:
            ranked = np.sort(similarities, axis=1)
            chosen = np.where(ranked[:, -1] - ranked[:, -2] < LEAST_MARGIN, UNDECIDED, chosen)
        return ConceptSuggestions(self._ids(places), chosen.astype(np.int64), similarities.max(axis=1))

    def _ids(self, places: Sequence[int]) -> tuple[str, ...]:
        return tuple(self._concepts[place].code_id for place in places)


def _describe(concept: Code) -> str:
    return "。".join((concept.name_zh, concept.definition, "、".join(concept.triggers), concept.example))
