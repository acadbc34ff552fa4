"""Gold sentences as tokens with their codes: what a training run reads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class TokenisedGold:
    """Sentences as tokens with their codes.

    Attributes:
        token_ids: N lists of token ids, special tokens included, cut to the model's length.
        targets: shape (N, C), 0 to 1.
        pad_id: token id that fills rows.
        mask_id: token id that hides a token; None where the tokenizer has none.
        weights: shape (N,), of each sentence's loss; None where all weigh 1.
    """

    token_ids: list[list[int]]
    targets: NDArray[np.float32]
    pad_id: int
    mask_id: int | None = None
    weights: NDArray[np.float32] | None = None

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Tokens of each sentence, shape (N,)."""
        return np.array([len(tokens) for tokens in self.token_ids], dtype=np.int64)
