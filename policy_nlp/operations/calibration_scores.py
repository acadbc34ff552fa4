"""Gold that a model was not trained on -> the calibration scores in its folder, which `--abstain` needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.intervals import group_indices
from policy_nlp.files import sha256_of_file
from policy_nlp.model.calibration import calibrate
from policy_nlp.model.calibration_scores import CalibrationScores, write_calibration_scores
from policy_nlp.model.trained import TrainedModel
from policy_nlp.records import CodedUnit


@dataclass(frozen=True, slots=True)
class ScoredGold:
    """Coded sentences, with what a model makes of them.

    Attributes:
        units: N of them, of the file `path`.
        logits: shape (N, C).
        targets: shape (N, C), 0 or 1.
    """

    path: Path
    units: Sequence[CodedUnit]
    logits: NDArray[np.float32]
    targets: NDArray[np.float32]


def keep_calibration_scores(model: TrainedModel, gold: ScoredGold) -> CalibrationScores:
    """Write the scores that the model gives the gold into its folder.

    Raises:
        OutputError: the folder cannot be written.
    """
    documents, _ = group_indices([unit.document_id or unit.unit_id for unit in gold.units])
    known = CalibrationScores(
        scores=calibrate(gold.logits, model.calibration),
        applies=gold.targets > 0.5,
        document_of=documents.astype(np.int32),
        model_sha256=model.digest,
        gold_sha256=sha256_of_file(gold.path),
    )
    write_calibration_scores(model.path, known)
    return known
