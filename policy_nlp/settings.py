"""TOML files and flags -> frozen settings. This module alone reads TOML and the environment."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Device = Literal["auto", "cpu", "cuda"]
Precision = Literal["auto", "fp32", "bf16", "fp16"]


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How the encoder runs; none of it may change which codes are meant."""

    device: Device = "auto"
    precision: Precision = "auto"
    token_budget: int = 4096  # padded tokens in one batch
    n_threads: int | None = None  # None: the cores this process may use


def is_debug_set() -> bool:
    """Whether POLICY_NLP_DEBUG asks for tracebacks (set, and not empty or 0)."""
    return os.environ.get("POLICY_NLP_DEBUG", "") not in ("", "0")


def cache_folder() -> Path:
    """Where built base encoders are kept: $POLICY_NLP_CACHE, else the user's cache folder. May not exist."""
    if own := os.environ.get("POLICY_NLP_CACHE"):
        return Path(own)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "policy-nlp"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "policy-nlp"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "policy-nlp"


@dataclass(frozen=True, slots=True)
class EncoderTraining:
    """Recipe of fine-tuning; rates are per step, fractions from 0 to 1."""

    epochs: int = 6
    batch_size: int = 32  # sentences
    accumulate: int = 1  # batches summed before one step
    encoder_rate: float = 1e-4
    head_rate: float = 1e-3  # pooler and head
    layer_decay: float = 1.0  # factor on the rate from each layer to the one below
    weight_decay: float = 0.01
    warmup_fraction: float = 0.06
    dropout: float = 0.0
    adversarial: float = 0.0  # size of the FGM step on word embeddings; 0: off
    average_decay: float = 0.0  # of the moving average of weights; 0: off
    gradient_clip: float = 1.0
    max_tokens: int = 128
    buckets: tuple[int, ...] = (24, 32, 48, 64, 80, 96, 128)  # tokens
    precision: Precision = "auto"
    device: Device = "auto"
    compile: bool = False
