"""A plan from expectations -> lines for the terminal, or JSON."""

from __future__ import annotations

import json
from dataclasses import asdict

from policy_nlp.agreement.planning import Expectation, UnitsPlan


def describe_units_plan(plan: UnitsPlan, expected: Expectation) -> str:
    """What is expected, then units and width, then where the formula is from and what it leaves out."""
    lines = [
        f"expected: {expected.name} {expected.value:g}, the code in {expected.prevalence:.1%} of units, "
        f"design effect {expected.design_effect:g}",
        f"{plan.n_units:,} units coded by both coders (some {plan.n_with_code:,.0f} with the code) give a "
        f"{plan.confidence:.0%} interval of width {plan.width:.3f}",
        f"from {plan.source}",
    ]
    if expected.design_effect == 1:
        lines.append(
            "Sentences of one document are alike, so real intervals are wider: code a pilot, and "
            "`policy-nlp agree --plan WIDTH` measures by how much."
        )
    return "\n".join(lines)


def units_plan_json(plan: UnitsPlan, expected: Expectation) -> str:
    """One JSON object: the plan, and under `expected` what it is for."""
    return json.dumps({**asdict(plan), "expected": asdict(expected)}, ensure_ascii=False)
