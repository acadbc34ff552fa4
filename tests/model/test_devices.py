"""Which device and precision `auto` means; CUDA is pretended, so that no GPU is needed."""

from __future__ import annotations

import pytest
import torch

from policy_nlp.errors import SettingsError
from policy_nlp.model import devices
from policy_nlp.model.devices import choose_device, fast_precision

CUDA, CPU = torch.device("cuda"), torch.device("cpu")


def test_cuda_without_cuda_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert choose_device("auto") == CPU
    with pytest.raises(SettingsError, match="--device cpu"):
        choose_device("cuda")


def test_cpu_is_taken_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert choose_device("auto") == CUDA
    assert choose_device("cpu") == CPU


def test_gpu_that_only_emulates_bf16_runs_fp16(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation=True: including_emulation)
    assert fast_precision(CUDA, "auto") is torch.float16
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation=True: True)
    assert fast_precision(CUDA, "auto") is torch.bfloat16


def test_processor_without_bf16_instructions_runs_fp32(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "cpu_flags", lambda: frozenset({"avx2"}))
    assert fast_precision(CPU, "auto") is torch.float32
    assert fast_precision(CPU, "bf16") is torch.bfloat16
