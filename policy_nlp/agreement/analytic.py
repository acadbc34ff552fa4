"""Standard errors of a level as measures: the second line beside the bootstrap."""

from __future__ import annotations

import math
from dataclasses import dataclass

from policy_nlp.agreement.chance import Codes
from policy_nlp.agreement.intervals import Measure
from policy_nlp.agreement.report import CoefficientName
from policy_nlp.agreement.standard_errors import standard_error


@dataclass(frozen=True, slots=True)
class AnalyticMeasure:
    """A coefficient with the interval of its standard error; `standard_error` is NaN where there is none."""

    measure: Measure
    standard_error: float


def analytic_measure(
    name: CoefficientName, codes: Codes, *, n_codes: int, confidence: float
) -> AnalyticMeasure:
    """The coefficient of codes of shape (K, U), -1 where not coded; `n_codes` could be chosen from."""
    error = standard_error(name, codes, n_codes=n_codes, confidence=confidence)
    if math.isnan(error.low):
        return AnalyticMeasure(Measure(error.value, reason=error.reason), error.se)
    return AnalyticMeasure(Measure(error.value, error.low, error.high), error.se)
