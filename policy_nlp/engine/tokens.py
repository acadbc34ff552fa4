"""Texts -> token ids, in Rust threads, without going through Python objects for each token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from transformers import PreTrainedTokenizerBase

CHARACTERS_PER_TOKEN = 64  # no tokenizer packs more into one token on average: the rest can be cut before


@dataclass(frozen=True, slots=True)
class TokenTable:
    """Tokens of N texts, special tokens included.

    Attributes:
        token_ids: N rows of ids, none longer than the model reads.
        lengths: shape (N,).
        is_truncated: shape (N,), True where the end of the text was cut off.
    """

    token_ids: list[list[int]]
    lengths: NDArray[np.int64]
    is_truncated: NDArray[np.bool_]


def tokenise(texts: Sequence[str], tokenizer: PreTrainedTokenizerBase, *, max_tokens: int) -> TokenTable:
    """Tokens of the texts, cut to `max_tokens`; a cut row keeps its closing special token."""
    backend = tokenizer.backend_tokenizer
    backend.no_padding()
    backend.no_truncation()
    longest = max_tokens * CHARACTERS_PER_TOKEN
    encodings = backend.encode_batch_fast([text[:longest] for text in texts])
    found = [encoding.ids for encoding in encodings]
    token_ids = [ids if len(ids) <= max_tokens else [*ids[: max_tokens - 1], ids[-1]] for ids in found]
    is_truncated = np.array(
        [len(ids) > max_tokens or len(text) > longest for ids, text in zip(found, texts, strict=True)],
        dtype=np.bool_,
    )
    lengths = np.array([len(ids) for ids in token_ids], dtype=np.int64)
    return TokenTable(token_ids, lengths, is_truncated)
