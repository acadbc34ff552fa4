"""Coded sentences -> folds in which every code is as evenly spread as it can be."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def balanced_folds(
    keys: Sequence[str], targets: NDArray[np.float32], *, n_folds: int, seed: int
) -> NDArray[np.int_]:
    """The fold of each sentence, shape (N,), 0 to n_folds - 1; sentences of one key share a fold.

    The rarest code is dealt out first, each group of sentences to the fold that has fewest of that code;
    folds of hashes would leave a code with eight sentences out of some of them.

    Source: Sechidis, Tsoumakas, Vlahavas (2011), "On the Stratification of Multi-Label Data", here by groups.

    Args:
        keys: N names of documents (or of anything that must not be split).
        targets: shape (N, C), 0 or 1.
        n_folds: at most as many as there are different keys.
        seed: decides between groups that are alike.
    """
    group_of = np.unique(np.array(keys, dtype=object).astype(str), return_inverse=True)[1]
    n_groups = int(group_of.max()) + 1 if len(group_of) else 0
    counts = np.zeros((n_groups, targets.shape[1] + 1))
    np.add.at(counts, group_of, np.column_stack([targets, np.ones(len(targets))]))  # last column: sentences
    order = np.random.default_rng(seed).permutation(n_groups)
    held = np.zeros((n_folds, counts.shape[1]))
    fold_of_group = np.full(n_groups, -1)
    for code in _from_the_rarest(targets):
        waiting = [group for group in order if fold_of_group[group] < 0 and counts[group, code] > 0]
        for group in sorted(waiting, key=lambda group: -counts[group, code]):
            fold = _emptiest(held, code)
            fold_of_group[group] = fold
            held[fold] += counts[group]
    return fold_of_group[group_of]


def _from_the_rarest(targets: NDArray[np.float32]) -> list[int]:
    """Columns of `counts`: codes by how many sentences they have, then the column of all sentences."""
    n_positives = targets.sum(axis=0)
    return [*np.argsort(n_positives, kind="stable").tolist(), targets.shape[1]]


def _emptiest(held: NDArray[np.float64], code: int) -> int:
    """The fold with fewest of a code; among equals the one with fewest sentences."""
    return int(np.lexsort((held[:, -1], held[:, code]))[0])
