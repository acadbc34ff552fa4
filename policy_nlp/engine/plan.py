"""Token lengths -> batches: sorted by length, one bucket length, a budget of padded tokens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LENGTH_STEP = 8  # buckets are multiples of this many tokens: few shapes, under 8 tokens of padding a row


@dataclass(frozen=True, slots=True)
class PlannedBatch:
    """Rows that run together and the length they are padded to."""

    length: int
    rows: NDArray[np.int64]


def iter_batches(lengths: NDArray[np.int64], *, token_budget: int) -> Iterator[PlannedBatch]:
    """Batches in falling order of length, so that the largest comes first and memory settles at once.

    Args:
        lengths: shape (N,), tokens of each text, at least 1.
        token_budget: padded tokens in one batch; a batch has one row even when that row is longer.
    """
    padded = -(-lengths // LENGTH_STEP) * LENGTH_STEP
    order = np.lexsort((np.arange(len(lengths)), -lengths))
    start = 0
    while start < len(order):
        length = int(padded[order[start]])
        end = start + int(np.searchsorted(-padded[order[start:]], -length, side="right"))
        rows_each = max(1, token_budget // length)
        for first in range(start, end, rows_each):
            yield PlannedBatch(length, order[first : min(first + rows_each, end)])
        start = end
