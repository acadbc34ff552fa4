"""Which device and which floating-point type the model runs with."""

from __future__ import annotations

import torch

from policy_nlp.errors import SettingsError
from policy_nlp.machine import cpu_flags
from policy_nlp.settings.engine import Device, Precision

_FAST_BF16_FLAGS = frozenset({"avx512_bf16", "amx_bf16"})
_DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


def choose_device(wanted: Device) -> torch.device:
    """Device of that name; `auto` is CUDA when there is one, else the CPU.

    Raises:
        SettingsError: CUDA was asked for and there is none.
    """
    has_cuda = torch.cuda.is_available()
    if wanted == "cuda" and not has_cuda:
        raise SettingsError("--device cuda: torch sees no CUDA device here. Use --device cpu or auto.")
    return torch.device("cuda" if has_cuda and wanted != "cpu" else "cpu")


def fast_precision(device: torch.device, wanted: Precision) -> torch.dtype:
    """Floating-point type of that name; `auto` is the fastest that loses nothing that matters.

    That is bf16 where the device multiplies it natively. Processors without the instructions run bf16 about a
    hundred times slower than fp32, so there `auto` is fp32.
    """
    if wanted != "auto":
        return _DTYPES[wanted]
    if device.type == "cuda":
        is_native = torch.cuda.is_bf16_supported(including_emulation=False)
        return torch.bfloat16 if is_native else torch.float16
    has_fast_bf16 = bool(_FAST_BF16_FLAGS & cpu_flags()) and torch.backends.mkldnn.is_available()
    return torch.bfloat16 if has_fast_bf16 else torch.float32
