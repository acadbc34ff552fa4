"""Thresholds find the cut that separates, and codes with few positives stay near their level."""

from __future__ import annotations

import numpy as np
import pytest

from policy_nlp.codebook import Codebook
from policy_nlp.model.thresholds import apply_thresholds, fit_thresholds
from policy_nlp.records import Thresholds


def _separable(codebook: Codebook, cut: float, n_units: int = 400) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(1)
    scores = generator.random((n_units, len(codebook.code_ids))).astype(np.float32)
    return scores, (scores >= cut).astype(np.float32)


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.8])
def test_threshold_lies_at_the_cut_that_separates(shipped_codebook: Codebook, cut: float) -> None:
    scores, targets = _separable(shipped_codebook, cut)
    assert fit_thresholds(scores, targets, codebook=shipped_codebook).values == pytest.approx(cut, abs=0.02)


def test_infinite_prior_gives_one_threshold_a_level(shipped_codebook: Codebook) -> None:
    generator = np.random.default_rng(2)
    scores = generator.random((300, len(shipped_codebook.code_ids))).astype(np.float32)
    targets = (scores + generator.normal(0, 0.3, scores.shape) > 0.6).astype(np.float32)
    values = fit_thresholds(scores, targets, codebook=shipped_codebook, prior=np.inf).values
    n_initial = len(shipped_codebook.initial)
    assert len(set(values[:n_initial])) == 1


def test_code_without_positives_takes_the_threshold_of_its_level(shipped_codebook: Codebook) -> None:
    scores, targets = _separable(shipped_codebook, 0.4)
    targets[:, 3] = 0
    values = fit_thresholds(scores, targets, codebook=shipped_codebook).values
    assert values[0] == pytest.approx(0.4, abs=0.02)
    assert values[3] >= values[0]  # its false positives can only push it up


def test_code_with_many_positives_of_its_own_leaves_its_level(shipped_codebook: Codebook) -> None:
    scores, targets = _separable(shipped_codebook, 0.3, n_units=3000)
    targets[:, 5] = scores[:, 5] >= 0.8
    values = fit_thresholds(scores, targets, codebook=shipped_codebook).values
    assert values[5] > 0.7
    assert values[4] == pytest.approx(0.3, abs=0.03)


def test_score_equal_to_the_threshold_applies(shipped_codebook: Codebook) -> None:
    code_ids = shipped_codebook.code_ids
    thresholds = Thresholds(code_ids, np.full(len(code_ids), 0.37))
    scores = np.array([[0.37], [0.3699], [np.nan]], dtype=np.float32) * np.ones(
        len(code_ids), dtype=np.float32
    )
    assert apply_thresholds(scores, thresholds).all(axis=1).tolist() == [True, False, False]
