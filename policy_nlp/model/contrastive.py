"""Contrastive training of an encoder on few coded sentences: alike codes, alike features.

Source: Tunstall, Reimers, Jo, Bates, Korat, Wasserblat, Pereg (2022), "Efficient Few-Shot Learning Without
Prompts" (SetFit): cosine similarity of pairs, then a linear head. Three things differ: all pairs of a batch
are compared where SetFit draws pairs, which costs one pass of the encoder a sentence; two sentences are as
alike as their sets of codes (Jaccard), so that several codes may apply; and features are centred by the mean
of the untouched encoder, for those of multilingual-e5 crowd together.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import nullcontext

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import normalize
from transformers import PreTrainedModel

from policy_nlp.model.batching import pad_rows
from policy_nlp.model.classifier import N_START_SENTENCES, head_features
from policy_nlp.model.devices import fast_precision
from policy_nlp.model.gold_tokens import TokenisedGold
from policy_nlp.model.heads import mean_of_tokens
from policy_nlp.model.optimiser import build_optimiser, build_schedule
from policy_nlp.settings.few_shot import FewShotTraining
from policy_nlp.settings.training import EncoderTraining


def train_contrastive(
    model: PreTrainedModel,
    gold: TokenisedGold,
    *,
    recipe: FewShotTraining,
    seed: int,
    on_batch: Callable[[int, int], None],
) -> list[float]:
    """Mean loss of each pass; the encoder is trained in place on the device it is on, its head is not.

    Args:
        model: with a BERT below its head.
        gold: sentences and their codes.
        recipe: passes, batch size, rate.
        seed: decides the order of the sentences.
        on_batch: told the batches done and their total.
    """
    device = next(model.parameters()).device
    centre = _centre(model, gold, device)
    steps = EncoderTraining(encoder_rate=recipe.setfit_rate, warmup_fraction=0.1)
    optimiser = build_optimiser(model.base_model, steps)
    n_batches = math.ceil(len(gold.token_ids) / recipe.setfit_batch)
    n_all = n_batches * recipe.setfit_epochs
    schedule = build_schedule(optimiser, steps, n_steps=n_all)
    generator = np.random.default_rng(seed)
    losses: list[list[float]] = []
    model.train()
    for epoch in range(recipe.setfit_epochs):
        losses.append([])
        parts = np.array_split(generator.permutation(len(gold.token_ids)), n_batches)
        for number, rows in enumerate(parts, start=1):
            loss = _batch_loss(model, gold, rows, centre=centre)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.base_model.parameters(), steps.gradient_clip)
            optimiser.step()
            schedule.step()
            losses[-1].append(float(loss.detach()))
            on_batch(epoch * n_batches + number, n_all)
    model.eval()
    return [float(np.mean(part)) for part in losses]


def pair_loss(features: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Squared gap of cosine and Jaccard similarity; pairs that share a code weigh as much as the others.

    Two sentences to which nothing applies need not be alike: that pair says nothing.

    Args:
        features: shape (N, hidden), centred.
        targets: shape (N, C), 0 or 1.

    >>> opposite = torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    >>> float(pair_loss(opposite, torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])))
    0.0
    """
    directions = normalize(features.float(), dim=1)
    sizes = targets.sum(dim=1)
    shared = targets @ targets.T
    union = sizes[:, None] + sizes[None, :] - shared
    counts = torch.ones_like(union).triu(diagonal=1).bool() & (union > 0)
    errors = (directions @ directions.T - shared / union.clamp(min=1)).square()
    kinds = [errors[counts & (shared > 0)], errors[counts & (shared == 0)]]
    means = [kind.mean() for kind in kinds if kind.numel()]
    return torch.stack(means).mean() if means else features.sum() * 0.0


def _batch_loss(
    model: PreTrainedModel, gold: TokenisedGold, rows: NDArray[np.int64], *, centre: torch.Tensor
) -> torch.Tensor:
    tokens = [gold.token_ids[row] for row in rows]
    ids, mask = map(torch.from_numpy, pad_rows(tokens, max(map(len, tokens)), pad_id=gold.pad_id))
    ids, mask = ids.to(centre.device), mask.to(centre.device)
    with _autocast(centre.device):
        hidden = model.base_model(input_ids=ids, attention_mask=mask).last_hidden_state
    targets = torch.from_numpy(gold.targets[rows]).to(centre.device)
    return pair_loss(mean_of_tokens(hidden.float(), mask) - centre, targets)


def _centre(model: PreTrainedModel, gold: TokenisedGold, device: torch.device) -> torch.Tensor:
    """Mean feature of the untouched encoder."""
    sample = sorted(gold.token_ids[:N_START_SENTENCES], key=len)
    features = head_features(model.to("cpu"), sample, pad_id=gold.pad_id)
    model.to(device)
    return torch.from_numpy(features.mean(axis=0)).to(device)


def _autocast(device: torch.device) -> torch.autocast | nullcontext[None]:
    """bf16 where the device is fast in it, else fp32: fp16 would need scaled gradients."""
    if fast_precision(device, "auto") is torch.bfloat16:
        return torch.autocast(device.type, dtype=torch.bfloat16)
    return nullcontext()
