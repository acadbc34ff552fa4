"""`policy-nlp screen PATH...`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from policy_nlp.cli.options import ForceOption, JsonOption, QuietOption
from policy_nlp.settings.screen import (
    DEFAULT_TOPICS,
    ScreenRules,
    ScreenSettings,
    Topic,
    TopicNeed,
    parse_topic,
    read_topics,
)


def screen(  # noqa: PLR0913 one parameter for each flag
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH...",
            help="Documents (files, folders, zip archives) or result folders of `code`.",
            show_default=False,
            readable=False,  # one that cannot be read is skipped with its reason
        ),
    ],
    topic: Annotated[
        list[str] | None,
        typer.Option(
            "--topic",
            metavar="WORD[=VARIANT,...][~RELATED,...]",
            help="Topic, its other wordings, related words that do not count; repeatable. "
            "Default: 创新联合体 and 新质生产力.",
        ),
    ] = None,
    topics: Annotated[
        Path | None,
        typer.Option(
            "--topics", metavar="FILE", help="Topics from a file: .toml, or text, one topic a line."
        ),
    ] = None,
    need: Annotated[
        TopicNeed, typer.Option("--need", help="One topic is enough, or all must be named.")
    ] = "any",
    keep_hits: Annotated[
        int, typer.Option("--keep-hits", min=1, metavar="N", help="Hits from which a document is kept ...")
    ] = ScreenRules().keep_hits,
    keep_density: Annotated[
        float,
        typer.Option("--keep-density", min=0.0, help="... if as many a thousand characters are there too."),
    ] = ScreenRules().keep_density,
    coded_share: Annotated[
        float,
        typer.Option(
            "--coded-share",
            min=0.01,
            max=1.0,
            help="Coded sentences from which one without hits is borderline.",
        ),
    ] = ScreenRules().coded_share,
    decisions: Annotated[
        Path | None,
        typer.Option("--decisions", metavar="FILE", help="Table of an earlier --out, filled in by a person."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Table as .xlsx or .csv, with evidence.")
    ] = None,
    text_column: Annotated[
        str | None,
        typer.Option(
            "--text-column", metavar="NAME", help="Text column of tables. Default: found by its name."
        ),
    ] = None,
    listed: Annotated[
        int, typer.Option("--list", min=0, metavar="N", help="Documents shown of each decision.")
    ] = 20,
    force: ForceOption = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Which documents are really about the topic: keep, borderline (for a person) or drop, each with why."""
    rules = ScreenRules(keep_hits=keep_hits, keep_density=keep_density, coded_share=coded_share, need=need)
    chosen = _choose_topics(topic, topics)
    settings = ScreenSettings(tuple(inputs), chosen, rules, decisions, out, text_column, force)
    _run(settings, n_listed=listed, as_json=as_json, is_quiet=quiet)


def _choose_topics(named: list[str] | None, path: Path | None) -> tuple[Topic, ...]:
    """Those of the flags and the file together; the default ones where neither is given."""
    found = [parse_topic(text) for text in named or ()]
    found += read_topics(path) if path is not None else ()
    return tuple(found) or DEFAULT_TOPICS


def _run(settings: ScreenSettings, *, n_listed: int, as_json: bool, is_quiet: bool) -> None:
    from policy_nlp.cli import output
    from policy_nlp.cli.progress import show_progress
    from policy_nlp.operations.screen import screen as screen_inputs
    from policy_nlp.reports.screen_table import render_screening, screening_json

    with show_progress("reading", unit="documents", is_quiet=is_quiet) as progress:
        result = screen_inputs(settings, progress)
    if as_json:
        typer.echo(screening_json(result))
        return
    output.print_wide(render_screening(result, n_listed=n_listed))
    if settings.out is not None:
        typer.echo(f"table: {settings.out}")
