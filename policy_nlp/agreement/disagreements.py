"""Units that coders coded differently, those first from which most is to be learnt.

The weight of a unit is a sum over levels of distance x surprise x against:

- distance: mean Jaccard distance over the pairs of coders who coded it (0 to 1): sets that share nothing and
  evenly split coders count most;
- surprise: mean over the codes in dispute of -log2(share of all codings of the level that hold the code): a
  dispute over a rare code tells more than one over a common code;
- against: 2 where two people or more agree and a model differs from all of them, else 1.

Main categories count too, so that a dispute across main categories weighs more than one within.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.chance import MISSING, Floats
from policy_nlp.agreement.coder_table import CoderTable
from policy_nlp.agreement.level_agreement import ComparedLevel
from policy_nlp.agreement.patterns import Patterns, coder_pairs_of
from policy_nlp.agreement.report import Disagreement
from policy_nlp.agreement.set_distances import JACCARD

AGAINST_PEOPLE = 2.0


def find_disagreements(
    table: CoderTable, levels: Sequence[ComparedLevel], *, n_most: int
) -> tuple[Disagreement, ...]:
    """At most `n_most` units on which coders differ, most informative first, else in the table's order."""
    is_model = np.array([coder.coder.is_model for coder in table.coders], dtype=np.bool_)
    weights = np.zeros((len(levels), len(table.unit_ids)))
    for row, level in enumerate(levels):
        patterns = level.statistics.patterns
        compared = patterns.pattern_of != MISSING
        weights[row, compared] = weigh_patterns(patterns, is_model)[patterns.pattern_of[compared]]
    totals = weights.sum(axis=0)
    order = np.argsort(-totals, kind="stable")[:n_most]
    return tuple(
        Disagreement(
            levels=tuple(level.level for level, own in zip(levels, weights[:, column], strict=True) if own),
            codings=tuple(
                replace(unit, coder_id=coder.coder_id) for coder, unit in table.units_at(int(column))
            ),
            weight=float(totals[column]),
        )
        for column in order
        if totals[column] > 0
    )


def weigh_patterns(patterns: Patterns, is_model: NDArray[np.bool_]) -> Floats:
    """What is to be learnt from a unit of each pattern, shape (P,); 0 where all coders agree.

    Args:
        patterns: of one level.
        is_model: shape (K,), which coders are models.
    """
    applies = patterns.members[patterns.sets] & patterns.is_coded[..., np.newaxis]  # (K, P, C)
    n_coders = patterns.is_coded.sum(axis=0)
    n_yes = applies.sum(axis=0)
    is_disputed = (n_yes > 0) & (n_yes < n_coders[:, np.newaxis])
    surprise = is_disputed @ _surprise(patterns, n_yes) / np.maximum(is_disputed.sum(axis=1), 1)
    weights: Floats = _mean_distance(patterns) * surprise
    weights[_is_model_against_people(patterns, is_model)] *= AGAINST_PEOPLE
    return weights


def _surprise(patterns: Patterns, n_yes: NDArray[np.int_]) -> Floats:
    """-log2 of the share of codings that hold each code, shape (C,); 0 for codes that nobody used."""
    counts = patterns.counts
    shares = counts @ n_yes / (counts @ patterns.is_coded.sum(axis=0))
    surprise: Floats = -np.log2(np.where(shares > 0, shares, 1.0))
    return surprise


def _mean_distance(patterns: Patterns) -> Floats:
    """Mean Jaccard distance over pairs of coders who both coded the pattern, shape (P,)."""
    sums = np.zeros(patterns.sets.shape[1])
    for first, second in coder_pairs_of(len(patterns.sets)).T:
        both = np.flatnonzero(patterns.is_coded[first] & patterns.is_coded[second])
        sums[both] += JACCARD.between(
            patterns.members, first=patterns.sets[first, both], second=patterns.sets[second, both]
        )
    n_coders = patterns.is_coded.sum(axis=0)
    mean: Floats = sums / (n_coders * (n_coders - 1) / 2)
    return mean


def _is_model_against_people(patterns: Patterns, is_model: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Patterns in which two people or more agree and a model differs from them, shape (P,)."""
    people = np.where(patterns.is_coded, patterns.sets, MISSING)[~is_model]
    models = np.where(patterns.is_coded, patterns.sets, MISSING)[is_model]
    if not len(people) or not len(models):
        return np.zeros(patterns.sets.shape[1], dtype=np.bool_)
    theirs = people.max(axis=0)  # the set of the people, where they have one and the same
    agree = ((people == theirs) | (people == MISSING)).all(axis=0)
    several = (people != MISSING).sum(axis=0) >= 2
    against: NDArray[np.bool_] = agree & several & ((models != MISSING) & (models != theirs)).any(axis=0)
    return against
