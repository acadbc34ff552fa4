"""Random samples of a folder: drawn once, kept, the same for all coders; each unit with its weight."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from policy_nlp.review.decision_log import utc_now
from policy_nlp.review.records import QueueOptions

_COLUMNS = "number, n_units, seed, skip_headings, only_coded, n_population"


@dataclass(frozen=True, slots=True)
class Sample:
    """A random sample of units without replacement.

    Attributes:
        n_asked: how many were asked for; fewer are there where the population is smaller.
        n_population: units it was drawn from.
        skip_headings, only_coded: what was left out of the population before.
    """

    number: int
    n_asked: int
    seed: int
    skip_headings: bool
    only_coded: bool
    n_population: int
    unit_ids: frozenset[str]

    @property
    def weight(self) -> float:
        """How many units of the population each drawn one stands for: 1 / its chance to be drawn."""
        return self.n_population / len(self.unit_ids) if self.unit_ids else float("nan")


def find_sample(connection: sqlite3.Connection, options: QueueOptions, *, n_population: int) -> Sample | None:
    """The sample that was drawn for these options from so many units; None where there is none."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM samples WHERE n_units = ? AND seed = ? AND skip_headings = ? AND "  # noqa: S608
        "only_coded = ? AND n_population = ? ORDER BY number DESC LIMIT 1",
        (options.n_sample, options.seed, options.skip_headings, options.only_coded, n_population),
    ).fetchone()
    return _read(connection, row) if row is not None else None


def last_sample(
    connection: sqlite3.Connection, *, n_units: int | None = None, seed: int | None = None
) -> Sample | None:
    """The sample that was drawn last, of this size and seed where they are named; None where none was."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM samples WHERE n_units = coalesce(?, n_units) AND seed = coalesce(?, seed) "  # noqa: S608
        "ORDER BY number DESC LIMIT 1",
        (n_units, seed),
    ).fetchone()
    return _read(connection, row) if row is not None else None


def add_sample(
    connection: sqlite3.Connection, options: QueueOptions, *, unit_ids: Sequence[str], n_population: int
) -> Sample:
    """Keep the units that were drawn for these options."""
    cursor = connection.execute(
        "INSERT INTO samples (n_units, seed, skip_headings, only_coded, n_population, drawn_at) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (options.n_sample, options.seed, options.skip_headings, options.only_coded, n_population, utc_now()),
    )
    number = cursor.lastrowid or 0
    connection.executemany("INSERT INTO sample_units VALUES (?, ?)", ((number, one) for one in unit_ids))
    return Sample(
        number, options.n_sample or 0, options.seed, options.skip_headings, options.only_coded, n_population,
        frozenset(unit_ids),
    )  # fmt: skip


def _read(connection: sqlite3.Connection, row: tuple[int, int, int, int, int, int]) -> Sample:
    number, n_asked, seed, skip_headings, only_coded, n_population = row
    ids = connection.execute("SELECT unit_id FROM sample_units WHERE sample = ?", (number,)).fetchall()
    return Sample(
        number,
        n_asked,
        seed,
        bool(skip_headings),
        bool(only_coded),
        n_population,
        frozenset(i for (i,) in ids),
    )
