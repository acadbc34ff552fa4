"""Segments -> Decisions: read, dedup, run the model, calibrate, apply thresholds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

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
class TextLogits:
    """What a model makes of N texts before calibration.

    Attributes:
        logits: shape (N, C), 0 where there was no usable text.
        is_empty: shape (N,), True where there was none.
        is_truncated: shape (N,), True where the text was longer than the model reads.
    """

    logits: NDArray[np.float32]
    is_empty: NDArray[np.bool_]
    is_truncated: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class OpenEncoder:
    """Weights ready to run.

    Attributes:
        precision: device and floating-point type.
    """

    compute_logits: ComputeLogits
    precision: str


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
        return self.decide_logits(self.read_logits(texts))

    def read_logits(self, texts: Sequence[str]) -> TextLogits:
        """Logits of raw segments, in their order; equal segments are run once."""
        readings = [read_segment(text).text for text in texts]
        is_empty = np.array([not _has_words(reading) for reading in readings], dtype=np.bool_)
        places: dict[str, int] = {}
        row_of = [
            -1 if empty else places.setdefault(r, len(places))
            for r, empty in zip(readings, is_empty, strict=True)
        ]
        unique_logits, unique_truncated = self.compute_logits(list(places))
        logits, is_truncated = _scatter(unique_logits, unique_truncated, np.array(row_of, dtype=np.int64))
        return TextLogits(logits, is_empty, is_truncated)

    def decide_logits(self, read: TextLogits) -> Decisions:
        """Scores and codes of segments whose logits are known."""
        scores = calibrate(read.logits, self.model.calibration)
        scores[read.is_empty] = np.nan
        applies = apply_thresholds(scores, self.model.thresholds)
        applies = drop_unsupported_paths(applies, self.model.codebook)
        code_ids = self.model.codebook.code_ids
        return Decisions(code_ids, scores, applies, read.is_empty, read.is_truncated)


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

    torch.set_num_threads(settings.n_threads or usable_cores())
    code_ids = model.codebook.code_ids
    encoder = open_encoder(model.path, code_ids, max_tokens=model.max_tokens, settings=settings)
    return Predictor(model, encoder.compute_logits, f"{model.digest}:{encoder.precision}:{__version__}")


def open_encoder(
    folder: Path, code_ids: Sequence[str], *, max_tokens: int, settings: EngineSettings
) -> OpenEncoder:
    """The encoder of a folder, which need not be a whole model folder.

    Raises:
        ModelError: the weights cannot be loaded or have other codes.
        SettingsError: the device that was asked for is not there.
    """
    from policy_nlp.engine.runner import EncoderRunner
    from policy_nlp.engine.torch_backend import TorchBackend
    from policy_nlp.model.classifier import load_classifier, load_tokenizer
    from policy_nlp.model.devices import choose_device, fast_precision

    device = choose_device(settings.device)
    dtype = fast_precision(device, settings.precision)
    backend = TorchBackend(load_classifier(folder, code_ids), device=device, dtype=dtype)
    tokenizer = load_tokenizer(folder)
    runner = EncoderRunner(backend, tokenizer, len(code_ids), max_tokens, settings.token_budget)
    return OpenEncoder(runner.compute_logits, f"{device.type}:{str(dtype).removeprefix('torch.')}")


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
