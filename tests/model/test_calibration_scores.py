"""Calibration scores come back as they were written; damaged, foreign or missing ones are refused by name."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from policy_nlp.errors import ModelError
from policy_nlp.model.calibration_scores import (
    CALIBRATION_SCORES,
    CalibrationScores,
    read_calibration_scores,
    write_calibration_scores,
)
from policy_nlp.model.trained import load_model, write_thresholds
from policy_nlp.records import Thresholds


@pytest.fixture
def folder(tiny_model_path: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_model_path, tmp_path / "tiny"))


def made_scores(folder: Path, *, n_rows: int = 6) -> CalibrationScores:
    model = load_model(folder)
    scores = np.random.default_rng(0).random((n_rows, len(model.codebook.code_ids))).astype(np.float32)
    documents = np.arange(n_rows, dtype=np.int32) // 2
    return CalibrationScores(scores, scores > 0.5, documents, model.digest, "g" * 64)


def test_what_was_written_comes_back_and_the_digest_of_the_model_stays(folder: Path) -> None:
    before = load_model(folder).digest
    known = made_scores(folder)
    write_calibration_scores(folder, known)
    model = load_model(folder)
    found = read_calibration_scores(model)
    assert model.digest == before
    np.testing.assert_array_equal(found.scores, known.scores)
    np.testing.assert_array_equal(found.applies, known.applies)
    assert (found.n_documents, found.gold_sha256) == (3, "g" * 64)
    entry = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["calibration_scores"]
    assert entry["sha256"] == found.sha256


def test_the_same_scores_give_the_same_bytes(folder: Path) -> None:
    write_calibration_scores(folder, made_scores(folder))
    first = (folder / CALIBRATION_SCORES).read_bytes()
    write_calibration_scores(folder, made_scores(folder))
    assert (folder / CALIBRATION_SCORES).read_bytes() == first


def test_a_model_without_them_names_the_command(folder: Path) -> None:
    with pytest.raises(ModelError, match=r"holds no calibration scores.*policy-nlp calibrate"):
        read_calibration_scores(load_model(folder))


def test_scores_of_other_thresholds_are_refused(folder: Path) -> None:
    write_calibration_scores(folder, made_scores(folder))
    code_ids = load_model(folder).codebook.code_ids
    write_thresholds(folder / "thresholds.json", Thresholds(code_ids, np.full(len(code_ids), 0.4)))
    with pytest.raises(ModelError, match="other weights or thresholds"):
        read_calibration_scores(load_model(folder))


def test_a_file_that_was_changed_is_refused(folder: Path) -> None:
    write_calibration_scores(folder, made_scores(folder))
    path = folder / CALIBRATION_SCORES
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ModelError, match="not the file that its manifest"):
        read_calibration_scores(load_model(folder))
