from __future__ import annotations

import math
from dataclasses import replace

import pytest

from policy_nlp.agreement.intervals import Measure
from policy_nlp.reports.benchmarks import iter_benchmark_blocks
from policy_nlp.reports.report_blocks import TableBlock
from tests.reports.agreement_examples import result


def words_beside(alpha: Measure, kappa: Measure) -> tuple[str, str]:
    report = result(2).report
    level = report.levels[0]
    coefficients = tuple(
        replace(item, pooled=kappa) if item.name == "cohen_kappa" else item for item in level.coefficients
    )
    level = replace(level, alpha_jaccard=alpha, coefficients=coefficients)
    table = next(
        b for b in iter_benchmark_blocks(replace(report, levels=(level,))) if isinstance(b, TableBlock)
    )
    return table.rows[0][-1], table.rows[1][-1]


# Landis & Koch (1977), table 2; Krippendorff (2004), p. 241; Fleiss (1981), p. 218.
@pytest.mark.parametrize(
    ("low", "krippendorff", "landis_koch", "fleiss"),
    [
        (0.85, "≥ .800", "almost perfect", "> .75"),
        (0.80, "≥ .800", "substantial", "> .75"),
        (0.70, ".667–.800", "substantial", ".40–.75"),
        (0.41, "< .667", "moderate", ".40–.75"),
        (0.39, "< .667", "fair", "< .40"),
        (0.0, "< .667", "slight", "< .40"),
        (-0.1, "< .667", "poor", "< .40"),
    ],
)
def test_the_lower_bound_and_not_the_value_is_held_beside_the_benchmarks(
    low: float, krippendorff: str, landis_koch: str, fleiss: str
) -> None:
    measure = Measure(0.99, low, 1.0)
    of_alpha, of_kappa = words_beside(measure, measure)
    assert krippendorff in of_alpha
    assert landis_koch in of_kappa
    assert fleiss in of_kappa


def test_nothing_is_said_of_a_value_without_an_interval() -> None:
    without = Measure(0.9, reason="no interval: there is one document only")
    undefined = Measure(math.nan, reason="no variance: x")
    assert words_beside(without, undefined) == ("没有区间，不作对照", "没有区间，不作对照")
