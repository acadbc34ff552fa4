"""`policy-nlp review DIR`."""

from __future__ import annotations

from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from policy_nlp.cli.options import CodebookOption, ForceOption, QuietOption, SeedOption
from policy_nlp.errors import MissingExtraError
from policy_nlp.settings.review import (
    LOCAL_HOST,
    ExportedDecisions,
    ReviewExportSettings,
    ReviewLanguage,
    ReviewMode,
    ReviewOrder,
    ReviewSettings,
)


def review(  # noqa: PLR0913 one parameter for each flag
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Result folder of `code`.", show_default=False)
    ],
    codebook: CodebookOption = None,
    coder: Annotated[str, typer.Option("--coder", metavar="NAME", help="Who codes. Default: ask.")] = "",
    blind: Annotated[
        bool | None,
        typer.Option(
            "--blind/--assisted", help="Hide the model's codes, or fill them in; kept apart. Default: ask."
        ),
    ] = None,
    order: Annotated[ReviewOrder, typer.Option("--order", help="What comes first.")] = "document",
    skip_headings: Annotated[bool, typer.Option("--skip-headings", help="Leave headings out.")] = False,
    only_coded: Annotated[
        bool, typer.Option("--only-coded", help="Only sentences the model coded (assisted only).")
    ] = False,
    sample: Annotated[
        int | None,
        typer.Option(
            "--sample", min=1, metavar="N", help="Draw N at random, the same for all; with weights."
        ),
    ] = None,
    seed: SeedOption = 0,
    language: Annotated[ReviewLanguage, typer.Option("--language", help="Language of the page.")] = "zh",
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; another one opens it to others.")
    ] = LOCAL_HOST,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: a free one.")] = 0,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Print the address, open no browser.")
    ] = False,
    export: Annotated[
        Path | None,
        typer.Option(
            "--export", metavar="FILE", help="Write decisions to .jsonl, .qdpx, .csv or .xlsx; no page."
        ),
    ] = None,
    gold: Annotated[
        bool, typer.Option("--gold", help="With --export: what coders agree on or settled, once a sentence.")
    ] = False,
    force: ForceOption = False,
    quiet: QuietOption = False,
) -> None:
    """Check and correct codings on a local web page; alone, or several coders who are then settled."""
    mode: ReviewMode | None = None if blind is None else "blind" if blind else "assisted"
    if export is not None:
        decisions: ExportedDecisions = "gold" if gold else "coders"
        _export(ReviewExportSettings(folder, export, codebook, decisions, mode, sample, seed, force))
        return
    settings = ReviewSettings(
        folder, codebook, coder, mode, order, skip_headings, only_coded, sample, seed, language, host, port,
        not no_browser,
    )  # fmt: skip
    _serve(settings, is_quiet=quiet)


def _serve(settings: ReviewSettings, *, is_quiet: bool) -> None:
    from policy_nlp.cli.progress import show_progress

    _check_installed()
    from policy_nlp.review.app import serve

    with ExitStack() as stack:
        progress = stack.enter_context(show_progress("taking in", is_quiet=is_quiet))

        def announce(text: str) -> None:
            stack.close()  # the bar is gone before the page is served
            typer.echo(text)

        serve(settings, announce=announce, progress=progress)


def _check_installed() -> None:
    """Raise MissingExtraError where the packages of the page are not there."""
    for name in ("flask", "waitress"):
        if find_spec(name) is None:
            raise MissingExtraError(
                f'review needs the package {name}. Install it: pip install "policy-nlp[review]"', package=name
            )


def _export(settings: ReviewExportSettings) -> None:
    from policy_nlp.reports.export_summary import describe_export
    from policy_nlp.review.exporting import export_review
    from policy_nlp.review.opening import read_review

    with read_review(settings.folder, codebook_path=settings.codebook_path) as store:
        typer.echo(describe_export(export_review(store, settings)))
