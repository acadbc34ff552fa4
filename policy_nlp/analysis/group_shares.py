"""Shares of sentences and documents with each code, by group, with intervals for clustered sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from policy_nlp.agreement.intervals import Measure
from policy_nlp.analysis.clusters import Basis, Clusters, DecidedSentences, Floats, share_clusters
from policy_nlp.analysis.groups import Grouping
from policy_nlp.records import Level

NO_SENTENCE = "no sentence of this group was coded"
TOO_SHORT = "no interval: the only document of the group has fewer than {n} sentences"
ONE_DOCUMENT = "no interval: the group has one document only"
LEAST_SENTENCES = 30  # of a document that is cut into blocks
_TAILS = (0.025, 0.975)


@dataclass(frozen=True, slots=True)
class CodeShare:
    """How much of one group one code takes.

    Attributes:
        n_sentences: those to which the code applies.
        share: of the group's sentences, as the model coded them.
        n_documents: those in which the code applies to one sentence or more.
        document_share: of the group's documents; longer documents have more codes.
    """

    n_sentences: int
    share: Measure
    n_documents: int
    document_share: Measure


@dataclass(frozen=True, slots=True)
class GroupShares:
    """One group at one level.

    Attributes:
        n_sentences: decided on, those without a code too.
        basis: what its intervals are over.
        coded: sentences with one code of the level or more.
        codes: in the order of the level.
    """

    name: str
    n_documents: int
    n_sentences: int
    basis: Basis
    coded: CodeShare
    codes: tuple[CodeShare, ...]


@dataclass(frozen=True, slots=True)
class LevelShares:
    """All groups at one level."""

    level: Level
    code_ids: tuple[str, ...]
    groups: tuple[GroupShares, ...]


def measure_shares(
    sentences: DecidedSentences, grouping: Grouping, *, level: Level, code_ids: Sequence[str]
) -> LevelShares:
    """Shares of every code in every group.

    Intervals are over clusters (documents; blocks of the only document of a group): linearised variance of
    the ratio, then the Clopper-Pearson interval at the effective sample size that it gives.

    Source: Korn & Graubard (1998), "Confidence intervals for proportions with small expected number of
    positive counts estimated from survey data", Survey Methodology 24:193.
    """
    with_any = DecidedSentences(
        sentences.rows,
        np.concatenate([sentences.applies, sentences.applies.any(axis=1, keepdims=True)], axis=1),
        sentences.document_of,
        sentences.group_of,
    )
    clusters, bases = share_clusters(with_any)
    effects = _design_effects(clusters, len(bases))
    groups = []
    for place, group in enumerate(grouping.groups):
        basis: Basis = bases[place] if place < len(bases) else "documents"
        own = clusters.of_group(place)
        shares = _shares(clusters.sizes[own], clusters.counts[own], basis=basis, effects=effects)
        codes = _with_documents(shares, with_any, place)
        groups.append(
            GroupShares(
                name=group.name,
                n_documents=len(group.documents),
                n_sentences=int(clusters.sizes[own].sum()),
                basis=basis,
                coded=codes[-1],
                codes=codes[:-1],
            )
        )
    return LevelShares(level, tuple(code_ids), tuple(groups))


@dataclass(frozen=True, slots=True)
class ClusteredShare:
    """A share of `n_sentences` in `n_clusters`, with its linearised variance."""

    share: float
    variance: float
    n_sentences: float
    n_clusters: int


def share_interval(found: ClusteredShare, *, design_effect: float = 1.0) -> tuple[float, float]:
    """The 95 % interval of Korn and Graubard; NaN ends below two clusters.

    Args:
        found: the share.
        design_effect: taken where the variance is 0, as when no sentence has the code.
    """
    if found.n_clusters < 2:
        return math.nan, math.nan
    n, p = found.n_sentences, found.share
    n_effective = p * (1 - p) / found.variance if found.variance > 0 else n / design_effect
    tails = stats.t.ppf(_TAILS[1], [max(n - 1, 1), found.n_clusters - 1])
    n_effective = min(n, n_effective * float(tails[0] / tails[1]) ** 2)
    successes = p * n_effective
    low = stats.beta.ppf(_TAILS[0], successes, n_effective - successes + 1) if p > 0 else 0.0
    high = stats.beta.ppf(_TAILS[1], successes + 1, n_effective - successes) if p < 1 else 1.0
    return float(low), float(high)


def linearised_variance(sizes: Floats, counts: Floats) -> Floats:
    """Variance of the ratio of sums, shape (C,), from clusters of shapes (U,) and (U, C); NaN below two.

    Source: Cochran (1977), "Sampling Techniques", 11.8 (clusters drawn with replacement).
    """
    n_clusters, n = len(sizes), sizes.sum()
    if n_clusters < 2:
        return np.full(counts.shape[1], math.nan)
    residuals = counts - np.outer(sizes, counts.sum(axis=0) / n)
    variance: Floats = n_clusters / (n_clusters - 1) * (residuals**2).sum(axis=0) / n**2
    return variance


def _design_effects(clusters: Clusters, n_groups: int) -> Floats:
    """Shape (C,): how many times the variance is that of independent sentences, over all groups; at least 1.

    A code that varies nowhere takes the median of the others.
    """
    found = np.zeros((2, clusters.counts.shape[1]))
    for group in range(n_groups):
        own = clusters.of_group(group)
        if own.sum() >= 2:
            sizes, counts = clusters.sizes[own], clusters.counts[own]
            share = counts.sum(axis=0) / sizes.sum()
            found += [linearised_variance(sizes, counts), share * (1 - share) / sizes.sum()]
    ratios = np.divide(found[0], found[1], out=np.full(found.shape[1], math.nan), where=found[1] > 0)
    known = ratios[~np.isnan(ratios)]
    effects: Floats = np.maximum(
        1.0, np.where(np.isnan(ratios), np.median(known) if len(known) else 1.0, ratios)
    )
    return effects


def _shares(sizes: Floats, counts: Floats, *, basis: Basis, effects: Floats) -> list[tuple[int, Measure]]:
    n = float(sizes.sum())
    totals = counts.sum(axis=0).tolist()
    if n == 0:
        return [(0, Measure(math.nan, reason=NO_SENTENCE)) for _ in totals]
    if basis == "blocks" and n < LEAST_SENTENCES:
        reason = TOO_SHORT.format(n=LEAST_SENTENCES)
        return [(int(total), Measure(total / n, reason=reason)) for total in totals]
    variances = linearised_variance(sizes, counts)
    found = []
    for total, variance, effect in zip(totals, variances.tolist(), effects.tolist(), strict=True):
        one = ClusteredShare(total / n, variance, n, len(sizes))
        low, high = share_interval(one, design_effect=effect)
        missing = ONE_DOCUMENT if math.isnan(low) else None
        found.append((int(total), Measure(one.share, low, high, missing)))
    return found


def _with_documents(
    shares: Sequence[tuple[int, Measure]], sentences: DecidedSentences, group: int
) -> tuple[CodeShare, ...]:
    own = sentences.group_of == group
    _, of_document = np.unique(sentences.document_of[own], return_inverse=True)
    n_documents = int(of_document.max(initial=-1)) + 1
    has_code = np.zeros((n_documents, sentences.applies.shape[1]), dtype=np.bool_)
    np.logical_or.at(has_code, of_document, sentences.applies[own])
    return tuple(
        CodeShare(n, share, int(n_with), _document_share(int(n_with), n_documents))
        for (n, share), n_with in zip(shares, has_code.sum(axis=0), strict=True)
    )


def _document_share(n_with: int, n_documents: int) -> Measure:
    """Share of documents with the interval of Wilson (1927)."""
    if n_documents == 0:
        return Measure(math.nan, reason=NO_SENTENCE)
    if n_documents == 1:
        return Measure(float(n_with), reason=ONE_DOCUMENT)
    interval = stats.binomtest(n_with, n_documents).proportion_ci(method="wilson")
    return Measure(n_with / n_documents, float(interval.low), float(interval.high))
