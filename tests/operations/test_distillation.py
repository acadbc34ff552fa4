"""A student learns what its teachers say, of sentences nobody coded too, and never a development sentence."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from transformers import AutoConfig

from policy_nlp.codebook import load_codebook
from policy_nlp.engine.predictor import open_predictor
from policy_nlp.errors import ModelError, SettingsError
from policy_nlp.model.trained import load_model
from policy_nlp.operations.distillation import add_teachers
from policy_nlp.operations.train import train_model
from policy_nlp.operations.train_weights import CodedTexts
from policy_nlp.records import CodedUnit
from policy_nlp.settings.distillation import Distillation
from policy_nlp.settings.engine import EngineSettings
from policy_nlp.settings.training import EncoderTraining, TrainSettings

GOLD = ("产业集群建设。", "会议项目。")
NEW = ("基础研究平台。", "省大学项目。", "政府支持发展。")
HELD = CodedUnit("h", text="天气会议。", initial=(), dimensions=(), paths=())


def _silent(n_done: int, n_total: int | None) -> None:
    """Progress that nobody watches."""


@pytest.fixture
def settings(tmp_path: Path, tiny_model_path: Path, tiny_base_path: Path) -> TrainSettings:
    table = tmp_path / "new.jsonl"
    texts = (*NEW, NEW[0], f" {GOLD[0]}", "天气 会议。", "")
    table.write_text(
        "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts), encoding="utf-8"
    )
    second = tmp_path / "second"
    shutil.copytree(tiny_model_path, second)
    return TrainSettings(
        name="student", config=tmp_path / "run.toml", out=tmp_path / "student", work=tmp_path / "runs",
        codebook=None, train=(tmp_path / "gold.jsonl",), development=None, base=str(tiny_base_path), seed=2,
        distillation=Distillation((tiny_model_path, second), (table,), gold_weight=0.25),
    )  # fmt: skip


def _coded(model_path: Path) -> CodedTexts:
    code_ids = load_codebook(model_path / "codebook.yaml").code_ids
    targets = np.zeros((len(GOLD), len(code_ids)), dtype=np.float32)
    targets[0, 2] = 1.0
    return CodedTexts(GOLD, targets, code_ids, weights=np.array([2.0, 3.0], dtype=np.float32))


def _plain_scores(model_path: Path, texts: tuple[str, ...]) -> np.ndarray:
    logits, _ = open_predictor(load_model(model_path), EngineSettings()).compute_logits(texts)
    return 1 / (1 + np.exp(-logits.astype(np.float64)))


def test_new_sentences_are_taught_once_and_none_that_is_known(
    settings: TrainSettings, tiny_model_path: Path
) -> None:
    coded = _coded(tiny_model_path)
    taught = add_teachers(settings, coded, held=[HELD], progress=_silent)
    assert taught.texts == (*GOLD, *NEW)
    assert taught.weights is not None
    assert taught.weights.tolist() == [2.0, 3.0, 1.0, 1.0, 1.0]
    scores = _plain_scores(tiny_model_path, taught.texts)
    np.testing.assert_allclose(taught.targets[2:], scores[2:], atol=2e-3)
    np.testing.assert_allclose(taught.targets[:2], 0.25 * coded.targets + 0.75 * scores[:2], atol=2e-3)


def test_limit_draws_the_same_sentences_again(settings: TrainSettings, tiny_model_path: Path) -> None:
    few = replace(settings, distillation=replace(settings.distillation, limit=2))
    drawn = [
        add_teachers(few, _coded(tiny_model_path), held=[], progress=_silent).texts[2:] for _ in range(2)
    ]
    assert drawn[0] == drawn[1]
    assert len(set(drawn[0]) & {*NEW, "天气 会议。"}) == 2


def test_a_broken_run_does_not_ask_its_teachers_again(
    settings: TrainSettings, tiny_model_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    coded = _coded(tiny_model_path)
    first = add_teachers(settings, coded, held=[HELD], progress=_silent)
    kept = list((settings.work / "teachers").glob("*.npy"))
    assert len(kept) == 1  # both teachers are the same model
    np.save(kept[0], np.full((5, len(coded.code_ids)), -50.0, dtype=np.float32))
    again = add_teachers(settings, coded, held=[HELD], progress=_silent)
    assert not np.allclose(first.targets, again.targets)
    assert again.targets[2:].max() < 1e-6


def test_teacher_with_other_codes_is_refused(settings: TrainSettings, tiny_model_path: Path) -> None:
    coded = replace(_coded(tiny_model_path), code_ids=("a", "b"))
    with pytest.raises(ModelError, match="other codes"):
        add_teachers(settings, coded, held=[], progress=_silent)


def _write_gold(path: Path) -> None:
    rows = [
        {
            "id": f"u{number}", "text": f"{GOLD[number % 2]}第{number}号", "document_id": f"d{number}",
            "initial": ["industrial_resilience_clusters"] if number % 2 == 0 else [], "dimensions": [],
            "paths": [],
        }
        for number in range(40)
    ]  # fmt: skip
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def test_a_smaller_student_starts_from_its_teacher_and_names_it(
    settings: TrainSettings, tiny_model_path: Path
) -> None:
    _write_gold(settings.train[0])
    settings.config.write_text("# the run\n", encoding="utf-8")
    recipe = EncoderTraining(epochs=1, layers=1, max_tokens=32, buckets=(32,), precision="fp32")
    teaching = replace(settings.distillation, start_from_first=True)
    summary = train_model(replace(settings, encoder=recipe, distillation=teaching), _silent)
    assert AutoConfig.from_pretrained(summary.folder).num_hidden_layers == 1
    manifest = json.loads((summary.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["distillation"]["teachers"] == {"tiny": load_model(tiny_model_path).digest}
    other_head = replace(recipe, head="mean")
    with pytest.raises(SettingsError, match="start_from_first"):
        train_model(
            replace(settings, encoder=other_head, distillation=teaching, out=settings.out / "x"), _silent
        )
