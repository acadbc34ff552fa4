"""Does the share of a code differ between groups? Tests that keep the sentences of a document together.

What is permuted are clusters (documents; passages where every group has one document), so that sentences
which speak of one matter count once and not a hundred times. False discoveries are controlled over all codes
of a level.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from policy_nlp.analysis.clusters import (
    Basis,
    Clusters,
    DecidedSentences,
    Floats,
    block_clusters,
    document_clusters,
)
from policy_nlp.analysis.permuting import Permutations, PermutationTest, least_p_value, permute_clusters
from policy_nlp.errors import CorpusError
from policy_nlp.records import Level

MOST_GROUPS_OF_PAIRS = 6  # pairs are tested up to here: 15
NO_VARIANCE = "the code is in no sentence, or in all"


@dataclass(frozen=True, slots=True)
class CodeTest:
    """Whether one code is as frequent in every group.

    Attributes:
        p_value: of the permutations; NaN with a reason.
        q_value: p adjusted over the codes of the level (false discovery rate).
        eta_squared: share of the code's variance over sentences that lies between groups, 0 to 1.
        eta_by_chance: what it is on average where groups do not matter.
    """

    code_id: str
    p_value: float
    q_value: float
    eta_squared: float
    eta_by_chance: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ShareDifference:
    """One code in one group against another group, or against all others together.

    Attributes:
        other: empty for all others together.
        difference: share in the group less share in the other, from -1 to 1.
        cohen_h: difference of the arcsine-transformed shares (Cohen 1988): 0.2 small, 0.5 medium, 0.8 large.
        q_value: p adjusted over all codes and all of these comparisons of the level.
    """

    code_id: str
    group: str
    other: str
    difference: float
    cohen_h: float
    p_value: float
    q_value: float = math.nan


@dataclass(frozen=True, slots=True)
class LevelTests:
    """The tests of one level.

    Attributes:
        basis: what was permuted.
        n_clusters: how many.
        least_p: the smallest p value that this many arrangements can give.
        n_draws: random arrangements.
        codes: in the order of the level.
        against_rest: each group against all others, for each code.
        pairs: each two groups, for each code; empty with many groups.
    """

    level: Level
    basis: Basis
    n_clusters: int
    least_p: float
    n_draws: int
    codes: tuple[CodeTest, ...]
    against_rest: tuple[ShareDifference, ...]
    pairs: tuple[ShareDifference, ...]

    @property
    def has_power(self) -> bool:
        """Whether any result could be significant at 0.05."""
        return self.least_p <= 0.05


@dataclass(frozen=True, slots=True)
class _Names:
    """What codes and groups with a cluster are called; groups are numbered without gaps."""

    codes: tuple[str, ...]
    groups: tuple[str, ...]


def compare_groups(
    sentences: DecidedSentences,
    names: Sequence[str],
    *,
    level: Level,
    code_ids: Sequence[str],
    permutations: Permutations | None = None,
) -> LevelTests:
    """The tests of every code of a level over groups of these names.

    Documents are permuted among groups: under the null, which group a document is of says nothing about its
    codes. Where each group has one document this cannot be tested; then blocks of sentences are permuted
    among the documents, and what is tested is whether these documents differ by more than passages of one
    document do.

    Raises:
        CorpusError: no sentence was decided on.
    """
    permutations = permutations or Permutations()
    clusters, basis = clusters_of_tests(sentences)
    if not len(clusters.sizes):
        raise CorpusError(
            "no sentence of any group was decided on: all are empty or abstained. Compare folders with "
            "sentences that the model coded or left uncoded."
        )
    numbers, group_of = np.unique(clusters.group_of, return_inverse=True)
    clusters = replace(clusters, group_of=group_of)
    known = _Names(tuple(code_ids), tuple(names[number] for number in numbers.tolist()))
    test = permute_clusters(clusters, permutations)
    few = len(known.groups) <= MOST_GROUPS_OF_PAIRS
    return LevelTests(
        level=level,
        basis=basis,
        n_clusters=len(clusters.sizes),
        least_p=least_p_value(np.bincount(group_of).tolist()),
        n_draws=permutations.n_draws,
        codes=_code_tests(test, known),
        against_rest=_adjusted(_against_rest(clusters, test, known)),
        pairs=_adjusted(_pairs(clusters, known, permutations)) if few else (),
    )


def clusters_of_tests(sentences: DecidedSentences) -> tuple[Clusters, Basis]:
    """Documents, where a group has two of them or more; else passages of the documents."""
    clusters = document_clusters(sentences)
    if np.bincount(clusters.group_of).max(initial=0) >= 2:
        return clusters, "documents"
    return block_clusters(sentences), "blocks"


def adjust_p_values(p_values: NDArray[np.float64]) -> Floats:
    """The q values of Benjamini and Hochberg (1995); NaN stays and does not count."""
    q_values = np.full(p_values.shape, math.nan)
    is_known = ~np.isnan(p_values)
    if is_known.any():
        q_values[is_known] = stats.false_discovery_control(p_values[is_known], method="bh")
    return q_values


def _code_tests(test: PermutationTest, names: _Names) -> tuple[CodeTest, ...]:
    columns = zip(
        names.codes,
        test.p_values.tolist(),
        adjust_p_values(test.p_values).tolist(),
        test.observed.eta_squared[0].tolist(),
        test.eta_by_chance.tolist(),
        strict=True,
    )
    return tuple(
        CodeTest(code_id, p, q, eta, by_chance, NO_VARIANCE if math.isnan(p) else "")
        for code_id, p, q, eta, by_chance in columns
    )


def _against_rest(clusters: Clusters, test: PermutationTest, names: _Names) -> list[ShareDifference]:
    if len(names.groups) < 2:
        return []  # the others have no sentence that was decided on
    sizes, counts = _group_sums(clusters)
    found = []
    for group, name in enumerate(names.groups):
        share = counts[group] / sizes[group]
        rest = (counts.sum(axis=0) - counts[group]) / (sizes.sum() - sizes[group])
        found += _differences(share, rest, p_values=test.difference_p[group], pair=(name, ""), names=names)
    return found


def _pairs(clusters: Clusters, names: _Names, permutations: Permutations) -> list[ShareDifference]:
    sizes, counts = _group_sums(clusters)
    found = []
    for first, second in combinations(range(len(names.groups)), 2):
        own = np.isin(clusters.group_of, [first, second])
        two = Clusters(
            of_sentences=clusters.of_sentences[:0],
            group_of=(clusters.group_of[own] == second).astype(np.int64),
            sizes=clusters.sizes[own],
            counts=clusters.counts[own],
        )
        test = permute_clusters(two, permutations)
        found += _differences(
            counts[first] / sizes[first],
            counts[second] / sizes[second],
            p_values=test.difference_p[0],
            pair=(names.groups[first], names.groups[second]),
            names=names,
        )
    return found


def _group_sums(clusters: Clusters) -> tuple[Floats, Floats]:
    """Sentences of each group, shape (G,), and those with each code, (G, C)."""
    sizes: Floats = np.bincount(clusters.group_of, weights=clusters.sizes).astype(np.float64)
    counts = np.zeros((len(sizes), clusters.counts.shape[1]))
    np.add.at(counts, clusters.group_of, clusters.counts)
    return sizes, counts


def _differences(
    share: Floats, other: Floats, *, p_values: Floats, pair: tuple[str, str], names: _Names
) -> list[ShareDifference]:
    angles = 2 * np.arcsin(np.sqrt(share)) - 2 * np.arcsin(np.sqrt(other))
    columns = zip(names.codes, (share - other).tolist(), angles.tolist(), p_values.tolist(), strict=True)
    return [ShareDifference(code_id, *pair, difference, h, p) for code_id, difference, h, p in columns]


def _adjusted(found: Sequence[ShareDifference]) -> tuple[ShareDifference, ...]:
    q_values = adjust_p_values(np.array([one.p_value for one in found]))
    return tuple(replace(one, q_value=q) for one, q in zip(found, q_values.tolist(), strict=True))
