"""Sentences that a person coded, as rows of a corpus: what corrects a model's shares."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from policy_nlp.analysis.clusters import DecidedSentences, Floats
from policy_nlp.analysis.coded_corpus import CodedCorpus
from policy_nlp.records import Level

_FEW_DOCUMENTS = 0.8  # of those that sentences drawn one by one would be in
_ROUNDING = 1e-9
_LEAST_P = 0.001  # below, sentences were hardly drawn at random
NOT_RANDOM = (
    "the gold was not drawn at random from these sentences: {what} (p = {p:.1g}). Give each gold row the "
    "`weight` (1 / its chance to be drawn), or draw sentences at random and code those"
)


@dataclass(frozen=True, slots=True)
class GoldLevel:
    """What a person decided at one level.

    Attributes:
        rows: shape (n,), rows of the corpus, rising, each once.
        applies: shape (n, C), in the order of the level.
        weights: shape (n,), 1 / the chance to be drawn, up to a factor; None: all alike.
    """

    level: Level
    rows: NDArray[np.int64]
    applies: NDArray[np.bool_]
    weights: Floats | None = None


@dataclass(frozen=True, slots=True)
class GoldSample:
    """The gold of one file, matched with the sentences of a corpus.

    Attributes:
        levels: those that were coded.
        n_units: of the file.
        n_matched: found among the sentences of the corpus.
        notes: how they were matched, and what was left out.
    """

    levels: tuple[GoldLevel, ...]
    n_units: int
    n_matched: int
    notes: tuple[str, ...] = ()

    def at(self, level: Level) -> GoldLevel | None:
        """The gold of one level; None where it was not coded."""
        return next((one for one in self.levels if one.level == level), None)


def find_selection(corpus: CodedCorpus, sentences: DecidedSentences, *, gold: GoldLevel) -> str:
    """Why the gold cannot be a random sample of the sentences; empty where nothing speaks against it.

    The model codes all sentences, so its own figures for gold sentences must be like those for all: how many
    it codes, how sure it is, how near to 0.5. Sentences drawn for review by uncertainty, or because they are
    coded, are found so. A difference is taken for one when it is less likely than 1 in 1,000.
    """
    is_gold = np.isin(sentences.rows, gold.rows)
    if is_gold.sum() < 2:
        return ""
    scores = corpus.scores_at(gold.level)[sentences.rows]
    best = np.asarray(np.nan_to_num(scores.max(axis=1, initial=0.0)), dtype=np.float64)
    is_coded = np.asarray(sentences.applies.any(axis=1), dtype=np.float64)
    figures = (
        ("the share of sentences that the model codes", is_coded),
        ("the model's highest score", best),
        ("the distance of the model's highest score from 0.5", np.abs(best - 0.5)),
    )
    weights = np.ones(len(gold.rows)) if gold.weights is None else gold.weights
    weights = weights[np.isin(gold.rows, sentences.rows)]
    for name, values in figures:
        p_value = _selection_p(values, is_gold, weights=weights, document_of=sentences.document_of)
        if p_value < _LEAST_P:
            what = f"{name} is {values[is_gold].mean():.3f} in gold and {values.mean():.3f} in all"
            return NOT_RANDOM.format(what=what, p=p_value)
    return ""


def _selection_p(
    values: Floats, is_gold: NDArray[np.bool_], *, weights: Floats, document_of: NDArray[np.int64]
) -> float:
    """P value of the gold mean against the mean of all."""
    residuals = weights / weights.sum() * (values[is_gold] - values.mean())
    variance_left = 1 - float(is_gold.mean())  # finite population
    if _is_drawn_by_document(is_gold, document_of):
        _, of_document = np.unique(document_of[is_gold], return_inverse=True)
        residuals, variance_left = np.bincount(of_document, weights=residuals), 1.0
    n = len(residuals)
    deviation = abs(float(residuals.sum()))
    if n < 2 or deviation < _ROUNDING:
        return 1.0
    variance = variance_left * float(((residuals - residuals.mean()) ** 2).sum()) * n / (n - 1)
    return float(2 * stats.t.sf(deviation / math.sqrt(variance), n - 1)) if variance > 0 else 0.0


def _is_drawn_by_document(is_gold: NDArray[np.bool_], document_of: NDArray[np.int64]) -> bool:
    """Whether the gold is in clearly fewer documents than sentences drawn one by one would be."""
    _, numbers, sizes = np.unique(document_of, return_inverse=True, return_counts=True)
    n_expected = float((1 - (1 - is_gold.mean()) ** sizes).sum())
    return len(np.unique(numbers[is_gold])) < _FEW_DOCUMENTS * n_expected
