from __future__ import annotations

import doctest
import math

import numpy as np
import pytest

from policy_nlp.agreement import planning
from policy_nlp.agreement.planning import (
    Expectation,
    plan_from_pilot,
    plan_units,
    unit_deviation,
    width_of_documents,
    width_of_units,
)
from policy_nlp.agreement.standard_errors import standard_error
from policy_nlp.errors import PlanningError

NAMES = ("percent_agreement", "cohen_kappa", "krippendorff_alpha", "gwet_ac1")


def draw_codes(expected: Expectation, n_units: int, generator: np.random.Generator) -> np.ndarray:
    """Two coders with the expected prevalence and disagreement, shape (2, U)."""
    share, prevalence = expected.share_differing, expected.prevalence
    cells = [1 - share / 2 - prevalence, share / 2, share / 2, prevalence - share / 2]
    drawn = generator.choice(4, n_units, p=cells)
    return np.array([drawn // 2, drawn % 2])


def draw_documents(
    n_documents: int, generator: np.random.Generator, n_sentences: int = 20
) -> tuple[np.ndarray, np.ndarray]:
    """Three coders whose errors come and go with the document: codes (3, U), document of each unit."""
    document_of = np.repeat(np.arange(n_documents), n_sentences)
    error = generator.beta(0.5, 3, n_documents)[document_of]
    truth = generator.random(len(document_of)) < 0.4
    return np.array(
        [truth ^ (generator.random(len(truth)) < error) for _ in range(3)], dtype=int
    ), document_of


def test_examples_in_docstrings_are_true() -> None:
    assert doctest.testmod(planning).failed == 0


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("value", "prevalence"), [(0.8, 0.1), (0.7, 0.3), (0.9, 0.5)])
def test_planned_units_give_the_promised_width_within_five_percent(
    name: str, value: float, prevalence: float
) -> None:
    expected = Expectation(name, value, prevalence)
    plan = plan_units(expected, width=0.15)
    generator = np.random.default_rng(5)
    errors = [
        standard_error(name, draw_codes(expected, plan.n_units, generator), n_codes=2) for _ in range(100)
    ]
    assert np.mean([e.se for e in errors]) * 2 * 1.96 == pytest.approx(plan.width, rel=0.05)
    assert np.mean([e.value for e in errors]) == pytest.approx(value, abs=0.02)


def test_the_plan_is_the_smallest_number_of_units() -> None:
    expected = Expectation("cohen_kappa", 0.75, 0.2)
    plan = plan_units(expected, width=0.12)
    assert plan.width <= 0.12 < width_of_units(expected, plan.n_units - 1)
    assert plan.n_with_code == pytest.approx(plan.n_units * 0.2)


def test_rare_codes_need_more_units_for_kappa_but_not_for_percent_agreement() -> None:
    rare, common = (plan_units(Expectation("cohen_kappa", 0.8, p), width=0.2).n_units for p in (0.02, 0.3))
    assert rare > 5 * common
    percent = {plan_units(Expectation("percent_agreement", 0.9, p), width=0.1).n_units for p in (0.1, 0.5)}
    assert len(percent) == 1


def test_a_design_effect_of_four_needs_four_times_the_units() -> None:
    plain = plan_units(Expectation("gwet_ac1", 0.8, 0.1), width=0.1).n_units
    nested = plan_units(Expectation("gwet_ac1", 0.8, 0.1, design_effect=4.0), width=0.1).n_units
    assert nested == pytest.approx(4 * plain, rel=0.02)


def test_deviation_of_percent_agreement_is_binomial() -> None:
    assert unit_deviation(Expectation("percent_agreement", 0.8, 0.4)) == pytest.approx(math.sqrt(0.16))


@pytest.mark.parametrize(
    ("value", "prevalence", "text"),
    [(0.8, 0.0, "prevalence = 0"), (-0.9, 0.1, "can be"), (1.0, 0.2, "over 0"), (0.8, 1.2, "prevalence")],
)
def test_what_cannot_be_is_an_error(value: float, prevalence: float, text: str) -> None:
    with pytest.raises(PlanningError, match=text):
        Expectation("cohen_kappa", value, prevalence)


@pytest.mark.parametrize("width", [0.0, -1.0, 2.0, float("nan"), 1e-9])
def test_a_width_that_cannot_be_had_is_an_error(width: float) -> None:
    with pytest.raises(PlanningError, match="width"):
        plan_units(Expectation("cohen_kappa", 0.8, 0.1), width=width)


@pytest.mark.parametrize("name", ["krippendorff_alpha", "cohen_kappa", "gwet_ac1"])
def test_documents_planned_from_pilots_give_the_promised_width_within_fifteen_percent(name: str) -> None:
    generator = np.random.default_rng(7)
    pilots = [
        plan_from_pilot(name, codes, n_codes=2, document_of=document_of, width=0.2)
        for codes, document_of in (draw_documents(40, generator) for _ in range(30))
    ]
    n_documents = round(float(np.mean([pilot.n_documents_needed for pilot in pilots])))
    values = [
        standard_error(name, draw_documents(n_documents, generator)[0], n_codes=2).value for _ in range(300)
    ]
    assert 2 * 1.96 * np.std(values) == pytest.approx(0.2, rel=0.15)
    assert np.mean([pilot.design_effect for pilot in pilots]) > 1.5


def test_units_of_their_own_documents_have_a_design_effect_of_one() -> None:
    generator = np.random.default_rng(1)
    codes = draw_codes(Expectation("cohen_kappa", 0.7, 0.3), 200, generator)
    pilot = plan_from_pilot("krippendorff_alpha", codes, n_codes=2, document_of=np.arange(200), width=0.1)
    assert pilot.design_effect == pytest.approx(1.0, abs=1e-6)
    assert pilot.width == pytest.approx(
        2 * (standard_error("krippendorff_alpha", codes, n_codes=2).value - _low(codes)), rel=1e-6
    )
    assert pilot.n_units_needed == pilot.n_documents_needed


def _low(codes: np.ndarray) -> float:
    return standard_error("krippendorff_alpha", codes, n_codes=2).low


def test_the_inverse_question_gives_the_width_of_the_needed_documents() -> None:
    codes, document_of = draw_documents(30, np.random.default_rng(2))
    pilot = plan_from_pilot("gwet_ac1", codes, n_codes=2, document_of=document_of, width=0.1)
    needed = pilot.n_documents_needed
    assert width_of_documents(pilot, needed) <= 0.1 < width_of_documents(pilot, needed - 1)
    assert width_of_documents(pilot, 30) == pytest.approx(pilot.width)
    assert pilot.n_units_needed == 20 * needed


def test_pilots_that_tell_nothing_say_why() -> None:
    same, documents = np.zeros((2, 10), dtype=int), np.repeat([0, 1], 5)
    mixed = np.array([[0, 1] * 5, [0, 1, 1, 0] * 2 + [0, 1]])
    agreed = np.array([[0, 1] * 5] * 2)
    for codes, document_of, reason in (
        (same, documents, "no variance"),
        (mixed, np.zeros(10, dtype=int), "one document"),
        (agreed, documents, "no variation"),
    ):
        pilot = plan_from_pilot("cohen_kappa", codes, n_codes=2, document_of=document_of, width=0.1)
        assert pilot.n_documents_needed is None
        assert reason in (pilot.reason or "")
