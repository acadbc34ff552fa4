"""Texts -> logits: tokenise, plan, run each batch, put every row back in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from transformers import PreTrainedTokenizerBase

from policy_nlp.engine.plan import PlannedBatch, iter_batches
from policy_nlp.engine.tokens import TokenTable, tokenise
from policy_nlp.engine.torch_backend import TorchBackend
from policy_nlp.model.batching import pad_rows
from policy_nlp.records import Batch


@dataclass(frozen=True, slots=True)
class EncoderRunner:
    """A loaded encoder with its tokenizer and limits."""

    backend: TorchBackend
    tokenizer: PreTrainedTokenizerBase
    n_codes: int
    max_tokens: int
    token_budget: int

    def compute_logits(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Logits of shape (N, C), and which texts were longer than the encoder reads, shape (N,)."""
        table = tokenise(texts, self.tokenizer, max_tokens=self.max_tokens)
        logits = np.zeros((len(texts), self.n_codes), dtype=np.float32)
        for planned in iter_batches(table.lengths, token_budget=self.token_budget):
            logits[planned.rows] = self.backend.logits(self._build_batch(table, planned))
        return logits, table.is_truncated

    def _build_batch(self, table: TokenTable, planned: PlannedBatch) -> Batch:
        rows = [table.token_ids[row] for row in planned.rows]
        ids, mask = pad_rows(rows, planned.length, pad_id=int(self.tokenizer.pad_token_id or 0))
        is_full = bool(table.lengths[planned.rows].min() == planned.length)
        # Without a mask the attention takes its fastest kernel; it is needed only where a row is padded.
        return Batch(ids, None if is_full else mask, planned.rows)
