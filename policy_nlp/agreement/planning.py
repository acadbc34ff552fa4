"""How many units to double-code for an interval of a given width, and which width a number of units gives.

From expectations (`plan_units`): two coders, one code given or not, both using it equally often, units drawn
independently. From a pilot (`plan_from_pilot`): any coefficient and number of coders, sentences in documents.
Widths are of a two-sided interval: upper end less lower end.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

from policy_nlp.agreement.chance import MISSING, Codes
from policy_nlp.agreement.report import CoefficientName
from policy_nlp.agreement.standard_errors import NO_SPREAD, NO_VARIANCE, coefficient_scores
from policy_nlp.errors import PlanningError
from policy_nlp.records import PlannedCoefficient

ONE_DOCUMENT = "one document only: how documents differ cannot be told"
MOST_UNITS = 10_000_000

UNITS_SOURCE = (
    "large-sample standard errors for two coders with the same share of the code: Fleiss, Cohen and Everitt "
    "(1969) for kappa, which alpha equals in large samples; Gwet (2008) for AC1; binomial for percent "
    "agreement"
)
PILOT_SOURCE = (
    "linearised standard error of the pilot (Gwet 2014) with documents as clusters; it shrinks with the root "
    "of the number of documents of the pilot's kind"
)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is expected of one code.

    Attributes:
        name: the coefficient to be estimated.
        value: what it is expected to be.
        prevalence: share of units that have the code, over 0 and under 1, the same for both coders.
        design_effect: variance of the estimate over that of independent units; 1 + (m - 1) r for m sentences
            a document that are alike with correlation r. A pilot measures it.
    """

    name: PlannedCoefficient
    value: float
    prevalence: float
    design_effect: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.prevalence < 1:
            raise PlanningError(
                f"prevalence = {self.prevalence:g}; a fraction over 0 and under 1 is needed.",
                prevalence=self.prevalence,
            )
        if self.design_effect <= 0:
            raise PlanningError(
                f"design effect = {self.design_effect:g}; a number over 0 is needed.",
                design_effect=self.design_effect,
            )
        share, most = self.share_differing, 2 * min(self.prevalence, 1 - self.prevalence)
        if not 0 < share <= most:
            raise PlanningError(
                f"{self.name} = {self.value:g} with prevalence {self.prevalence:g} needs coders who differ "
                f"on a share of {share:.3f} of the units; over 0 and at most {most:.3f} can be. Change it.",
                value=self.value,
            )

    @property
    def share_differing(self) -> float:
        """Share of units on which the two coders differ."""
        chance = 2 * self.prevalence * (1 - self.prevalence)
        if self.name == "percent_agreement":
            return 1 - self.value
        return (1 - self.value) * (1 - chance if self.name == "gwet_ac1" else chance)


@dataclass(frozen=True, slots=True)
class UnitsPlan:
    """Units to be coded by both coders.

    Attributes:
        n_units: how many; with both coders.
        width: of the interval that they give.
        confidence: of that interval.
        n_with_code: units with the code that can be expected among them, for each coder.
        source: where the standard error is from.
    """

    n_units: int
    width: float
    confidence: float
    n_with_code: float
    source: str = UNITS_SOURCE


@dataclass(frozen=True, slots=True)
class PilotPlan:
    """What a pilot says of the documents still needed.

    Attributes:
        value: the coefficient in the pilot; NaN when undefined.
        se: standard error with documents as clusters.
        se_independent: standard error as if units were independent.
        width: of the pilot's interval.
        n_units, n_documents: of the pilot, as far as the coefficient uses them.
        wanted_width: of the interval asked for.
        n_documents_needed, n_units_needed: in all, with the pilot's; None when undefined.
        reason: why something is undefined; None when all is there.
    """

    value: float
    se: float
    se_independent: float
    width: float
    n_units: int
    n_documents: int
    wanted_width: float
    n_documents_needed: int | None
    n_units_needed: int | None
    reason: str | None = None
    source: str = PILOT_SOURCE

    @property
    def design_effect(self) -> float:
        """How many times the variance is what independent units would give."""
        return (self.se / self.se_independent) ** 2 if self.se_independent > 0 else math.nan


def plan_units(expected: Expectation, *, width: float, confidence: float = 0.95) -> UnitsPlan:
    """The smallest number of units whose interval is at most this wide.

    Raises:
        PlanningError: the width is not over 0 and under 2, or would need over ten million units.

    >>> plan_units(Expectation("cohen_kappa", 0.8, prevalence=0.1), width=0.2).n_units
    403
    """
    n_units = _smallest(lambda n: width_of_units(expected, n, confidence=confidence), width)
    return plan_of_units(expected, n_units, confidence=confidence)


def plan_of_units(expected: Expectation, n_units: int, *, confidence: float = 0.95) -> UnitsPlan:
    """What this many units give; the width is NaN below two."""
    width = width_of_units(expected, n_units, confidence=confidence)
    return UnitsPlan(n_units, width, confidence, n_units * expected.prevalence)


