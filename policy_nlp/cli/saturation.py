"""`policy-nlp saturation PATH...`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from policy_nlp.cli.options import CodebookOption, JsonOption, SeedOption
from policy_nlp.records import Level
from policy_nlp.settings.commands import SaturationSettings

if TYPE_CHECKING:
    from policy_nlp.analysis.saturation_result import SaturationResult


def saturation(  # noqa: PLR0913 one parameter for each flag
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH...",
            help="Coder files, tables, result folders of `code`, .qdpx projects; units name their documents.",
            show_default=False,
        ),
    ],
    codebook: CodebookOption = None,
    coder: Annotated[
        list[str] | None, typer.Option("--coder", metavar="NAME", help="Count only this coder; repeatable.")
    ] = None,
    level: Annotated[Level, typer.Option("--level", help="Codes that are counted.")] = "initial",
    order: Annotated[
        Literal["file", "random"],
        typer.Option("--order", help="Order of the documents; random: mean of many orders, with intervals."),
    ] = "file",
    base: Annotated[
        int, typer.Option("--base", min=1, metavar="N", help="Documents that new codes are compared with.")
    ] = 4,
    run: Annotated[int, typer.Option("--run", min=1, metavar="N", help="Documents in a run after them.")] = 2,
    threshold: Annotated[
        float,
        typer.Option(
            "--threshold", min=0.0, max=0.99, help="Share of new codes at which a run is saturated."
        ),
    ] = 0.05,
    orders: Annotated[int, typer.Option("--orders", min=1, metavar="N", help="Random orders.")] = 1000,
    low_score: Annotated[
        float | None,
        typer.Option(
            "--low-score", min=0.0, max=1.0, help="Also list coded sentences whose best score is below."
        ),
    ] = None,
    listed: Annotated[
        int, typer.Option("--list", min=0, metavar="N", help="Units without a code that are shown.")
    ] = 10,
    seed: SeedOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Theoretical saturation: do further documents still bring new codes, and which units fit no code?"""
    from policy_nlp.operations.saturation import saturate

    settings = SaturationSettings(
        tuple(inputs), codebook, tuple(coder or ()), level, order, base, run, threshold, orders, low_score,
        seed,
    )  # fmt: skip
    _print_result(saturate(settings), n_listed=listed, as_json=as_json)


def _print_result(result: SaturationResult, *, n_listed: int, as_json: bool) -> None:
    from policy_nlp.cli.output import print_wide
    from policy_nlp.reports.saturation_table import render_saturation, saturation_json

    if as_json:
        typer.echo(saturation_json(result, n_listed=n_listed))
    else:
        print_wide(render_saturation(result, n_listed=n_listed))
