"""`policy-nlp codebook show | check | convert | diff`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from policy_nlp.cli.options import CodebookOption, ForceOption, JsonOption

ShownLevel = Literal["all", "main", "initial", "concepts", "dimensions", "paths"]

app = typer.Typer(
    help="Show, check, convert and compare codebooks: YAML, .qdc, CSV, Excel.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command()
def show(
    codebook: CodebookOption = None,
    level: Annotated[ShownLevel, typer.Option("--level", help="Show these codes only.")] = "all",
    as_json: JsonOption = False,
) -> None:
    """Print the codes with their definitions, and say where their names are from."""
    from policy_nlp.cli.output import print_wide
    from policy_nlp.codebook import CODE_LEVELS, shipped_codebook_path
    from policy_nlp.exchange.codebook_formats import read_codebook_file
    from policy_nlp.reports.codebook_table import codebook_json, render_codebook

    path = codebook or shipped_codebook_path()
    loaded = read_codebook_file(path).codebook
    levels = CODE_LEVELS if level == "all" else (level,)
    if as_json:
        typer.echo(codebook_json(loaded, path, levels=levels))
    else:
        print_wide(render_codebook(loaded, path, levels=levels))


@app.command()
def check(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Codebook: .yaml, .qdc, .csv, .xlsx, .txt, .qdpx.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Check a codebook file; exit code 1 with the place and the mend where it breaks a rule."""
    from policy_nlp.exchange.codebook_formats import read_codebook_file
    from policy_nlp.reports.codebook_table import codebook_json, count_codes

    read = read_codebook_file(file)
    loaded = read.codebook
    if as_json:
        typer.echo(codebook_json(loaded, file))
        return
    typer.echo(f"{file}: a valid codebook, {loaded.name!r}\n{count_codes(loaded)}\nsha256 {loaded.digest}")
    if file.suffix.lower() not in (".yaml", ".yml"):  # what YAML says beside its codes is no matter of form
        typer.echo("".join(f"- {loss}\n" for loss in read.losses), nl=False)


@app.command()
def convert(
    file: Annotated[
        Path, typer.Argument(metavar="IN", help="Codebook: .yaml, .qdc, .csv, .xlsx, .txt, .qdpx.")
    ],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="File to write: .yaml, .qdc, .csv or .xlsx.")],
    force: ForceOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write a codebook in the format of another tool; what that format cannot hold is listed.

    Trees of other tools: a code at the top with codes in it is a main category, the codes in it are initial
    categories, deeper ones are concepts with their path in the name. A code alone at the top is an initial
    category of a main category that is made for it. ATLAS.ti's `A::b` is a tree. Ids are made from names
    where the file has none, and a missing definition is marked as missing.
    """
    from policy_nlp.operations.codebook_files import convert_codebook
    from policy_nlp.reports.codebook_diff_table import conversion_json, render_conversion

    done = convert_codebook(file, out, is_forced=force)
    losses = (done.read_losses, done.write_losses)
    if as_json:
        typer.echo(conversion_json(done.codebook, paths=(file, out), sha256=done.out_sha256, losses=losses))
    else:
        typer.echo(render_conversion(done.codebook, out_path=out, losses=[*losses[0], *losses[1]]))


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="Codebook the codings were made with.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="Codebook to compare with it.")],
    codings: Annotated[
        list[Path] | None,
        typer.Option("--codings", metavar="PATH", help="Coder file, result folder or project; repeatable."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Say what changed from one codebook to another, why we say so, and which codings it touches."""
    from policy_nlp.cli.output import print_wide
    from policy_nlp.operations.codebook_files import compare_codebooks
    from policy_nlp.reports.codebook_diff_table import diff_json, render_diff

    done = compare_codebooks(old, new, codings_paths=codings or ())
    notes = [*done.old_losses, *done.new_losses, *done.codings_notes]
    if as_json:
        typer.echo(diff_json(done.diff, done.codings, paths=(old, new), notes=notes))
    else:
        print_wide(render_diff(done.diff, done.codings, notes=notes))
