"""Shares corrected for the model's errors, from sentences that a person coded.

The model's codes of all sentences give the share, the person's codes of some of them the model's bias:
share = mean of L * model over all + weighted mean of (person - L * model) over the gold sentences. This is
unbiased whatever the model does, if the gold sentences were drawn at random (or are weighted); L, from 0 to
1, says how much the model is worth, and is chosen to make the variance small.

Sources: Angelopoulos et al. (2023), "Prediction-powered inference", Science 382:669; Angelopoulos, Duchi &
Zrnic (2023), "PPI++"; Egami et al. (2023), "Using imperfect surrogates for downstream inference:
design-based supervised learning". In surveys: the difference estimator (Saerndal et al. 1992, 6.3).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from policy_nlp.agreement.intervals import Measure
from policy_nlp.analysis.clusters import Clusters, DecidedSentences, Floats, share_clusters
from policy_nlp.analysis.gold_sample import GoldLevel
from policy_nlp.records import Level

LEAST_GOLD = 50  # gold sentences of a group
LEAST_POSITIVES = 10  # of them, those to which person or model gave the code
TOO_FEW_GOLD = "{n} gold sentences are in this group; {least} or more are needed"
TOO_FEW_POSITIVES = "person or model gave the code to {n} of the gold sentences; {least} or more are needed"
ONE_CLUSTER = "the gold sentences are of one document (or one passage) only"
_CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class CorrectedShare:
    """One code in one group.

    Attributes:
        share: corrected; NaN with the reason where it cannot be.
        weight_of_model: L.
        n_missed: gold sentences with the code that the model did not give.
        n_wrong: gold sentences to which the model gave the code, and the person did not.
    """

    share: Measure
    weight_of_model: float = math.nan
    n_missed: int = 0
    n_wrong: int = 0


@dataclass(frozen=True, slots=True)
class CorrectedGroup:
    """One group; `codes` in the order of the level. An empty name is all groups together."""

    name: str
    n_gold: int
    codes: tuple[CorrectedShare, ...]


@dataclass(frozen=True, slots=True)
class LevelCorrection:
    """The correction of one level.

    Attributes:
        reason: why there is none: the gold is of another level, or was not drawn at random.
        groups: empty with a reason.
        whole: all groups together.
    """

    level: Level
    reason: str = ""
    groups: tuple[CorrectedGroup, ...] = ()
    whole: CorrectedGroup | None = None


def correct_shares(sentences: DecidedSentences, names: Sequence[str], *, gold: GoldLevel) -> LevelCorrection:
    """The shares of every code in each group and in all groups together."""
    place_in_gold = _places_in_gold(sentences, gold)
    clusters, _ = share_clusters(sentences)
    parts = [np.flatnonzero(sentences.group_of == place) for place in range(len(names))]
    groups = [
        _correct_part(name, part, sentences=sentences, gold=_Matched(gold, place_in_gold), clusters=clusters)
        for name, part in zip(names, parts, strict=True)
    ]
    whole = _correct_part(
        "",
        np.arange(len(sentences.rows)),
        sentences=sentences,
        gold=_Matched(gold, place_in_gold),
        clusters=clusters,
    )
    return LevelCorrection(gold.level, groups=tuple(groups), whole=whole)


@dataclass(frozen=True, slots=True)
class _Matched:
    """Gold, and for each of the N sentences its place in the gold, -1 where it has none."""

    level: GoldLevel
    places: NDArray[np.int64]


def _places_in_gold(sentences: DecidedSentences, gold: GoldLevel) -> NDArray[np.int64]:
    places = np.searchsorted(gold.rows, sentences.rows)
    places = np.minimum(places, max(len(gold.rows) - 1, 0))
    is_gold = gold.rows[places] == sentences.rows if len(gold.rows) else np.zeros(len(places), dtype=np.bool_)
    return np.where(is_gold, places, -1).astype(np.int64)


def _correct_part(
    name: str, part: NDArray[np.int64], *, sentences: DecidedSentences, gold: _Matched, clusters: Clusters
) -> CorrectedGroup:
    """The corrected shares of the sentences at these places."""
    in_gold = part[gold.places[part] >= 0]
    n_codes = sentences.applies.shape[1]
    if len(in_gold) < LEAST_GOLD:
        reason = TOO_FEW_GOLD.format(n=len(in_gold), least=LEAST_GOLD)
        none = CorrectedShare(Measure(math.nan, reason=reason))
        return CorrectedGroup(name, len(in_gold), (none,) * n_codes)
    places = gold.places[in_gold]
    weights = np.ones(len(places)) if gold.level.weights is None else gold.level.weights[places]
    pieces = _Pieces(
        model=sentences.applies[part].astype(np.float64),
        model_of_gold=sentences.applies[in_gold].astype(np.float64),
        person=gold.level.applies[places].astype(np.float64),
        weights=weights / weights.sum(),
        cluster_of=clusters.of_sentences[part],
        cluster_of_gold=clusters.of_sentences[in_gold],
    )
    return CorrectedGroup(name, len(in_gold), tuple(_correct_code(pieces, code) for code in range(n_codes)))


@dataclass(frozen=True, slots=True)
class _Pieces:
    """One group: N sentences coded by the model, n of them by a person too; `weights` sum to 1."""

    model: Floats  # (N, C)
    model_of_gold: Floats  # (n, C)
    person: Floats  # (n, C)
    weights: Floats  # (n,)
    cluster_of: NDArray[np.int64]  # (N,)
    cluster_of_gold: NDArray[np.int64]  # (n,)


def _correct_code(pieces: _Pieces, code: int) -> CorrectedShare:
    model, in_gold, person = pieces.model[:, code], pieces.model_of_gold[:, code], pieces.person[:, code]
    n_missed, n_wrong = int((person > in_gold).sum()), int((person < in_gold).sum())
    n_positives = int(np.maximum(person, in_gold).sum())
    if n_positives < LEAST_POSITIVES:
        reason = TOO_FEW_POSITIVES.format(n=n_positives, least=LEAST_POSITIVES)
        return CorrectedShare(Measure(math.nan, reason=reason), math.nan, n_missed, n_wrong)
    worth = _worth_of_model(person, in_gold, pieces.weights)
    bias = float(pieces.weights @ (person - worth * in_gold))
    share = worth * float(model.mean()) + bias
    variance, freedom = _variance(pieces, worth * (model - model.mean()), person - worth * in_gold - bias)
    if n_missed + n_wrong == 0:
        variance += float(pieces.weights.max()) ** 2  # as one error would add: none seen is not none
    if freedom < 1:
        return CorrectedShare(Measure(share, reason=ONE_CLUSTER), worth, n_missed, n_wrong)
    half = float(stats.t.ppf((1 + _CONFIDENCE) / 2, freedom)) * math.sqrt(variance)
    measure = Measure(min(max(share, 0.0), 1.0), max(share - half, 0.0), min(share + half, 1.0))
    return CorrectedShare(measure, worth, n_missed, n_wrong)


def _worth_of_model(person: Floats, model: Floats, weights: Floats) -> float:
    """The L of the smallest variance, from 0 to 1: the slope of person on model."""
    centred = model - weights @ model
    variance = float(weights @ centred**2)
    if variance <= 0:
        return 0.0
    return min(1.0, max(0.0, float(weights @ (centred * person)) / variance))


def _variance(pieces: _Pieces, of_model: Floats, of_gold: Floats) -> tuple[float, int]:
    """Variance of the share over clusters, and its degrees of freedom, from what each sentence adds to it."""
    clusters, of_all = np.unique(pieces.cluster_of, return_inverse=True)
    sums = np.bincount(of_all, weights=of_model / len(of_model), minlength=len(clusters))
    of_gold_clusters = np.searchsorted(clusters, pieces.cluster_of_gold)
    sums += np.bincount(of_gold_clusters, weights=pieces.weights * of_gold, minlength=len(clusters))
    n_with_gold = len(np.unique(of_gold_clusters))
    n = len(clusters)
    return float((sums**2).sum()) * n / max(n - 1, 1), n_with_gold - 1
