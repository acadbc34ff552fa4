"""`[distillation]`: paths start at the configuration, wrong values are refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_nlp.errors import SettingsError
from policy_nlp.settings.distillation import Distillation
from policy_nlp.settings.training import read_train_settings


def _write(folder: Path, section: str, kind: str = "encoder") -> Path:
    path = folder / "run.toml"
    text = f'name = "run"\nkind = "{kind}"\n[gold]\ntrain = ["gold.jsonl"]\n[distillation]\n{section}\n'
    path.write_text(text, encoding="utf-8")
    return path


def test_teachers_and_sentences_lie_beside_the_configuration(tmp_path: Path) -> None:
    config = _write(tmp_path, 'teachers = ["../a", "b"]\nsentences = ["s.csv"]\ngold_weight = 1')
    found = read_train_settings(config).distillation
    assert found == Distillation((tmp_path / "../a", tmp_path / "b"), (tmp_path / "s.csv",), gold_weight=1.0)


@pytest.mark.parametrize(
    ("section", "named"),
    [
        ('teachers = ["a"]\ngold_weight = 1.5', "gold_weight = 1.5"),
        ('teachers = ["a"]\nlimit = -1', "limit = -1"),
        ('sentences = ["s.csv"]', "teachers is empty"),
        ("start_from_first = true", "teachers is empty"),
        ('teacher = ["a"]', "teacher is not a known key"),
    ],
)
def test_wrong_values_are_refused_by_name(tmp_path: Path, section: str, named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        read_train_settings(_write(tmp_path, section))


def test_a_baseline_has_no_teachers(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="teachers"):
        read_train_settings(_write(tmp_path, 'teachers = ["a"]', kind="baseline"))
