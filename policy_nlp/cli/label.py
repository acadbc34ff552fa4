"""`policy-nlp label IN --out OUT`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from policy_nlp.cli.options import (
    AbstainOption,
    CodebookOption,
    DeviceOption,
    ForceOption,
    JsonOption,
    ModelOption,
    QuietOption,
    SeedOption,
)

if TYPE_CHECKING:
    from policy_nlp.operations.label import LabelResult


def label(  # noqa: PLR0913 one parameter for each flag
    table: Annotated[
        Path,
        typer.Argument(
            metavar="IN",
            help="Table of sentences: .jsonl, .jsonl.gz, .csv, .xlsx, .parquet, a folder of Parquet shards,"
            " or one written by datasets.save_to_disk.",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="OUT",
            help="Labelled table: .parquet, .jsonl, .jsonl.gz, .csv, .xlsx; without an ending, a folder of"
            " Parquet shards.",
        ),
    ],
    text_column: Annotated[
        str, typer.Option("--text-column", metavar="NAME", help="Column that holds the sentences.")
    ] = "text",
    with_scores: Annotated[
        bool, typer.Option("--scores", help="Scores in CSV and XLSX too, one column a code.")
    ] = False,
    model: ModelOption = None,
    device: DeviceOption = "auto",
    codebook: CodebookOption = None,
    abstain: AbstainOption = None,
    force: ForceOption = False,
    seed: SeedOption = 0,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Add the codes to every row of a table of sentences; goes on where it was interrupted."""
    from policy_nlp.cli.progress import show_progress
    from policy_nlp.operations.label import label_table
    from policy_nlp.settings.commands import LabelSettings
    from policy_nlp.settings.engine import EngineSettings

    settings = LabelSettings(
        input_path=table,
        output_path=out,
        text_column=text_column,
        with_scores=with_scores,
        model=model,
        codebook_path=codebook,
        is_forced=force,
        seed=seed,
        risk=abstain,
        engine=EngineSettings(device=device),
    )
    with show_progress("labelling", unit="rows", is_quiet=quiet) as progress:
        result = label_table(settings, progress)
    _print_result(result, as_json=as_json)


def _print_result(result: LabelResult, *, as_json: bool) -> None:
    from policy_nlp.cli.output import print_wide
    from policy_nlp.reports.cuts_table import render_cuts
    from policy_nlp.reports.label_summary import LabelledOutput, label_json, render_label_summary

    for warning in result.warnings:
        typer.echo(f"note: {warning}", err=True)
    if as_json:
        output = LabelledOutput(
            result.output_path, result.manifest_path, result.was_finished, result.warnings, result.abstention
        )
        typer.echo(label_json(result.counts, output))
        return
    if result.was_finished:
        typer.echo(f"{result.output_path}: finished already by this very command; nothing was done.")
    elif result.n_resumed:
        typer.echo(f"{result.n_resumed:,} rows were labelled by an interrupted run and kept.", err=True)
    print_wide(render_label_summary(result.counts, result.codebook))
    if result.abstention is not None:
        print_wide(render_cuts(result.abstention, result.codebook, counts=result.counts))
    typer.echo(f"\n{result.output_path}\n{result.manifest_path}")
