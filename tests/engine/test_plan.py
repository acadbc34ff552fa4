"""Batches cover every row once, hold to the budget, and fall in length."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.engine.plan import LENGTH_STEP, iter_batches

lengths_strategy = st.lists(st.integers(1, 512), max_size=200).map(lambda v: np.array(v, dtype=np.int64))


@given(lengths_strategy, st.integers(1, 5000))
def test_every_row_is_in_exactly_one_batch(lengths: np.ndarray, budget: int) -> None:
    rows = [row for batch in iter_batches(lengths, token_budget=budget) for row in batch.rows]
    assert sorted(rows) == list(range(len(lengths)))


@given(lengths_strategy, st.integers(1, 5000))
def test_batches_hold_their_rows_and_the_budget(lengths: np.ndarray, budget: int) -> None:
    for batch in iter_batches(lengths, token_budget=budget):
        assert batch.length % LENGTH_STEP == 0
        shortest, longest = lengths[batch.rows].min(), lengths[batch.rows].max()
        assert batch.length - LENGTH_STEP < shortest <= longest <= batch.length
        assert len(batch.rows) == 1 or batch.length * len(batch.rows) <= budget


@given(lengths_strategy)
def test_lengths_never_rise(lengths: np.ndarray) -> None:
    found = [batch.length for batch in iter_batches(lengths, token_budget=256)]
    assert found == sorted(found, reverse=True)
