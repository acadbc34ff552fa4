"""The TF-IDF baseline: saved and loaded the same, constants where a code never varies, damage told."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from policy_nlp.errors import GoldError, ModelError
from policy_nlp.model.baseline import Baseline, load_baseline, save_baseline, train_baseline
from policy_nlp.settings.training import BaselineTraining

TEXTS = ["建设产业集群。", "产业集群发展。", "加强基础研究。", "基础研究项目。"]
# Columns: a code of 产业集群, one that always applies, one that never does.
TARGETS = np.array([[1, 1, 0], [1, 1, 0], [0, 1, 0], [0, 1, 0]], dtype=np.float32)


@pytest.fixture
def baseline() -> Baseline:
    return train_baseline(TEXTS, TARGETS, settings=BaselineTraining(min_documents=1), seed=0)


def test_codes_that_never_vary_get_a_constant(baseline: Baseline) -> None:
    logits, is_truncated = baseline.compute_logits(["产业集群", "基础研究", "天气"])
    assert (logits[:, 1] > 0).all()
    assert (logits[:, 2] < 0).all()
    assert logits[0, 0] > 0 > logits[1, 0]
    assert not is_truncated.any()


def test_no_texts_give_no_logits(baseline: Baseline) -> None:
    assert baseline.compute_logits([])[0].shape == (0, 3)


def test_saved_baseline_decides_as_before(baseline: Baseline, tmp_path: Path) -> None:
    save_baseline(baseline, tmp_path, features="characters")
    loaded = load_baseline(tmp_path)
    np.testing.assert_allclose(
        loaded.compute_logits(TEXTS)[0], baseline.compute_logits(TEXTS)[0], atol=2e-3
    )  # weights are kept as fp16


def test_files_cut_short_or_of_another_baseline_are_refused(baseline: Baseline, tmp_path: Path) -> None:
    save_baseline(baseline, tmp_path, features="characters")
    arrays, vocabulary = tmp_path / "baseline.npz", tmp_path / "vocabulary.json"
    whole = arrays.read_bytes()
    arrays.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelError, match="Train it again"):
        load_baseline(tmp_path)
    arrays.write_bytes(whole)
    content = json.loads(vocabulary.read_text(encoding="utf-8"))
    for other in ({**content, "terms": content["terms"][:-1]}, {**content, "features": "none"}, []):
        vocabulary.write_text(json.dumps(other), encoding="utf-8")
        with pytest.raises(ModelError, match="Train it again"):
            load_baseline(tmp_path)


def test_gold_without_a_common_term_is_refused() -> None:
    with pytest.raises(GoldError, match="min_documents"):
        train_baseline(TEXTS, TARGETS, settings=BaselineTraining(min_documents=5), seed=0)
