"""Encoder + one head over all codes: a `BertForSequenceClassification`, or a `HeadedBert` (see heads.py).

One pass of the encoder gives the logits of every initial category, dimension and path. The dense layer
below the head (the pooler of an ordinary BERT) is started as a standardisation of the untouched encoder's
features: multilingual-e5 outputs crowd together, and a head on them as they are learns almost nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from transformers import (
    AutoConfig,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    BertConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)
from transformers.utils import logging as transformers_logging

from policy_nlp.errors import EncoderError, ModelError, SettingsError
from policy_nlp.model.batching import pad_rows
from policy_nlp.model.gold_tokens import TokenisedGold
from policy_nlp.model.heads import HeadedBert, HeadedBertConfig, head_of, mean_of_tokens
from policy_nlp.settings.training import Head

N_START_SENTENCES = 2048  # whose features set the start of the pooler
TOKEN_STRIDE = 4  # of the tokens that set the start of a label-attention head
POOLER_GAIN = 0.5  # keeps standardised features where tanh is nearly linear
MIN_PREVALENCE = 1e-3  # the head's bias starts at the log-odds of each code, not below this share
MIN_DEVIATION = (
    0.01  # a feature that hardly moves is not blown up: each step of the encoder would saturate tanh
)

# RuntimeError: weights of another shape than config.json says.
_LOADING_ERRORS = (OSError, ValueError, KeyError, RuntimeError, SafetensorError)


def load_tokenizer(folder: str | Path) -> PreTrainedTokenizerBase:
    """Fast tokenizer of a model folder or a hub name.

    Raises:
        EncoderError: it cannot be had, or has no fast (Rust) form.
    """
    try:
        tokenizer = AutoTokenizer.from_pretrained(str(folder), use_fast=True)
    except (OSError, ValueError) as err:
        raise EncoderError(
            f"{folder}: no tokenizer could be loaded ({err}). Give a folder with tokenizer.json, or a hub "
            "name on a machine with network access.",
            path=folder,
        ) from err
    if not tokenizer.is_fast:
        raise EncoderError(
            f"{folder}: only a slow tokenizer is there; policy-nlp needs tokenizer.json. Save the fast one.",
            path=folder,
        )
    return tokenizer


def build_classifier(
    base: str | Path, code_ids: Sequence[str], *, dropout: float = 0.0, head: Head = "first_token"
) -> PreTrainedModel:
    """Base encoder with a fresh head over `code_ids`, float32, on the CPU.

    Raises:
        EncoderError: the base cannot be loaded (no such folder; no network for a hub name).
        SettingsError: the base is no BERT and `head` is not the first token's.
    """
    try:
        config = AutoConfig.from_pretrained(str(base))
        builder = AutoModelForSequenceClassification
        if head != "first_token":
            config, builder = _headed_config(config, base=base, head=head), HeadedBert
        _set_head(config, code_ids, dropout)
        with quiet_transformers():
            model = builder.from_pretrained(str(base), config=config, dtype=torch.float32)
    except _LOADING_ERRORS as err:
        raise EncoderError(
            f"base encoder {str(base)!r} cannot be loaded ({err}). Give a folder with config.json and "
            "model.safetensors, or a hub name on a machine with network access.",
            base=str(base),
        ) from err
    return model


def _headed_config(config: BertConfig, *, base: str | Path, head: Head) -> HeadedBertConfig:
    if config.model_type != BertConfig.model_type:
        raise SettingsError(
            f"[encoder] head = {head!r} works on BERT encoders; base {str(base)!r} is of type "
            f"{config.model_type!r}. Use head = 'first_token', or a BERT.",
            key="head",
        )
    content = config.to_dict()
    del content["model_type"]
    return HeadedBertConfig(**{**content, "head": head})


def _set_head(config: AutoConfig, code_ids: Sequence[str], dropout: float) -> None:
    config.num_labels = len(code_ids)
    config.id2label = dict(enumerate(code_ids))
    config.label2id = {code_id: index for index, code_id in enumerate(code_ids)}
    config.problem_type = "multi_label_classification"
    _set_dropout(config, dropout)


def _set_dropout(config: AutoConfig, dropout: float) -> None:
    config.hidden_dropout_prob = dropout
    config.attention_probs_dropout_prob = 0.0
    config.classifier_dropout = dropout


def load_classifier(
    folder: Path, code_ids: Sequence[str], *, dropout: float | None = None
) -> PreTrainedModel:
    """Trained classifier of a model folder, float32, on the CPU, in evaluation mode.

    Args:
        folder: of the model.
        code_ids: what its head must be over.
        dropout: for training it further; None leaves what it was trained with.

    Raises:
        ModelError: files are missing or damaged, or their codes are not `code_ids` in that order.
    """
    try:
        config = AutoConfig.from_pretrained(str(folder), local_files_only=True)
        if dropout is not None:
            _set_dropout(config, dropout)
        with quiet_transformers():
            model, loading = AutoModelForSequenceClassification.from_pretrained(
                str(folder),
                config=config,
                dtype=torch.float32,
                local_files_only=True,
                use_safetensors=True,
                output_loading_info=True,
            )
    except _LOADING_ERRORS as err:
        raise ModelError(
            f"{folder}: the model cannot be loaded ({err}). Get the folder again.", path=folder
        ) from err
    if missing := sorted(loading["missing_keys"]):
        raise ModelError(
            f"{folder}: model.safetensors lacks {', '.join(missing[:3])}; without it codes would be random. "
            "Get the folder again.",
            path=folder,
        )
    found = [model.config.id2label[index] for index in range(model.config.num_labels)]
    if found != list(code_ids):
        raise ModelError(
            f"{folder}: config.json names other codes than codebook.yaml beside it. Get the folder again.",
            path=folder,
        )
    model.eval()
    return model


def restart_classifier(
    folder: Path, code_ids: Sequence[str], *, dropout: float, head: Head
) -> PreTrainedModel:
    """Trained classifier of a model folder with all its weights, to be trained further.

    Raises:
        ModelError: files are missing or damaged, or their codes are not `code_ids` in that order.
        SettingsError: its head is not `head`.
    """
    model = load_classifier(folder, code_ids, dropout=dropout)
    if (found := head_of(model.config)) != head:
        raise SettingsError(
            f"[encoder] head = {head!r}; {folder}, which the run starts from, has {found!r}. Give that head, "
            "or leave out start_from_first.",
            key="head",
        )
    return model


@contextmanager
def quiet_transformers() -> Iterator[None]:
    """No loading bar, and no report that the head, which is fresh by design, is not in the file."""
    verbosity = transformers_logging.get_verbosity()
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    try:
        yield
    finally:
        transformers_logging.set_verbosity(verbosity)
        transformers_logging.enable_progress_bar()


def start_classifier(model: PreTrainedModel, gold: TokenisedGold) -> None:
    """Start the fresh head from the gold: dense layer a standardisation, bias the log-odds of each code.

    The queries of a label-attention head start at zero: all tokens weigh the same.
    """
    sample = sorted(gold.token_ids[:N_START_SENTENCES], key=len)
    standardise_dense(model, head_features(model, sample, pad_id=gold.pad_id))
    share = np.clip(gold.targets.mean(axis=0), MIN_PREVALENCE, 1 - MIN_PREVALENCE)
    head: Any = getattr(model.classifier, "out_proj", model.classifier)
    with torch.no_grad():
        head.bias.copy_(torch.from_numpy(np.log(share / (1 - share)).astype(np.float32)))
        head.weight.normal_(0.0, 0.02)
        if head_of(model.config) == "label_attention":
            model.classifier.query.weight.zero_()
            model.classifier.attended.weight.normal_(0.0, 0.02)


def standardise_dense(model: PreTrainedModel, features: NDArray[np.float32]) -> None:
    """Start the dense layer below the head as (feature - mean) / deviation of the untouched encoder.

    Args:
        model: with `bert.pooler.dense` or a `HeadedBert`; models of another build are left as they are.
        features: shape (N, hidden), from `head_features`.
    """
    holder: Any = (
        model.classifier if isinstance(model, HeadedBert) else getattr(model.base_model, "pooler", None)
    )
    if holder is None or not hasattr(holder, "dense"):
        return
    scale = (POOLER_GAIN / np.maximum(features.std(axis=0), MIN_DEVIATION)).astype(np.float32)
    with torch.no_grad():
        holder.dense.weight.copy_(torch.diag(torch.from_numpy(scale)))
        holder.dense.bias.copy_(torch.from_numpy(-features.mean(axis=0) * scale))


def head_features(
    model: PreTrainedModel, token_ids: Sequence[list[int]], *, pad_id: int
) -> NDArray[np.float32]:
    """What the head sees of the untouched encoder, shape (rows, hidden); sorted sentences run fastest.

    One row a sentence (its first token, or the mean of its tokens); for label attention each
    `TOKEN_STRIDE`-th token.
    """
    parts = []
    model.eval()
    for start in range(0, len(token_ids), 64):
        rows = token_ids[start : start + 64]
        ids, mask = map(torch.from_numpy, pad_rows(rows, max(map(len, rows)), pad_id=pad_id))
        with torch.inference_mode():
            hidden = model.base_model(input_ids=ids, attention_mask=mask).last_hidden_state
        parts.append(_seen_by_head(head_of(model.config), hidden, mask).float().numpy())
    return np.concatenate(parts)


def _seen_by_head(head: Head, hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    if head == "first_token":
        return hidden[:, 0]
    return mean_of_tokens(hidden, mask) if head == "mean" else hidden[mask.bool()][::TOKEN_STRIDE]
