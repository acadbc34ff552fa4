"""`policy-nlp export INPUT... --out FILE`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from policy_nlp.cli.options import CodebookOption, ForceOption, JsonOption, QuietOption
from policy_nlp.settings.commands import ExportSettings, SeenRule


def export(
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="INPUT...",
            help="Result folders of `code`, coder files, tables, REFI-QDA projects, coding sheets.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="FILE",
            help=".qdpx (for NVivo, MAXQDA, ATLAS.ti, QualCoder), .jsonl, .csv (unit,coder,code) or .xlsx.",
        ),
    ],
    codebook: CodebookOption = None,
    seen: Annotated[
        SeenRule, typer.Option("--seen", help="Documents of a project that each of its coders was given.")
    ] = "coded-documents",
    force: ForceOption = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write codings of people and models, side by side, as a file of another form."""
    from policy_nlp.cli.progress import show_progress
    from policy_nlp.operations.export import export_codings
    from policy_nlp.reports.export_summary import describe_export, export_json

    settings = ExportSettings(tuple(inputs), out, codebook, seen, force)
    with show_progress("reading", unit="inputs", is_quiet=quiet) as progress:
        exported = export_codings(settings, progress)
    typer.echo(export_json(exported) if as_json else describe_export(exported))
