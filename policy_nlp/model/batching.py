"""Training batches of a few fixed shapes, so that kernels are planned once and padding stays small."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray


def bucket_length(n_tokens: int, buckets: Sequence[int]) -> int:
    """Smallest bucket that holds `n_tokens`; the largest when none does."""
    return next((length for length in buckets if n_tokens <= length), buckets[-1])


def iter_training_rows(
    lengths: NDArray[np.int64], *, batch_size: int, buckets: Sequence[int], generator: np.random.Generator
) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """Bucket length and row indices of each batch of one epoch, in random order.

    Args:
        lengths: shape (N,), tokens of each sentence.
        batch_size: rows in a batch; the last batch of a bucket may have fewer.
        buckets: rising lengths; longer sentences are expected to be cut to the last.
        generator: source of the order.
    """
    of_bucket = np.array([bucket_length(int(length), buckets) for length in lengths])
    batches: list[tuple[int, NDArray[np.int64]]] = []
    for length in buckets:
        rows = generator.permutation(np.flatnonzero(of_bucket == length))
        batches.extend((length, rows[i : i + batch_size]) for i in range(0, len(rows), batch_size))
    for index in generator.permutation(len(batches)):
        yield batches[index]


def pad_rows(
    token_ids: Sequence[Sequence[int]], length: int, *, pad_id: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Token ids and attention mask, each of shape (N, length), right-padded."""
    ids = np.full((len(token_ids), length), pad_id, dtype=np.int64)
    mask = np.zeros((len(token_ids), length), dtype=np.int64)
    for row, tokens in enumerate(token_ids):
        ids[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    return ids, mask
