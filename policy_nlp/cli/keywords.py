"""`policy-nlp keywords PATH... --out DIR`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from policy_nlp.cli.options import CodebookOption, ForceOption, JsonOption, QuietOption, SeedOption
from policy_nlp.records import Level
from policy_nlp.settings.keywords import AssociationName, KeywordScoreName, KeywordsSettings, KeywordWindow

if TYPE_CHECKING:
    from policy_nlp.analysis.keyword_result import KeywordsResult


def keywords(  # noqa: PLR0913 one parameter for each flag
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH|DIR...",
            help="Result folders of `code`, or documents: files, folders, zip archives (no model is run).",
            show_default=False,
            readable=False,
        ),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder that takes page and tables.")],
    top: Annotated[int, typer.Option("--top", min=1, metavar="N", help="Rows of the table.")] = 10,
    nodes: Annotated[int, typer.Option("--nodes", min=2, max=500, help="Keywords in the network.")] = 60,
    score: Annotated[KeywordScoreName, typer.Option("--score", help="What ranks keywords.")] = "tfidf",
    min_count: Annotated[
        int, typer.Option("--min-count", min=1, metavar="N", help="Leave out rarer words.")
    ] = 3,
    min_documents: Annotated[
        int, typer.Option("--min-documents", min=1, metavar="N", help="Leave out words of fewer documents.")
    ] = 2,
    window: Annotated[
        KeywordWindow, typer.Option("--window", help="Where two keywords stand together.")
    ] = "sentence",
    association: Annotated[
        AssociationName, typer.Option("--association", help="Weight of a tie.")
    ] = "cosine",
    min_together: Annotated[
        int, typer.Option("--min-together", min=1, metavar="N", help="Windows that a tie needs.")
    ] = 2,
    ties: Annotated[
        int, typer.Option("--ties", min=0, metavar="N", help="Strongest ties kept, times nodes; 0: all.")
    ] = 3,
    code: Annotated[
        str | None, typer.Option("--code", metavar="ID", help="Only sentences with this code.")
    ] = None,
    level: Annotated[
        Level | None, typer.Option("--level", help="Only sentences with a code of this level.")
    ] = None,
    dictionary: Annotated[
        Path | None,
        typer.Option(
            "--dictionary", metavar="FILE", help="Words to keep whole: one a line, or as jieba has."
        ),
    ] = None,
    stop_words: Annotated[
        Path | None, typer.Option("--stop-words", metavar="FILE", help="Words to leave out, besides ours.")
    ] = None,
    synonyms: Annotated[
        Path | None,
        typer.Option("--synonyms", metavar="FILE", help="Lines 创新联合体=创新共同体: counted as the first."),
    ] = None,
    new_words: Annotated[
        bool, typer.Option("--new-words/--no-new-words", help="Look for terms in the texts themselves.")
    ] = True,
    text_column: Annotated[
        str | None, typer.Option("--text-column", metavar="NAME", help="Text column of tables.")
    ] = None,
    codebook: CodebookOption = None,
    force: ForceOption = False,
    seed: SeedOption = 0,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Keywords, their co-occurrence network with centralities and communities, bursts over years."""
    from policy_nlp.cli.progress import show_progress
    from policy_nlp.operations.keywords import find_keywords

    settings = KeywordsSettings(
        tuple(inputs), out, top, nodes, score, min_count, min_documents, window, association, min_together,
        ties, code, level, dictionary, stop_words, synonyms, new_words, codebook, text_column, seed, force,
    )  # fmt: skip
    with show_progress("reading", unit="documents", is_quiet=quiet) as progress:
        result = find_keywords(settings, progress)
    _print_result(result, as_json=as_json)


def _print_result(result: KeywordsResult, *, as_json: bool) -> None:
    from policy_nlp.cli.output import print_wide
    from policy_nlp.reports.keywords_summary import keywords_json, render_keywords

    if as_json:
        typer.echo(keywords_json(result).rstrip("\n"))
    else:
        print_wide(render_keywords(result))
