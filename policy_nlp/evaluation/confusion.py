"""Gold and predicted main categories -> which are taken for which."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from policy_nlp.agreement.level_tables import Applies
from policy_nlp.codebook import Code
from policy_nlp.evaluation.report import MainConfusion


def confuse_main(gold: Applies, predicted: Applies, *, codes: Sequence[Code]) -> MainConfusion:
    """The confusion table of main categories as `MainConfusion` defines it.

    Args:
        gold: shape (U, M).
        predicted: shape (U, M).
        codes: M main categories.
    """
    missed, false = _with_none(gold & ~predicted), _with_none(predicted & ~gold)
    counts = missed.T.astype(np.int_) @ false.astype(np.int_)
    counts[-1, -1] = int((~(gold | predicted).any(axis=1)).sum())
    np.fill_diagonal(counts[:-1, :-1], (gold & predicted).sum(axis=0))
    ids, names = tuple(code.code_id for code in codes), tuple(code.name_zh for code in codes)
    return MainConfusion(ids, names, counts)


def _with_none(cells: Applies) -> Applies:
    """One column more, True where the row holds nothing."""
    return np.column_stack([cells, ~cells.any(axis=1)])
