"""Which units are worth a person's time first: near a threshold, or coded against the codebook's links."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from policy_nlp.analysis.coded_corpus import CodedCorpus
from policy_nlp.codebook import Codebook
from policy_nlp.records import Level


def infer_thresholds(corpus: CodedCorpus) -> NDArray[np.float64]:
    """The score from which each code applies in these codings, shape (C,).

    Half-way between the highest score of a code where it does not apply and the lowest where it does; of a
    code that never applies 0.5, or its highest score where that is more.
    """
    scored = ~np.isnan(corpus.scores)
    low = (
        np.where(scored & corpus.applies, corpus.scores, np.inf)
        .astype(np.float64)
        .min(axis=0, initial=np.inf)
    )
    high = np.where(scored & ~corpus.applies, corpus.scores, -np.inf).max(axis=0, initial=-np.inf)
    never = np.maximum(0.5, np.where(np.isinf(high), 0.5, high))
    always = np.minimum(0.5, low)
    is_both = np.isfinite(low) & np.isfinite(high)
    between = (np.where(is_both, low, 0.0) + np.where(is_both, high, 0.0)) / 2
    thresholds = np.where(is_both, between, np.where(np.isinf(low), never, always))
    clipped: NDArray[np.float64] = np.clip(thresholds, 0.01, 0.99)
    return clipped


def measure_uncertainty(scores: NDArray[np.float32], thresholds: NDArray[np.float64]) -> NDArray[np.float64]:
    """How unsure the model was of each unit, 0 to 1, shape (N,): that of its least sure code.

    A code counts 1 where its score is at its threshold, 0 where the score is 0 or 1, and in a straight line
    between; 0 where nothing was scored.

    >>> measure_uncertainty(np.array([[0.5, 0.0], [0.75, 1.0]], np.float32), np.array([0.5, 0.5])).tolist()
    [1.0, 0.5]
    """
    room = np.where(scores < thresholds, thresholds, 1 - thresholds)
    closeness = 1 - np.abs(scores - thresholds) / room
    uncertainty: NDArray[np.float64] = np.clip(np.nan_to_num(closeness), 0, 1).max(axis=1, initial=0.0)
    return uncertainty


def count_contradictions(corpus: CodedCorpus) -> NDArray[np.int64]:
    """How often the codes of each unit stand against the codebook's links, shape (N,).

    One for each path or dimension that applies and that no initial category of the unit names among its own,
    and one for each level at which a unit's categories name some path (dimension) and none of them applies.
    """
    initial = corpus.applies_at("initial")
    total = np.zeros(len(corpus), dtype=np.int64)
    for level in ("paths", "dimensions"):
        links = _links(corpus.codebook, level)
        if not links.any():
            continue
        applies = corpus.applies_at(level)
        named = initial @ links
        total += (applies & ~named).sum(axis=1)
        total += named.any(axis=1) & ~(applies & named).any(axis=1)
    return total


def _links(codebook: Codebook, level: Level) -> NDArray[np.bool_]:
    """Which paths or dimensions each initial category names, shape (initial, codes of the level)."""
    named = [code.path_ids if level == "paths" else code.dimension_ids for code in codebook.initial]
    return np.array([[i in own for i in codebook.ids(level)] for own in named], dtype=np.bool_)
