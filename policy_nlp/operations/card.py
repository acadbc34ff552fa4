"""CardSettings -> the card of a trained model, written anew; or wrong decisions drawn to be read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.intervals import Bootstrap
from policy_nlp.engine.predictor import open_predictor
from policy_nlp.errors import GoldError, ModelError
from policy_nlp.evaluation.compare import evaluate_decisions
from policy_nlp.evaluation.report import EvaluationReport
from policy_nlp.exchange.label_codes import read_gold_file
from policy_nlp.files import hold_lock, sha256_of_file, write_atomically
from policy_nlp.model.trained import TrainedModel, load_model, read_manifest
from policy_nlp.operations.ablate_output import read_ablation_rows
from policy_nlp.operations.card_files import ABLATION, ERRORS, write_card
from policy_nlp.operations.learning_curve_files import CURVE_TABLE, read_curve
from policy_nlp.operations.train import decide_out_of_fold, targets_of
from policy_nlp.reading import read_segment
from policy_nlp.records import CodedUnit, Decisions
from policy_nlp.reports.model_card import CARDS, CardFacts
from policy_nlp.settings.card import CardSettings, ErrorReading, ReadError, read_error_reading
from policy_nlp.settings.engine import EngineSettings
from policy_nlp.settings.training import TrainSettings, read_train_settings


@dataclass(frozen=True, slots=True)
class CardResult:
    """What was written: the cards, or the file of drawn errors, of how many there are."""

    files: tuple[Path, ...]
    n_errors: int


def make_card(settings: CardSettings) -> CardResult:
    """Measure the model on development gold as `train` did and write its card; weights stay as they are.

    Raises:
        ModelError: there is no such model, or its folder does not say how it was trained.
        GoldError: the gold breaks its form, or the model was trained on it.
        SettingsError, TableError: an added file breaks its form.
        OutputError: another run is writing, or the folder cannot be written.
    """
    model = load_model(settings.model)
    trained = settings_of_model(model)
    check_not_trained_on(settings.gold, model, trained=trained)
    units = read_gold_file(settings.gold, model.codebook).units
    texts = [read_segment(unit.text).text for unit in units]
    logits, _ = open_predictor(model, EngineSettings()).compute_logits(texts)
    decisions = decide_out_of_fold(logits, units, codebook=model.codebook, settings=trained)
    wrong = _wrong_decisions(decisions, units, targets_of(units, model.codebook))
    if settings.draw is not None:
        _draw_errors(wrong, settings, path=settings.draw)
        return CardResult((settings.draw,), len(wrong))
    report = evaluate_decisions(
        units, decisions, codebook=model.codebook, bootstrap=Bootstrap(seed=trained.seed)
    )
    facts = _facts(model, trained, report, gold=settings.gold)
    with hold_lock(model.path):
        _copy_additions(settings, model.path)
        write_card(model.path, facts)
    return CardResult(tuple(model.path / name for name in CARDS), len(wrong))


def _facts(model: TrainedModel, trained: TrainSettings, report: EvaluationReport, *, gold: Path) -> CardFacts:
    manifest = read_manifest(model.path)
    return CardFacts(
        model,
        trained,
        report,
        n_train=int(manifest.get("n_train", 0)),
        n_development=int(manifest.get("n_development", report.n_units)),
        gold_name=gold.name,
        gold_sha256=sha256_of_file(gold),
        config_name=str(manifest.get("config", f"configs/{model.name}.toml")),
    )


def settings_of_model(model: TrainedModel) -> TrainSettings:
    """How the model was trained, from the training.toml in its folder; raises ModelError without it."""
    config = model.path / "training.toml"
    if not config.is_file():
        raise ModelError(
            f"{model.path}: training.toml is missing, which says how the model was trained. Put it back, or "
            "train the model again.",
            path=model.path,
        )
    manifest = read_manifest(model.path)
    seed = manifest.get("seed")
    settings = read_train_settings(config, seed=seed if isinstance(seed, int) else None)
    return replace(settings, kind=manifest.get("method", settings.kind))  # the one that `auto` chose


def check_not_trained_on(gold: Path, model: TrainedModel, *, trained: TrainSettings) -> None:
    """Raise GoldError where the file is gold of the model, unless it is its development gold."""
    hashes = read_manifest(model.path).get("gold_sha256", {})
    own = {path.name for path in trained.train}
    names = [name for name, digest in hashes.items() if digest == sha256_of_file(gold)]
    if any(name in own for name in names):
        raise GoldError(
            f"{gold}: {model.name} was trained on this file, so its numbers would be too kind. Give the "
            "development gold.",
            path=gold,
        )


def _copy_additions(settings: CardSettings, folder: Path) -> None:
    """Each added file is read before it is copied, so that a wrong one replaces nothing."""
    if settings.errors is not None:
        read_error_reading(settings.errors)
        _copy(settings.errors, folder / ERRORS)
    if settings.ablation is not None:
        read_ablation_rows(settings.ablation)
        _copy(settings.ablation, folder / ABLATION)
    if settings.learning_curve is not None:
        read_curve(settings.learning_curve)
        _copy(settings.learning_curve, folder / CURVE_TABLE)


def _copy(source: Path, target: Path) -> None:
    if source.resolve() != target.resolve():
        shutil.copyfile(source, target)


def _wrong_decisions(
    decisions: Decisions, units: Sequence[CodedUnit], targets: NDArray[np.float32]
) -> list[ReadError]:
    """Every code that was missed or given falsely, in the order of units and codes."""
    is_wrong = decisions.applies != (targets > 0.5)
    return [
        ReadError(
            units[row].unit_id,
            decisions.code_ids[column],
            "missed" if targets[row, column] > 0.5 else "false",
        )
        for row, column in np.argwhere(is_wrong).tolist()
    ]


def _draw_errors(wrong: Sequence[ReadError], settings: CardSettings, *, path: Path) -> None:
    if not wrong:
        raise GoldError(
            f"{settings.gold}: no decision is wrong; there is nothing to read.", path=settings.gold
        )
    n_drawn = min(settings.n_drawn, len(wrong))
    rows = np.random.default_rng(settings.seed).permutation(len(wrong))[:n_drawn]
    reading = ErrorReading(
        sample=f"Drawn at random from the {len(wrong):,} wrong decisions on the development sentences, "
        f"seed {settings.seed}.",
        sample_zh=f"从开发集上 {len(wrong):,} 个错误判断中随机抽取，随机种子 {settings.seed}。",
        errors=tuple(wrong[row] for row in sorted(rows.tolist())),
    )
    write_atomically(path, render_error_reading(reading))


def render_error_reading(reading: ErrorReading) -> str:
    """The TOML file of errors to be read; `read_error_reading` reads it back."""
    lines = [
        "# Errors of a model to read. judgement: label_doubtful, model_wrong or codebook_unclear.",
        "# note: why, in a few words, without the sentence.",
    ]
    head = replace(reading, errors=())
    lines += [f"{key} = {_quote(getattr(head, key))}" for key in ("read_by", "date", "sample", "sample_zh")]
    for error in reading.errors:
        keys = ("unit", "code", "kind", "judgement", "note", "note_zh")
        lines += ["", "[[error]]", *(f"{key} = {_quote(getattr(error, key))}" for key in keys)]
    return "\n".join(lines) + "\n"


def _quote(text: str) -> str:
    """A TOML string; JSON's escapes are among TOML's, which also wants DEL escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
