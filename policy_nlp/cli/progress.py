"""Progress on stderr with rate and time left: a bar on a terminal, else a line now and then."""

from __future__ import annotations

import functools
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:  # numpy and rich, which `--help` has no time for
    from rich.console import Console
    from rich.progress import ProgressColumn

    from policy_nlp.records import Progress

LINE_EVERY_S = 10.0


@contextmanager
def show_progress(task: str, *, unit: str = "sentences", is_quiet: bool = False) -> Iterator[Progress]:
    """A callable to be told `(n_done, n_total or None)`; what it shows goes to stderr.

    The first call is where the work starts, so the rate of a run that goes on is its own. A count that falls
    starts another stage, with its own rate.
    """
    if is_quiet:
        yield _show_nothing
    elif sys.stderr.isatty() and not _terminal().is_dumb_terminal:
        with _bar(task, unit) as progress:
            yield progress
    else:
        yield _lines(task, unit)


def describe_step(task: str, unit: str, *, n_done: int, n_total: int | None, rate: float) -> str:
    """One line: `coding: 1,200 of 20,000 sentences, 85.0/s, 3 min 41 s left`."""
    of_total = f" of {n_total:,}" if n_total is not None else ""
    left = ""
    if n_total is not None and rate > 0:
        left = f", {_duration((n_total - n_done) / rate)} left"
    return f"{task}: {n_done:,}{of_total} {unit}, {rate:.1f}/s{left}"


def _show_nothing(n_done: int, n_total: int | None) -> None:
    """Progress of a quiet run."""


def _lines(task: str, unit: str) -> Progress:
    started_at: float | None = None
    n_before = n_last = 0
    shown_at = time.monotonic()

    def progress(n_done: int, n_total: int | None) -> None:
        nonlocal started_at, n_before, n_last, shown_at
        now = time.monotonic()
        if started_at is None or n_done < n_last:
            started_at, n_before = now, n_done
        n_last = n_done
        if now - shown_at < LINE_EVERY_S:
            return
        shown_at = now
        rate = (n_done - n_before) / max(now - started_at, 1e-9)
        typer.echo(describe_step(task, unit, n_done=n_done, n_total=n_total, rate=rate), err=True)

    return progress


@contextmanager
def _bar(task: str, unit: str) -> Iterator[Progress]:
    from rich.progress import Progress as Bar

    bar = Bar(*_columns(unit), console=_terminal(), transient=True)
    task_id = None

    def progress(n_done: int, n_total: int | None) -> None:
        nonlocal task_id
        if task_id is None:
            bar.start()
            task_id = bar.add_task(task, total=n_total, completed=n_done)
        if n_done < bar.tasks[0].completed:
            bar.reset(task_id, completed=n_done, total=n_total)
        bar.update(task_id, completed=n_done, total=n_total)

    try:
        yield progress
    finally:
        bar.stop()


def _columns(unit: str) -> tuple[ProgressColumn, ...]:
    """What a bar shows: task, bar, count, units a second over the last half minute, time left."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class RateColumn(ProgressColumn):
        """Units a second."""

        def render(self, task: Task) -> Text:
            """`85.0/s`, or `-/s` while it is not known."""
            rate = task.finished_speed or task.speed
            return Text(f"{rate:.1f}/s" if rate else "-/s")

    return (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        RateColumn(),
        TimeRemainingColumn(),
        TextColumn("left"),
    )


@functools.cache
def _terminal() -> Console:
    """One console for stderr: two bars at once draw below each other only when they share it."""
    from rich.console import Console

    return Console(stderr=True)


def _duration(seconds: float) -> str:
    """`3 min 41 s`, `2 h 5 min`, `9 s`."""
    minutes, left_s = divmod(round(seconds), 60)
    hours, left_min = divmod(minutes, 60)
    if hours:
        return f"{hours} h {left_min} min"
    return f"{minutes} min {left_s} s" if minutes else f"{left_s} s"
