"""Options of the recipe through a whole run, and the configurations of bigger encoders on a small one."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from policy_nlp.codebook import load_codebook, shipped_codebook_path
from policy_nlp.engine.predictor import open_predictor
from policy_nlp.model.trained import load_model
from policy_nlp.operations.train import read_split, train_model
from policy_nlp.records import Progress
from policy_nlp.settings.engine import EngineSettings
from policy_nlp.settings.training import TrainSettings, read_train_settings

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
BIGGER = ("bert-base-chinese", "chinese-macbert-base", "chinese-roberta-wwm-ext")
SMALL = {"epochs": 2, "batch_size": 16, "max_tokens": 32, "buckets": (32,), "precision": "fp32"}
TEXTS = ("产业集群建设", "基础研究项目", "会议天气", "政府支持")


def _silent(n_done: int, n_total: int | None) -> None:
    """Progress that nobody watches."""


def _write_gold(path: Path, n: int, *, first: int = 0) -> None:
    """Invented sentences; the third kind carries no code."""
    codes = (
        ["industrial_resilience_clusters"],
        ["basic_research_original_innovation"],
        [],
        ["government_support"],
    )
    rows = [
        {
            "id": f"u{i}", "text": f"{TEXTS[i % 4]}第{i}号。", "document_id": f"d{i % 16}",
            "initial": codes[i % 4], "dimensions": [], "paths": [],
        }
        for i in range(first, first + n)
    ]  # fmt: skip
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def settings(tmp_path: Path, tiny_base_path: Path, monkeypatch: pytest.MonkeyPatch) -> TrainSettings:
    monkeypatch.chdir(tmp_path)
    _write_gold(tmp_path / "one.jsonl", 64)
    _write_gold(tmp_path / "two.jsonl", 32, first=64)
    config = tmp_path / "run.toml"
    config.write_text(
        f'name = "run"\nbase = "{tiny_base_path.as_posix()}"\n[gold]\ntrain = ["one.jsonl", "two.jsonl"]\n'
        'weights = {"two.jsonl" = 0.25}\ndevelopment_share = 0.25\n',
        encoding="utf-8",
    )
    return read_train_settings(config, is_forced=True)


def _with(settings: TrainSettings, **recipe: object) -> TrainSettings:
    return replace(settings, encoder=replace(settings.encoder, **{**SMALL, **recipe}))


def _break_at(share: float) -> Progress:
    def progress(n_done: int, n_total: int | None) -> None:
        if n_total and n_done > n_total * share:
            raise KeyboardInterrupt

    return progress


def test_weights_follow_their_sentences_through_the_split(settings: TrainSettings) -> None:
    split = read_split(settings, load_codebook(shipped_codebook_path()))
    assert len(split.weights) == len(split.train)
    for unit, weight in zip(split.train, split.weights, strict=True):
        assert weight == (1.0 if int(unit.unit_id[1:]) < 64 else 0.25)


def test_label_attention_folder_codes_as_the_trained_weights_do(settings: TrainSettings) -> None:
    recipe = {"head": "label_attention", "definition_start": True, "joined_sentences": 0.3, "dropout": 0.1}
    summary = train_model(_with(settings, **recipe), _silent)
    config = json.loads((summary.folder / "config.json").read_text())
    assert (config["head"], config["dtype"]) == ("label_attention", "float16")
    model = load_model(summary.folder)
    logits, _ = open_predictor(model, EngineSettings(precision="fp32", n_threads=1)).compute_logits(TEXTS)
    assert logits.shape == (4, len(model.codebook.code_ids))
    card = (summary.folder / "README.md").read_text(encoding="utf-8")
    assert "import policy_nlp.model.heads" in card


def test_plain_head_leaves_a_card_that_needs_no_policy_nlp(settings: TrainSettings) -> None:
    card = (train_model(_with(settings, epochs=1), _silent).folder / "README.md").read_text(encoding="utf-8")
    assert "import policy_nlp" not in card


def test_run_with_joined_sentences_broken_on_the_way_goes_on_to_the_same_weights(
    settings: TrainSettings,
) -> None:
    settings = _with(settings, joined_sentences=0.5, dropout=0.1, r_drop=1.0, accumulate=2, buckets=(16, 32))
    with pytest.raises(KeyboardInterrupt):
        train_model(settings, _break_at(0.7))
    checkpoint = next(settings.work.glob("*/checkpoint.pt"))
    resumed = load_file(train_model(settings, _silent).folder / "model.safetensors")
    checkpoint.unlink()
    whole = load_file(train_model(settings, _silent).folder / "model.safetensors")
    assert all(torch.equal(resumed[name], whole[name]) for name in whole)


def test_progress_counts_the_batches_of_every_epoch(settings: TrainSettings) -> None:
    seen: list[tuple[int, int | None]] = []
    train_model(
        _with(settings, joined_sentences=0.5, buckets=(16, 32), batch_size=8),
        lambda n_done, n_total: seen.append((n_done, n_total)),
    )
    assert [n_done for n_done, _ in seen] == list(range(len(seen)))
    assert {n_total for _, n_total in seen} == {len(seen) - 1}


@pytest.mark.parametrize("name", BIGGER)
def test_configuration_of_a_bigger_encoder_trains_accumulates_and_goes_on(
    name: str, settings: TrainSettings, tiny_base_path: Path
) -> None:
    """The recipe as shipped, but the hub's encoder is a small local BERT, in bf16 with two batches a step."""
    shipped = read_train_settings(CONFIGS / f"{name}.toml")
    assert shipped.base == tomllib.loads((CONFIGS / f"{name}.toml").read_text(encoding="utf-8"))["base"]
    recipe = replace(shipped.encoder, epochs=2, accumulate=2, precision="bf16")
    settings = replace(settings, name=name, base=tiny_base_path.as_posix(), encoder=recipe, out=Path(name))
    with pytest.raises(KeyboardInterrupt):
        train_model(settings, _break_at(0.7))
    checkpoint = next(settings.work.glob("*/checkpoint.pt"))
    resumed = load_file(train_model(settings, _silent).folder / "model.safetensors")
    checkpoint.unlink()
    whole = load_file(train_model(settings, _silent).folder / "model.safetensors")
    assert all(torch.equal(resumed[key], whole[key]) for key in whole)
    config = json.loads((Path(name) / "config.json").read_text())
    assert config["architectures"] == ["BertForSequenceClassification"]
