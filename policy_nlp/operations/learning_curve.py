"""CurveSettings -> LearningCurve: models trained on growing shares of the gold, one small JSON a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from policy_nlp.codebook import Codebook
from policy_nlp.evaluation.learning_curve import CurveRun, LearningCurve, fit_levels
from policy_nlp.files import hold_lock
from policy_nlp.operations.ablate import measure_run
from policy_nlp.operations.learning_curve_files import write_curve
from policy_nlp.operations.run_codebook import codebook_of_run
from policy_nlp.operations.train import read_split
from policy_nlp.records import LEVELS, Level, Progress
from policy_nlp.settings.learning_curve import CurveSettings
from policy_nlp.settings.training import TrainSettings


def run_learning_curve(settings: CurveSettings, progress: Progress) -> LearningCurve:
    """Train what is not trained yet, fit the laws, write table and picture; a killed run goes on.

    Each run is measured as `train` measures: calibration and thresholds of each half of the development
    documents are fitted on the other half.

    Raises:
        OutputError: another run is writing the folder.
        GoldError, EncoderError, SettingsError: as `train_model`.
    """
    runs_of: dict[Level, list[CurveRun]] = {}
    seeds = range(settings.train.seed, settings.train.seed + settings.n_seeds)
    plan = [(share, seed) for share in settings.shares for seed in seeds]
    codebook = codebook_of_run(settings.train).codebook
    settings.out.mkdir(parents=True, exist_ok=True)
    with hold_lock(settings.out):
        for number, (share, seed) in enumerate(plan):
            progress(number, len(plan))
            one = replace(settings.train, document_share=share, seed=seed)
            for level, curve_run in _measure(one, codebook, folder=settings.out):
                runs_of.setdefault(level, []).append(curve_run)
        progress(len(plan), len(plan))
        curve = fit_levels(runs_of, recipe=f"{settings.train.name}, {settings.train.kind}")
        write_curve(curve, settings.out)
    return curve


def _measure(
    settings: TrainSettings, codebook: Codebook, *, folder: Path
) -> Iterator[tuple[Level, CurveRun]]:
    """The run of each level that the development gold codes."""
    share, seed = settings.document_share, settings.seed
    n_train = len(read_split(settings, codebook).train)
    measures = measure_run(settings, f"share-{share:.6g}-{seed}", folder=folder)
    for level in LEVELS:
        if (value := measures.get(f"{level} micro_f1")) is not None:
            yield level, CurveRun(share, seed, n_train, value)
