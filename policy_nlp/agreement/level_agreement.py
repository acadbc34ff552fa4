"""One level's statistics with the bootstrap draws -> LevelAgreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.analytic import analytic_measure
from policy_nlp.agreement.chance import Floats
from policy_nlp.agreement.code_agreement import make_code_agreements
from policy_nlp.agreement.disagreement_matrix import count_disagreements
from policy_nlp.agreement.intervals import Bootstrap, Measure
from policy_nlp.agreement.level_statistics import LevelStatistics
from policy_nlp.agreement.patterns import Patterns, coder_pairs_of
from policy_nlp.agreement.quantities import MeasureTable, Quantity, measure_quantities
from policy_nlp.agreement.report import Coefficient, CoefficientName, LevelAgreement, PairAgreement
from policy_nlp.codebook import Code
from policy_nlp.records import Level

COEFFICIENT_NAMES: tuple[CoefficientName, ...] = get_args(CoefficientName)


@dataclass(frozen=True, slots=True)
class ComparedLevel:
    """One level, its codes in codebook order, and the coders' ids."""

    level: Level
    codes: Sequence[Code]
    coder_ids: tuple[str, ...]
    statistics: LevelStatistics

    def quantities(self, of_groups: Floats) -> list[Quantity]:
        """Every quantity of B samples, from weights of shape (B, G)."""
        return self.statistics.quantities(of_groups)


def make_level_agreement(
    compared: ComparedLevel, draws: NDArray[np.float64], *, bootstrap: Bootstrap
) -> LevelAgreement:
    """The level with all its measures; `draws` is of shape (n_draws, M), the quantities of each sample."""
    patterns = compared.statistics.patterns
    quantities = compared.quantities(np.ones((1, patterns.units.shape[0])))
    table = measure_quantities(quantities, draws, n_groups=patterns.n_groups, bootstrap=bootstrap)
    jaccard, masi, jaccard_coded, masi_coded, hierarchy = table.row("set_alphas")
    return LevelAgreement(
        level=compared.level,
        n_units=int(patterns.counts.sum()),
        n_groups=patterns.n_groups,
        n_units_by_coders=_count_coders(patterns),
        n_units_empty=int(patterns.counts[~patterns.has_code].sum()),
        micro_f1=table.one("micro_f1"),
        macro_f1=table.one("macro_f1"),
        exact_match=table.one("exact_match"),
        alpha_jaccard=jaccard,
        alpha_masi=masi,
        alpha_jaccard_coded=jaccard_coded,
        alpha_masi_coded=masi_coded,
        alpha_hierarchy=hierarchy,
        coefficients=_coefficients(table, compared, bootstrap),
        per_code=make_code_agreements(
            table, compared.codes, statistics=compared.statistics, confidence=bootstrap.confidence
        ),
        pairs=_pairs(table, compared),
        matrix=count_disagreements(patterns, compared.codes),
        n_sets=compared.statistics.sets.n_sets,
    )


def _count_coders(patterns: Patterns) -> tuple[int, ...]:
    n_coders = patterns.is_coded.sum(axis=0)
    counts = np.bincount(n_coders, weights=patterns.counts, minlength=len(patterns.sets) + 1)
    return tuple(int(count) for count in counts)


def _coefficients(
    table: MeasureTable, compared: ComparedLevel, bootstrap: Bootstrap
) -> tuple[Coefficient, ...]:
    codes = compared.statistics.patterns.sets_of_units()
    rows = zip(COEFFICIENT_NAMES, table.row("pooled"), table.row("mean"), table.row("sets"), strict=True)
    coefficients = []
    for name, pooled, mean, sets in rows:
        analytic = analytic_measure(
            name, codes, n_codes=compared.statistics.sets.n_sets, confidence=bootstrap.confidence
        )
        coefficients.append(
            Coefficient(name, pooled, mean, sets, analytic.measure, standard_error=analytic.standard_error)
        )
    return tuple(coefficients)


def _pairs(table: MeasureTable, compared: ComparedLevel) -> tuple[PairAgreement, ...]:
    ids, n_units = compared.coder_ids, compared.statistics.n_pair_units()
    names = (
        "pair_micro_f1",
        "pair_macro_f1",
        "pair_exact_match",
        "pair_percent",
        "pair_kappa",
        "pair_alpha",
        "pair_jaccard",
        "pair_masi",
    )
    measures: list[tuple[Measure, ...]] = list(zip(*(table.row(name) for name in names), strict=True))
    return tuple(
        PairAgreement(ids[first], ids[second], n, *own)
        for (first, second), n, own in zip(
            coder_pairs_of(len(ids)).T.tolist(), n_units, measures, strict=True
        )
    )
