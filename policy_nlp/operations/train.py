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
from policy_nlp.codebook import Codebook, drop_unsupported_paths, load_codebook, shipped_codebook_path
from policy_nlp.engine.predictor import open_predictor
from policy_nlp.errors import GoldError, OutputError
from policy_nlp.evaluation.compare import evaluate_decisions
from policy_nlp.evaluation.report import EvaluationReport
from policy_nlp.files import atomic_path, hold_lock, sha256_of_file
from policy_nlp.gold import N_FOLDS, fold_of, read_coded_units
from policy_nlp.model.calibration import calibrate, fit_calibration, identity_calibration
from policy_nlp.model.thresholds import apply_thresholds, fit_thresholds
from policy_nlp.model.trained import (
    load_model,
    write_calibration,
    write_manifest,
    write_thresholds,
)
from policy_nlp.operations.card_files import write_card
from policy_nlp.operations.train_weights import CodedTexts, train_weights
from policy_nlp.reading import read_segment
from policy_nlp.records import PREDICTED_LEVELS, Calibration, CodedUnit, Decisions, Progress, Thresholds
from policy_nlp.reports.model_card import CardFacts
from policy_nlp.reports.train_summary import TrainSummary
from policy_nlp.settings.engine import EngineSettings
from policy_nlp.settings.training import TrainSettings

_SHARE_STEPS = 1000  # to how fine a step `development_share` is kept


@dataclass(frozen=True, slots=True)
class GoldSplit:
    """Codings to train on and codings to fit calibration and thresholds on.

    Attributes:
        weights: of the loss of each training sentence; empty where all weigh 1.
    """

    train: tuple[CodedUnit, ...]
    development: tuple[CodedUnit, ...]
    n_left_out: int
    weights: tuple[float, ...] = ()


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
    codebook_path = settings.codebook or shipped_codebook_path()
    codebook = load_codebook(codebook_path)
    split = read_split(settings, codebook)
    with hold_lock(settings.out), atomic_path(settings.out) as building:
        building.mkdir()
        shutil.copyfile(codebook_path, building / "codebook.yaml")
        shutil.copyfile(settings.config, building / "training.toml")
        max_tokens = train_weights(
            settings, _texts_to_learn(split, codebook), folder=building, progress=progress
        )
        report = _finish_folder(building, settings, split=split, max_tokens=max_tokens)
    return TrainSummary(settings.out, len(split.train), len(split.development), split.n_left_out, report)


def read_split(settings: TrainSettings, codebook: Codebook) -> GoldSplit:
    """Training and development codings; no text is in both.

    Without a development file, whole documents are held back, chosen by a hash of their ids.

    Raises:
        GoldError: a file breaks its form, a unit has no text or was not coded on every level, or one of
            the two parts is empty.
    """
    files = [_read_whole(path, codebook) for path in settings.train]
    units = [unit for file in files for unit in file]
    if settings.development is not None:
        development = _read_whole(settings.development, codebook)
        rows = list(range(len(units)))
    else:
        development = [unit for unit in units if _is_held_back(unit, settings.development_share)]
        rows = [row for row, u in enumerate(units) if not _is_held_back(u, settings.development_share)]
    held = {_without_blanks(unit.text) for unit in development}
    kept = [row for row in rows if _without_blanks(units[row].text) not in held]
    n_left_out = len(rows) - len(kept)
    kept = [row for row in kept if _is_in_share(units[row], settings)]
    if 0 < settings.limit < len(kept):
        kept = sorted(np.random.default_rng(0).permutation(kept)[: settings.limit].tolist())
    if not kept or not development:
        raise GoldError(
            f"{settings.config}: {len(kept)} sentences to train on and {len(development)} to calibrate with; "
            "both are needed. Name more gold, or a development file.",
            path=settings.config,
        )
    _folds_of(development)  # what cannot be measured is said before hours of training
    weights = [weight for file, weight in zip(files, settings.weights, strict=False) for _ in file]
    return GoldSplit(
        train=tuple(units[row] for row in kept),
        development=tuple(development),
        n_left_out=n_left_out,
        weights=tuple(weights[row] for row in kept) if weights else (),
    )


