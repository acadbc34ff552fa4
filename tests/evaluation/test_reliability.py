from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss

from policy_nlp.agreement.intervals import Bootstrap
from policy_nlp.evaluation.reliability import measure_calibration
from policy_nlp.evaluation.report import LevelCalibration

DRAWS = Bootstrap(100)


def calibrated(n_units: int, n_codes: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Scores that are true probabilities, and outcomes drawn from them."""
    generator = np.random.default_rng(seed)
    scores = np.round(generator.random((n_units, n_codes)) ** 3, 4)
    return scores, generator.random(scores.shape) < scores


def measure(scores: np.ndarray, gold: np.ndarray, n_documents: int = 25) -> LevelCalibration:
    found = measure_calibration(scores, gold, group_of=np.arange(len(scores)) % n_documents, bootstrap=DRAWS)
    assert found is not None
    return found


def test_bins_and_brier_score_are_those_of_scikit_learn() -> None:
    scores, gold = calibrated(300, 4, seed=1)
    found = measure(scores, gold)
    shares, means = calibration_curve(gold.ravel(), scores.ravel(), n_bins=10, strategy="uniform")
    assert [part.share.value for part in found.bins] == pytest.approx(shares.tolist(), abs=0.02)
    assert [part.mean_score for part in found.bins] == pytest.approx(means.tolist(), abs=0.005)
    assert found.brier.value == pytest.approx(brier_score_loss(gold.ravel(), scores.ravel()))
    assert sum(part.n_scores for part in found.bins) == found.n_scores == 1200


def test_true_probabilities_are_nearer_the_diagonal_than_twice_as_sure_ones() -> None:
    scores, gold = calibrated(4000, 3, seed=2)
    logits = np.log((scores + 1e-4) / (1 - scores + 1e-4))
    sure = 1 / (1 + np.exp(-2.5 * logits))
    honest, overconfident = measure(scores, gold), measure(sure, gold)
    assert honest.equal_width < 0.02 < overconfident.equal_width
    assert honest.error_from_tenth < 0.03 < overconfident.error_from_tenth
    assert honest.brier.value < overconfident.brier.value


def test_shares_as_scores_get_the_brier_score_of_the_shares() -> None:
    gold = np.random.default_rng(3).random((200, 5)) < [0.02, 0.1, 0.3, 0.5, 0.0]
    found = measure(np.broadcast_to(gold.mean(axis=0), gold.shape).copy(), gold)
    assert found.brier.value == pytest.approx(found.brier_of_shares)


def test_an_empty_bin_is_undefined_with_its_reason() -> None:
    found = measure(np.full((30, 2), 0.95), np.ones((30, 2), dtype=np.bool_))
    assert [part.n_scores for part in found.bins] == [0] * 9 + [60]
    assert math.isnan(found.bins[0].mean_score)
    assert found.bins[0].share.reason == "no score is in this bin"


def test_units_without_scores_are_left_out_and_none_at_all_gives_nothing() -> None:
    scores, gold = calibrated(40, 2, seed=4)
    scores[:5] = np.nan
    assert measure(scores, gold).n_scores == 70
    groups = np.arange(40)
    assert measure_calibration(None, gold, group_of=groups, bootstrap=DRAWS) is None
    assert measure_calibration(scores * np.nan, gold, group_of=groups, bootstrap=DRAWS) is None


def test_intervals_of_the_bins_hold_the_true_share_of_calibrated_scores_mostly() -> None:
    inside = []
    for seed in range(10):
        scores, gold = calibrated(200, 5, seed)
        parts = [part for part in measure(scores, gold, 100).bins if part.share.has_interval]
        inside += [part.share.low <= part.mean_score <= part.share.high for part in parts]
    assert np.mean(inside) > 0.85
