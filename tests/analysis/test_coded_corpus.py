"""The corpus as columns: what it refuses, and what it derives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from policy_nlp.codebook import Codebook
from tests.analysis.small_corpora import make_corpus

DOCUMENTS = {"a": [("甲。", {"government_support": 0.8}), ("乙。", {})], "b": [], "c": [("丙。", {})]}


def test_rows_of_documents_cover_every_sentence_once(shipped_codebook: Codebook) -> None:
    corpus = make_corpus(shipped_codebook, DOCUMENTS)
    rows = [row for place in range(3) for row in range(len(corpus))[corpus.rows_of(place)]]
    assert rows == [0, 1, 2]
    assert corpus.document_of_rows().tolist() == [0, 0, 2]


def test_a_main_category_has_the_highest_score_of_its_initial_ones(shipped_codebook: Codebook) -> None:
    corpus = make_corpus(shipped_codebook, DOCUMENTS)
    parent = shipped_codebook.find("government_support").parent_id
    column = shipped_codebook.ids("main").index(str(parent))
    assert corpus.applies_at("main")[0, column]
    assert corpus.scores_at("main")[0, column] == pytest.approx(0.8)
    assert corpus.applies_at("main").sum() == 1


def test_a_corpus_without_a_row_for_each_sentence_is_refused(shipped_codebook: Codebook) -> None:
    corpus = make_corpus(shipped_codebook, DOCUMENTS)
    with pytest.raises(ValueError, match="first row"):
        replace(corpus, first_rows=corpus.first_rows[:-1])
    with pytest.raises(ValueError, match="one row a sentence"):
        replace(corpus, applies=np.zeros((1, len(shipped_codebook.code_ids)), dtype=np.bool_))
