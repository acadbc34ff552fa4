"""AblationSettings -> one small JSON a run, and the table of what each variant gave."""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy import stats

from policy_nlp.evaluation.ablation import CONFIDENCE, AblationRow
from policy_nlp.evaluation.report import EvaluationReport
from policy_nlp.files import hold_lock, remove_path, sha256_of_file, write_atomically
from policy_nlp.operations.train import train_model
from policy_nlp.records import Progress
from policy_nlp.settings.ablation import BASE_VARIANT, AblationSettings
from policy_nlp.settings.training import TrainSettings


def run_ablation(settings: AblationSettings, progress: Progress) -> tuple[AblationRow, ...]:
    """Train what is not trained yet, and compare; a killed run goes on from its last epoch.

    Raises:
        OutputError: another run is writing the folder.
        GoldError, EncoderError, SettingsError: as `train_model`.
    """
    n_runs = len(settings.variants) * len(settings.seeds)
    found: dict[str, list[dict[str, float]]] = {}
    progress(0, n_runs)
    settings.out.mkdir(parents=True, exist_ok=True)
    with hold_lock(settings.out):
        for variant in settings.variants:
            for seed in settings.seeds:
                run = measure_run(
                    replace(variant.settings, seed=seed), f"{variant.name}-{seed}", folder=settings.out
                )
                found.setdefault(variant.name, []).append(run)
                progress(sum(map(len, found.values())), n_runs)
    base = found[BASE_VARIANT]
    return tuple(
        summarise(name, measure, values=[run[measure] for run in runs], base=[run[measure] for run in base])
        for name, runs in found.items()
        for measure in base[0]
    )


def summarise(variant: str, measure: str, *, values: Sequence[float], base: Sequence[float]) -> AblationRow:
    """Mean, deviation and paired difference with Student's t interval over seeds.

    The interval speaks of the chance of training only: the development sentences are the same in all runs.
    """
    x, pairs = np.array(values, dtype=float), np.array(values, dtype=float) - np.array(base, dtype=float)
    n = len(x)
    spread = float(x.std(ddof=1)) if n > 1 else math.nan
    half = math.nan
    if n > 1:
        half = float(stats.t.ppf((1 + CONFIDENCE) / 2, n - 1) * pairs.std(ddof=1) / math.sqrt(n))
    gap = float(pairs.mean())
    return AblationRow(variant, measure, n, float(x.mean()), spread, gap, gap - half, gap + half)


def measure_run(settings: TrainSettings, name: str, *, folder: Path) -> dict[str, float]:
    """Measures of one run: those of its JSON file when it was made by the same settings, else trained.

    Args:
        settings: the run; where it writes is set here.
        name: of its files in the folder.
        folder: of all runs; checkpoints lie in it until the run is done.

    Raises:
        GoldError, EncoderError, SettingsError: as `train_model`.
    """
    path = folder / f"{name}.json"
    settings = replace(settings, out=folder / name, work=folder / "checkpoints", is_forced=True)
    signature = _signature(settings)
    if path.is_file():
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept["signature"] == signature:
            return {name: math.nan if value is None else value for name, value in kept["measures"].items()}
    started = time.monotonic()
    report = train_model(settings, lambda n_done, n_total: None).report
    measures = {**_measures(report), "wall_s": round(time.monotonic() - started, 1)}
    shown = {name: None if math.isnan(value) else value for name, value in measures.items()}
    write_atomically(path, json.dumps({"signature": signature, "measures": shown}, indent=1) + "\n")
    for folder_of_run in (settings.out, settings.work):  # weights and checkpoints: only the numbers are kept
        remove_path(folder_of_run)  # a baseline has no checkpoints
    return measures


def _signature(settings: TrainSettings) -> str:
    gold = [*settings.train, *([settings.development] if settings.development else [])]
    decided = repr((settings.encoder, settings.base, settings.kind, settings.seed, settings.limit))
    decided += repr((settings.threshold_prior, settings.weights, settings.development_share))
    if settings.document_share < 1:
        decided += repr(settings.document_share)
    if settings.kind == "baseline":
        decided += repr(settings.baseline)
    elif settings.kind != "encoder":
        decided += repr((settings.few_shot, settings.baseline))
    return hashlib.sha256((decided + "".join(map(sha256_of_file, gold))).encode("utf-8")).hexdigest()


def _measures(report: EvaluationReport) -> dict[str, float]:
    found = {}
    for level in report.levels:
        found[f"{level.level} micro_f1"] = float(level.micro_f1.value)
        found[f"{level.level} macro_f1"] = float(level.macro_f1.value)
        found[f"{level.level} ece"] = float(level.calibration_error.value)
    return found
