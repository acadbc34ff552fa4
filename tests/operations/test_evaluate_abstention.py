"""`evaluate --abstain`: cuts of one half are measured on the other; own ones not on their own gold."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from policy_nlp.cli.main import run
from policy_nlp.errors import GoldError, SettingsError
from policy_nlp.evaluation.abstention import AbstentionReport, RiskReport, RiskRow
from policy_nlp.model.calibration_scores import CALIBRATION_SCORES
from policy_nlp.operations.evaluate import evaluate
from policy_nlp.settings.commands import EvaluateSettings
from tests.operations.toy_abstention import train_toy, write_gold


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train_toy(tmp_path_factory.mktemp("evaluate"))


def measure(gold: Path, model: Path, *, risk: float = 0.2, n_splits: int = 8) -> AbstentionReport:
    settings = EvaluateSettings(gold, model=str(model), risk=risk, n_splits=n_splits, n_draws=50)
    found = evaluate(settings).abstention
    assert found is not None
    return found


def row_of(report: RiskReport | None, kind: str, name: str) -> RiskRow:
    assert report is not None
    return next(row for row in report.rows if (row.kind, row.name) == (kind, name))


def test_the_gold_of_the_calibration_is_measured_in_splits_only(trained: Path) -> None:
    report = measure(trained.parent / "dev.jsonl", trained)
    assert report.own is None
    assert "from this very file" in report.notes[0]
    assert report.splits is not None
    assert (report.splits.n_splits, report.splits.n_sentences, report.splits.n_documents) == (8, 200, 100)


def test_codes_with_a_cut_of_their_own_keep_the_risk(trained: Path) -> None:
    report = measure(trained.parent / "dev.jsonl", trained, n_splits=20)
    own = row_of(report.splits, "basis", "code")
    assert own.n_carrying > 0
    assert own.refused.value <= report.risk
    assert own.false.value <= report.risk


def test_other_gold_is_measured_with_the_own_cuts_over_documents(trained: Path, tmp_path: Path) -> None:
    gold = write_gold(tmp_path / "held.jsonl", 60, first=7000)
    report = measure(gold, trained)
    assert report.notes == ()
    everything = row_of(report.own, "all", "all")
    assert everything.n_carrying == 108
    assert everything.undecided.has_interval
    assert row_of(report.own, "code", "market_competition").refused.reason == "no sentence carries it"


def test_a_model_without_calibration_scores_is_measured_in_splits(trained: Path, tmp_path: Path) -> None:
    bare = shutil.copytree(trained, tmp_path / "bare")
    (bare / CALIBRATION_SCORES).unlink()
    report = measure(trained.parent / "dev.jsonl", bare)
    assert report.own is None
    assert "policy-nlp calibrate" in report.notes[0]
    assert report.splits is not None


def test_the_seed_decides_the_splits(trained: Path) -> None:
    gold = trained.parent / "dev.jsonl"
    settings = [
        EvaluateSettings(gold, model=str(trained), risk=0.2, n_splits=3, n_draws=0, seed=seed)
        for seed in (1, 1, 2)
    ]
    first, again, other = (repr(evaluate(one).abstention) for one in settings)
    assert first == again != other


def test_gold_that_lacks_a_level_everywhere_is_refused(trained: Path, tmp_path: Path) -> None:
    gold = tmp_path / "half.jsonl"
    gold.write_text('{"id": "1", "text": "基础研究。", "initial": []}\n', encoding="utf-8")
    with pytest.raises(GoldError, match="no unit is coded at every level"):
        measure(gold, trained)


def test_codings_of_a_file_cannot_abstain(trained: Path) -> None:
    gold = trained.parent / "dev.jsonl"
    with pytest.raises(SettingsError, match="needs the scores of a model"):
        evaluate(EvaluateSettings(gold, predicted_path=gold, risk=0.1))


def test_the_command_prints_the_risks_and_their_ranges(
    trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["evaluate", str(trained.parent / "dev.jsonl"), "--model", str(trained), "--draws", "20"]
    more = ["--abstain", "0.2", "--splits", "3", "--quiet"]
    assert run([*arguments, *more]) == 0
    printed = capsys.readouterr().out
    assert "Abstention at risk 0.2, random splits of the gold" in printed
    assert "codes with a cut of their own" in printed
    assert run([*arguments, *more, "--json"]) == 0
    value = json.loads(capsys.readouterr().out)["abstention"]
    assert value["splits"]["n_splits"] == 3
    assert value["own"] is None
    assert run([*arguments, *more, "--markdown"]) == 0
    assert "## Abstention at risk 0.2" in capsys.readouterr().out
