"""`policy-nlp evaluate GOLD`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from policy_nlp.cli.options import (
    AbstainOption,
    CodebookOption,
    DeviceOption,
    JsonOption,
    ModelOption,
    QuietOption,
    SeedOption,
)
from policy_nlp.settings.commands import EvaluateSettings
from policy_nlp.settings.engine import EngineSettings
from policy_nlp.settings.learning_curve import (
    DEFAULT_SHARES,
    MOST_SEEDS,
    CurveSettings,
    read_curve_settings,
)

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
    learning_curve: Annotated[
        Path | None,
        typer.Option(
            "--learning-curve",
            metavar="CONFIG",
            help="Train this configuration on growing shares of its gold and measure each on GOLD.",
        ),
    ] = None,
    shares: Annotated[
        str, typer.Option("--shares", help="Shares of the documents, of the learning curve.")
    ] = DEFAULT_SHARES,
    seeds: Annotated[
        int, typer.Option("--seeds", min=1, max=MOST_SEEDS, help="Runs of each share, of the learning curve.")
    ] = 3,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder of the learning curve. Default: runs/CONFIG-learning-curve."),
    ] = None,
    diagram: Annotated[
        Path | None,
        typer.Option("--diagram", metavar="FILE.png", help="Write the reliability diagram of the scores."),
    ] = None,
    abstain: AbstainOption = None,
    splits: Annotated[
        int,
        typer.Option("--splits", min=0, help="Random splits of the documents that --abstain is tested on."),
    ] = 100,
    draws: Annotated[
        int, typer.Option("--draws", min=0, help="Bootstrap samples behind each interval; 0: no intervals.")
    ] = 1000,
    seed: SeedOption = 0,
    as_json: JsonOption = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown tables.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Hold a model, or a second coder, against gold codings: P, R, F1, agreement, calibration, intervals."""
    _check_format(as_json=as_json, as_markdown=as_markdown)
    if learning_curve is not None:
        _check_curve(any((model, predicted, coder, fold is not None, codebook, diagram, abstain)))
        own_seeds = range(seed, seed + seeds)
        curve = read_curve_settings(learning_curve, gold, shares=shares, seeds=own_seeds, out=out)
        return _print_curve(curve, as_json=as_json, is_quiet=quiet)
    settings = EvaluateSettings(
        gold, coder=coder, model=model, predicted_path=predicted, predicted_coder=predicted_coder,
        codebook_path=codebook, fold=fold, n_draws=draws, diagram_path=diagram, risk=abstain, n_splits=splits,
        seed=seed, engine=EngineSettings(device=device),
    )  # fmt: skip
    return _print_result(_evaluate(settings, is_quiet=quiet), as_json=as_json, as_markdown=as_markdown)


def _evaluate(settings: EvaluateSettings, *, is_quiet: bool) -> EvaluateResult:
    from policy_nlp.cli.progress import show_progress
    from policy_nlp.operations.evaluate import evaluate as evaluate_gold

    with show_progress("evaluating", is_quiet=is_quiet) as progress:
        return evaluate_gold(settings, progress)


def _check_curve(has_other_flags: bool) -> None:
    if has_other_flags:
        raise typer.BadParameter(
            "--learning-curve trains its own models: --model, --predicted, --coder, --fold, --codebook, "
            "--diagram and --abstain do not go with it"
        )


def _print_curve(settings: CurveSettings, *, as_json: bool, is_quiet: bool) -> None:
    from policy_nlp.cli.progress import show_progress
    from policy_nlp.operations.learning_curve import run_learning_curve
    from policy_nlp.reports.learning_curve_table import curve_json, render_curve

    with show_progress("learning curve", unit="runs", is_quiet=is_quiet) as progress:
        curve = run_learning_curve(settings, progress)
    typer.echo(curve_json(curve) if as_json else render_curve(curve))


def _check_format(*, as_json: bool, as_markdown: bool) -> None:
    if as_json and as_markdown:
        raise typer.BadParameter("--json and --markdown exclude each other")


def _print_result(result: EvaluateResult, *, as_json: bool, as_markdown: bool) -> None:
    from policy_nlp.cli.output import print_wide
    from policy_nlp.reports.abstention_table import abstention_fields, abstention_markdown, render_abstention
    from policy_nlp.reports.evaluation_json import evaluation_json
    from policy_nlp.reports.evaluation_table import evaluation_markdown, render_evaluation

    abstention = result.abstention
    if as_json:
        fields = abstention_fields(abstention) if abstention is not None else None
        typer.echo(evaluation_json(result.report, result.source, abstention=fields))
    elif as_markdown:
        typer.echo(evaluation_markdown(result.report, result.source), nl=False)
        if abstention is not None:
            typer.echo("\n" + abstention_markdown(abstention, result.codebook), nl=False)
    else:
        print_wide(render_evaluation(result.report, result.source))
        if abstention is not None:
            print_wide(render_abstention(abstention, result.codebook))
