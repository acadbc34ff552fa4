"""Cards: written anew without touching what decides codes, both languages with the same numbers."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from policy_nlp.cli.main import run
from policy_nlp.errors import GoldError, SettingsError
from policy_nlp.files import sha256_of_file
from policy_nlp.model.trained import load_model
from policy_nlp.operations.card import make_card
from policy_nlp.operations.train import train_model
from policy_nlp.settings.card import CardSettings, read_error_reading
from policy_nlp.settings.training import read_train_settings
from tests.operations.toy_gold import write_toy_gold

DECIDING = ("baseline.npz", "vocabulary.json", "calibration.json", "thresholds.json", "manifest.json")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A baseline trained on toy gold, its gold beside it."""
    folder = tmp_path_factory.mktemp("card")
    write_toy_gold(folder / "gold.jsonl", 80, 0)
    write_toy_gold(folder / "dev.jsonl", 60, 1000)
    config = folder / "toy.toml"
    config.write_text(
        'name = "toy"\nkind = "baseline"\nseed = 4\n[gold]\ntrain = ["gold.jsonl"]\n'
        'development = "dev.jsonl"\ndescription = "Invented."\ndescription_zh = "自拟。"\n'
        "[baseline]\nmin_documents = 1\n",
        encoding="utf-8",
    )
    settings = replace(read_train_settings(config, out=folder / "toy"), work=folder / "runs")
    return train_model(settings, lambda n_done, n_total: None).folder


@pytest.fixture
def folder(trained: Path, tmp_path: Path) -> Path:
    return shutil.copytree(trained.parent, tmp_path / "all") / "toy"


def settings_of(folder: Path, **changes: object) -> CardSettings:
    return replace(CardSettings(gold=folder.parent / "dev.jsonl", model=str(folder)), **changes)


def numbers_in(card: str) -> list[str]:
    """Every cell of every table that holds a number."""
    cells = [cell.strip() for line in card.splitlines() if line.startswith("|") for cell in line.split("|")]
    return [cell for cell in cells if re.match(r"^[\d.\[]", cell)]


def test_a_card_written_anew_is_that_of_training_and_leaves_what_decides_codes(folder: Path) -> None:
    before = {path.name: sha256_of_file(path) for path in folder.iterdir()}
    digest = load_model(folder).digest
    (folder / "README.md").unlink()
    (folder / "README.zh.md").write_text("old", encoding="utf-8")
    result = make_card(settings_of(folder))
    assert {path.name for path in result.files} == {"README.md", "README.zh.md"}
    after = {path.name: sha256_of_file(path) for path in folder.iterdir()}
    assert after == before
    assert set(DECIDING) <= set(after)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert load_model(folder).digest == digest == manifest["digest"]


def test_both_languages_have_the_same_sections_and_numbers(folder: Path) -> None:
    english, chinese = ((folder / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md"))
    for mark in ("## ", "### ", "![", "```"):
        assert len(re.findall(f"(?m)^{re.escape(mark)}", english)) == len(
            re.findall(f"(?m)^{re.escape(mark)}", chinese)
        )
    assert numbers_in(english) == numbers_in(chinese)
    assert len(numbers_in(english)) > 100
    assert "Invented." in english
    assert "自拟。" in chinese
    for text in (
        "16 of the 19 initial categories",
        "Judging persons",
        "Replacing reading",
        "(reliability.png)",
    ):
        assert text in english
    for text in ("19 个初始范畴中有 16 个是重建的", "评判个人", "代替阅读", "README.md"):
        assert text in chinese


def test_drawn_errors_are_wrong_decisions_and_come_back_in_the_card_once_judged(folder: Path) -> None:
    path = folder.parent / "errors.toml"
    result = make_card(settings_of(folder, draw=path, n_drawn=6))
    drawn = read_error_reading(path)
    assert len(drawn.errors) == min(6, result.n_errors) > 2
    gold = {row["id"]: row for row in map(json.loads, (folder.parent / "dev.jsonl").open(encoding="utf-8"))}
    for error in drawn.errors:
        row = gold[error.unit]
        assert (error.code in [*row["initial"], *row["paths"], *row["dimensions"]]) == (
            error.kind == "missed"
        )
    text = path.read_text(encoding="utf-8").replace('judgement = ""', 'judgement = "model_wrong"', 2)
    path.write_text(text.replace('note_zh = ""', 'note_zh = "词义|歧义"', 1), encoding="utf-8")
    make_card(settings_of(folder, errors=path))
    chinese = (folder / "README.zh.md").read_text(encoding="utf-8")
    assert "读了 2 个错误判断" in chinese
    assert "词义\\|歧义" in chinese
    assert f"另抽出 {len(drawn.errors) - 2} 个" in chinese
    make_card(settings_of(folder))  # what was added stays
    assert "读了 2 个错误判断" in (folder / "README.zh.md").read_text(encoding="utf-8")


def test_ablation_and_learning_curve_get_sections_of_their_own(folder: Path) -> None:
    ablation, curve = folder.parent / "ablation.csv", folder.parent / "learning_curve.csv"
    ablation.write_text(
        "variant,measure,n_seeds,mean,deviation,difference,low,high\n"
        "base,initial micro_f1,5,0.8,0.01,0,0,0\nmean,initial micro_f1,5,0.81,0.01,0.01,-0.002,0.022\n",
        encoding="utf-8",
    )
    runs = [f"initial,{share},{seed},{round(8000 * share)},{0.9 - 0.05 / share},own recipe\n"
            for share in (0.25, 0.5, 1.0) for seed in (0, 1)]  # fmt: skip
    curve.write_text("level,share,seed,n_train,micro_f1,recipe\n" + "".join(runs), encoding="utf-8")
    make_card(settings_of(folder, ablation=ablation, learning_curve=curve))
    english = (folder / "README.md").read_text(encoding="utf-8")
    assert "| `mean` | 5 | 0.810 (+0.010 [-0.002, +0.022]) |" in english
    assert "## Learning curve\n\nRecipe: own recipe (`policy-nlp evaluate" in english
    assert (folder / "learning_curve.png").is_file()


def test_gold_that_was_trained_on_and_wrong_additions_are_refused_and_change_nothing(folder: Path) -> None:
    before = {path.name: sha256_of_file(path) for path in folder.iterdir()}
    with pytest.raises(GoldError, match="was trained on this file"):
        make_card(settings_of(folder, gold=folder.parent / "gold.jsonl"))
    wrong = folder.parent / "errors.toml"
    wrong.write_text('[[error]]\nunit = "u1"\ncode = "c"\nkind = "other"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="expected one of missed, false"):
        make_card(settings_of(folder, errors=wrong))
    assert {path.name: sha256_of_file(path) for path in folder.iterdir()} == before


def test_the_command_names_its_files_and_needs_gold(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["card", str(folder), "--gold", str(folder.parent / "dev.jsonl"), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["files"]) == 2
    assert run(["card", str(folder)]) == 2