def width_of_units(expected: Expectation, n_units: int, *, confidence: float = 0.95) -> float:
    """The width of the interval that this many units give; NaN below two."""
    if n_units < 2:
        return math.nan
    se = unit_deviation(expected) * math.sqrt(expected.design_effect / n_units)
    return _reach(n_units - 1, confidence) * se


def unit_deviation(expected: Expectation) -> float:
    """Standard deviation of what one unit adds to the coefficient: its standard error x root of n units."""
    differ, shares = expected.share_differing, np.array([1 - expected.prevalence, expected.prevalence])
    cells = np.array([1 - differ / 2 - expected.prevalence, differ, expected.prevalence - differ / 2])
    agreed, own = np.array([1.0, 0.0, 1.0]), np.array([shares[0], 0.5, shares[1]])
    by_chance = {"percent_agreement": np.zeros(3), "gwet_ac1": 1 - own}.get(expected.name, own)
    chance = float(cells @ by_chance)
    # Each unit's score in Gwet's linearisation; of kappa and alpha alike, as the coders' shares are the same.
    scores = (agreed - chance - 2 * (1 - expected.value) * (by_chance - chance)) / (1 - chance)
    return math.sqrt(max(0.0, float(cells @ scores**2) - float(cells @ scores) ** 2))


def plan_from_pilot(
    name: CoefficientName,
    codes: Codes,
    *,
    n_codes: int,
    document_of: NDArray[np.int_],
    width: float,
) -> PilotPlan:
    """Documents and units needed for a 95 % interval of this width, from codes of a pilot.

    Args:
        name: the coefficient.
        codes: shape (K, U), -1 where not coded; yes/no codes (0 and 1) for one code.
        n_codes: codes the coders could choose from.
        document_of: shape (U,), the number of each unit's document.
        width: wanted.

    Raises:
        TooFewCodersError: no unit was coded by two coders.
        PlanningError: the width is not over 0 and under 2, or would need over ten million documents.
    """
    _check_width(width)
    is_pairable = (codes != MISSING).sum(axis=0) >= 2  # units coded once tell of no agreement
    scores = coefficient_scores(name, codes[:, is_pairable], n_codes=n_codes)
    is_used = ~np.isnan(scores.influences)
    influences = scores.influences[is_used]
    documents, numbers = np.unique(document_of[is_pairable][is_used], return_inverse=True)
    n_units, n_documents = len(influences), len(documents)
    reason = _reason(scores.value, influences, n_documents)
    nan = math.nan
    pilot = PilotPlan(scores.value, nan, nan, nan, n_units, n_documents, width, None, None, reason)
    if reason:
        return pilot
    sums = np.bincount(numbers, weights=influences)
    se = math.sqrt(float((sums**2).sum()) * n_documents / (n_documents - 1)) / n_units
    se_independent = math.sqrt(float((influences**2).sum()) / (n_units * (n_units - 1)))
    measured = replace(pilot, se=se, se_independent=se_independent, width=_reach(n_documents - 1, 0.95) * se)
    n_needed = _smallest(lambda n: width_of_documents(measured, n), width)
    return replace(
        measured,
        n_documents_needed=n_needed,
        n_units_needed=math.ceil(n_needed * n_units / n_documents),
    )


def width_of_documents(pilot: PilotPlan, n_documents: int, *, confidence: float = 0.95) -> float:
    """The width of the interval that this many documents of the pilot's kind give; NaN below two."""
    if n_documents < 2:
        return math.nan
    se = pilot.se * math.sqrt(pilot.n_documents / n_documents)
    return _reach(n_documents - 1, confidence) * se


def _reach(degrees: int, confidence: float) -> float:
    """Width of an interval in standard errors."""
    return 2 * float(t.ppf((1 + confidence) / 2, degrees))


def _smallest(width_of: Callable[[int], float], width: float) -> int:
    """The smallest number, from 2, whose width is at most this; widths shrink as numbers grow."""
    _check_width(width)
    high = 2
    while not width_of(high) <= width:
        high *= 2
        if high > MOST_UNITS:
            raise PlanningError(
                f"an interval of width {width:g} would need over {MOST_UNITS:,} units. Give a wider one.",
                width=width,
            )
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if width_of(middle) <= width else (middle, high)
    return high


def _check_width(width: float) -> None:
    if not 0 < width < 2:
        raise PlanningError(f"width = {width:g}; a number over 0 and under 2 is needed.", width=width)


def _reason(value: float, influences: NDArray[np.float64], n_documents: int) -> str | None:
    if math.isnan(value):
        return NO_VARIANCE
    if n_documents < 2:
        return ONE_DOCUMENT
    return NO_SPREAD if np.abs(influences).max() < 1e-12 else None
