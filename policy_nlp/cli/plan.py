"""`policy-nlp plan`."""

from __future__ import annotations

from typing import Annotated

import typer

from policy_nlp.cli.options import JsonOption
from policy_nlp.records import PlannedCoefficient


def plan(  # noqa: PLR0913 one parameter for each flag
    prevalence: Annotated[
        float, typer.Option("--prevalence", metavar="P", help="Expected share of units with the code.")
    ],
    expected: Annotated[
        float, typer.Option("--expected", metavar="X", help="Expected value of the coefficient.")
    ] = 0.8,
    coefficient: Annotated[
        PlannedCoefficient, typer.Option("--coefficient", help="What is to be estimated.")
    ] = "krippendorff_alpha",
    width: Annotated[
        float | None, typer.Option("--width", metavar="W", help="Of the interval, upper less lower end.")
    ] = None,
    units: Annotated[
        int | None, typer.Option("--units", min=2, metavar="N", help="Or: which width do N units give?")
    ] = None,
    design_effect: Annotated[
        float,
        typer.Option(
            "--design-effect", metavar="D", help="Of sentences in documents; `agree --plan` measures it."
        ),
    ] = 1.0,
    confidence: Annotated[
        float, typer.Option("--confidence", min=0.5, max=0.999, help="Of the interval.")
    ] = 0.95,
    as_json: JsonOption = False,
) -> None:
    """How many units two coders must both code for an interval of a given width, before any are coded."""
    from policy_nlp.agreement.planning import Expectation
    from policy_nlp.operations.plan import plan as compute
    from policy_nlp.reports.plan_summary import describe_units_plan, units_plan_json

    wanted = Expectation(coefficient, expected, prevalence, design_effect)
    found = compute(wanted, width=width, n_units=units, confidence=confidence)
    typer.echo(units_plan_json(found, wanted) if as_json else describe_units_plan(found, wanted))
