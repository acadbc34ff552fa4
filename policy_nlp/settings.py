"""TOML files and flags -> frozen settings. This module alone reads TOML and the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
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
