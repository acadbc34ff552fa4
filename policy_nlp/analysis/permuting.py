"""Clusters dealt out to groups at random: the statistics of the arrangement found, and of random ones."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policy_nlp.analysis.clusters import Clusters, Floats

_CELLS_AT_ONCE = 4_000_000  # numbers held in memory at a time, 32 MB
_SLACK = 1 - 1e-9  # the same clusters in another order may give another last digit


@dataclass(frozen=True, slots=True)
class Permutations:
    """How many random arrangements are drawn, and from which seed."""

    n_draws: int = 9999
    seed: int = 0

    def __post_init__(self) -> None:
        if self.n_draws < 1 or self.seed < 0:
            raise ValueError(f"permutations need n_draws >= 1 and seed >= 0, found {self}")


@dataclass(frozen=True, slots=True)
class GroupStatistics:
    """Statistics of B arrangements of clusters in G groups.

    Attributes:
        eta_squared: shape (B, C), share of the variance over sentences that lies between groups; NaN for a
            code of no sentence or of all.
        differences: shape (B, G, C), share in each group less share in all others, times the square root of
            n_g (n - n_g) / n: one of few sentences has to be larger to count as much.
    """

    eta_squared: Floats
    differences: Floats


@dataclass(frozen=True, slots=True)
class PermutationTest:
    """The arrangement found against random ones.

    Attributes:
        observed: B = 1.
        eta_by_chance: shape (C,), mean over the random arrangements.
        p_values: shape (C,), of differences between groups; NaN for a code of no sentence or of all.
        difference_p: shape (G, C), two-sided, of each group against all others.
    """

    observed: GroupStatistics
    eta_by_chance: Floats
    p_values: Floats
    difference_p: Floats


def permute_clusters(clusters: Clusters, permutations: Permutations) -> PermutationTest:
    """The permutation test of each code; groups are numbered from 0 without gaps, each has a cluster.

    A p value counts the arrangement found among the random ones, so that it is never 0. Differences are
    weighed by sentences: shares of a group of few short documents vary most, and without the weights such a
    group would be found different too often where documents are not of one length.

    Source: Phipson & Smyth (2010), "Permutation p-values should never be zero", SAGMB 9:39.
    """
    order = np.argsort(clusters.group_of, kind="stable")
    starts = np.flatnonzero(np.diff(clusters.group_of[order], prepend=-1))
    observed = _statistics(order[np.newaxis], starts, clusters)
    n_codes = clusters.counts.shape[1]
    eta_sum, n_above = np.zeros(n_codes), np.zeros(n_codes)
    difference_above = np.zeros((len(starts), n_codes))
    found = np.abs(observed.differences[0])
    for orders in _iter_orders(clusters, permutations):
        drawn = _statistics(orders, starts, clusters)
        eta_sum += drawn.eta_squared.sum(axis=0)
        n_above += (drawn.eta_squared >= observed.eta_squared[0] * _SLACK).sum(axis=0)
        difference_above += (np.abs(drawn.differences) >= found * _SLACK).sum(axis=0)
    n = permutations.n_draws
    is_known = ~np.isnan(observed.eta_squared[0])
    return PermutationTest(
        observed=observed,
        eta_by_chance=eta_sum / n,
        p_values=np.where(is_known, (1 + n_above) / (1 + n), math.nan),
        difference_p=np.where(is_known, (1 + difference_above) / (1 + n), math.nan),
    )


def least_p_value(sizes: Sequence[int]) -> float:
    """The smallest p value that permuting can give, from the number of clusters of each group.

    Arrangements that only swap groups of one size are the same to the statistic.

    >>> least_p_value([1, 1, 1]), round(least_p_value([2, 2]), 3)
    (1.0, 0.333)
    """
    logarithm = sum(math.lgamma(size + 1) for size in sizes) - math.lgamma(sum(sizes) + 1)
    logarithm += sum(math.lgamma(n + 1) for n in Counter(sizes).values())
    return min(1.0, math.exp(logarithm))


def _iter_orders(clusters: Clusters, permutations: Permutations) -> Iterator[NDArray[np.int64]]:
    generator = np.random.default_rng(permutations.seed)
    n_clusters, n_codes = clusters.counts.shape
    n_at_once = max(1, _CELLS_AT_ONCE // (n_clusters * max(n_codes, 1)))
    for start in range(0, permutations.n_draws, n_at_once):
        n_rows = min(n_at_once, permutations.n_draws - start)
        yield generator.permuted(np.tile(np.arange(n_clusters), (n_rows, 1)), axis=1)


def _statistics(orders: NDArray[np.int64], starts: NDArray[np.int64], clusters: Clusters) -> GroupStatistics:
    """Statistics of orders of shape (B, U), cut into groups at `starts`."""
    sizes = np.add.reduceat(clusters.sizes[orders], starts, axis=1)[..., np.newaxis]
    counts = np.add.reduceat(clusters.counts[orders], starts, axis=1)
    n, totals = clusters.sizes.sum(), clusters.counts.sum(axis=0)
    share = totals / n
    excess = counts - sizes * share
    variance = n * share * (1 - share)
    between = (excess**2 / sizes).sum(axis=1)
    eta = np.divide(between, variance, out=np.full(between.shape, math.nan), where=variance > 0)
    pooled = np.broadcast_to(sizes * (n - sizes) / n, excess.shape)
    differences = np.divide(excess, np.sqrt(pooled), out=np.zeros(excess.shape), where=pooled > 0)
    return GroupStatistics(eta, differences)
