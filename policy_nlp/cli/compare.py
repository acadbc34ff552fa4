"""`policy-nlp compare DIR...`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from policy_nlp.cli.options import CodebookOption, ForceOption, JsonOption, SeedOption
from policy_nlp.records import Level
from policy_nlp.settings.compare import CompareSettings, GroupBy, parse_year_ranges

if TYPE_CHECKING:
    from policy_nlp.analysis.comparison import Comparison


class LevelName(StrEnum):
    """The levels as an option that may be given more than once takes them."""

    MAIN = "main"
    INITIAL = "initial"
    DIMENSIONS = "dimensions"
    PATHS = "paths"


def compare(  # noqa: PLR0913 one parameter for each flag
    inputs: Annotated[
        list[Path], typer.Argument(metavar="DIR...", help="Result folders of `code`.", show_default=False)
    ],
    by: Annotated[GroupBy, typer.Option("--by", help="Property by which documents are grouped.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR|FILE", help="Folder, or one file: .html or .xlsx.")
    ],
    level: Annotated[
        list[LevelName] | None,
        typer.Option(
            "--level",
            help="Codes that are compared; repeatable. Default: main and initial.",
        ),
    ] = None,
    years: Annotated[
        str | None, typer.Option("--years", metavar="RANGES", help="With --by year: 2018-2020,2021-2025.")
    ] = None,
    metadata: Annotated[
        Path | None,
        typer.Option(
            "--metadata", metavar="FILE", help="Table that corrects region, issuer, year, date, kind."
        ),
    ] = None,
    gold: Annotated[
        Path | None,
        typer.Option("--gold", metavar="FILE", help="A person's codings of sentences drawn at random."),
    ] = None,
    codebook: CodebookOption = None,
    draws: Annotated[
        int, typer.Option("--draws", min=99, metavar="N", help="Permutations behind each test.")
    ] = 9999,
    seed: SeedOption = 0,
    force: ForceOption = False,
    as_json: JsonOption = False,
) -> None:
    """Compare provinces, issuers, years or genres: shares with intervals, tests, text reuse, vocabulary."""
    from policy_nlp.operations.compare import compare as compare_folders

    levels: tuple[Level, ...] = tuple(one.value for one in LevelName if one in (level or ("main", "initial")))
    ranges = parse_year_ranges(years)
    settings = CompareSettings(
        tuple(inputs), by, out, levels, ranges, metadata, gold, codebook, draws, seed, force
    )
    _print_result(compare_folders(settings), out=out, as_json=as_json)


def _print_result(result: Comparison, *, out: Path, as_json: bool) -> None:
    from policy_nlp.cli.output import print_wide
    from policy_nlp.reports.compare_json import comparison_json, render_comparison

    if as_json:
        typer.echo(comparison_json(result), nl=False)
    else:
        print_wide(render_comparison(result, str(out)))
