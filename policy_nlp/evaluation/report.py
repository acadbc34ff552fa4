"""What an evaluation found, as frozen records."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.intervals import Bootstrap, Measure
from policy_nlp.records import Level


@dataclass(frozen=True, slots=True)
class CodeEvaluation:
    """One code: gold against predicted.

    Attributes:
        tp, fp, fn, tn: units in which gold and predicted have the code, only predicted, only gold, neither.
        f1: also the positive specific agreement of gold and predicted.
    """

    code_id: str
    name_zh: str
    tp: int
    fp: int
    fn: int
    tn: int
    precision: Measure
    recall: Measure
    f1: Measure
    alpha: Measure
    kappa: Measure
    ac1: Measure
    percent_agreement: Measure

    @property
    def support(self) -> int:
        """Units in which gold has the code."""
        return self.tp + self.fn


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Scores from `low` to under `high` (the last: to 1 included), one score a unit and code.

    Attributes:
        mean_score: NaN in an empty bin.
        share: of these scores, how many belong to a code that truly applies.
    """

    low: float
    high: float
    n_scores: int
    mean_score: float
    share: Measure


@dataclass(frozen=True, slots=True)
class LevelCalibration:
    """How far the scores of one level are from the shares that they promise.

    Attributes:
        n_scores: units x codes.
        n_positives: of these, how many apply in gold.
        equal_mass: expected calibration error with 15 bins of equal mass; what `calibration_error` is.
        equal_width: the same with 15 bins of equal width, of which high scores fill more.
        brier: mean squared gap of score and outcome.
        brier_of_shares: what the share of each code in this gold, given as score to every unit, would get.
        bins: ten of equal width, for the reliability diagram.
    """

    n_scores: int
    n_positives: int
    equal_mass: float
    equal_width: float
    brier: Measure
    brier_of_shares: float
    bins: tuple[ReliabilityBin, ...]

    @property
    def error_from_tenth(self) -> float:
        """Calibration error of the scores from 0.1 on, over the diagram's bins; NaN where there is none.

        The errors over all scores are small where most scores are near 0; this one is of those that matter.
        """
        used = [part for part in self.bins[1:] if part.n_scores]
        gaps = sum(part.n_scores * abs(part.mean_score - part.share.value) for part in used)
        return gaps / sum(part.n_scores for part in used) if used else math.nan


@dataclass(frozen=True, slots=True)
class LevelEvaluation:
    """One level of codes over the units that gold and predicted both coded.

    Attributes:
        n_units: units compared.
        n_groups: documents (else units) the intervals draw from.
        n_macro_codes: codes that `macro_f1` averages: those in gold or predicted somewhere. A code that was
            predicted and is never in gold counts as 0; a code that is in neither is left out.
        exact_match: share of units with the same set of codes, empty sets included.
        alpha_masi, alpha_jaccard: Krippendorff's alpha over sets of codes.
        calibration_error: expected calibration error of the scores; no interval.
        calibration: all of the calibration; None where there is no score.
    """

    level: Level
    n_units: int
    n_groups: int
    n_macro_codes: int
    micro_precision: Measure
    micro_recall: Measure
    micro_f1: Measure
    macro_f1: Measure
    exact_match: Measure
    alpha_masi: Measure
    alpha_jaccard: Measure
    calibration_error: Measure
    per_code: tuple[CodeEvaluation, ...]
    calibration: LevelCalibration | None = None


@dataclass(frozen=True, slots=True)
class LeftOutLevel:
    """A level that could not be compared, and why."""

    level: Level
    reason: str


@dataclass(frozen=True, slots=True)
class MainConfusion:
    """Main categories taken for each other; a cell counts units.

    Attributes:
        code_ids: M main categories.
        counts: shape (M + 1, M + 1), gold rows and predicted columns; the last of each is "none".
            Diagonal: units in which gold and predicted have the category (last: in which both have none).
            Row g, column p: units in which g was missed and p was predicted falsely. Row g, last column:
            g was missed and nothing was predicted falsely. Last row, column p: p was predicted falsely and
            nothing was missed. A unit with several codes can count in several cells.
    """

    code_ids: tuple[str, ...]
    names_zh: tuple[str, ...]
    counts: NDArray[np.int_]


BreakdownField = Literal["source_kind", "length", "year", "stratum"]


@dataclass(frozen=True, slots=True)
class GroupLevel:
    """One level of codes in one group of sentences; `n_positives` counts gold codings."""

    level: Level
    n_units: int
    n_positives: int
    micro_f1: Measure


@dataclass(frozen=True, slots=True)
class GroupEvaluation:
    """The sentences of one group: of one source kind, one band of lengths, one year."""

    name: str
    n_units: int
    n_documents: int
    levels: tuple[GroupLevel, ...]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """How well the sentences of each group are coded.

    Attributes:
        rule: how the group of a sentence is told.
        n_unknown: sentences of which the gold does not say it; they are in no group.
        reason: why there is no group; None when there are some.
    """

    field: BreakdownField
    rule: str
    groups: tuple[GroupEvaluation, ...]
    n_unknown: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """Gold against predicted codings at every level that both coded.

    Attributes:
        n_documents: documents named by the units; 0 when none are.
        n_empty: units without usable text, for which nothing is predicted.
        resampled: what the bootstrap draws: documents when units name them, else units.
    """

    levels: tuple[LevelEvaluation, ...]
    left_out: tuple[LeftOutLevel, ...]
    confusion: MainConfusion | None
    n_units: int
    n_documents: int
    n_empty: int
    resampled: Literal["document", "unit"]
    bootstrap: Bootstrap
    breakdowns: tuple[Breakdown, ...] = ()


@dataclass(frozen=True, slots=True)
class EvaluationSource:
    """What was compared with what, so that the numbers can be had again.

    Attributes:
        gold_path, gold_sha256: the gold file.
        gold_coder: whose codes were taken from it; None: the lists of each line.
        predicted_by: name of the model, or the file whose codes were taken.
        signature: what determines the predictions: model digest, precision and version, or the file's sha256.
        fold: the half of the documents that was used; None: all.
        date: ISO 8601, UTC.
        is_gold_known_to_model: the model was trained, calibrated or given thresholds on this very file.
        n_assisted: gold units that a person decided with a model's codes filled in.
    """

    gold_path: str
    gold_sha256: str
    gold_coder: str | None
    predicted_by: str
    signature: str
    codebook_name: str
    codebook_sha256: str
    fold: int | None
    version: str
    date: str
    is_gold_known_to_model: bool = False
    n_assisted: int = 0
