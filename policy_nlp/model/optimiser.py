"""Optimiser, schedule and moving average of one fine-tuning run."""

from __future__ import annotations

import re

import torch
from torch.optim import AdamW
from torch.optim.lr_scheduler import LambdaLR
from transformers import PreTrainedModel

from policy_nlp.settings.training import EncoderTraining

_LAYER = re.compile(r"\.layer\.(\d+)\.")
_HEAD = ("pooler.", "classifier.")
_NO_DECAY = ("bias", "LayerNorm.weight")


def build_optimiser(model: PreTrainedModel, settings: EncoderTraining) -> AdamW:
    """AdamW with the head at its own rate and each layer's rate decayed from the top down."""
    n_layers = int(getattr(model.config, "num_hidden_layers", 0))
    groups: dict[tuple[float, float], list[torch.nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        rate = _rate_of(name, n_layers, settings)
        decay = 0.0 if name.endswith(_NO_DECAY) else settings.weight_decay
        groups.setdefault((rate, decay), []).append(parameter)
    return AdamW(
        [
            {"params": parameters, "lr": rate, "weight_decay": decay}
            for (rate, decay), parameters in groups.items()
        ]
    )


def _rate_of(name: str, n_layers: int, settings: EncoderTraining) -> float:
    if any(part in name for part in _HEAD):
        return settings.head_rate
    found = _LAYER.search(name)
    depth_from_top = n_layers - 1 - int(found.group(1)) if found else n_layers
    return settings.encoder_rate * float(settings.layer_decay**depth_from_top)


def build_schedule(optimiser: AdamW, settings: EncoderTraining, *, n_steps: int) -> LambdaLR:
    """Linear rise over the warm-up fraction, then linear fall to zero."""
    n_warmup = max(1, round(n_steps * settings.warmup_fraction))

    def factor(step: int) -> float:
        if step < n_warmup:
            return (step + 1) / n_warmup
        return max(0.0, (n_steps - step) / max(1, n_steps - n_warmup))

    return LambdaLR(optimiser, factor)


class WeightAverage:
    """Exponential moving average of the floating-point weights."""

    def __init__(self, model: PreTrainedModel, decay: float) -> None:
        self.decay = decay
        self.n_updates = 0
        self.state = {n: p.detach().clone() for n, p in model.state_dict().items() if p.is_floating_point()}

    @torch.no_grad()
    def update(self, model: PreTrainedModel) -> None:
        """Move the average towards the current weights; early on it follows faster."""
        self.n_updates += 1
        decay = min(self.decay, self.n_updates / (self.n_updates + 10))
        for name, value in model.state_dict().items():
            if name in self.state:
                self.state[name].lerp_(value, 1 - decay)
