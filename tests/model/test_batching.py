"""Training batches: each sentence once an epoch, in few shapes, in an order the seed decides."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.model.batching import iter_training_rows, pad_rows

BUCKETS = (8, 16, 32)
lengths_strategy = st.lists(st.integers(1, 32), min_size=1, max_size=100).map(lambda v: np.array(v, np.int64))


def _epoch(lengths: np.ndarray, seed: int) -> list[tuple[int, list[int]]]:
    generator = np.random.default_rng(seed)
    batches = iter_training_rows(lengths, batch_size=4, buckets=BUCKETS, generator=generator)
    return [(length, rows.tolist()) for length, rows in batches]


@given(lengths_strategy, st.integers(0, 99))
def test_each_sentence_is_in_one_batch_that_holds_it(lengths: np.ndarray, seed: int) -> None:
    batches = _epoch(lengths, seed)
    assert sorted(row for _, rows in batches for row in rows) == list(range(len(lengths)))
    assert all(length in BUCKETS and lengths[rows].max() <= length for length, rows in batches)


def test_order_is_that_of_the_seed() -> None:
    lengths = np.arange(1, 33)
    assert _epoch(lengths, 1) == _epoch(lengths, 1)
    assert _epoch(lengths, 1) != _epoch(lengths, 2)


def test_padding_is_masked() -> None:
    ids, mask = pad_rows([[5, 6], [7]], 3, pad_id=1)
    assert ids.tolist() == [[5, 6, 1], [7, 1, 1]]
    assert mask.tolist() == [[1, 1, 0], [1, 0, 0]]
