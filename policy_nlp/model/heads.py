"""Heads that `BertForSequenceClassification` has not: mean pooling, and attention of each code over tokens.

A model with one of them is a transformers model of its own type, so importing this module is all that
`AutoModelForSequenceClassification` and `pipeline("text-classification")` need to open its folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn
from transformers import (
    AutoConfig,
    AutoModelForSequenceClassification,
    BertConfig,
    BertForSequenceClassification,
    BertModel,
    PreTrainedModel,
)
from transformers.modeling_outputs import SequenceClassifierOutput
from transformers.models.bert.modeling_bert import BertPreTrainedModel

from policy_nlp.errors import SettingsError
from policy_nlp.settings.training import Head

MODEL_TYPE = "policy_nlp_bert"
_FAR_BELOW = -1e4  # attention of padding before softmax; fp16 holds it


class HeadedBertConfig(BertConfig):  # type: ignore[misc]  # transformers is seen as Any
    """Configuration of a `HeadedBert`: that of its BERT, and the name of the head."""

    model_type = MODEL_TYPE
    head = "label_attention"


class MeanHead(nn.Module):
    """tanh(dense) of the mean of all real tokens, then one linear layer over the codes."""

    def __init__(self, config: HeadedBertConfig) -> None:
        super().__init__()
        self.dense = nn.Linear(config.hidden_size, config.hidden_size)
        self.dropout = nn.Dropout(config.classifier_dropout)
        self.out_proj = nn.Linear(config.hidden_size, config.num_labels)

    def forward(self, hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Logits of shape (N, C) from token states of shape (N, L, hidden)."""
        logits: torch.Tensor = self.out_proj(
            self.dropout(torch.tanh(self.dense(mean_of_tokens(hidden, mask))))
        )
        return logits


class LabelAttentionHead(nn.Module):
    """A linear layer on the first token, plus for each code one on its own weighted mean of all tokens.

    The weights of a code are a softmax over real tokens of their product with its query. The sum over the
    hidden size is taken before the mean over tokens: the same number by two products in place of four.

    Source: Mullenbach et al. (2018), "Explainable Prediction of Medical Codes from Clinical Text", eq. 3-5
    (there on a convolution; the first token's linear layer is added here).
    """

    def __init__(self, config: HeadedBertConfig) -> None:
        super().__init__()
        self.dense = nn.Linear(config.hidden_size, config.hidden_size)
        self.dropout = nn.Dropout(config.classifier_dropout)
        self.query = nn.Linear(config.hidden_size, config.num_labels, bias=False)
        self.attended = nn.Linear(config.hidden_size, config.num_labels, bias=False)
        self.out_proj = nn.Linear(config.hidden_size, config.num_labels)

    def forward(self, hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Logits of shape (N, C) from token states of shape (N, L, hidden)."""
        tokens = self.dropout(torch.tanh(self.dense(hidden)))
        closeness = self.query(tokens).float().masked_fill(mask[:, :, None] == 0, _FAR_BELOW)
        attention = closeness.softmax(dim=1)
        found = (attention * self.attended(tokens).float()).sum(dim=1)
        logits: torch.Tensor = found + self.out_proj(tokens[:, 0]).float()
        return logits.to(hidden.dtype)


HEADS = {"mean": MeanHead, "label_attention": LabelAttentionHead}


class HeadedBert(BertPreTrainedModel):  # type: ignore[misc]  # transformers is seen as Any
    """BERT without its pooler under one of `HEADS`, named by `config.head`."""

    config_class = HeadedBertConfig

    def __init__(self, config: HeadedBertConfig) -> None:
        super().__init__(config)
        self.bert = BertModel(config, add_pooling_layer=False)
        self.classifier = HEADS[config.head](config)
        self.post_init()

    def forward(
        self,
        input_ids: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
        *,
        token_type_ids: torch.Tensor | None = None,
        inputs_embeds: torch.Tensor | None = None,
    ) -> SequenceClassifierOutput:
        """Logits of shape (N, C), one a code; no mask means that every token is real."""
        hidden = self.bert(
            input_ids,
            attention_mask=attention_mask,
            token_type_ids=token_type_ids,
            inputs_embeds=inputs_embeds,
        ).last_hidden_state
        mask = torch.ones_like(hidden[:, :, 0]) if attention_mask is None else attention_mask
        return SequenceClassifierOutput(logits=self.classifier(hidden, mask))


def check_bert(model: PreTrainedModel, *, key: str) -> None:
    """Raise SettingsError, naming the key that needs it, unless the model's head can be run by itself."""
    if not isinstance(model, BertForSequenceClassification | HeadedBert):
        raise SettingsError(
            f"[encoder] {key} works on BERT encoders; this one is a {type(model).__name__}. Leave {key} "
            "out, or use a BERT.",
            key=key,
        )


def sampled_logits(
    model: PreTrainedModel, inputs: Mapping[str, torch.Tensor], *, n_samples: int
) -> list[torch.Tensor]:
    """Logits of one pass of the encoder under `n_samples` draws of the head's dropout, each (N, C).

    More than one draw needs a model that `check_bert` passes.

    Source: Inoue (2019), "Multi-Sample Dropout for Accelerated Training and Better Generalization".
    """
    if n_samples == 1:
        return [model(**inputs).logits]
    head: Any = model.classifier
    output = model.base_model(**inputs)
    if isinstance(model, HeadedBert):
        return [head(output.last_hidden_state, inputs["attention_mask"]) for _ in range(n_samples)]
    dropout: Any = model.dropout
    return [head(dropout(output.pooler_output)) for _ in range(n_samples)]


def mean_of_tokens(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Mean of the real tokens' states, shape (N, hidden)."""
    weights = mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * weights).sum(dim=1) / weights.sum(dim=1)


def head_of(config: BertConfig) -> Head:
    """Name of the head of a model with this configuration."""
    head: Head = config.head if config.model_type == MODEL_TYPE else "first_token"
    return head


AutoConfig.register(MODEL_TYPE, HeadedBertConfig)
AutoModelForSequenceClassification.register(HeadedBertConfig, HeadedBert)
