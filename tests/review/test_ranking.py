"""What a model was unsure of, and where its codes stand against the codebook's own links."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.exchange.corpus_reading import read_corpus
from policy_nlp.review.ranking import count_contradictions, infer_thresholds, measure_uncertainty
from tests.review.folders import CODEBOOK, make_review_folder


@given(st.floats(0.05, 0.95), st.floats(0, 1))
def test_uncertainty_is_one_at_the_threshold_and_falls_to_both_ends(threshold: float, score: float) -> None:
    def at(value: float) -> float:
        return float(measure_uncertainty(np.array([[value]]), np.array([threshold]))[0])

    assert at(threshold) == 1.0
    assert at(0.0) == at(1.0) == 0.0
    nearer = (score + threshold) / 2
    assert at(nearer) >= at(score)


def test_thresholds_are_found_from_codings(tmp_path: Path) -> None:
    corpus = read_corpus([make_review_folder(tmp_path / "out", n_documents=20, n_sentences=50)])
    thresholds = infer_thresholds(corpus)
    assert ((corpus.scores >= thresholds) == corpus.applies).all()
    assert np.abs(thresholds - 0.5).max() < 0.1


def test_a_code_that_never_applies_has_the_threshold_above_its_scores(tmp_path: Path) -> None:
    corpus = read_corpus([make_review_folder(tmp_path / "out")])
    scores, applies = corpus.scores.copy(), corpus.applies.copy()
    scores[:, 0], applies[:, 0] = 0.2, False
    scores[:, 1], applies[:, 1] = 0.7, False
    scores[:, 2], applies[:, 2] = np.nan, False
    thresholds = infer_thresholds(replace(corpus, scores=scores, applies=applies))
    assert thresholds[:3].round(4).tolist() == [0.5, 0.7, 0.5]


def test_a_unit_that_was_not_scored_is_not_uncertain() -> None:
    assert measure_uncertainty(np.full((1, 3), np.nan, np.float32), np.full(3, 0.5)).tolist() == [0.0]


def test_codes_that_no_category_of_the_unit_names_are_contradictions(tmp_path: Path) -> None:
    corpus = read_corpus([make_review_folder(tmp_path / "out")])
    code = next(one for one in CODEBOOK.initial if one.path_ids and one.dimension_ids)
    own = {code.code_id, code.path_ids[0], code.dimension_ids[0]}
    foreign = next(one for one in CODEBOOK.ids("paths") if one not in code.path_ids)
    cases = [own, own | {foreign}, own - {code.path_ids[0]}, {foreign}, set(), {code.code_id}]
    applies = np.zeros_like(corpus.applies)
    for row, ids in enumerate(cases):
        applies[row] = [one in ids for one in CODEBOOK.code_ids]
    counted = count_contradictions(replace(corpus, applies=applies))
    assert counted[: len(cases)].tolist() == [0, 1, 1, 1, 0, 2]
