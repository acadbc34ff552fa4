"""The log of decisions: rows added, newest counts, taken back by a row beside it; never changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from policy_nlp.review.records import Choice, CodeLists, Decision, Seat

_COLUMNS = (
    "d.unit_id, d.coder, d.mode, d.kind, d.initial, d.dimensions, d.paths, d.note, d.seconds, d.decided_at, "
    "d.number, d.settled_by"
)
# Decisions on other texts than those of the folder as it is now stay in the log, and do not count.
_COUNTING = (
    "decisions d JOIN units u ON u.unit_id = d.unit_id AND u.text = d.text "
    "LEFT JOIN undone t ON t.number = d.number"
)
_OF_SEAT = "d.coder = ? AND d.mode = ? AND t.number IS NULL"


@dataclass(frozen=True, slots=True)
class DecidedUnit:
    """What of a unit the log keeps beside a decision; `shown`: the codes filled in, None where blind."""

    place: int
    unit_id: str
    text: str
    document_id: str
    shown: CodeLists | None


@dataclass(frozen=True, slots=True)
class CountingDecision:
    """A decision that counts, with the place of its unit and the codes that were filled in."""

    place: int
    decision: Decision
    shown: CodeLists | None


def utc_now() -> str:
    """The time now, UTC, ISO 8601 with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def append_decision(
    connection: sqlite3.Connection, unit: DecidedUnit, *, seat: Seat, choice: Choice, settled_by: str = ""
) -> Decision:
    """The decision as it now stands in the log."""
    decided_at = utc_now()
    cursor = connection.execute(
        "INSERT INTO decisions (unit_id, text, document_id, coder, mode, kind, initial, dimensions, paths, "
        "note, seconds, shown, settled_by, decided_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            unit.unit_id, unit.text, unit.document_id, seat.coder_id, seat.mode, choice.kind,
            *_codes_to_texts(choice.codes), choice.note, choice.seconds,
            "|".join(_codes_to_texts(unit.shown)) if unit.shown is not None else None, settled_by, decided_at,
        ),
    )  # fmt: skip
    return Decision(
        unit_id=unit.unit_id,
        coder_id=seat.coder_id,
        mode=seat.mode,
        kind=choice.kind,
        codes=choice.codes,
        note=choice.note,
        seconds=choice.seconds,
        decided_at=decided_at,
        number=cursor.lastrowid or 0,
        settled_by=settled_by,
    )


def take_back(connection: sqlite3.Connection, number: int) -> None:
    """Mark a decision as taken back; it stays in the log."""
    connection.execute("INSERT INTO undone VALUES (?, ?)", (number, utc_now()))


def newest_of_unit(connection: sqlite3.Connection, seat: Seat, *, unit_id: str) -> CountingDecision | None:
    """The decision of a seat on a unit that counts; None where there is none."""
    return _first(
        connection,
        f"SELECT {_COLUMNS}, u.place, d.shown FROM {_COUNTING} WHERE {_OF_SEAT} AND d.unit_id = ? "  # noqa: S608
        "ORDER BY d.number DESC LIMIT 1",
        (seat.coder_id, seat.mode, unit_id),
    )


def newest_of_seat(connection: sqlite3.Connection, seat: Seat) -> CountingDecision | None:
    """The last decision of a seat that was not taken back; None where there is none."""
    # CROSS JOIN keeps the log the outer table: the index gives the newest at once.
    return _first(
        connection,
        f"SELECT {_COLUMNS}, u.place, d.shown FROM "  # noqa: S608
        f"{_COUNTING.replace(' JOIN units', ' CROSS JOIN units', 1)} WHERE {_OF_SEAT} "
        "ORDER BY d.number DESC LIMIT 1",
        (seat.coder_id, seat.mode),
    )


def iter_history(connection: sqlite3.Connection, seat: Seat, *, unit_id: str) -> Iterator[Decision]:
    """All decisions of a seat on a unit that were not taken back, oldest first."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM {_COUNTING} WHERE {_OF_SEAT} AND d.unit_id = ? ORDER BY d.number",  # noqa: S608
        (seat.coder_id, seat.mode, unit_id),
    )
    return (_decision(row) for row in rows)


def iter_counting(connection: sqlite3.Connection) -> Iterator[CountingDecision]:
    """The decision that counts of each unit and seat, in the order in which they were made."""
    rows = connection.execute(
        f"SELECT {_COLUMNS}, u.place, d.shown FROM {_COUNTING} WHERE d.number IN ("  # noqa: S608
        f"SELECT max(d.number) FROM {_COUNTING} WHERE t.number IS NULL GROUP BY d.coder, d.mode, d.unit_id"
        ") ORDER BY d.number"
    )
    return (_counting(row) for row in rows)


def count_apart(connection: sqlite3.Connection) -> int:
    """How many decisions, not taken back, are on texts that the folder no longer holds."""
    found: int = connection.execute(
        "SELECT count(*) FROM decisions d LEFT JOIN undone t ON t.number = d.number WHERE t.number IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM units u WHERE u.unit_id = d.unit_id AND u.text = d.text)"
    ).fetchone()[0]
    return found


def _first(
    connection: sqlite3.Connection, question: str, values: Sequence[object]
) -> CountingDecision | None:
    row = connection.execute(question, tuple(values)).fetchone()
    return _counting(row) if row is not None else None


def _counting(row: Sequence[object]) -> CountingDecision:
    *own, place, shown = row
    return CountingDecision(
        place=int(str(place)),
        decision=_decision(own),
        shown=_texts_to_codes(*str(shown).split("|")) if shown is not None else None,
    )


def _decision(row: Sequence[object]) -> Decision:
    unit_id, coder, mode, kind, initial, dimensions, paths, note, seconds, decided_at, number, by = row
    return Decision(
        unit_id=str(unit_id),
        coder_id=str(coder),
        mode="blind" if mode == "blind" else "assisted",
        kind="coded" if kind == "coded" else "skipped",
        codes=_texts_to_codes(str(initial), str(dimensions), str(paths)),
        note=str(note),
        seconds=float(str(seconds)),
        decided_at=str(decided_at),
        number=int(str(number)),
        settled_by=str(by),
    )


def _codes_to_texts(codes: CodeLists) -> tuple[str, str, str]:
    return ";".join(codes.initial), ";".join(codes.dimensions), ";".join(codes.paths)


def _texts_to_codes(initial: str, dimensions: str, paths: str) -> CodeLists:
    return CodeLists(*(tuple(text.split(";")) if text else () for text in (initial, dimensions, paths)))
