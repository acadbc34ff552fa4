"""Ablation: runs are kept, differences are paired, tables are written."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from scipy import stats

from policy_nlp.errors import SettingsError, TableError
from policy_nlp.operations import ablate as module
from policy_nlp.operations.ablate import run_ablation, summarise
from policy_nlp.operations.ablate_output import read_ablation_rows, render_ablation, write_tables
from policy_nlp.settings.ablation import read_ablation_settings

CONFIGS = Path(__file__).resolve().parents[2] / "configs"


def _silent(n_done: int, n_total: int | None) -> None:
    """Progress that nobody watches."""


@pytest.fixture
def config(tmp_path: Path, tiny_base_path: Path) -> Path:
    texts = ("产业集群建设", "会议天气")
    rows = [
        {"id": f"u{i}", "text": f"{texts[i % 2]}第{i}号。", "document_id": f"d{i}", "dimensions": [],
         "paths": [],
         "initial": ["industrial_resilience_clusters"] if i % 2 == 0 else []}
        for i in range(60)
    ]  # fmt: skip
    gold = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (tmp_path / "gold.jsonl").write_text(gold, encoding="utf-8")
    (tmp_path / "run.toml").write_text(
        f'name = "run"\nbase = "{tiny_base_path.as_posix()}"\n[gold]\ntrain = ["gold.jsonl"]\n'
        "development_share = 0.3\n[encoder]\nepochs = 1\nmax_tokens = 32\nbuckets = [32]\n",
        encoding="utf-8",
    )
    path = tmp_path / "ablation.toml"
    path.write_text(
        'config = "run.toml"\nseeds = [1, 2]\nlimit = 20\n[variants.mean]\nhead = "mean"\n', encoding="utf-8"
    )
    return path


def test_finished_runs_are_kept_and_their_numbers_come_back(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = read_ablation_settings(config, out=tmp_path / "out")
    first = run_ablation(settings, _silent)
    (tmp_path / "out" / "mean-2.json").unlink()
    trained: list[str] = []
    train_model = module.train_model
    monkeypatch.setattr(
        module, "train_model", lambda s, progress: trained.append(s.out.name) or train_model(s, progress)
    )
    again = run_ablation(settings, _silent)
    assert trained == ["mean-2"]

    def shown(rows):
        return [line for line in render_ablation(rows).splitlines() if "wall_s" not in line]

    assert shown(first) == shown(again)
    write_tables(again, tmp_path / "out")
    assert (tmp_path / "out" / "ablation.csv").read_text(encoding="utf-8-sig").count("\n") == len(again) + 1
    assert not [path for path in (tmp_path / "out").glob("*-1") if path.is_dir()]


def test_difference_and_interval_are_those_of_a_paired_t_test() -> None:
    values, base = [0.81, 0.80, 0.84, 0.79, 0.83], [0.80, 0.78, 0.81, 0.79, 0.80]
    row = summarise("v", "m", values=values, base=base)
    wanted = stats.ttest_rel(values, base).confidence_interval(0.95)
    assert (row.low, row.high) == pytest.approx((wanted.low, wanted.high))


def test_one_seed_has_no_spread_and_no_interval() -> None:
    row = summarise("v", "m", values=[0.8], base=[0.7])
    assert math.isnan(row.deviation)
    assert math.isnan(row.low)
    assert "n/a" in render_ablation([row])


def test_shipped_ablation_is_valid_and_starts_with_the_unchanged_run() -> None:
    settings = read_ablation_settings(CONFIGS / "ablation.toml")
    assert settings.variants[0].name == "base"
    assert len(settings.variants) > 10
    assert settings.seeds == (1, 2, 3, 4, 5)


def test_unknown_key_of_a_variant_is_refused_by_its_place(config: Path) -> None:
    config.write_text('config = "run.toml"\n[variants.x]\nheads = "mean"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=r"variants\.x\] heads"):
        read_ablation_settings(config)


def test_written_rows_are_read_back_and_another_table_is_refused(tmp_path: Path) -> None:
    rows = [
        summarise("base", "initial micro_f1", values=[0.8, 0.9], base=[0.8, 0.9]),
        summarise("v", "initial micro_f1", values=[0.7], base=[0.8]),
    ]
    write_tables(rows, tmp_path)
    assert repr(read_ablation_rows(tmp_path / "ablation.csv")) == repr(tuple(rows))
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(TableError, match="not a table of an ablation"):
        read_ablation_rows(tmp_path / "other.csv")
