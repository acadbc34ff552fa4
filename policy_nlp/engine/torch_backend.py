"""Batch -> logits with torch, on the CPU or one GPU."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import PreTrainedModel

from policy_nlp.records import Batch


class TorchBackend:
    """Runs the classifier in one floating-point type on one device."""

    def __init__(self, model: PreTrainedModel, *, device: torch.device, dtype: torch.dtype) -> None:
        self._model = model.to(device=device, dtype=dtype).eval()
        self._device = device

    def logits(self, batch: Batch) -> NDArray[np.float32]:
        """Logits of shape (N, C)."""
        mask = (
            None if batch.attention_mask is None else torch.from_numpy(batch.attention_mask).to(self._device)
        )
        with torch.inference_mode():
            output = self._model(
                input_ids=torch.from_numpy(batch.token_ids).to(self._device), attention_mask=mask
            )
        logits: NDArray[np.float32] = output.logits.float().cpu().numpy()
        return logits
