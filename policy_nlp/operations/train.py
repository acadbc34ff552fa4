"""TrainSettings -> a model folder: gold codings and a base encoder in, weights, calibration and card out."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from policy_nlp import __version__
from policy_nlp.agreement.intervals import Bootstrap
from policy_nlp.codebook import Codebook, load_codebook
from policy_nlp.engine.predictor import open_predictor
from policy_nlp.errors import GoldError, OutputError
from policy_nlp.evaluation.compare import evaluate_decisions
from policy_nlp.evaluation.report import EvaluationReport
from policy_nlp.exchange.coder_writing import codes_at
from policy_nlp.exchange.label_codes import GoldFile, read_gold_file
from policy_nlp.files import atomic_path, hold_lock, sha256_of_file
from policy_nlp.gold import N_FOLDS, fold_of
from policy_nlp.gold.units import squeeze_text
from policy_nlp.model.calibration import identity_calibration
from policy_nlp.model.decisions import decide_by_fold, fit_decisions
from policy_nlp.model.trained import (
    load_model,
    write_calibration,
    write_manifest,
    write_thresholds,
)
from policy_nlp.operations.calibration_scores import ScoredGold, keep_calibration_scores
from policy_nlp.operations.card_files import write_card
from policy_nlp.operations.distillation import add_teachers, describe_teachers
from policy_nlp.operations.method_choice import TriedMethods, try_methods
from policy_nlp.operations.run_codebook import codebook_of_run
from policy_nlp.operations.train_weights import CodedTexts, train_weights
from policy_nlp.reading import read_segment
from policy_nlp.records import PREDICTED_LEVELS, CodedUnit, Decisions, Progress, Thresholds
from policy_nlp.reports.model_card import CardFacts
from policy_nlp.reports.train_summary import TrainSummary
from policy_nlp.settings.engine import EngineSettings
from policy_nlp.settings.few_shot import CROSS_VALIDATED, MOST_OUT_OF_FOLD, LabelColumns
from policy_nlp.settings.training import TrainSettings

_SHARE_STEPS = 1000  # to how fine a step `development_share` is kept


@dataclass(frozen=True, slots=True)
class GoldSplit:
    """Codings to train on and codings to fit calibration and thresholds on.

    Attributes:
        weights: of the loss of each training sentence; empty where all weigh 1.
        is_out_of_fold: both are the same sentences: each is scored by a model trained without its fold.
        notes: what the user should know of how the files were read.
    """

    train: tuple[CodedUnit, ...]
    development: tuple[CodedUnit, ...]
    n_left_out: int
    weights: tuple[float, ...] = ()
    is_out_of_fold: bool = False
    notes: tuple[str, ...] = ()


def train_model(settings: TrainSettings, progress: Progress) -> TrainSummary:
    """Train, calibrate, measure and write one model; the folder appears whole or not at all.

    Raises:
        OutputError: the model folder exists and --force was not given, or another run is writing it.
        GoldError: the gold cannot be trained on.
        EncoderError, MissingExtraError: the base encoder cannot be had.
        SettingsError: the recipe does not fit the base encoder, or the device is not there.
    """
    if settings.out.exists() and not settings.is_forced:
        raise OutputError(
            f"{settings.out} exists. Give --force to replace it, or another --out.", path=settings.out
        )
    made = codebook_of_run(settings)
    codebook = made.codebook
    split = read_split(settings, codebook)
    with hold_lock(settings.out), atomic_path(settings.out) as building:
        building.mkdir()
        (building / "codebook.yaml").write_bytes(made.content)
        shutil.copyfile(settings.config, building / "training.toml")
        coded = add_teachers(
            settings, _texts_to_learn(split, codebook), held=split.development, progress=progress
        )
        tried = None
        if split.is_out_of_fold or settings.kind == "auto":
            tried = try_methods(settings, coded, units=split.train, codebook=codebook, progress=progress)
            tried = replace(tried, choice=replace(tried.choice, is_out_of_fold=split.is_out_of_fold))
            settings = replace(settings, kind=tried.choice.chosen)
        max_tokens = train_weights(settings, coded, folder=building, progress=progress)
        report = _finish_folder(building, settings, split=split, max_tokens=max_tokens, tried=tried)
    return TrainSummary(
        settings.out,
        len(split.train),
        len(split.development),
        split.n_left_out,
        report,
        notes=(*made.notes, *split.notes),
        choice=tried.choice if tried else None,
    )


def read_split(settings: TrainSettings, codebook: Codebook) -> GoldSplit:
    """Training and development codings; no text is in both.

    Without a development file, whole documents are held back, chosen by a hash of their ids; of little gold
    for a method that is cross-validated, nothing is.

    Raises:
        GoldError: a file breaks its form, a unit has no text or was not coded on every level, or one of
            the two parts is empty.
    """
    files = [read_whole_file(path, codebook, columns=settings.columns) for path in settings.train]
    units = [unit for file in files for unit in file.units]
    notes = tuple(note for file in files for note in file.notes)
    rows = list(range(len(units)))
    if settings.development is not None:
        held_file = read_whole_file(settings.development, codebook, columns=settings.columns)
        development, notes = list(held_file.units), (*notes, *held_file.notes)
    elif settings.kind in CROSS_VALIDATED and len(units) <= MOST_OUT_OF_FOLD:
        train = tuple(units[row] for row in _draw_rows(rows, units, settings))
        _folds_of(train)
        return GoldSplit(train, train, n_left_out=0, is_out_of_fold=True, notes=notes)
    else:
        development = [unit for unit in units if _is_held_back(unit, settings.development_share)]
        rows = [row for row, u in enumerate(units) if not _is_held_back(u, settings.development_share)]
    held = {squeeze_text(unit.text) for unit in development}
    kept = [row for row in rows if squeeze_text(units[row].text) not in held]
    n_left_out = len(rows) - len(kept)
    kept = _draw_rows(kept, units, settings)
    if not kept or not development:
        raise GoldError(
            f"{settings.config}: {len(kept)} sentences to train on and {len(development)} to calibrate with; "
            "both are needed. Name more gold, or a development file.",
            path=settings.config,
        )
    _folds_of(development)  # what cannot be measured is said before hours of training
    weights = [weight for file, weight in zip(files, settings.weights, strict=False) for _ in file.units]
    return GoldSplit(
        train=tuple(units[row] for row in kept),
        development=tuple(development),
        n_left_out=n_left_out,
        weights=tuple(weights[row] for row in kept) if weights else (),
        notes=notes,
    )


def _draw_rows(rows: Sequence[int], units: Sequence[CodedUnit], settings: TrainSettings) -> list[int]:
    """The rows that a run with a share of documents or a limit trains on, in their order."""
    kept = [row for row in rows if _is_in_share(units[row], settings)]
    if 0 < settings.limit < len(kept):
        kept = sorted(np.random.default_rng(0).permutation(kept)[: settings.limit].tolist())
    return kept


def _is_held_back(unit: CodedUnit, share: float) -> bool:
    # Another hash than that of `fold_of` alone: else a share of 1/4 held back one of the two folds only, and
    # the development report had no other half of documents to fit thresholds on.
    return fold_of(f"development\0{unit.document_id or unit.unit_id}", _SHARE_STEPS) < share * _SHARE_STEPS


def _is_in_share(unit: CodedUnit, settings: TrainSettings) -> bool:
    """Whether the document is trained on; with one seed, a larger share holds all of a smaller one."""
    key = f"share\0{settings.seed}\0{unit.document_id or unit.unit_id}"
    return fold_of(key, _SHARE_STEPS) < settings.document_share * _SHARE_STEPS


def read_whole_units(path: Path, codebook: Codebook) -> list[CodedUnit]:
    """The units of a gold file; GoldError where one has no text or was not coded on every level."""
    return list(read_whole_file(path, codebook, columns=LabelColumns()).units)


def read_whole_file(path: Path, codebook: Codebook, *, columns: LabelColumns) -> GoldFile:
    """A gold file of any form; GoldError where a unit has no text or was not coded on every level."""
    gold = read_gold_file(path, codebook, columns=columns)
    for unit in gold.units:
        if not unit.text.strip():
            raise GoldError(
                f"{path}: unit {unit.unit_id!r} has no text to learn from. Give JSON Lines with `text`; the "
                "form unit,coder,code has none.",
                path=path,
                unit_id=unit.unit_id,
            )
        levels = [level for level in PREDICTED_LEVELS if codebook.ids(level)]
        if missing := [level for level in levels if codes_at(unit, level) is None]:
            raise GoldError(
                f"{path}: unit {unit.unit_id!r} was not coded for {', '.join(missing)}; a model is trained "
                "on sentences with the list of every level of the codebook (empty where nothing applies).",
                path=path,
                unit_id=unit.unit_id,
            )
    return gold


def targets_of(units: Sequence[CodedUnit], codebook: Codebook) -> NDArray[np.float32]:
    """Codes of the units as 0 and 1, shape (N, C)."""
    column = {code_id: index for index, code_id in enumerate(codebook.code_ids)}
    targets = np.zeros((len(units), len(column)), dtype=np.float32)
    for row, unit in enumerate(units):
        for code_id in (*(unit.initial or ()), *(unit.dimensions or ()), *(unit.paths or ())):
            targets[row, column[code_id]] = 1.0
    return targets


def _texts_to_learn(split: GoldSplit, codebook: Codebook) -> CodedTexts:
    codes = [codebook.find(code_id) for code_id in codebook.code_ids]
    return replace(
        _coded_texts(split.train, codebook),
        weights=np.array(split.weights, dtype=np.float32) if split.weights else None,
        definitions=tuple(read_segment(f"{code.name_zh}：{code.definition}").text for code in codes),
    )


def _coded_texts(units: Sequence[CodedUnit], codebook: Codebook) -> CodedTexts:
    texts = tuple(read_segment(unit.text).text for unit in units)
    return CodedTexts(texts, targets_of(units, codebook), codebook.code_ids)


def _finish_folder(
    folder: Path,
    settings: TrainSettings,
    *,
    split: GoldSplit,
    max_tokens: int,
    tried: TriedMethods | None,
) -> EvaluationReport:
    """Calibrate and measure with the weights as they were saved, then write the card and the manifest.

    Where no sentence was held back, scores of models trained without a sentence's fold take their place.
    """
    codebook = load_codebook(folder / "codebook.yaml")
    write_calibration(folder / "calibration.json", identity_calibration(codebook.code_ids))
    half = Thresholds(codebook.code_ids, np.full(len(codebook.code_ids), 0.5))
    write_thresholds(folder / "thresholds.json", half)
    manifest = _manifest(settings, split, max_tokens)
    manifest["method_choice"] = tried.choice.as_fields() if tried else None
    write_manifest(folder, manifest)
    development = _coded_texts(split.development, codebook)
    if tried is not None and split.is_out_of_fold:
        logits = tried.logits
    else:
        logits, _ = open_predictor(load_model(folder), EngineSettings()).compute_logits(development.texts)
    report = measure_out_of_fold(logits, split.development, codebook=codebook, settings=settings)
    calibration, thresholds = fit_decisions(
        logits, development.targets, codebook=codebook, prior=settings.threshold_prior
    )
    write_calibration(folder / "calibration.json", calibration)
    write_thresholds(folder / "thresholds.json", thresholds)
    trained = load_model(folder)
    write_manifest(folder, {**manifest, "digest": trained.digest})
    gold = settings.development or settings.train[0]
    if not split.is_out_of_fold:  # the guarantee of --abstain needs scores of this very model
        keep_calibration_scores(trained, ScoredGold(gold, split.development, logits, development.targets))
    facts = CardFacts(
        trained,
        settings,
        report,
        n_train=len(split.train),
        n_development=len(split.development),
        gold_name=gold.name,
        gold_sha256=sha256_of_file(gold),
        config_name=_shown_config(settings.config),
    )
    write_card(folder, facts)
    return report


def measure_out_of_fold(
    logits: NDArray[np.float32],
    units: Sequence[CodedUnit],
    *,
    codebook: Codebook,
    settings: TrainSettings,
) -> EvaluationReport:
    """Report on all development units, each decided with what was fitted on the other half of documents."""
    decisions = decide_out_of_fold(logits, units, codebook=codebook, settings=settings)
    return evaluate_decisions(units, decisions, codebook=codebook, bootstrap=Bootstrap(seed=settings.seed))


def decide_out_of_fold(
    logits: NDArray[np.float32],
    units: Sequence[CodedUnit],
    *,
    codebook: Codebook,
    settings: TrainSettings,
) -> Decisions:
    """Scores and codes of all development units, each by what was fitted on the other half of documents."""
    return decide_by_fold(
        logits,
        targets_of(units, codebook),
        folds=_folds_of(units),
        codebook=codebook,
        prior=settings.threshold_prior,
    )


def _folds_of(units: Sequence[CodedUnit]) -> NDArray[np.int_]:
    """The fold of each unit, shape (N,): of its document, or of itself where all documents share a fold."""
    for keys in ([unit.document_id or unit.unit_id for unit in units], [unit.unit_id for unit in units]):
        folds = np.array([fold_of(key, N_FOLDS) for key in keys])
        if len(set(folds)) == N_FOLDS:
            return folds
    raise GoldError(
        f"{len(units)} development sentences cannot be parted into {N_FOLDS} halves, one to fit thresholds "
        "on and one to measure. Name more gold, or a development file.",
        n_units=len(units),
    )


def _shown_config(config: Path) -> str:
    """The configuration as a card names it: as it was given, but no place of this machine."""
    return config.name if config.is_absolute() or ".." in config.parts else config.as_posix()


def _manifest(settings: TrainSettings, split: GoldSplit, max_tokens: int) -> dict[str, object]:
    import sklearn
    import torch
    import transformers

    gold = [*settings.train, *([settings.development] if settings.development else [])]
    return {
        "name": settings.name,
        "config": _shown_config(settings.config),
        "kind": "baseline" if settings.kind == "baseline" else "encoder",
        "method": settings.kind,
        "base": settings.base if settings.kind != "baseline" else None,
        "max_tokens": max_tokens,
        "seed": settings.seed,
        "recipe": asdict(settings.recipe),
        "distillation": describe_teachers(settings.distillation),
        "n_train": len(split.train),
        "n_development": len(split.development),
        "gold_sha256": {path.name: sha256_of_file(path) for path in gold},
        "versions": {
            "policy_nlp": __version__,
            "torch": torch.__version__,
            "transformers": transformers.__version__,
            "scikit_learn": sklearn.__version__,
        },
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
    }
