"""One level of gold and predicted codings -> LevelEvaluation, with bootstrap intervals.

Everything is computed from sums over groups of units (documents), so that a bootstrap sample costs one
row of a matrix product: the same functions take the sums of the data and those of all samples.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.binary import (
    BinaryCounts,
    binary_ac1,
    binary_alpha,
    binary_kappa,
    binary_percent_agreement,
    binary_precision,
    binary_recall,
    divide,
    mean_of_defined,
    positive_agreement,
)
from policy_nlp.agreement.coefficients import Floats, alpha_from_totals, unit_disagreements
from policy_nlp.agreement.intervals import Bootstrap, Measure, bootstrap_draws, measures_from_draws
from policy_nlp.agreement.label_sets import LabelSets, find_label_sets, jaccard_distances, masi_distances
from policy_nlp.agreement.level_tables import Applies, LevelTable
from policy_nlp.codebook import Code
from policy_nlp.evaluation.calibration_error import calibration_measure
from policy_nlp.evaluation.reliability import measure_calibration
from policy_nlp.evaluation.report import CodeEvaluation, LevelEvaluation
from policy_nlp.records import Level

IN_NEITHER = "the code is in neither the gold nor the predicted codings"
NO_CODE = "no code of this level is in the gold or the predicted codings"
NO_VARIANCE = "no variance: gold and predicted agree that the code applies to no unit, or to every unit"
NO_SET_VARIANCE = "no variance: every unit has the same set of codes in gold and predicted"


@dataclass(frozen=True, slots=True)
class ComparedLevel:
    """The units of one level that both coded.

    Attributes:
        codes: length C.
        gold, predicted: shape (U, C).
        group_of: shape (U,), the number of the document (else the unit) each unit belongs to.
        scores: shape (U, C); None when the prediction has none.
    """

    level: Level
    codes: Sequence[Code]
    gold: Applies
    predicted: Applies
    group_of: NDArray[np.int_]
    scores: Floats | None


def compare_level(
    level: Level,
    codes: Sequence[Code],
    *,
    gold: LevelTable,
    predicted: LevelTable,
    group_of: NDArray[np.int_],
) -> ComparedLevel:
    """The rows that gold and predicted both coded, their groups numbered from 0 without gaps."""
    rows = gold.coded & predicted.coded
    _, groups = np.unique(group_of[rows], return_inverse=True)
    scores = None if predicted.scores is None else predicted.scores[rows]
    return ComparedLevel(level, codes, gold.applies[rows], predicted.applies[rows], groups, scores)


def evaluate_level(compared: ComparedLevel, bootstrap: Bootstrap) -> LevelEvaluation:
    """Every measure of one level; needs one unit or more."""
    sums = _sum_groups(compared)
    total = sums.weighted(np.ones((1, sums.n_groups)))
    measures = measures_from_draws(
        _quantities(total)[0],
        bootstrap_draws(
            lambda weights: _quantities(sums.weighted(weights)), sums.n_groups, bootstrap=bootstrap
        ),
        reasons=_reasons(len(compared.codes)),
        n_groups=sums.n_groups,
        bootstrap=bootstrap,
    )
    of_level = dict(zip((m.name for m in _LEVEL_MEASURES), measures, strict=False))
    per_code = _split_codes(compared.codes, measures[len(_LEVEL_MEASURES) :], total.counts)
    return LevelEvaluation(
        level=compared.level,
        n_units=len(compared.gold),
        n_groups=sums.n_groups,
        n_macro_codes=sum(code.f1.is_defined for code in per_code),
        micro_precision=of_level["micro_precision"],
        micro_recall=of_level["micro_recall"],
        micro_f1=of_level["micro_f1"],
        macro_f1=of_level["macro_f1"],
        exact_match=of_level["exact_match"],
        alpha_masi=of_level["alpha_masi"],
        alpha_jaccard=of_level["alpha_jaccard"],
        calibration_error=calibration_measure(compared.scores, compared.gold, level=compared.level),
        per_code=per_code,
        calibration=measure_calibration(
            compared.scores, compared.gold, group_of=compared.group_of, bootstrap=bootstrap
        ),
    )


@dataclass(frozen=True, slots=True)
class _Sums:
    """What the measures of B samples are computed from: counts of shape (B, C), the others (B,)."""

    counts: BinaryCounts
    n_units: Floats
    n_exact: Floats
    alpha_masi: Floats
    alpha_jaccard: Floats

    @property
    def pooled(self) -> BinaryCounts:
        """Counts over all codes, shape (B,): what micro measures are of."""
        counts = self.counts
        cells = (counts.both, counts.only_first, counts.only_second, counts.neither)
        return BinaryCounts(*(cell.sum(axis=-1) for cell in cells))


@dataclass(frozen=True, slots=True)
class _GroupSums:
    """Sums over the units of each of G groups; `members` is of shape (S, C), the distinct sets."""

    both: Floats  # (G, C)
    only_gold: Floats
    only_predicted: Floats
    n_units: Floats  # (G,)
    n_exact: Floats
    masi: Floats  # observed disagreement
    jaccard: Floats
    set_totals: Floats  # (G, S)
    masi_distances: Floats  # (S, S)
    jaccard_distances: Floats

    @property
    def n_groups(self) -> int:
        """G."""
        return len(self.n_units)

    def weighted(self, weights: Floats) -> _Sums:
        """The sums of B samples, from weights of shape (B, G)."""
        n_units = weights @ self.n_units
        both, only_gold = weights @ self.both, weights @ self.only_gold
        only_predicted = weights @ self.only_predicted
        neither = n_units[:, np.newaxis] - both - only_gold - only_predicted
        totals = weights @ self.set_totals
        return _Sums(
            counts=BinaryCounts(both, only_gold, only_predicted, neither),
            n_units=n_units,
            n_exact=weights @ self.n_exact,
            alpha_masi=alpha_from_totals(weights @ self.masi, totals, distances=self.masi_distances),
            alpha_jaccard=alpha_from_totals(weights @ self.jaccard, totals, distances=self.jaccard_distances),
        )


def _sum_groups(compared: ComparedLevel) -> _GroupSums:
    gold, predicted, group_of = compared.gold, compared.predicted, compared.group_of
    n_groups = int(group_of.max()) + 1
    sets = find_label_sets(np.stack([gold, predicted]))
    masi, jaccard = masi_distances(sets.members), jaccard_distances(sets.members)
    return _GroupSums(
        both=_sum_rows(gold & predicted, group_of, n_groups),
        only_gold=_sum_rows(gold & ~predicted, group_of, n_groups),
        only_predicted=_sum_rows(~gold & predicted, group_of, n_groups),
        n_units=_sum_values(np.ones(len(gold)), group_of, n_groups),
        n_exact=_sum_values((gold == predicted).all(axis=1), group_of, n_groups),
        masi=_sum_values(unit_disagreements(sets.set_of, masi), group_of, n_groups),
        jaccard=_sum_values(unit_disagreements(sets.set_of, jaccard), group_of, n_groups),
        set_totals=_count_sets(sets, group_of, n_groups),
        masi_distances=masi,
        jaccard_distances=jaccard,
    )


def _sum_rows(cells: Applies, group_of: NDArray[np.int_], n_groups: int) -> Floats:
    sums = np.zeros((n_groups, cells.shape[1]))
    np.add.at(sums, group_of, cells)
    return sums


def _sum_values(values: Floats | Applies, group_of: NDArray[np.int_], n_groups: int) -> Floats:
    sums = np.zeros(n_groups)
    np.add.at(sums, group_of, values)
    return sums


def _count_sets(sets: LabelSets, group_of: NDArray[np.int_], n_groups: int) -> Floats:
    n_sets = len(sets.members)
    cells = (group_of * n_sets + sets.set_of).ravel()
    counts: Floats = np.bincount(cells, minlength=n_groups * n_sets).astype(np.float64)
    return counts.reshape(n_groups, n_sets)


@dataclass(frozen=True, slots=True)
class _LevelMeasure:
    name: str
    compute: Callable[[_Sums], Floats]  # -> shape (B,)
    reason: str  # why it is NaN


@dataclass(frozen=True, slots=True)
class _CodeMeasure:
    name: str
    compute: Callable[[BinaryCounts], Floats]  # -> shape (B, C)
    reason: str


_LEVEL_MEASURES = (
    _LevelMeasure(
        "micro_precision", lambda s: binary_precision(s.pooled), "no code of this level was predicted"
    ),
    _LevelMeasure(
        "micro_recall", lambda s: binary_recall(s.pooled), "no code of this level is in the gold codings"
    ),
    _LevelMeasure("micro_f1", lambda s: positive_agreement(s.pooled), NO_CODE),
    _LevelMeasure("macro_f1", lambda s: mean_of_defined(positive_agreement(s.counts)), NO_CODE),
    _LevelMeasure("exact_match", lambda s: divide(s.n_exact, s.n_units), "there is no unit"),
    _LevelMeasure("alpha_masi", lambda s: s.alpha_masi, NO_SET_VARIANCE),
    _LevelMeasure("alpha_jaccard", lambda s: s.alpha_jaccard, NO_SET_VARIANCE),
)
_CODE_MEASURES = (
    _CodeMeasure("precision", binary_precision, "the code was never predicted"),
    _CodeMeasure("recall", binary_recall, "the code is not in the gold codings"),
    _CodeMeasure("f1", positive_agreement, IN_NEITHER),
    _CodeMeasure("alpha", binary_alpha, NO_VARIANCE),
    _CodeMeasure("kappa", binary_kappa, NO_VARIANCE),
    _CodeMeasure("ac1", binary_ac1, NO_VARIANCE),
    _CodeMeasure("percent_agreement", binary_percent_agreement, "there is no unit"),
)


def _quantities(sums: _Sums) -> Floats:
    """Every measure of B samples, shape (B, M): those of the level, then each code measure for all codes."""
    of_level = [measure.compute(sums)[:, np.newaxis] for measure in _LEVEL_MEASURES]
    return np.concatenate([*of_level, *(measure.compute(sums.counts) for measure in _CODE_MEASURES)], axis=1)


def _reasons(n_codes: int) -> list[str]:
    of_codes = [measure.reason for measure in _CODE_MEASURES for _ in range(n_codes)]
    return [measure.reason for measure in _LEVEL_MEASURES] + of_codes


def _split_codes(
    codes: Sequence[Code], measures: Sequence[Measure], counts: BinaryCounts
) -> tuple[CodeEvaluation, ...]:
    """One record a code, from `measures` in the order of `_quantities` and counts of shape (1, C)."""
    evaluations = []
    for column, code in enumerate(codes):
        own = dict(zip((m.name for m in _CODE_MEASURES), measures[column :: len(codes)], strict=True))
        evaluations.append(
            CodeEvaluation(
                code_id=code.code_id,
                name_zh=code.name_zh,
                tp=int(counts.both[0, column]),
                fp=int(counts.only_second[0, column]),
                fn=int(counts.only_first[0, column]),
                tn=int(counts.neither[0, column]),
                precision=own["precision"],
                recall=own["recall"],
                f1=own["f1"],
                alpha=own["alpha"],
                kappa=own["kappa"],
                ac1=own["ac1"],
                percent_agreement=own["percent_agreement"],
            )
        )
    return tuple(evaluations)
