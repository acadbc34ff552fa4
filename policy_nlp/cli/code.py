"""`policy-nlp code PATH... --out DIR`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

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
from policy_nlp.settings.engine import EngineSettings


def code(  # noqa: PLR0913 one parameter for each flag
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH...",
            help="Documents: files, folders, zip archives.",
            show_default=False,
            readable=False,  # one that cannot be read is skipped with its reason, as in a folder
        ),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder that takes the result.")],
    model: ModelOption = None,
    device: DeviceOption = "auto",
    codebook: CodebookOption = None,
    text_column: Annotated[
        str | None,
        typer.Option(
            "--text-column", metavar="NAME", help="Text column of tables. Default: found by its name."
        ),
    ] = None,
    abstain: AbstainOption = None,
    force: ForceOption = False,
    seed: SeedOption = 0,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Code documents sentence by sentence; run again, it goes on where it stopped."""
    from policy_nlp.cli.output import print_wide
    from policy_nlp.cli.progress import show_progress
    from policy_nlp.operations.code import code_documents
    from policy_nlp.reports.code_summary import code_json, render_code_summary
    from policy_nlp.settings.commands import CodeSettings

    engine = EngineSettings(device=device)
    settings = CodeSettings(tuple(paths), out, model, codebook, text_column, force, seed, engine, abstain)
    with (
        show_progress("reading", unit="documents", is_quiet=quiet) as reading,
        show_progress("coding", is_quiet=quiet) as coding,
    ):
        result = code_documents(settings, coding, reading_progress=reading)
    if result.was_finished and not (quiet and as_json):  # the object says it too
        typer.echo(f"{out}: finished before, nothing was done (--force codes again)", err=as_json)
    if as_json:
        typer.echo(code_json(result.manifest, out=out, was_finished=result.was_finished))
    else:
        print_wide(render_code_summary(result.manifest, result.codebook))
        typer.echo(f"result: {out}")
