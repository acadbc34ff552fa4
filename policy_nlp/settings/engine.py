"""How the encoder runs: the settings that commands, training and the engine share."""

from __future__ import annotations

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
