"""`calibration_scores.npz` of a model folder: scores and codes of sentences not trained on, without text."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from policy_nlp.errors import ModelError
from policy_nlp.files import sha256_of_file, write_atomically
from policy_nlp.model.trained import TrainedModel, read_manifest, write_manifest

CALIBRATION_SCORES = "calibration_scores.npz"
_ENTRY = "calibration_scores"  # of manifest.json


@dataclass(frozen=True, slots=True)
class CalibrationScores:
    """What a model scored on N coded sentences that it was not trained on.

    Attributes:
        scores: shape (N, C), calibrated.
        applies: shape (N, C), whether the sentence carries the code.
        document_of: shape (N,), the number of its document, from 0.
        model_sha256: digest of the model that scored them.
        gold_sha256: of the file of the codings.
        sha256: of the file these were read from; empty before they are written.
    """

    scores: NDArray[np.float32]
    applies: NDArray[np.bool_]
    document_of: NDArray[np.int32]
    model_sha256: str
    gold_sha256: str
    sha256: str = ""

    def __post_init__(self) -> None:
        if self.scores.shape != self.applies.shape or self.document_of.shape != (len(self.scores),):
            raise ValueError("calibration scores need a row of codes and a document for each sentence")

    @property
    def n_documents(self) -> int:
        """Documents of the sentences."""
        return len(np.unique(self.document_of))


def write_calibration_scores(folder: Path, known: CalibrationScores) -> None:
    """Write the file, and its hash into manifest.json; the model's digest and codes stay as they are.

    Raises:
        OutputError: the folder cannot be written.
    """
    content = io.BytesIO()
    np.savez_compressed(
        content,
        scores=known.scores.astype(np.float32),
        applies=known.applies.astype(np.uint8),
        document_of=known.document_of.astype(np.int32),
        model_sha256=np.array(known.model_sha256),
        gold_sha256=np.array(known.gold_sha256),
    )
    path = folder / CALIBRATION_SCORES
    write_atomically(path, content.getvalue())
    entry = {
        "sha256": sha256_of_file(path),
        "gold_sha256": known.gold_sha256,
        "n_sentences": len(known.scores),
        "n_documents": known.n_documents,
    }
    write_manifest(folder, {**read_manifest(folder), _ENTRY: entry})


def read_calibration_scores(model: TrainedModel) -> CalibrationScores:
    """The calibration scores of a model.

    Raises:
        ModelError: its folder has none, they are damaged, or other weights scored them.
    """
    path = model.path / CALIBRATION_SCORES
    if not path.is_file():
        raise _unusable(model, "its folder holds no calibration scores")
    sha256 = sha256_of_file(path)
    entry = read_manifest(model.path).get(_ENTRY)
    if not isinstance(entry, dict) or entry.get("sha256") != sha256:
        raise _unusable(model, f"{path.name} is not the file that its manifest.json names")
    try:
        with np.load(path, allow_pickle=False) as arrays:
            known = CalibrationScores(
                scores=arrays["scores"].astype(np.float32),
                applies=arrays["applies"].astype(np.bool_),
                document_of=arrays["document_of"].astype(np.int32),
                model_sha256=str(arrays["model_sha256"]),
                gold_sha256=str(arrays["gold_sha256"]),
                sha256=sha256,
            )
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as err:
        raise _unusable(model, f"{path.name} is damaged ({err})") from err
    if known.model_sha256 != model.digest or known.scores.shape[1:] != (len(model.codebook.code_ids),):
        raise _unusable(model, f"{path.name} was scored by other weights or thresholds")
    return known


def _unusable(model: TrainedModel, what: str) -> ModelError:
    return ModelError(
        f"{model.path}: --abstain needs the scores of coded sentences that the model was not trained on, and "
        f"{what}. Write them: policy-nlp calibrate {model.path} GOLD (sentences coded at every level).",
        path=model.path,
    )
