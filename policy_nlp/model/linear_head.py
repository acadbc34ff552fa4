"""Features of an encoder as it is -> a linear head, one logistic regression a code.

The head goes into a `HeadedBert` with mean pooling: its dense layer standardises the features, its last layer
holds the regressions, so that the folder is one that everything else opens like a fine-tuned model.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from transformers import PreTrainedModel

from policy_nlp.model.classifier import MIN_PREVALENCE, head_features, standardise_dense
from policy_nlp.model.gold_tokens import TokenisedGold

_MOST_STEPS = 1000


def sentence_features(model: PreTrainedModel, gold: TokenisedGold) -> NDArray[np.float32]:
    """Mean-pooled features of the sentences in their order, shape (N, hidden)."""
    order = np.argsort(gold.lengths, kind="stable")
    features = head_features(model, [gold.token_ids[row] for row in order], pad_id=gold.pad_id)
    in_order = np.empty_like(features)
    in_order[order] = features
    return in_order


def fit_linear_head(
    model: PreTrainedModel, features: NDArray[np.float32], *, targets: NDArray[np.float32], cost: float
) -> None:
    """Fit the head of a model with mean pooling to features and codes; the encoder stays as it is.

    Args:
        model: a `HeadedBert` with head `mean`.
        features: shape (N, hidden), from `sentence_features`.
        targets: shape (N, C), 0 or 1.
        cost: C of the regressions.
    """
    standardise_dense(model, features)
    hidden = _dense_output(model, features)
    share = np.clip(targets.mean(axis=0), MIN_PREVALENCE, 1 - MIN_PREVALENCE)
    biases = np.log(share / (1 - share))
    weights = np.zeros((targets.shape[1], hidden.shape[1]))
    for column in range(targets.shape[1]):
        if 0 < targets[:, column].sum() < len(targets):
            machine = LogisticRegression(C=cost, max_iter=_MOST_STEPS)
            machine.fit(hidden, targets[:, column] > 0.5)
            weights[column], biases[column] = machine.coef_[0], machine.intercept_[0]
    head: Any = model.classifier
    with torch.no_grad():
        head.out_proj.weight.copy_(torch.from_numpy(weights))
        head.out_proj.bias.copy_(torch.from_numpy(biases))


def head_logits(model: PreTrainedModel, features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Logits of shape (N, C) that the model's head gives features of shape (N, hidden)."""
    head: Any = model.classifier
    with torch.inference_mode():
        logits: NDArray[np.float32] = head.out_proj(torch.from_numpy(_dense_output(model, features))).numpy()
    return logits


def _dense_output(model: PreTrainedModel, features: NDArray[np.float32]) -> NDArray[np.float32]:
    head: Any = model.classifier
    with torch.inference_mode():
        hidden: NDArray[np.float32] = torch.tanh(head.dense(torch.from_numpy(features))).numpy()
    return hidden
