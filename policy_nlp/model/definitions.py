"""The codebook's definitions as the start of the head: each code begins by looking for its own words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from transformers import PreTrainedModel

from policy_nlp.model.batching import pad_rows
from policy_nlp.model.heads import HeadedBert, check_bert, head_of, mean_of_tokens

_ROW_DEVIATION = 0.02  # of a row's numbers: as a random start has


@torch.no_grad()
def start_from_definitions(model: PreTrainedModel, definitions: Sequence[list[int]], *, pad_id: int) -> None:
    """Set the row of each code to what the untouched encoder makes of its definition.

    The rows are those of the linear layer, or the queries of a label-attention head. What all definitions
    share is taken off, and each row has the length of a random start. The dense layer must have been started
    (`start_classifier`).

    Args:
        model: a BERT or a `HeadedBert`.
        definitions: token ids of C definitions, in the order of the codes.
        pad_id: token id that fills rows.

    Raises:
        SettingsError: the model is of another build.

    Source: Wang et al. (2018), "Joint Embedding of Words and Labels for Text Classification" (labels and text
    in one space); here the labels' text only sets where training begins.
    """
    check_bert(model, key="definition_start")
    model.eval()
    ids, mask = map(torch.from_numpy, pad_rows(definitions, max(map(len, definitions)), pad_id=pad_id))
    seen = _seen_by_rows(model, ids, mask)
    rows = seen - seen.mean(dim=0)
    rows *= _ROW_DEVIATION * rows.shape[1] ** 0.5 / rows.norm(dim=1, keepdim=True).clamp(min=1e-6)
    head: Any = model.classifier
    layer = head.query if head_of(model.config) == "label_attention" else getattr(head, "out_proj", head)
    layer.weight.copy_(rows)


def _seen_by_rows(model: PreTrainedModel, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """What the layer of the rows would be given for these sentences, shape (N, hidden)."""
    output = model.base_model(input_ids=ids, attention_mask=mask)
    if not isinstance(model, HeadedBert):
        pooled: torch.Tensor = output.pooler_output
        return pooled
    dense: Any = model.classifier.dense
    if model.config.head == "mean":
        return torch.tanh(dense(mean_of_tokens(output.last_hidden_state, mask)))
    return mean_of_tokens(torch.tanh(dense(output.last_hidden_state)), mask)
