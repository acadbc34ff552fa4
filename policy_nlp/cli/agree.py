"""`policy-nlp agree A B [C ...]`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from policy_nlp.cli.options import (
    CodebookOption,
    DeviceOption,
    ForceOption,
    JsonOption,
    ModelOption,
    QuietOption,
    SeedOption,
)
from policy_nlp.settings.commands import AgreeSettings, SeenRule, SheetSettings, UnitKind
from policy_nlp.settings.engine import EngineSettings

if TYPE_CHECKING:
    from policy_nlp.agreement.result import AgreeResult


def agree(  # noqa: PLR0913 one parameter for each flag
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="A B ...",
            help="JSON Lines, CSV unit,coder,code, coding sheets, result folders of `code`, .qdpx projects; "
            "one input is enough when it holds several coders.",
        ),
    ],
    codebook: CodebookOption = None,
    coder: Annotated[
        list[str] | None, typer.Option("--coder", metavar="NAME", help="Compare only this coder; repeatable.")
    ] = None,
    model_coder: Annotated[
        list[str] | None,
        typer.Option("--model-coder", metavar="NAME", help="This coder is a model; repeatable."),
    ] = None,
    with_model: Annotated[
        bool, typer.Option("--with-model", help="A model codes the texts and joins as one more coder.")
    ] = False,
    model: ModelOption = None,
    device: DeviceOption = "auto",
    unit: Annotated[
        UnitKind, typer.Option("--unit", help="character: also compare the coded characters of documents.")
    ] = "sentence",
    seen: Annotated[
        SeenRule, typer.Option("--seen", help="Documents of a project that each of its coders was given.")
    ] = "coded-documents",
    vendors: Annotated[
        bool, typer.Option("--vendors", help="Also show what NVivo, MAXQDA and ATLAS.ti would print.")
    ] = False,
    plan: Annotated[
        float | None,
        typer.Option("--plan", metavar="WIDTH", help="How many units give an interval of this width."),
    ] = None,
    draws: Annotated[
        int, typer.Option("--draws", min=0, help="Bootstrap samples behind each interval; 0: no intervals.")
    ] = 1000,
    seed: SeedOption = 0,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write a report: .docx, .html, .md or .tex.")
    ] = None,
    listed: Annotated[
        int, typer.Option("--list", min=0, metavar="N", help="Units coded differently that are shown.")
    ] = 10,
    disagreements: Annotated[
        Path | None,
        typer.Option(
            "--disagreements", metavar="FILE", help="Write all units coded differently: .xlsx, .csv."
        ),
    ] = None,
    as_json: JsonOption = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown tables.")] = False,
    sheet: Annotated[
        Path | None,
        typer.Option(
            "--make-sheet",
            metavar="FILE.xlsx",
            help="Compare nothing: make a coding sheet from one input, blind to its codes.",
        ),
    ] = None,
    n: Annotated[int, typer.Option("--n", min=1, max=20_000, help="Sentences in the sheet.")] = 200,
    coder_name: Annotated[
        str, typer.Option("--coder-name", metavar="NAME", help="Who will fill in the sheet.")
    ] = "",
    context: Annotated[
        int, typer.Option("--context", min=0, max=5, help="Sentences shown before and after, in the sheet.")
    ] = 1,
    stratified: Annotated[
        bool, typer.Option("--stratified", help="Draw rare codes more often into the sheet.")
    ] = False,
    force: ForceOption = False,
    quiet: QuietOption = False,
) -> None:
    """Agreement of two or more coders, people or models, with intervals; or a coding sheet for one more."""
    from policy_nlp.cli.progress import show_progress
    from policy_nlp.operations.agree import agree as compare

    if sheet is not None:
        _make_sheet(
            inputs,
            SheetSettings(inputs[0], sheet, coder_name, n, context, seed, stratified, codebook, force),
            as_json=as_json,
        )
        return
    joins, engine = with_model or model is not None, EngineSettings(device=device)
    settings = AgreeSettings(
        tuple(inputs), codebook, tuple(coder or ()), tuple(model_coder or ()), joins, model, unit, seen,
        vendors, plan, draws, seed, out, listed, disagreements, force, engine,
    )  # fmt: skip
    _check_format(as_json=as_json, as_markdown=as_markdown)
    with show_progress("coding", is_quiet=quiet) as progress:
        result = compare(settings, progress)
    _print_result(result, settings, as_json=as_json, as_markdown=as_markdown)


def _make_sheet(inputs: list[Path], settings: SheetSettings, *, as_json: bool) -> None:
    from policy_nlp.operations.make_sheet import make_sheet
    from policy_nlp.reports.sheet_summary import describe_sheet, sheet_json

    if len(inputs) != 1:
        raise typer.BadParameter("--make-sheet takes one input")
    if not settings.coder.strip():
        raise typer.BadParameter("--make-sheet needs --coder-name: who will fill in the sheet")
    made = make_sheet(settings)
    typer.echo(sheet_json(made, settings) if as_json else describe_sheet(made, settings))


def _check_format(*, as_json: bool, as_markdown: bool) -> None:
    if as_json and as_markdown:
        raise typer.BadParameter("--json and --markdown exclude each other")


def _print_result(result: AgreeResult, settings: AgreeSettings, *, as_json: bool, as_markdown: bool) -> None:
    from policy_nlp.cli.output import print_wide
    from policy_nlp.reports.agreement_json import agreement_json
    from policy_nlp.reports.agreement_table import agreement_markdown, render_agreement

    if as_json:
        typer.echo(agreement_json(result, n_listed=settings.n_listed))
    elif as_markdown:
        typer.echo(agreement_markdown(result, n_listed=settings.n_listed), nl=False)
    else:
        print_wide(render_agreement(result, n_listed=settings.n_listed))
    for path in (settings.out, settings.disagreements_path):
        if path is not None:
            typer.echo(f"written: {path}", err=as_json or as_markdown)
