from __future__ import annotations

import numpy as np
import pytest

from policy_nlp.agreement.plan_codes import plan_codes
from policy_nlp.agreement.planning import plan_from_pilot
from policy_nlp.codebook import Codebook
from policy_nlp.errors import PlanningError
from policy_nlp.records import CodedUnit, Coder, CoderUnits

CODE = "government_support"
FIRST = "1101001011010010110100100010"
SECOND = "1101000011010110110000100010"


def coder_of(name: str, marks: str, *, n_documents: int | None) -> CoderUnits:
    units = tuple(
        CodedUnit(
            f"u{row}", "句。", (CODE,) if mark == "1" else (), None, None,
            None if n_documents is None else f"d{row % n_documents}", name,
        )
        for row, mark in enumerate(marks)
    )  # fmt: skip
    return CoderUnits(Coder(name), units)


def pilot(n_documents: int | None) -> list[CoderUnits]:
    return [coder_of("a", FIRST, n_documents=n_documents), coder_of("b", SECOND, n_documents=n_documents)]


def test_the_plan_of_a_code_is_that_of_its_yes_and_no(shipped_codebook: Codebook) -> None:
    plan = plan_codes(pilot(7), shipped_codebook, width=0.2)
    found = next(item.plan for item in plan.codes if item.code_id == CODE)
    codes = np.array([[int(mark) for mark in marks] for marks in (FIRST, SECOND)])
    document_of = np.arange(len(FIRST)) % 7
    wanted = plan_from_pilot("krippendorff_alpha", codes, n_codes=2, document_of=document_of, width=0.2)
    assert found == wanted
    assert found is not None
    assert (found.n_documents_needed or 0) > 7


def test_sets_come_first_and_levels_that_were_not_coded_are_left_out(shipped_codebook: Codebook) -> None:
    codes = plan_codes(pilot(7), shipped_codebook, width=0.2).codes
    assert [item.level for item in codes if item.code_id is None] == ["initial", "main"]
    assert codes[0].code_id is None


def test_a_code_that_nobody_used_has_a_reason_in_place_of_a_number(shipped_codebook: Codebook) -> None:
    plan = plan_codes(pilot(7), shipped_codebook, width=0.2)
    unused = next(item.plan for item in plan.codes if item.code_id == "market_competition")
    assert unused is not None
    assert unused.n_units_needed is None
    assert unused.reason


def test_units_that_name_no_document_count_each_for_itself(shipped_codebook: Codebook) -> None:
    plan = plan_codes(pilot(None), shipped_codebook, width=0.2)
    assert not plan.has_documents
    assert plan.codes[0].plan is not None
    assert plan.codes[0].plan.n_documents == len(FIRST)


def test_more_documents_than_can_be_are_no_plan(shipped_codebook: Codebook) -> None:
    plan = plan_codes(pilot(7), shipped_codebook, width=1e-7)
    assert next(item.plan for item in plan.codes if item.code_id == CODE) is None


@pytest.mark.parametrize("width", [0, 2, -1, float("nan")])
def test_a_width_that_no_interval_has_is_refused(width: float, shipped_codebook: Codebook) -> None:
    with pytest.raises(PlanningError, match="over 0 and under 2"):
        plan_codes(pilot(7), shipped_codebook, width=width)
