"""`policy-nlp codebook show | check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from policy_nlp.cli.options import CodebookOption, JsonOption

ShownLevel = Literal["all", "main", "initial", "concepts", "dimensions", "paths"]

app = typer.Typer(
    help="Show the codebook, or check a file of your own.", no_args_is_help=True, rich_markup_mode=None
)


@app.command()
def show(
    codebook: CodebookOption = None,
    level: Annotated[ShownLevel, typer.Option("--level", help="Show these codes only.")] = "all",
    as_json: JsonOption = False,
) -> None:
    """Print the codes with their definitions, and say where their names are from."""
    from policy_nlp.cli.output import print_wide
    from policy_nlp.codebook import CODE_LEVELS, load_codebook, shipped_codebook_path
    from policy_nlp.reports.codebook_table import codebook_json, render_codebook

    path = codebook or shipped_codebook_path()
    loaded = load_codebook(path)
    levels = CODE_LEVELS if level == "all" else (level,)
    if as_json:
        typer.echo(codebook_json(loaded, path, levels=levels))
    else:
        print_wide(render_codebook(loaded, path, levels=levels))


@app.command()
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Codebook file (YAML).")],
    as_json: JsonOption = False,
) -> None:
    """Check a codebook file; exit code 1 with file, line and mend where it breaks a rule."""
    from policy_nlp.codebook import load_codebook
    from policy_nlp.reports.codebook_table import codebook_json, count_codes

    loaded = load_codebook(file)
    if as_json:
        typer.echo(codebook_json(loaded, file))
    else:
        typer.echo(
            f"{file}: a valid codebook, {loaded.name!r}\n{count_codes(loaded)}\nsha256 {loaded.digest}"
        )
