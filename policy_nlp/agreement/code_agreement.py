"""The measures of each code of a level -> CodeAgreement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.analytic import analytic_measure
from policy_nlp.agreement.level_statistics import LevelStatistics
from policy_nlp.agreement.quantities import MeasureTable
from policy_nlp.agreement.report import CodeAgreement, PairCounts
from policy_nlp.agreement.yes_no import YesNoSums
from policy_nlp.codebook import Code

ONE_NEVER_USED = (
    "one coder never used the code and another did: their kappa is 0, however often they agree; see AC1 and "
    "positive agreement"
)


def make_code_agreements(
    table: MeasureTable, codes: Sequence[Code], *, statistics: LevelStatistics, confidence: float
) -> tuple[CodeAgreement, ...]:
    """One record a code, in the order of `codes`."""
    patterns = statistics.patterns
    sums = statistics.cells.weighted(patterns.counts[np.newaxis])
    agreements = []
    for column, (code, applies) in enumerate(zip(codes, statistics.iter_yes_no(), strict=True)):
        alpha = analytic_measure("krippendorff_alpha", applies, n_codes=2, confidence=confidence)
        ac1 = analytic_measure("gwet_ac1", applies, n_codes=2, confidence=confidence)
        n_applied = _as_ints(sums.coder_yes[0, column])
        agreements.append(
            CodeAgreement(
                code_id=code.code_id,
                name_zh=code.name_zh,
                n_units=int(sums.n_units[0, column]),
                n_applied=n_applied,
                n_coded=_as_ints(sums.coder_coded[0, column]),
                counts=_pair_counts(sums, column),
                precision=table.row("precision")[column],
                recall=table.row("recall")[column],
                positive_agreement=table.row("positive_agreement")[column],
                percent_agreement=table.row("percent_agreement")[column],
                kappa=table.row("kappa")[column],
                alpha=table.row("alpha")[column],
                ac1=table.row("ac1")[column],
                alpha_analytic=alpha.measure,
                ac1_analytic=ac1.measure,
                notes=tuple(_iter_notes(sums, column)),
            )
        )
    return tuple(agreements)


def _pair_counts(sums: YesNoSums, column: int) -> PairCounts | None:
    if sums.coder_yes.shape[-1] != 2:
        return None
    pairs = sums.pairs
    cells = (pairs.both, pairs.only_first, pairs.only_second, pairs.neither)
    return PairCounts(*(int(cell[0, column, 0]) for cell in cells))


def _iter_notes(sums: YesNoSums, column: int) -> Iterator[str]:
    pairs = sums.pairs
    first_yes = (pairs.both + pairs.only_first)[0, column]
    second_yes = (pairs.both + pairs.only_second)[0, column]
    if ((first_yes == 0) != (second_yes == 0)).any():
        yield ONE_NEVER_USED


def _as_ints(values: NDArray[np.float64]) -> tuple[int, ...]:
    return tuple(int(value) for value in values)
