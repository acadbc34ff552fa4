"""`policy-nlp evaluate GOLD`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from policy_nlp.cli.options import (
    CodebookOption,
    DeviceOption,
    JsonOption,
    ModelOption,
    QuietOption,
    SeedOption,
)
from policy_nlp.settings.engine import EngineSettings

if TYPE_CHECKING:
    from policy_nlp.operations.evaluate import EvaluateResult


def evaluate(  # noqa: PLR0913 one parameter for each flag
    gold: Annotated[
        Path, typer.Argument(metavar="GOLD", help="Gold file: JSON Lines, or CSV unit,coder,code.")
    ],
    model: ModelOption = None,
    device: DeviceOption = "auto",
    codebook: CodebookOption = None,
    predicted: Annotated[
        Path | None,
        typer.Option("--predicted", metavar="FILE", help="Compare the codes of this file; run no model."),
    ] = None,
    coder: Annotated[
        str | None, typer.Option("--coder", metavar="NAME", help="Whose codes to take from GOLD as gold.")
    ] = None,
    predicted_coder: Annotated[
        str | None, typer.Option("--predicted-coder", metavar="NAME", help="Whose codes to take from FILE.")
    ] = None,
    fold: Annotated[
        int | None,
        typer.Option(
            "--fold", min=0, max=1, help="Only this half of the documents (split by a hash of their ids)."
        ),
    ] = None,
    draws: Annotated[
        int, typer.Option("--draws", min=0, help="Bootstrap samples behind each interval; 0: no intervals.")
    ] = 1000,
    seed: SeedOption = 0,
    as_json: JsonOption = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown tables.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Hold a model, or a second coder, against gold codings: P, R, F1, agreement, calibration, intervals."""
    from policy_nlp.cli.progress import show_progress
    from policy_nlp.operations.evaluate import evaluate as evaluate_gold
    from policy_nlp.settings.commands import EvaluateSettings

    _check_format(as_json=as_json, as_markdown=as_markdown)
    settings = EvaluateSettings(
        gold_path=gold,
        coder=coder,
        model=model,
        predicted_path=predicted,
        predicted_coder=predicted_coder,
        codebook_path=codebook,
        fold=fold,
        n_draws=draws,
        seed=seed,
        engine=EngineSettings(device=device),
    )
    with show_progress("evaluating", is_quiet=quiet) as progress:
        result = evaluate_gold(settings, progress)
    _print_result(result, as_json=as_json, as_markdown=as_markdown)


def _check_format(*, as_json: bool, as_markdown: bool) -> None:
    if as_json and as_markdown:
        raise typer.BadParameter("--json and --markdown exclude each other")


def _print_result(result: EvaluateResult, *, as_json: bool, as_markdown: bool) -> None:
    from policy_nlp.cli.output import print_wide
    from policy_nlp.reports.evaluation_json import evaluation_json
    from policy_nlp.reports.evaluation_table import evaluation_markdown, render_evaluation

    if as_json:
        typer.echo(evaluation_json(result.report, result.source))
    elif as_markdown:
        typer.echo(evaluation_markdown(result.report, result.source), nl=False)
    else:
        print_wide(render_evaluation(result.report, result.source))
