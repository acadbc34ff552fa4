"""Learning curve with the baseline on toy gold: nested shares, runs that are kept, tables, refusals."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from policy_nlp.cli.main import run
from policy_nlp.codebook import Codebook
from policy_nlp.errors import SettingsError, TableError
from policy_nlp.evaluation.learning_curve import UnfittedCurve
from policy_nlp.operations import ablate
from policy_nlp.operations.learning_curve import run_learning_curve
from policy_nlp.operations.learning_curve_files import read_curve
from policy_nlp.operations.train import read_split
from policy_nlp.settings.learning_curve import parse_shares, read_curve_settings
from tests.operations.toy_gold import write_toy_gold


def _silent(n_done: int, n_total: int | None) -> None:
    """Progress that nobody watches."""


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Development gold and configuration."""
    monkeypatch.chdir(tmp_path)
    write_toy_gold(tmp_path / "gold.jsonl", 80, 0)
    write_toy_gold(tmp_path / "dev.jsonl", 40, 1000)
    config = tmp_path / "toy.toml"
    config.write_text(
        'name = "toy"\nkind = "baseline"\n[gold]\ntrain = ["gold.jsonl"]\n[baseline]\nmin_documents = 1\n',
        encoding="utf-8",
    )
    return [tmp_path / "dev.jsonl", config]


def test_finished_runs_are_kept_and_the_written_table_gives_the_same_curve(
    paths: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    gold, config = paths
    settings = read_curve_settings(config, gold, shares="1/4,1/2,1", seeds=range(2))
    first = run_learning_curve(settings, _silent)
    assert {len(one.runs) for one in first.levels} == {6}
    (settings.out / "share-0.5-1.json").unlink()
    trained: list[str] = []
    train_model = ablate.train_model
    monkeypatch.setattr(
        ablate, "train_model", lambda s, progress: trained.append(s.out.name) or train_model(s, progress)
    )
    assert repr(run_learning_curve(settings, _silent)) == repr(first)
    assert trained == ["share-0.5-1"]
    assert repr(read_curve(settings.out / "learning_curve.csv")) == repr(first)
    assert (settings.out / "learning_curve.png").read_bytes().startswith(b"\x89PNG")


def test_a_larger_share_holds_the_documents_of_a_smaller_one_and_other_seeds_take_others(
    paths: list[Path], shipped_codebook: Codebook
) -> None:
    gold, config = paths
    train = read_curve_settings(config, gold).train

    def taken(share: float, seed: int) -> set[str]:
        split = read_split(replace(train, document_share=share, seed=seed), shipped_codebook)
        return {unit.unit_id for unit in split.train}

    assert taken(0.25, 1) < taken(0.5, 1) < taken(1.0, 1)
    assert taken(0.5, 1) != taken(0.5, 2)
    assert 25 <= len(taken(0.5, 1)) <= 55


def test_the_command_prints_both_tables_and_why_a_law_is_missing(
    paths: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["evaluate", str(paths[0]), "--learning-curve", str(paths[1]), "--shares", "1/2,1"]
    assert run([*arguments, "--seeds", "1", "--quiet"]) == 0
    shown = capsys.readouterr().out
    for text in ("Learning curve", "Extrapolation", "3 sizes are needed", "Hestness", "is a guess"):
        assert text in shown
    assert run([*arguments, "--seeds", "1", "--quiet", "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert [level["level"] for level in value["levels"]][:2] == ["initial", "main"]


def test_gold_that_is_trained_on_and_other_flags_are_refused(
    paths: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    gold, config = paths
    with pytest.raises(SettingsError, match="never trained on"):
        read_curve_settings(config, gold.with_name("gold.jsonl"))
    assert run(["evaluate", str(gold), "--learning-curve", str(config), "--model", "x"]) == 2
    assert "trains its own models" in capsys.readouterr().err
    for shares in ("0", "1.5", "a", "1/0", ""):
        with pytest.raises(SettingsError):
            parse_shares(shares)


def test_two_sizes_are_not_extrapolated(paths: list[Path]) -> None:
    gold, config = paths
    curve = run_learning_curve(read_curve_settings(config, gold, shares="1/2,1", seeds=range(2)), _silent)
    assert all(isinstance(fit, UnfittedCurve) for one in curve.levels for fit in one.fits)


def test_another_table_is_no_curve(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(TableError, match="not a learning curve"):
        read_curve(tmp_path / "a.csv")
