"""`policy-nlp report DIR`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from policy_nlp.cli.options import CodebookOption, ForceOption, JsonOption
from policy_nlp.settings.report import ReportSettings


def report(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Result folder of `code`.", show_default=False)
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Page to write, .html. Default: DIR/report.html."),
    ] = None,
    figures: Annotated[
        Path | None,
        typer.Option(
            "--figures",
            metavar="FOLDER",
            help="Takes each figure as CSV, PNG and SVG. Default: DIR/figures.",
        ),
    ] = None,
    codebook: CodebookOption = None,
    force: ForceOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write a result folder as one page (counts, charts, coded text) and its figures as files."""
    from policy_nlp.operations.report import write_report
    from policy_nlp.reports.report_summary import describe_report, report_json

    result = write_report(ReportSettings(folder, out, figures, codebook, force))
    typer.echo(report_json(result) if as_json else describe_report(result))
