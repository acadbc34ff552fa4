from __future__ import annotations

import math

from policy_nlp.agreement.plan_codes import AgreementPlan, CodePlan
from policy_nlp.agreement.planning import PilotPlan
from policy_nlp.reports.plan_section import iter_plan_blocks, plan_table
from policy_nlp.reports.report_blocks import TableBlock

DONE = PilotPlan(0.8, 0.05, 0.04, 0.2, 100, 20, 0.1, 79, 395)
UNDEFINED = PilotPlan(math.nan, math.nan, math.nan, math.nan, 100, 20, 0.1, None, None, "one unit only")
PLAN = AgreementPlan(
    0.1,
    True,
    (
        CodePlan("initial", None, "", DONE),
        CodePlan("initial", "a", "甲", UNDEFINED),
        CodePlan("initial", "b", "乙", None),
    ),
)


def test_needs_are_shown_and_what_cannot_be_planned_says_why() -> None:
    table = plan_table(PLAN)
    assert table.rows == (
        ("initial (sets)", "0.800", "0.200", "1.562", "79", "395"),
        ("甲", "n/a", "n/a", "n/a", "n/a", "n/a"),
        ("乙", "", "", "", "> 10,000,000", "> 10,000,000"),
    )
    assert "n/a: one unit only" in table.notes


def test_the_section_is_there_only_when_a_plan_was_asked_for() -> None:
    assert not list(iter_plan_blocks(None))
    table = next(block for block in iter_plan_blocks(PLAN) if isinstance(block, TableBlock))
    assert table.rows[1][2] == "n/a (a)"
    assert table.notes == ("(a) one unit only",)
