"""Segments -> Decisions: read, dedup, run the model, calibrate, apply thresholds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policy_nlp import __version__
from policy_nlp.codebook import drop_unsupported_paths
from policy_nlp.machine import usable_cores
from policy_nlp.model.calibration import calibrate
from policy_nlp.model.thresholds import apply_thresholds
from policy_nlp.model.trained import TrainedModel
from policy_nlp.reading import read_segment
from policy_nlp.records import Decisions
from policy_nlp.settings.engine import EngineSettings

ComputeLogits = Callable[[Sequence[str]], tuple[NDArray[np.float32], NDArray[np.bool_]]]


@dataclass(frozen=True, slots=True)
class Predictor:
    """A model ready to decide.

    Attributes:
        signature: names everything that determines the numbers: model, precision, version.
    """

    model: TrainedModel
    compute_logits: ComputeLogits
    signature: str

    def decide(self, texts: Sequence[str]) -> Decisions:
        """Scores and codes of raw segments, in their order; equal segments are run once."""
        readings = [read_segment(text).text for text in texts]
        is_empty = np.array([not _has_words(reading) for reading in readings], dtype=np.bool_)
        places: dict[str, int] = {}
        row_of = [
            -1 if empty else places.setdefault(r, len(places))
            for r, empty in zip(readings, is_empty, strict=True)
        ]
        unique_logits, unique_truncated = self.compute_logits(list(places))
        logits, is_truncated = _scatter(unique_logits, unique_truncated, np.array(row_of, dtype=np.int64))
        scores = calibrate(logits, self.model.calibration)
        scores[is_empty] = np.nan
        applies = apply_thresholds(scores, self.model.thresholds)
        applies = drop_unsupported_paths(applies, self.model.codebook)
        return Decisions(self.model.codebook.code_ids, scores, applies, is_empty, is_truncated)


def open_predictor(model: TrainedModel, settings: EngineSettings) -> Predictor:
    """Load the weights of `model` and return a predictor.

    Raises:
        ModelError: the weights cannot be loaded or do not fit the codebook.
        SettingsError: the device that was asked for is not there.
    """
    if model.kind == "baseline":
        from policy_nlp.model.baseline import load_baseline

        baseline = load_baseline(model.path)
        return Predictor(model, baseline.compute_logits, f"{model.digest}:baseline:{__version__}")
    return _open_encoder(model, settings)


def _open_encoder(model: TrainedModel, settings: EngineSettings) -> Predictor:
    import torch

    from policy_nlp.engine.runner import EncoderRunner
    from policy_nlp.engine.torch_backend import TorchBackend
    from policy_nlp.model.classifier import load_classifier, load_tokenizer
    from policy_nlp.model.devices import choose_device, fast_precision

    torch.set_num_threads(settings.n_threads or usable_cores())
    device = choose_device(settings.device)
    dtype = fast_precision(device, settings.precision)
    code_ids = model.codebook.code_ids
    backend = TorchBackend(load_classifier(model.path, code_ids), device=device, dtype=dtype)
    runner = EncoderRunner(
        backend, load_tokenizer(model.path), len(code_ids), model.max_tokens, settings.token_budget
    )
    precision = str(dtype).removeprefix("torch.")
    return Predictor(model, runner.compute_logits, f"{model.digest}:{device.type}:{precision}:{__version__}")


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _scatter(
    logits: NDArray[np.float32], is_truncated: NDArray[np.bool_], row_of: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Rows of unique texts put back to every place they came from; -1 gives zeros."""
    spread = np.zeros((len(row_of), logits.shape[1]), dtype=np.float32)
    truncated = np.zeros(len(row_of), dtype=np.bool_)
    is_run = row_of >= 0
    spread[is_run] = logits[row_of[is_run]]
    truncated[is_run] = is_truncated[row_of[is_run]]
    return spread, truncated