def _is_held_back(unit: CodedUnit, share: float) -> bool:
    # Another hash than that of `fold_of` alone: else a share of 1/4 held back one of the two folds only, and
    # the development report had no other half of documents to fit thresholds on.
    return fold_of(f"development\0{unit.document_id or unit.unit_id}", _SHARE_STEPS) < share * _SHARE_STEPS


def _is_in_share(unit: CodedUnit, settings: TrainSettings) -> bool:
    """Whether the document is trained on; with one seed, a larger share holds all of a smaller one."""
    key = f"share\0{settings.seed}\0{unit.document_id or unit.unit_id}"
    return fold_of(key, _SHARE_STEPS) < settings.document_share * _SHARE_STEPS


def _without_blanks(text: str) -> str:
    return "".join(text.split())


def _read_whole(path: Path, codebook: Codebook) -> list[CodedUnit]:
    units = read_coded_units(path, codebook)
    for unit in units:
        if not unit.text.strip():
            raise GoldError(
                f"{path}: unit {unit.unit_id!r} has no text to learn from. Give JSON Lines with `text`; the "
                "form unit,coder,code has none.",
                path=path,
                unit_id=unit.unit_id,
            )
        coded = {"initial": unit.initial, "dimensions": unit.dimensions, "paths": unit.paths}
        if missing := [level for level in PREDICTED_LEVELS if codebook.ids(level) and coded[level] is None]:
            raise GoldError(
                f"{path}: unit {unit.unit_id!r} was not coded for {', '.join(missing)}; a model is trained "
                "on sentences with the list of every level of the codebook (empty where nothing applies).",
                path=path,
                unit_id=unit.unit_id,
            )
    return units


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
    folder: Path, settings: TrainSettings, *, split: GoldSplit, max_tokens: int
) -> EvaluationReport:
    """Calibrate and measure with the weights as they were saved, then write the card and the manifest."""
    codebook = load_codebook(folder / "codebook.yaml")
    write_calibration(folder / "calibration.json", identity_calibration(codebook.code_ids))
    half = Thresholds(codebook.code_ids, np.full(len(codebook.code_ids), 0.5))
    write_thresholds(folder / "thresholds.json", half)
    manifest = _manifest(settings, split, max_tokens)
    write_manifest(folder, manifest)
    development = _coded_texts(split.development, codebook)
    logits, _ = open_predictor(load_model(folder), EngineSettings()).compute_logits(development.texts)
    report = measure_out_of_fold(logits, split.development, codebook=codebook, settings=settings)
    calibration, thresholds = _fit_decisions(
        logits, development.targets, codebook=codebook, prior=settings.threshold_prior
    )
    write_calibration(folder / "calibration.json", calibration)
    write_thresholds(folder / "thresholds.json", thresholds)
    trained = load_model(folder)
    write_manifest(folder, {**manifest, "digest": trained.digest})
    gold = settings.development or settings.train[0]
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


def _fit_decisions(
    logits: NDArray[np.float32], targets: NDArray[np.float32], *, codebook: Codebook, prior: float
) -> tuple[Calibration, Thresholds]:
    """The calibration of these logits, and thresholds on the scores it gives them."""
    calibration = fit_calibration(logits, targets, codebook=codebook)
    scores = calibrate(logits, calibration)
    return calibration, fit_thresholds(scores, targets, codebook=codebook, prior=prior)


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
    targets = targets_of(units, codebook)
    folds = _folds_of(units)
    scores = np.zeros_like(logits)
    applies = np.zeros(logits.shape, dtype=np.bool_)
    for fold in range(N_FOLDS):
        inside, outside = folds == fold, folds != fold
        calibration, thresholds = _fit_decisions(
            logits[outside], targets[outside], codebook=codebook, prior=settings.threshold_prior
        )
        scores[inside] = calibrate(logits[inside], calibration)
        applies[inside] = drop_unsupported_paths(apply_thresholds(scores[inside], thresholds), codebook)
    return Decisions(codebook.code_ids, scores, applies, np.zeros(len(units), dtype=np.bool_))


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
        "kind": settings.kind,
        "base": settings.base if settings.kind == "encoder" else None,
        "max_tokens": max_tokens,
        "seed": settings.seed,
        "recipe": asdict(settings.encoder if settings.kind == "encoder" else settings.baseline),
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
