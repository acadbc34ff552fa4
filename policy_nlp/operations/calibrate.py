"""CalibrateSettings -> the calibration scores of a trained model, from gold it was not trained on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from policy_nlp.codebook import Codebook
from policy_nlp.engine.predictor import open_predictor
from policy_nlp.files import hold_lock, sha256_of_file
from policy_nlp.model.calibration_scores import CALIBRATION_SCORES
from policy_nlp.model.code_cuts import fit_abstention
from policy_nlp.model.trained import load_model
from policy_nlp.operations.calibration_scores import ScoredGold, keep_calibration_scores
from policy_nlp.operations.card import check_not_trained_on, settings_of_model
from policy_nlp.operations.train import read_whole_units, targets_of
from policy_nlp.reading import read_segment
from policy_nlp.records import Abstention, Progress
from policy_nlp.settings.commands import CalibrateSettings

SHOWN_RISK = 0.1  # the cuts that the summary of the command shows
_TEXTS_AT_ONCE = 1024  # sentences between two steps of the progress


@dataclass(frozen=True, slots=True)
class CalibrateResult:
    """The file that was written, and the cuts it gives at one risk."""

    path: Path
    abstention: Abstention
    codebook: Codebook


def calibrate_model(settings: CalibrateSettings, progress: Progress | None = None) -> CalibrateResult:
    """Score the gold and keep scores and codes, without text, in the model's folder; the codes it gives stay.

    Raises:
        ModelError: there is no such model.
        GoldError: the gold breaks its form, a unit has no text or was not coded on every level, or the model
            was trained on the file.
        OutputError: another run is writing the folder, or it cannot be written.
    """
    model = load_model(settings.model)
    if sha256_of_file(settings.gold) in model.gold_sha256:
        check_not_trained_on(settings.gold, model, trained=settings_of_model(model))
    units = read_whole_units(settings.gold, model.codebook)
    predictor = open_predictor(model, settings.engine)
    texts = [read_segment(unit.text).text for unit in units]
    parts = []
    for start in range(0, len(texts), _TEXTS_AT_ONCE):
        if progress:
            progress(start, len(texts))
        parts.append(predictor.compute_logits(texts[start : start + _TEXTS_AT_ONCE])[0])
    if progress:
        progress(len(texts), len(texts))
    gold = ScoredGold(settings.gold, units, np.concatenate(parts), targets_of(units, model.codebook))
    with hold_lock(model.path):
        keep_calibration_scores(model, gold)
    path = model.path / CALIBRATION_SCORES
    return CalibrateResult(path, fit_abstention(model, SHOWN_RISK), model.codebook)
