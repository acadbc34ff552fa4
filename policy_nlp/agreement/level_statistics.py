"""Everything a level's measures are computed from -> all its quantities, in any bootstrap samples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from policy_nlp.agreement.binary import (
    binary_alpha,
    binary_kappa,
    binary_percent_agreement,
    binary_precision,
    binary_recall,
    divide,
    mean_of_defined,
    positive_agreement,
)
from policy_nlp.agreement.chance import MISSING, Codes, Floats
from policy_nlp.agreement.distances import find_ancestors
from policy_nlp.agreement.patterns import Patterns, Sample, coder_pairs_of
from policy_nlp.agreement.quantities import Quantity
from policy_nlp.agreement.set_alphas import AlphaChoice, SetAlphas, make_set_alphas
from policy_nlp.agreement.set_coefficients import SetCounts, count_set_agreement
from policy_nlp.agreement.set_distances import JACCARD, MASI, tree_distance
from policy_nlp.agreement.yes_no import YesNoCells, YesNoSums, find_cells
from policy_nlp.agreement.yes_no_coefficients import (
    yes_no_ac1,
    yes_no_alpha,
    yes_no_coefficients,
    yes_no_kappa,
    yes_no_percent,
    yes_no_positive_agreement,
)
from policy_nlp.codebook import Code

NO_CODE = "no coder used a code of this level"
CODE_NOT_USED = "no coder used the code"
NO_VARIANCE = "no variance: all coders agree that the code applies to no unit, or to every unit"
NO_CODE_VARIES = "no variance: for no code of this level do the coders ever say both yes and no"
NO_CELL_VARIANCE = "no variance: every coder gave no code at all, or every code, to every unit"
NO_SET_VARIANCE = "no variance: every unit has the same set of codes with every coder"
NOTHING_CODED = "no variance: units that some coder gave a code are too few or all have the same set"
NO_PARENTS = "the codes of this level have no parents"
NO_SHARED_UNIT = "the two coders share no unit that both coded at this level"
TWO_CODERS_ONLY = "precision and recall are of one coder against another: there are more than two"


@dataclass(frozen=True, slots=True)
class LevelStatistics:
    """One level, ready for any sample.

    Attributes:
        alphas: over all coders with Jaccard, MASI, the same two over units with a code, the tree's distance
            (left out without parents); then Jaccard for each pair of coders, then MASI.
    """

    patterns: Patterns
    cells: YesNoCells
    sets: SetCounts
    alphas: SetAlphas
    has_parents: bool

    def quantities(self, of_groups: Floats) -> list[Quantity]:
        """Every quantity of B samples, from how often each group was drawn, shape (B, G)."""
        sample = self.patterns.sample(of_groups)
        sums = self.cells.weighted(sample.patterns)
        return [
            *self._level_quantities(sample, sums),
            *_code_quantities(sums),
            *self._pair_quantities(sample, sums),
        ]

    def n_pair_units(self) -> tuple[int, ...]:
        """Units that both of each pair of coders coded."""
        sums = self.sets.sums_of(self.patterns.sample(np.ones((1, self.patterns.units.shape[0]))))
        return tuple(int(n_units) for n_units in sums.pair_coded[0])

    def iter_yes_no(self) -> Iterator[Codes]:
        """Of each code, what each coder said of each compared unit: 1 yes, 0 no, -1 not coded; (K, U')."""
        sets = self.patterns.sets_of_units()
        for applies in self.patterns.members.T.astype(np.int_):
            yield np.where(sets == MISSING, MISSING, applies[sets])

    def _level_quantities(self, sample: Sample, sums: YesNoSums) -> list[Quantity]:
        pooled = sums.pooled()
        of_codes = np.moveaxis(yes_no_coefficients(sums).stacked(), 1, -1)
        of_sets = self.sets.of(sample)
        return [
            Quantity("micro_f1", yes_no_positive_agreement(pooled), NO_CODE),
            Quantity("macro_f1", mean_of_defined(yes_no_positive_agreement(sums)), NO_CODE),
            Quantity("exact_match", of_sets.percent_agreement, NO_SHARED_UNIT),
            Quantity("pooled", yes_no_coefficients(pooled).stacked(), NO_CELL_VARIANCE),
            Quantity("mean", mean_of_defined(of_codes), NO_CODE_VARIES),
            Quantity("sets", of_sets.stacked(), NO_SET_VARIANCE),
        ]

    def _pair_quantities(self, sample: Sample, sums: YesNoSums) -> list[Quantity]:
        pairs = sums.pooled().pairs
        alphas = self.alphas.of(sample)
        of_sets = self.sets.sums_of(sample)
        n_pairs = of_sets.pair_coded.shape[1]
        of_level, of_pairs = alphas[:, : -2 * n_pairs], alphas[:, -2 * n_pairs :]
        if not self.has_parents:
            of_level = np.column_stack([of_level, np.full(len(of_level), np.nan)])
        n_shared = self.n_pair_units()

        def reasons(text: str) -> tuple[str, ...]:
            return tuple(text if n_units else NO_SHARED_UNIT for n_units in n_shared)

        macro = mean_of_defined(np.moveaxis(positive_agreement(sums.pairs), 1, -1))
        return [
            Quantity("set_alphas", of_level, _set_alpha_reasons(self.has_parents)),
            Quantity("pair_micro_f1", positive_agreement(pairs), reasons(NO_CODE)),
            Quantity("pair_macro_f1", macro, reasons(NO_CODE)),
            Quantity("pair_exact_match", divide(of_sets.pair_equal, of_sets.pair_coded), NO_SHARED_UNIT),
            Quantity("pair_percent", binary_percent_agreement(pairs), NO_SHARED_UNIT),
            Quantity("pair_kappa", binary_kappa(pairs), reasons(NO_CELL_VARIANCE)),
            Quantity("pair_alpha", binary_alpha(pairs), reasons(NO_CELL_VARIANCE)),
            Quantity("pair_jaccard", of_pairs[:, :n_pairs], reasons(NO_SET_VARIANCE)),
            Quantity("pair_masi", of_pairs[:, n_pairs:], reasons(NO_SET_VARIANCE)),
        ]


def make_level_statistics(patterns: Patterns, codes: Sequence[Code]) -> LevelStatistics:
    """One level's statistics; needs one code and one pattern or more."""
    n_coders = len(patterns.sets)
    everybody = tuple(range(n_coders))
    has_parents = any(code.parent_id is not None for code in codes)
    parents = {code.code_id: code.parent_id for code in codes}
    tree = tree_distance(find_ancestors([code.code_id for code in codes], parents))
    pairs = [(int(first), int(second)) for first, second in coder_pairs_of(n_coders).T]
    choices = [
        AlphaChoice(JACCARD, everybody),
        AlphaChoice(MASI, everybody),
        AlphaChoice(JACCARD, everybody, patterns.has_code),
        AlphaChoice(MASI, everybody, patterns.has_code),
        *([AlphaChoice(tree, everybody)] if has_parents else []),
        *(AlphaChoice(distance, pair) for distance in (JACCARD, MASI) for pair in pairs),
    ]
    return LevelStatistics(
        patterns=patterns,
        cells=find_cells(patterns),
        sets=count_set_agreement(patterns),
        alphas=make_set_alphas(choices, patterns),
        has_parents=has_parents,
    )


def _set_alpha_reasons(has_parents: bool) -> tuple[str, ...]:
    tree = NO_SET_VARIANCE if has_parents else NO_PARENTS
    return (NO_SET_VARIANCE, NO_SET_VARIANCE, NOTHING_CODED, NOTHING_CODED, tree)


def _code_quantities(sums: YesNoSums) -> list[Quantity]:
    pairs = sums.pairs
    precision, recall = binary_precision(pairs)[..., 0], binary_recall(pairs)[..., 0]
    reasons = ("the second coder never used the code", "the first coder never used the code")
    if sums.coder_yes.shape[-1] != 2:
        precision, recall = np.full_like(precision, np.nan), np.full_like(recall, np.nan)
        reasons = (TWO_CODERS_ONLY, TWO_CODERS_ONLY)
    return [
        Quantity("precision", precision, reasons[0]),
        Quantity("recall", recall, reasons[1]),
        Quantity("positive_agreement", yes_no_positive_agreement(sums), CODE_NOT_USED),
        Quantity("percent_agreement", yes_no_percent(sums), NO_SHARED_UNIT),
        Quantity("kappa", yes_no_kappa(sums), NO_VARIANCE),
        Quantity("alpha", yes_no_alpha(sums), NO_VARIANCE),
        Quantity("ac1", yes_no_ac1(sums), NO_VARIANCE),
    ]
