"""Folds that spread every code evenly and split no document."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.gold.balanced_folds import balanced_folds


def test_code_with_as_many_sentences_as_folds_is_in_every_fold() -> None:
    targets = np.zeros((40, 2), dtype=np.float32)
    targets[:5, 0] = 1
    targets[5:30, 1] = 1
    folds = balanced_folds([str(row) for row in range(40)], targets, n_folds=5, seed=0)
    assert sorted(folds[:5].tolist()) == [0, 1, 2, 3, 4]
    assert np.bincount(folds[5:30]).tolist() == [5] * 5
    assert np.bincount(folds).tolist() == [8] * 5


@given(
    documents=st.lists(st.integers(0, 12), min_size=12, max_size=40),
    n_codes=st.integers(1, 4),
    seed=st.integers(0, 5),
)
def test_no_document_is_split_and_every_sentence_has_a_fold(
    documents: list[int], n_codes: int, seed: int
) -> None:
    targets = (np.random.default_rng(seed).random((len(documents), n_codes)) < 0.3).astype(np.float32)
    keys = [f"d{document}" for document in documents]
    folds = balanced_folds(keys, targets, n_folds=3, seed=seed)
    assert ((folds >= 0) & (folds < 3)).all()
    for key in set(keys):
        assert len({fold for fold, other in zip(folds.tolist(), keys, strict=True) if other == key}) == 1
    assert (folds == balanced_folds(keys, targets, n_folds=3, seed=seed)).all()
