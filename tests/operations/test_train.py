"""Training on a small local BERT and with the baseline: files, resume, refusals. The toy rule is learnt."""

from __future__ import annotations

import json
import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from policy_nlp.codebook import Codebook
from policy_nlp.engine.predictor import open_predictor
from policy_nlp.errors import GoldError, OutputError, SettingsError
from policy_nlp.files import hold_lock
from policy_nlp.gold import fold_of
from policy_nlp.model.trained import load_model
from policy_nlp.operations.train import read_split, train_model
from policy_nlp.settings.engine import EngineSettings
from policy_nlp.settings.training import TrainSettings, read_train_settings

RULE = {
    "产业集群": ("industrial_resilience_clusters", "path_4"),
    "基础研究": ("basic_research_original_innovation", "path_1"),
    "政府支持": ("government_support", None),
}
FILLERS = ("今天", "会议", "大学", "平台", "实验室", "发展", "建设", "天气", "项目", "省")


def _silent(n_done: int, n_total: int | None) -> None:
    """Progress that nobody watches."""


def _write_gold(path: Path, n_units: int, seed: int) -> None:
    chooser = random.Random(seed)
    rows = []
    for number in range(n_units):
        key = chooser.choice([*RULE, None, None])
        words = chooser.sample(FILLERS, 3)
        if key:
            words.insert(chooser.randrange(4), key)
        initial, code_path = RULE[key] if key else (None, None)
        rows.append({
            "id": f"u{number}", "text": "".join(words) + f"第{number}号。",
            "document_id": f"d{number % 20}",
            "initial": [initial] if initial else [], "dimensions": [],
            "paths": [code_path] if code_path else [],
        })  # fmt: skip
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def write_config(tmp_path: Path, tiny_base_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A function that writes gold and a TOML file, and reads its settings."""
    monkeypatch.chdir(tmp_path)
    _write_gold(tmp_path / "gold.jsonl", 200, seed=1)

    def write(kind: str = "encoder", extra: str = "", **recipe: object) -> TrainSettings:
        lines = [f'name = "toy"\nkind = "{kind}"\nbase = "{tiny_base_path.as_posix()}"\nseed = 3\n{extra}\n']
        lines += ['[gold]\ntrain = ["gold.jsonl"]\ndevelopment_share = 0.25\n', f"[{kind}]"]
        lines += [f"{key} = {json.dumps(value)}" for key, value in recipe.items()]
        config = tmp_path / "toy.toml"
        config.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return read_train_settings(config, is_forced=True)

    return write


SMALL = {"epochs": 3, "batch_size": 16, "max_tokens": 32, "buckets": [16, 32], "precision": "fp32"}


def test_encoder_folder_loads_in_plain_transformers(write_config, shipped_codebook: Codebook) -> None:
    summary = train_model(write_config(**SMALL), _silent)
    model = AutoModelForSequenceClassification.from_pretrained(summary.folder)
    assert tuple(model.config.id2label.values()) == shipped_codebook.code_ids
    assert model.config.problem_type == "multi_label_classification"
    tokenizer = AutoTokenizer.from_pretrained(summary.folder)
    logits = model.float()(**tokenizer("政府支持基础研究。", return_tensors="pt")).logits
    ours, _ = open_predictor(
        load_model(summary.folder), EngineSettings(precision="fp32", n_threads=1)
    ).compute_logits(["政府支持基础研究。"])
    torch.testing.assert_close(torch.from_numpy(ours), logits.detach(), atol=1e-4, rtol=1e-3)
    files = {path.name for path in summary.folder.iterdir()}
    assert {"README.md", "training.toml", "training_log.jsonl", "codebook.yaml", "manifest.json"} <= files


def test_loss_falls_and_log_is_kept(write_config) -> None:
    summary = train_model(write_config(**(SMALL | {"epochs": 10, "head_rate": 1e-2})), _silent)
    log = [json.loads(line) for line in (summary.folder / "training_log.jsonl").read_text().splitlines()]
    losses = [row["mean_loss"] for row in log if "mean_loss" in row]
    assert len(losses) == 10
    assert losses[-1] < 0.8 * losses[0]


def test_same_seed_gives_the_same_weights_and_another_seed_does_not(write_config) -> None:
    def weights(seed: int) -> dict[str, torch.Tensor]:
        settings = write_config(**(SMALL | {"epochs": 1}))
        config = settings.config
        settings = read_train_settings(config, seed=seed, is_forced=True, out=Path(f"models/seed{seed}"))
        return load_file(train_model(settings, _silent).folder / "model.safetensors")

    first, again, other = weights(3), weights(3), weights(4)
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not all(torch.equal(first[name], other[name]) for name in first)


def test_run_broken_after_an_epoch_goes_on_to_the_same_weights(write_config) -> None:
    settings = write_config(**(SMALL | {"average_decay": 0.9, "dropout": 0.1, "token_masking": 0.1}))

    def break_in_the_third_epoch(n_done: int, n_total: int | None) -> None:
        if n_total and n_done > n_total * 0.8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_model(settings, break_in_the_third_epoch)
    assert not settings.out.exists()
    checkpoint = next(settings.work.glob("*/checkpoint.pt"))
    resumed = load_file(train_model(settings, _silent).folder / "model.safetensors")
    checkpoint.unlink()
    whole = load_file(train_model(settings, _silent).folder / "model.safetensors")
    assert all(torch.equal(resumed[name], whole[name]) for name in whole)


@pytest.mark.parametrize("features", ["characters", "words"])
def test_baseline_learns_the_toy_rule_and_survives_saving(write_config, features: str) -> None:
    summary = train_model(write_config("baseline", features=features, min_documents=1), _silent)
    level = next(level for level in summary.report.levels if level.level == "initial")
    assert level.micro_f1.value > 0.9
    predictor = open_predictor(load_model(summary.folder), EngineSettings())
    decisions = predictor.decide(["大学建设产业集群。", "今天会议。"])
    column = decisions.code_ids.index("industrial_resilience_clusters")
    assert decisions.applies[:, column].tolist() == [True, False]
    assert not [path for path in summary.folder.iterdir() if path.suffix in {".pkl", ".joblib"}]


def test_development_sentences_are_never_trained_on(write_config, tmp_path: Path) -> None:
    settings = write_config("baseline", min_documents=1)
    lines = (tmp_path / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    (tmp_path / "dev.jsonl").write_text("\n".join(lines[:40]) + "\n", encoding="utf-8")
    text = settings.config.read_text(encoding="utf-8")
    settings.config.write_text(
        text.replace("development_share = 0.25", 'development = "dev.jsonl"'), encoding="utf-8"
    )
    summary = train_model(read_train_settings(settings.config, is_forced=True), _silent)
    assert (summary.n_train, summary.n_development, summary.n_left_out) == (160, 40, 40)


def test_model_folder_is_not_overwritten_without_force(write_config) -> None:
    settings = write_config("baseline", min_documents=1)
    train_model(settings, _silent)
    with pytest.raises(OutputError, match="--force"):
        train_model(read_train_settings(settings.config), _silent)


def test_failed_run_leaves_the_old_model_and_nothing_half_built(write_config, tmp_path: Path) -> None:
    settings = write_config("baseline", min_documents=1)
    folder = train_model(settings, _silent).folder
    before = load_model(folder).digest
    (tmp_path / "gold.jsonl").write_text('{"id": "a", "text": "会议。", "initial": []}\n', encoding="utf-8")
    with pytest.raises(GoldError, match="not coded for dimensions, paths"):
        train_model(settings, _silent)
    assert load_model(folder).digest == before
    assert [path.name for path in folder.parent.iterdir()] == ["toy"]


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5])
def test_held_back_documents_are_the_share_and_in_both_folds(
    tmp_path: Path, shipped_codebook: Codebook, share: float
) -> None:
    rows = [
        {
            "id": f"u{n}",
            "text": f"第{n}号",
            "document_id": f"d{n}",
            "initial": [],
            "dimensions": [],
            "paths": [],
        }
        for n in range(2000)
    ]
    gold = tmp_path / "gold.jsonl"
    gold.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    config = tmp_path / "a.toml"
    config.write_text(
        f'name = "a"\n[gold]\ntrain = ["gold.jsonl"]\ndevelopment_share = {share}\n', encoding="utf-8"
    )
    split = read_split(read_train_settings(config), shipped_codebook)
    assert len(split.development) / 2000 == pytest.approx(share, abs=0.03)
    folds = [fold_of(unit.document_id or "", 2) for unit in split.development]
    assert sum(folds) / len(folds) == pytest.approx(0.5, abs=0.1)


def test_gold_that_cannot_be_halved_is_refused_before_training(write_config, tmp_path: Path) -> None:
    settings = write_config("baseline", min_documents=1)
    line = (tmp_path / "gold.jsonl").read_text(encoding="utf-8").splitlines()[0]
    (tmp_path / "dev.jsonl").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(GoldError, match="halves"):
        train_model(replace(settings, development=tmp_path / "dev.jsonl"), _silent)


def test_gold_without_text_is_refused(write_config, tmp_path: Path) -> None:
    settings = write_config("baseline", min_documents=1)
    (tmp_path / "gold.csv").write_text(
        "unit,coder,code\nu1,a,path_1\nu2,a,government_support\n", encoding="utf-8"
    )
    with pytest.raises(GoldError, match="no text"):
        train_model(replace(settings, train=(tmp_path / "gold.csv",)), _silent)


def test_gold_needs_no_lists_of_levels_that_the_codebook_lacks(write_config, tmp_path: Path) -> None:
    entries = {"main_categories": ["id: demand\n  name_zh: 需求\n  definition: 缘由。"]}
    entries["initial_categories"] = [
        f"id: {code}\n  name_zh: {code}\n  main_category: demand\n  definition: 需要。"
        for code in ("market_demand", "state_demand")
    ]
    text = "".join(f"{key}:\n" + "".join(f"- {e}\n" for e in some) for key, some in entries.items())
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    codes = (["market_demand"], ["state_demand"], [])
    rows = [{"id": f"u{n}", "text": f"今天第{n}号。", "initial": codes[n % 3]} for n in range(30)]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (tmp_path / "gold.jsonl").write_text(lines, encoding="utf-8")
    settings = write_config("baseline", extra='codebook = "own.yaml"', min_documents=1)
    assert [level.level for level in train_model(settings, _silent).report.levels] == ["initial", "main"]
    (tmp_path / "gold.jsonl").write_text(lines.replace('"initial"', '"paths_"'), encoding="utf-8")
    with pytest.raises(GoldError, match="not coded for initial;"):
        train_model(settings, _silent)


def test_saving_the_weights_draws_no_bar_of_its_own(write_config, capfd: pytest.CaptureFixture[str]) -> None:
    train_model(write_config(**(SMALL | {"epochs": 1})), _silent)
    assert capfd.readouterr().err == ""


def test_recipe_longer_than_the_base_reads_is_refused(write_config) -> None:
    settings = write_config(**(SMALL | {"max_tokens": 256, "buckets": [256]}))
    with pytest.raises(SettingsError, match="128 at most"):
        train_model(settings, _silent)


def test_another_base_under_the_same_name_is_not_resumed(write_config, tmp_path: Path) -> None:
    settings = write_config(**(SMALL | {"epochs": 1}))
    base = Path(shutil.copytree(settings.base, tmp_path / "base"))
    settings = replace(settings, base=str(base))
    train_model(settings, _silent)
    config = json.loads((base / "config.json").read_text(encoding="utf-8"))
    (base / "config.json").write_text(json.dumps({**config, "note": "changed"}), encoding="utf-8")
    train_model(settings, _silent)
    assert len(list(settings.work.glob("*/checkpoint.pt"))) == 2


def test_two_runs_never_write_one_model(write_config) -> None:
    settings = write_config("baseline", min_documents=1)
    with hold_lock(settings.out), pytest.raises(OutputError, match="another run"):
        train_model(settings, _silent)


@pytest.mark.parametrize(
    ("line", "said"),
    [("epoks = 3", "epoks"), ("codebook = 3", "codebook"), ('threshold_prior = "many"', "threshold_prior")],
)
def test_unknown_or_wrong_key_is_named(write_config, line: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        write_config(extra=line)
