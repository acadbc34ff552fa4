"""`train` keeps calibration scores; `calibrate` writes them for a model that is there, from other gold."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from policy_nlp.cli.main import run
from policy_nlp.errors import GoldError
from policy_nlp.files import sha256_of_file
from policy_nlp.model.calibration_scores import CALIBRATION_SCORES, read_calibration_scores
from policy_nlp.model.trained import load_model
from policy_nlp.operations.calibrate import calibrate_model
from policy_nlp.settings.commands import CalibrateSettings
from tests.operations.toy_abstention import train_toy, write_gold


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train_toy(tmp_path_factory.mktemp("calibrate"))


@pytest.fixture
def folder(trained: Path, tmp_path: Path) -> Path:
    return shutil.copytree(trained.parent, tmp_path / "all") / "toy"


def test_training_keeps_the_scores_of_the_development_gold(trained: Path) -> None:
    known = read_calibration_scores(load_model(trained))
    assert known.scores.shape[0] == 200
    assert known.n_documents == 100
    assert known.gold_sha256 == sha256_of_file(trained.parent / "dev.jsonl")


def test_calibrate_writes_the_file_that_training_wrote_and_changes_no_code(folder: Path) -> None:
    before = {path.name: sha256_of_file(path) for path in folder.iterdir()}
    (folder / CALIBRATION_SCORES).unlink()
    digest = load_model(folder).digest
    result = calibrate_model(CalibrateSettings(folder.parent / "dev.jsonl", str(folder)))
    assert result.path == folder / CALIBRATION_SCORES
    assert {path.name: sha256_of_file(path) for path in folder.iterdir()} == before
    assert load_model(folder).digest == digest


def test_other_gold_takes_the_place_of_the_scores(folder: Path) -> None:
    gold = write_gold(folder.parent / "more.jsonl", 30, first=5000)
    calibrate_model(CalibrateSettings(gold, str(folder)))
    known = read_calibration_scores(load_model(folder))
    assert (len(known.scores), known.gold_sha256) == (30, sha256_of_file(gold))


def test_gold_that_the_model_was_trained_on_is_refused(folder: Path) -> None:
    with pytest.raises(GoldError, match="was trained on this file"):
        calibrate_model(CalibrateSettings(folder.parent / "gold.jsonl", str(folder)))


def test_gold_without_a_level_is_refused(folder: Path) -> None:
    gold = folder.parent / "half.jsonl"
    gold.write_text('{"id": "1", "text": "基础研究。", "initial": []}\n', encoding="utf-8")
    with pytest.raises(GoldError, match="was not coded for dimensions, paths"):
        calibrate_model(CalibrateSettings(gold, str(folder)))


def test_the_command_shows_the_cuts_and_how_many_sentences_each_code_lacks(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold = str(folder.parent / "dev.jsonl")
    assert run(["calibrate", str(folder), gold, "--quiet"]) == 0
    printed = capsys.readouterr().out
    assert "200 coded sentences of 100 documents" in printed
    assert "9 to refuse, 22 to apply" in printed
    assert run(["calibrate", str(folder), gold, "--quiet", "--json"]) == 0
    cuts = json.loads(capsys.readouterr().out)["abstention"]["cuts"]
    by_code = {cut["code_id"]: cut for cut in cuts}
    assert by_code["market_competition"]["n_missing_to_refuse"] == 9
    assert by_code["government_support"]["n_missing_to_refuse"] == 0
