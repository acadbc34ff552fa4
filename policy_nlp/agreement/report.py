"""What a comparison of coders found, as frozen records.

Axes: K coders in the order of `AgreementReport.coders`, C codes in codebook order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.intervals import Bootstrap, Measure
from policy_nlp.records import CodedUnit, Coder, Level

CoefficientName = Literal[
    "percent_agreement",  # pairs of coders
    "percent_agreement_all",  # units on which all coders agree
    "holsti",
    "cohen_kappa",  # mean of the pairs
    "scott_pi",  # mean of the pairs
    "fleiss_kappa",
    "conger_kappa",
    "krippendorff_alpha",
    "gwet_ac1",
    "brennan_prediger",
    "perreault_leigh",
]


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One coefficient of a level in its three readings.

    Attributes:
        pooled: over all (unit, code) cells of the level, each yes or no.
        mean: unweighted mean over the codes in which it is defined.
        sets: each distinct set of codes is one category of its own.
        analytic: value and interval of `sets` by Gwet's linearised standard error, which takes units as
            independent; undefined for coefficients that have none.
        standard_error: of `analytic`; NaN where undefined.
    """

    name: CoefficientName
    pooled: Measure
    mean: Measure
    sets: Measure
    analytic: Measure
    standard_error: float


@dataclass(frozen=True, slots=True)
class PairCounts:
    """Units that two coders both coded, for one code."""

    both: int
    only_first: int
    only_second: int
    neither: int


@dataclass(frozen=True, slots=True)
class CodeAgreement:
    """One code, yes or no in every unit.

    Attributes:
        n_units: units that two coders or more coded at this level.
        n_applied: of each coder, units with the code; shape (K,).
        n_coded: of each coder, units coded at this level; shape (K,).
        counts: the 2x2 table; None unless there are exactly two coders.
        precision, recall: of the second coder against the first; undefined unless there are two.
        positive_agreement: 2a / (2a + b + c) over all pairs of coders: F1 where there are two.
        kappa: Cohen's, mean of the pairs in which it is defined.
        alpha_analytic, ac1_analytic: the same values with intervals by Gwet's standard errors.
        notes: what a reader must know of the values, as that one coder never used the code.
    """

    code_id: str
    name_zh: str
    n_units: int
    n_applied: tuple[int, ...]
    n_coded: tuple[int, ...]
    counts: PairCounts | None
    precision: Measure
    recall: Measure
    positive_agreement: Measure
    percent_agreement: Measure
    kappa: Measure
    alpha: Measure
    ac1: Measure
    alpha_analytic: Measure
    ac1_analytic: Measure
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two coders at one level; `n_units` is of the units both coded."""

    first: str  # coder ids
    second: str
    n_units: int
    micro_f1: Measure
    macro_f1: Measure
    exact_match: Measure
    percent_agreement: Measure  # pooled cells
    kappa: Measure  # pooled cells
    alpha: Measure  # pooled cells
    alpha_jaccard: Measure
    alpha_masi: Measure


@dataclass(frozen=True, slots=True)
class DisagreementMatrix:
    """What stood against what: over pairs of coders and the units that both coded.

    Attributes:
        names: code ids, then "none"; length C + 1.
        counts: shape (C + 1, C + 1). Diagonal: pairs of coders who both gave the code to a unit (both gave
            none). Off it: one gave the row and not the column, the other the column and not the row, in the
            same unit; "none" stands where one coder has nothing that the other has not. Symmetric: each such
            pair stands in both places.
    """

    names: tuple[str, ...]
    counts: NDArray[np.int_]


@dataclass(frozen=True, slots=True)
class LevelAgreement:
    """One level of codes over the units that two coders or more coded.

    Attributes:
        n_units: units compared.
        n_groups: documents (else units) that the intervals draw from.
        n_units_by_coders: how many units k coders coded, at place k; length K + 1.
        n_units_empty: units compared to which no coder gave a code.
        n_sets: distinct sets of codes used, the categories of the coefficients' reading `sets`.
        micro_f1: pooled positive agreement over codes and pairs of coders.
        macro_f1: mean over the codes that some coder used.
        exact_match: share of pairs of coders with the same set, averaged over units.
        alpha_jaccard_coded, alpha_masi_coded: the same alphas over units to which some coder gave a code.
        alpha_hierarchy: alpha over sets whose distance follows the tree of codes; undefined at levels
            whose codes have no parents.
    """

    level: Level
    n_units: int
    n_groups: int
    n_units_by_coders: tuple[int, ...]
    n_units_empty: int
    micro_f1: Measure
    macro_f1: Measure
    exact_match: Measure
    alpha_jaccard: Measure
    alpha_masi: Measure
    alpha_jaccard_coded: Measure
    alpha_masi_coded: Measure
    alpha_hierarchy: Measure
    coefficients: tuple[Coefficient, ...]
    per_code: tuple[CodeAgreement, ...]
    pairs: tuple[PairAgreement, ...]
    matrix: DisagreementMatrix
    n_sets: int = 0


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A unit that coders coded differently.

    Attributes:
        levels: those at which they differ.
        codings: the unit as each coder who was given it coded it; `coder_id` says whose.
        weight: how much is to be learnt from it, higher first; the list is in this order.
    """

    levels: tuple[Level, ...]
    codings: tuple[CodedUnit, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Replacement:
    """The model in the place of one person.

    Attributes:
        alpha_with_person: alpha (Jaccard) of all people.
        alpha_with_model: alpha when the model takes this person's place.
        change: the second less the first, on the same units; both from the same bootstrap draws.
        model_advantage: share of units, over the other people, in which the model is nearer to the others
            than this person is, less the share in which it is farther (Calderon et al. 2025 in kind).
    """

    coder_id: str
    n_units: int
    alpha_with_person: Measure
    alpha_with_model: Measure
    change: Measure
    model_advantage: Measure


@dataclass(frozen=True, slots=True)
class HumanModelLevel:
    """People and one model at one level; all alphas are over sets with Jaccard distance.

    Attributes:
        alpha_people: among the people; undefined with fewer than two.
        alpha_all: people and model together, on the same units.
        person_model: each person with the model.
        person_person: each pair of people.
        replacements: one a person; empty with fewer than two people.
    """

    level: Level
    model_id: str
    n_units: int
    alpha_people: Measure
    alpha_all: Measure
    person_model: tuple[PairAgreement, ...]
    person_person: tuple[PairAgreement, ...]
    replacements: tuple[Replacement, ...]


@dataclass(frozen=True, slots=True)
class LeftOutLevel:
    """A level that could not be compared, and why."""

    level: Level
    reason: str


@dataclass(frozen=True, slots=True)
class CoderSummary:
    """A coder and how many units they were given (at any level)."""

    coder: Coder
    n_units: int
    n_documents: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """Everything `policy-nlp agree` computes over sentences.

    Attributes:
        coders: K of them.
        n_units: units given to one coder or more.
        n_units_shared: units given to two or more.
        n_documents: distinct document ids of the shared units; None where units name no documents.
        resampled: what the bootstrap draws.
        disagreements: most informative first.
        human_model: one a model and level; empty without a model or without people.
        notes: what a reader must know of the data: coders' notes, units with differing texts.
    """

    coders: tuple[CoderSummary, ...]
    n_units: int
    n_units_shared: int
    n_documents: int | None
    bootstrap: Bootstrap
    resampled: Literal["documents", "units"]
    levels: tuple[LevelAgreement, ...]
    left_out: tuple[LeftOutLevel, ...]
    disagreements: tuple[Disagreement, ...]
    human_model: tuple[HumanModelLevel, ...]
    notes: Sequence[str] = ()
