"""Fine-tuning of the classifier: seeded, checkpointed after each epoch, in batches of fixed shapes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import PreTrainedModel

from policy_nlp.files import atomic_path
from policy_nlp.model.batching import iter_training_rows, pad_rows
from policy_nlp.model.devices import fast_precision
from policy_nlp.model.gold_tokens import TokenisedGold
from policy_nlp.model.heads import check_bert, sampled_logits
from policy_nlp.model.joining import join_sentences
from policy_nlp.model.losses import CodeLoss
from policy_nlp.model.optimiser import WeightAverage, build_optimiser, build_schedule
from policy_nlp.settings.training import EncoderTraining


class Trainer:
    """State of one run: model, optimiser, schedule, moving average, position.

    Attributes:
        n_batches: of each epoch; joined sentences make them differ.

    Raises:
        SettingsError: the recipe samples dropout and the encoder's head cannot be run by itself.
    """

    def __init__(
        self,
        model: PreTrainedModel,
        gold: TokenisedGold,
        settings: EncoderTraining,
        *,
        seed: int,
        device: torch.device,
    ) -> None:
        self.model = model.to(device)
        self.gold = gold
        self.settings = settings
        self.seed = seed
        self.device = device
        self.optimiser = build_optimiser(model, settings)
        self.n_batches = tuple(
            sum(1 for _ in self._iter_epoch_rows(self._gold_of(epoch), epoch))
            for epoch in range(settings.epochs)
        )
        n_steps = sum(math.ceil(n / settings.accumulate) for n in self.n_batches)
        self.schedule = build_schedule(self.optimiser, settings, n_steps=n_steps)
        self.dtype = fast_precision(device, settings.precision)
        # Small gradients vanish in fp16: the loss is scaled up, the gradients are scaled back before a step.
        self.scaler = torch.amp.GradScaler(device.type, enabled=self.dtype is torch.float16)
        self.average = WeightAverage(model, settings.average_decay) if settings.average_decay else None
        self.next_epoch = 0
        share = torch.from_numpy(gold.targets.mean(axis=0)).to(device)
        self.code_loss = CodeLoss(settings, share)
        if settings.dropout_samples > 1:
            check_bert(model, key="dropout_samples")
        self.logits_of = torch.compile(sampled_logits) if settings.compile else sampled_logits

    def train_epoch(self, on_batch: Callable[[int, float], None]) -> float:
        """Mean loss of the next epoch; `on_batch` gets the batch number and its loss."""
        torch.manual_seed(self.seed * 1000 + self.next_epoch)
        self.model.train()
        losses = []
        self.optimiser.zero_grad(set_to_none=True)
        gold, n_batches = self._gold_of(self.next_epoch), self.n_batches[self.next_epoch]
        for number, (length, rows) in enumerate(self._iter_epoch_rows(gold, self.next_epoch), start=1):
            loss = self._backward(gold, rows, length=length)
            losses.append(loss)
            if number % self.settings.accumulate == 0 or number == n_batches:
                self._step()
            on_batch(number, loss)
        self.next_epoch += 1
        return float(np.mean(losses))

    def _gold_of(self, epoch: int) -> TokenisedGold:
        """What one epoch reads: the gold, with other sentences joined in each epoch."""
        return join_sentences(
            self.gold,
            share=self.settings.joined_sentences,
            max_tokens=self.settings.max_tokens,
            generator=np.random.default_rng([self.seed, epoch, 1]),
        )

    def _iter_epoch_rows(self, gold: TokenisedGold, epoch: int) -> Iterator[tuple[int, NDArray[np.int64]]]:
        return iter_training_rows(
            gold.lengths,
            batch_size=self.settings.batch_size,
            buckets=self.settings.buckets,
            generator=np.random.default_rng([self.seed, epoch]),
        )

    def _backward(self, gold: TokenisedGold, rows: NDArray[np.int64], *, length: int) -> float:
        ids, mask = pad_rows([gold.token_ids[row] for row in rows], length, pad_id=gold.pad_id)
        inputs = {
            "input_ids": self._hide_tokens(torch.from_numpy(ids), torch.from_numpy(mask)).to(self.device),
            "attention_mask": torch.from_numpy(mask).to(self.device),
        }
        targets = torch.from_numpy(gold.targets[rows]).to(self.device)
        weights = None if gold.weights is None else torch.from_numpy(gold.weights[rows]).to(self.device)
        loss = self._loss(inputs, targets, weights)
        self.scaler.scale(loss).backward()
        if self.settings.adversarial:
            self._backward_adversarial(lambda: self._loss(inputs, targets, weights))
        return float(loss.detach()) * self.settings.accumulate

    def _hide_tokens(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Token ids with a random share behind the mask token, the first and last of each row never."""
        share = self.settings.token_masking
        if share == 0 or self.gold.mask_id is None:
            return ids
        is_inner = torch.roll(mask, -1, dims=1) * mask
        is_inner[:, [0, -1]] = 0
        is_hidden = (torch.rand(ids.shape) < share) & (is_inner > 0)
        return ids.masked_fill(is_hidden, self.gold.mask_id)

    def _loss(
        self, inputs: dict[str, torch.Tensor], targets: torch.Tensor, weights: torch.Tensor | None
    ) -> torch.Tensor:
        n_samples = self.settings.dropout_samples
        n_passes = 2 if self.settings.r_drop else 1
        with self._autocast():
            passes = [self.logits_of(self.model, inputs, n_samples=n_samples) for _ in range(n_passes)]
        return self.code_loss.of_passes(passes, targets, weights=weights) / self.settings.accumulate

    def _backward_adversarial(self, compute_loss: Callable[[], torch.Tensor]) -> None:
        """Add the gradient at word embeddings moved by one step up the loss (FGM, Miyato et al. 2017)."""
        weight = self.model.get_input_embeddings().weight
        if weight.grad is None:
            return
        norm = weight.grad.norm()
        if not torch.isfinite(norm) or norm == 0:
            return
        step = self.settings.adversarial * weight.grad / norm
        weight.data.add_(step)
        self.scaler.scale(compute_loss()).backward()
        weight.data.sub_(step)

    def _step(self) -> None:
        self.scaler.unscale_(self.optimiser)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.settings.gradient_clip)
        self.scaler.step(self.optimiser)
        self.scaler.update()
        self.schedule.step()
        self.optimiser.zero_grad(set_to_none=True)
        if self.average:
            self.average.update(self.model)

    def save_checkpoint(self, path: Path) -> None:
        """Write all state to `path`, whole; a crash leaves the old one."""
        state = {
            "epoch": self.next_epoch,
            "model": self.model.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "schedule": self.schedule.state_dict(),
            "scaler": self.scaler.state_dict(),
            "average": self.average.state if self.average else {},
            "n_averaged": self.average.n_updates if self.average else 0,
        }
        with atomic_path(path) as temporary:
            torch.save(state, temporary)

    def load_checkpoint(self, path: Path) -> None:
        """Go on from the state in `path`, which this program wrote (tensors only, no code is run)."""
        state = torch.load(path, map_location=self.device, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.schedule.load_state_dict(state["schedule"])
        if self.scaler.is_enabled() and state["scaler"]:
            self.scaler.load_state_dict(state["scaler"])
        if self.average:
            self.average.state = state["average"]
            self.average.n_updates = int(state["n_averaged"])
        self.next_epoch = int(state["epoch"])

    def final_model(self) -> PreTrainedModel:
        """Model with the averaged weights when an average was kept, else the last ones."""
        if self.average:
            self.model.load_state_dict(self.average.state, strict=False)
        self.model.eval()
        return self.model

    def _autocast(self) -> torch.autocast | nullcontext[None]:
        """Mixed-precision context of the run; nothing where bf16 would be slow or fp32 was asked for."""
        if self.dtype is torch.float32:
            return nullcontext()
        return torch.autocast(self.device.type, dtype=self.dtype)
