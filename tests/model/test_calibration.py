"""Calibration recovers a known map, and scores are true shares."""

from __future__ import annotations

import numpy as np
import pytest

from policy_nlp.codebook import Codebook
from policy_nlp.model.calibration import calibrate, fit_calibration, identity_calibration
from policy_nlp.records import Calibration


def test_identity_is_the_logistic_function(shipped_codebook: Codebook) -> None:
    n_codes = len(shipped_codebook.code_ids)
    logits = np.linspace(-8, 8, n_codes, dtype=np.float32)[None]
    expected = 1 / (1 + np.exp(-logits))
    found = calibrate(logits, identity_calibration(shipped_codebook.code_ids))
    np.testing.assert_allclose(found, expected, atol=5.1e-5)  # rounded to four decimals


def test_huge_logits_give_0_and_1_without_a_warning(shipped_codebook: Codebook) -> None:
    n_codes = len(shipped_codebook.code_ids)
    logits = np.full((2, n_codes), 1e30, dtype=np.float32) * np.array([[1], [-1]], dtype=np.float32)
    with np.errstate(over="raise", invalid="raise"):
        scores = calibrate(logits, identity_calibration(shipped_codebook.code_ids))
    assert (scores[0] == 1).all()
    assert (scores[1] == 0).all()


def test_fit_recovers_the_map_that_made_the_codes(shipped_codebook: Codebook) -> None:
    generator = np.random.default_rng(0)
    code_ids = shipped_codebook.code_ids
    logits = generator.normal(0, 3, (2000, len(code_ids))).astype(np.float32)
    truth = Calibration(code_ids, np.full(len(code_ids), 0.5), np.full(len(code_ids), -1.0))
    targets = (generator.random(logits.shape) < calibrate(logits, truth)).astype(np.float32)
    found = fit_calibration(logits, targets, codebook=shipped_codebook)
    assert found.slope == pytest.approx(truth.slope, abs=0.05)
    assert found.intercept == pytest.approx(truth.intercept, abs=0.1)


def test_level_without_positives_keeps_the_plain_map(shipped_codebook: Codebook) -> None:
    generator = np.random.default_rng(0)
    logits = generator.normal(0, 1, (50, len(shipped_codebook.code_ids))).astype(np.float32)
    found = fit_calibration(logits, np.zeros_like(logits), codebook=shipped_codebook)
    assert (found.slope == 1).all()
    assert (found.intercept == 0).all()
