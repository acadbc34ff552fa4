"""`policy-nlp coding-table DIR...`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from policy_nlp.cli.options import CodebookOption, ForceOption, JsonOption, SeedOption
from policy_nlp.settings.coding_table import CodingTableSettings


def coding_table(  # noqa: PLR0913 one parameter for each flag
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="DIR...",
            help="Result folders of `code`; or one coder file, table, .qdpx project or coding sheet.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="The table as .docx or .xlsx.")
    ] = None,
    examples: Annotated[
        int, typer.Option("--examples", min=0, metavar="N", help="Sentences shown for each concept.")
    ] = 2,
    coder: Annotated[
        str | None, typer.Option("--coder", metavar="NAME", help="Whose codings, where there are several.")
    ] = None,
    gold: Annotated[
        Path | None, typer.Option("--gold", metavar="FILE", help="Gold: agreement of the codings with it.")
    ] = None,
    coders: Annotated[
        list[Path] | None,
        typer.Option("--coders", metavar="FILE", help="Coders: their agreement with each other; repeatable."),
    ] = None,
    metadata: Annotated[
        Path | None,
        typer.Option("--metadata", metavar="FILE", help="Table with issuer, region, date ... of documents."),
    ] = None,
    codebook: CodebookOption = None,
    draws: Annotated[
        int, typer.Option("--draws", min=0, metavar="N", help="Bootstrap samples behind the intervals.")
    ] = 1000,
    seed: SeedOption = 0,
    force: ForceOption = False,
    as_json: JsonOption = False,
) -> None:
    """Three-level coding table (开放性编码, 主轴编码, 选择性编码) with sentences, as papers print it."""
    from policy_nlp.cli.output import print_wide
    from policy_nlp.operations.coding_table import make_table
    from policy_nlp.reports.coding_table_summary import coding_table_json, render_coding_table

    settings = CodingTableSettings(
        tuple(inputs), out, examples, coder, gold, tuple(coders or ()), metadata, codebook, draws, seed, force
    )
    result = make_table(settings)
    if as_json:
        typer.echo(coding_table_json(result))
    else:
        print_wide(render_coding_table(result))
