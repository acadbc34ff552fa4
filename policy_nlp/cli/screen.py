"""`policy-nlp screen PATH...`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from policy_nlp.cli.options import ForceOption, JsonOption, QuietOption
from policy_nlp.settings.screen import (
    DEFAULT_TOPICS,
    ScreenFile,
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
            "--topics",
            metavar="FILE",
            help="Topics from a file: text, one a line, or .toml, also with [rules].",
        ),
    ] = None,
    need: Annotated[
        TopicNeed | None,
        typer.Option("--need", help="any: one topic is enough (default); all must be named."),
    ] = None,
    keep_hits: Annotated[
        int | None,
        typer.Option("--keep-hits", min=1, metavar="N", help="Hits from which a document is kept (3) ..."),
    ] = None,
    keep_density: Annotated[
        float | None,
        typer.Option(
            "--keep-density", min=0.0, help="... if as many a thousand characters (1) are there too."
        ),
    ] = None,
    coded_share: Annotated[
        float | None,
        typer.Option(
            "--coded-share",
            min=0.01,
            max=1.0,
            help="Share of coded sentences from which a document without hits is borderline (0.5).",
        ),
    ] = None,
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
    file = read_topics(topics) if topics is not None else ScreenFile()
    given: dict[str, Any] = {
        "keep_hits": keep_hits, "keep_density": keep_density, "coded_share": coded_share, "need": need,
    }  # fmt: skip
    rules = replace(file.rules, **{name: value for name, value in given.items() if value is not None})
    chosen = _choose_topics(topic, None if topics is None else file)
    settings = ScreenSettings(tuple(inputs), chosen, rules, decisions, out, text_column, force)
    _run(settings, n_listed=listed, as_json=as_json, is_quiet=quiet)


def _choose_topics(named: list[str] | None, file: ScreenFile | None) -> tuple[Topic, ...]:
    """Those of the flags and the file together; the default ones where neither is given."""
    found = tuple(parse_topic(text) for text in named or ())
    if file is not None and (not found or file.topics != DEFAULT_TOPICS):
        found += file.topics
    return found or DEFAULT_TOPICS


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
