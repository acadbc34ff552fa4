"""A model folder is read whole or refused by name: missing parts, wrong numbers, damaged weights."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from policy_nlp.engine.predictor import open_predictor
from policy_nlp.errors import ModelError
from policy_nlp.model.trained import find_model, load_model
from policy_nlp.settings.engine import EngineSettings


@pytest.fixture
def folder(tiny_model_path: Path, tmp_path: Path) -> Path:
    """A copy of the tiny model that a test may spoil."""
    return Path(shutil.copytree(tiny_model_path, tmp_path / "tiny"))


def _change(path: Path, **values: object) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**content, **values}), encoding="utf-8")


def _change_codes(path: Path, value: object) -> None:
    codes = json.loads(path.read_text(encoding="utf-8"))["codes"]
    _change(path, codes={**codes, next(iter(codes)): value})


@pytest.mark.parametrize("part", ["model.safetensors", "thresholds.json", "codebook.yaml", "tokenizer.json"])
def test_missing_part_is_named(folder: Path, part: str) -> None:
    (folder / part).unlink()
    with pytest.raises(ModelError, match=part):
        load_model(folder)


@pytest.mark.parametrize("value", [None, "128", 0, 2, -1, True, 12.5])
def test_length_that_no_encoder_has_is_refused(folder: Path, value: object) -> None:
    _change(folder / "manifest.json", max_tokens=value)
    with pytest.raises(ModelError, match="max_tokens"):
        load_model(folder)


@pytest.mark.parametrize("value", [1.01, -0.1, float("nan"), "half", None])
def test_threshold_that_is_no_fraction_is_refused(folder: Path, value: object) -> None:
    _change_codes(folder / "thresholds.json", value)
    with pytest.raises(ModelError, match="from 0 to 1"):
        load_model(folder)


@pytest.mark.parametrize(
    "value", [{"slope": -1, "intercept": 0}, {"slope": 1, "intercept": float("inf")}, {"slope": 1}, 3]
)
def test_calibration_that_is_no_rising_map_is_refused(folder: Path, value: object) -> None:
    _change_codes(folder / "calibration.json", value)
    with pytest.raises(ModelError, match="slope"):
        load_model(folder)


def test_each_deciding_file_changes_the_digest_and_the_card_does_not(folder: Path) -> None:
    before = load_model(folder).digest
    (folder / "README.md").write_text("a card", encoding="utf-8")
    assert load_model(folder).digest == before
    _change_codes(folder / "thresholds.json", 0.61)
    assert load_model(folder).digest != before


def test_weights_cut_short_are_refused_by_name(folder: Path) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(ModelError, match="tiny"):
        open_predictor(load_model(folder), EngineSettings(device="cpu", n_threads=1))


def test_weights_without_a_head_are_refused_and_not_made_up(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    kept = {name: tensor for name, tensor in weights.items() if not name.startswith("classifier.")}
    save_file(kept, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match=r"classifier\.bias"):
        open_predictor(load_model(folder), EngineSettings(device="cpu", n_threads=1))


def test_unknown_name_is_told_with_the_places_looked_at(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no model 'nowhere'.*models"):
        find_model("nowhere")
