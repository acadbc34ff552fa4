"""The review of one result folder: its units, its coders, and every decision, on disk when it is answered.

One process serves a folder at a time (`opening.open_review` holds a lock); its threads may use the store at
once. Decisions are kept in DIR/review.sqlite. What counts is also held in memory, so that a queue of 100,000
units answers at once.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from policy_nlp.errors import ReviewError
from policy_nlp.review.building import BuiltReview
from policy_nlp.review.database import Database
from policy_nlp.review.decision_log import (
    CountingDecision,
    DecidedUnit,
    append_decision,
    count_apart,
    iter_counting,
    iter_history,
    newest_of_seat,
    newest_of_unit,
    take_back,
    utc_now,
)
from policy_nlp.review.names import clean_choice, clean_name, fold_name
from policy_nlp.review.queue import (
    Places,
    check_options,
    draw_sample,
    has_code,
    order_places,
    population,
    put_differing_first,
)
from policy_nlp.review.records import (
    ADJUDICATOR,
    Choice,
    Decision,
    Mode,
    QueueOptions,
    QueueState,
    ReviewDocument,
    ReviewUnit,
    Seat,
    Undone,
)
from policy_nlp.review.samples import Sample, add_sample, find_sample, last_sample
from policy_nlp.review.seat_states import CODED, NOT_DECIDED, SKIPPED, SeatState, lists_of
from policy_nlp.review.unit_rows import read_columns, read_documents, read_unit


class ReviewStore:
    """What pages and exports ask of a review; make one with `open_review`.

    Attributes:
        folder: the result folder.
        codebook: it was coded with.
        model: the name of the model that coded it.
        notes: what people must know, as that the folder was coded anew.
        columns: of all units, for queues.
    """

    def __init__(self, folder: Path, database: Database, built: BuiltReview) -> None:
        self.folder = folder
        self.codebook = built.codebook
        self.model = built.state.model
        self.columns = read_columns(database, n_codes=len(built.codebook.code_ids))
        self._documents = read_documents(database)
        self._database = database
        self._guard = threading.RLock()
        self._places = {unit_id: place for place, unit_id in enumerate(self.columns.unit_ids)}
        self._code_columns = {code_id: column for column, code_id in enumerate(self.codebook.code_ids)}
        self._orders: dict[QueueOptions, Places] = {}
        self._states: dict[Seat, SeatState] = {}
        with database.reading() as connection:
            for counting in iter_counting(connection):
                self._keep(counting)
            self.notes = _notes(count_apart(connection), is_rebuilt=built.is_rebuilt)

    @property
    def n_units(self) -> int:
        """Units of the folder, headings and empty ones among them."""
        return len(self.columns.unit_ids)

    def coders(self) -> tuple[str, ...]:
        """The names of all who signed in, in the order in which they first did."""
        with self._database.reading() as connection:
            return tuple(name for (name,) in connection.execute("SELECT name FROM coders ORDER BY rowid"))

    def sign_in(self, name: str) -> str:
        """The name as it is kept: that of a coder who is known (case does not matter), else of a new one.

        Raises:
            ReviewError: the name is empty, too long, or that of gold or of the model.
        """
        cleaned = clean_name(name, model=self.model)
        with self._guard, self._database.writing() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO coders VALUES (?, ?, ?)", (cleaned, fold_name(cleaned), utc_now())
            )
            known: str = connection.execute(
                "SELECT name FROM coders WHERE folded = ?", (fold_name(cleaned),)
            ).fetchone()[0]
        return known

    def seats(self) -> tuple[Seat, ...]:
        """Coders with the modes in which they decided something that counts; gold is none of them."""
        with self._guard:
            return tuple(
                sorted(
                    (seat for seat, state in self._states.items()
                     if seat.coder_id != ADJUDICATOR and state.kind.any()),
                    key=lambda seat: (seat.mode, seat.coder_id),
                )
            )  # fmt: skip

    def documents(self) -> tuple[ReviewDocument, ...]:
        """The documents of the folder, in its order."""
        return self._documents

    def unit(self, unit_id: str, *, mode: Mode) -> ReviewUnit:
        """A unit with what stands around it; in blind mode it holds nothing of the model.

        Raises:
            ReviewError: the folder has no such unit.
        """
        return read_unit(self._database, self.place_of(unit_id), mode=mode, codebook=self.codebook)

    def next_unit(self, seat: Seat, options: QueueOptions, *, after: str | None = None) -> ReviewUnit | None:
        """The first unit of the queue that the seat has not decided; None when all are.

        With `only_skipped` the first skipped one.

        Args:
            seat: who asks.
            options: of the queue.
            after: search behind this unit first, then from the start.

        Raises:
            ReviewError: a blind seat asks for units by the model's codes.
        """
        queue = self.queue(options, mode=seat.mode)
        with self._guard:
            wanted = SKIPPED if options.only_skipped else NOT_DECIDED
            open_ones = np.flatnonzero(self.state_of(seat).kind[queue] == wanted)
        if not len(open_ones):
            return None
        start = np.flatnonzero(queue == self.place_of(after)) if after is not None else np.zeros(0, np.int64)
        later = open_ones[open_ones > start[0]] if len(start) else open_ones
        place = int(queue[(later if len(later) else open_ones)[0]])
        return read_unit(self._database, place, mode=seat.mode, codebook=self.codebook)

    def queue(self, options: QueueOptions, *, mode: Mode) -> Places:
        """The places of all units of the queue, decided or not, in its order."""
        check_options(options, mode=mode, codebook=self.codebook)
        with self._guard:
            if options not in self._orders:
                self._orders[options] = self._make_order(options)
            order = self._orders[options]
            return (
                put_differing_first(order, self._n_differing()) if options.order == "disagreement" else order
            )

    def state(self, seat: Seat, options: QueueOptions) -> QueueState:
        """How far the seat is in the queue; `seconds` are those of the decisions that count."""
        queue = self.queue(options, mode=seat.mode)
        with self._guard:
            own = self.state_of(seat)
            return QueueState(
                n_units=len(queue),
                n_coded=int((own.kind[queue] == CODED).sum()),
                n_skipped=int((own.kind[queue] == SKIPPED).sum()),
                n_changed=int(own.is_changed[queue].sum()),
                seconds=float(own.seconds[queue].sum()),
            )

    def current(self, seat: Seat, unit_id: str) -> Decision | None:
        """The decision of the seat that counts on the unit; None where there is none."""
        self.place_of(unit_id)
        with self._database.reading() as connection:
            found = newest_of_unit(connection, seat, unit_id=unit_id)
        return found.decision if found is not None else None

    def history(self, seat: Seat, unit_id: str) -> tuple[Decision, ...]:
        """All decisions of the seat on the unit that were not taken back, oldest first."""
        with self._database.reading() as connection:
            return tuple(iter_history(connection, seat, unit_id=unit_id))

    def decide(self, seat: Seat, choice: Choice) -> Decision:
        """The decision, on disk when this returns.

        The same choice sent twice (a double click, a reload) is one decision.

        Raises:
            ReviewError: the coder has not signed in, the unit or a code is not known, another window decided
                on the unit after this page showed it, or the file cannot be written.
        """
        if seat.coder_id not in self.coders():
            raise ReviewError(
                f"no coder {seat.coder_id!r} has signed in. Sign in first.", coder=seat.coder_id
            )
        return self.record(seat, choice)

    def record(self, seat: Seat, choice: Choice, *, settled_by: str = "") -> Decision:
        """As `decide`, also for the seats of gold, which nobody signs in to."""
        cleaned = clean_choice(choice, self.codebook)
        unit = self._decided_unit(cleaned.unit_id, seat)
        with self._guard:
            with self._database.writing() as connection:
                found = newest_of_unit(connection, seat, unit_id=unit.unit_id)
                newest = found.decision if found is not None else None
                if cleaned.seen != (newest.number if newest is not None else 0):
                    return _same_or_refused(newest, cleaned)
                decision = append_decision(connection, unit, seat=seat, choice=cleaned, settled_by=settled_by)
            self._keep(CountingDecision(unit.place, decision, unit.shown))
        return decision

    def undo(self, seat: Seat) -> Undone | None:
        """Take back the last decision of the seat: the one before it on that unit counts again.

        None where there is nothing to take back. Again: goes further back.
        """
        with self._guard:
            with self._database.writing() as connection:
                last = newest_of_seat(connection, seat)
                if last is None:
                    return None
                take_back(connection, last.decision.number)
                restored = newest_of_unit(connection, seat, unit_id=last.decision.unit_id)
            self.state_of(seat).forget(last.place)
            if restored is not None:
                self._keep(restored)
        return Undone(last.decision, restored.decision if restored is not None else None)

    def counting(self) -> tuple[CountingDecision, ...]:
        """Every decision that counts, of all seats and of gold, in the order in which they were made."""
        with self._database.reading() as connection:
            return tuple(iter_counting(connection))

    def sample(self, options: QueueOptions) -> Sample:
        """The random sample of the options' folder, headings and codes; drawn at the first call and kept."""
        places = population(self.columns, skip_headings=options.skip_headings, only_coded=options.only_coded)
        with self._guard, self._database.writing() as connection:
            known = find_sample(connection, options, n_population=len(places))
            if known is not None and known.unit_ids <= self._places.keys():
                return known
            drawn = draw_sample(places, options.n_sample or len(places), seed=options.seed)
            ids = [self.columns.unit_ids[place] for place in drawn.tolist()]
            return add_sample(connection, options, unit_ids=ids, n_population=len(places))

    def find_sample(self, *, n_units: int, seed: int) -> Sample | None:
        """The sample of so many units with this seed that was drawn last; None where none was."""
        with self._database.reading() as connection:
            return last_sample(connection, n_units=n_units, seed=seed)

    def last_sample(self) -> Sample | None:
        """The sample that was drawn last; None where none was."""
        with self._database.reading() as connection:
            return last_sample(connection)

    def place_of(self, unit_id: str) -> int:
        """The place of a unit in the folder; raises ReviewError where there is no such unit."""
        place = self._places.get(unit_id)
        if place is None:
            raise ReviewError(
                f"{self.folder} has no unit {unit_id[:80]!r}. Go back to the queue.", unit_id=unit_id
            )
        return place

    def state_of(self, seat: Seat) -> SeatState:
        """What the seat decided, unit by unit; for reading, while nothing is decided."""
        with self._guard:
            known = self._states.get(seat)
            if known is None:
                known = SeatState.empty(self.n_units, n_codes=len(self.codebook.code_ids))
                self._states[seat] = known
            return known

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """Nothing is decided while the block runs."""
        with self._guard:
            yield

    def _keep(self, counting: CountingDecision) -> None:
        seat = Seat(counting.decision.coder_id, counting.decision.mode)
        self.state_of(seat).keep(counting, self._code_columns)

    def _decided_unit(self, unit_id: str, seat: Seat) -> DecidedUnit:
        place = self.place_of(unit_id)
        unit = read_unit(self._database, place, mode=seat.mode, codebook=self.codebook)
        is_shown = seat.mode == "assisted" and seat.coder_id != ADJUDICATOR
        shown = lists_of(self.columns.applies[place], self.codebook) if is_shown else None
        return DecidedUnit(place, unit_id, unit.text, unit.document_id, shown)

    def _make_order(self, options: QueueOptions) -> Places:
        places = population(self.columns, skip_headings=options.skip_headings, only_coded=options.only_coded)
        if options.n_sample is not None:
            drawn = [self._places[unit_id] for unit_id in self.sample(options).unit_ids]
            places = np.array(sorted(drawn), dtype=np.int64)
        if options.document_id is not None:
            known = [one.document_id for one in self.documents()]
            if options.document_id not in known:
                raise ReviewError(f"{self.folder} has no document {options.document_id[:80]!r}.")
            places = places[self.columns.document[places] == known.index(options.document_id)]
        if options.code_id is not None:
            places = places[has_code(self.columns, options.code_id, codebook=self.codebook)[places]]
        return order_places(places, self.columns, order=options.order)

    def _n_differing(self) -> NDArray[np.int64]:
        """Codes on which people differ, of each unit; where one person coded, that person and the model."""
        states = [self._states[seat] for seat in self.seats()]
        found = np.zeros(self.n_units, dtype=np.int64)
        if not states:
            return found
        n_coders = np.sum([state.kind == CODED for state in states], axis=0)
        rows = np.flatnonzero(n_coders)
        given = np.sum([state.applies[rows].astype(np.int64) for state in states], axis=0)
        alone = (n_coders[rows] == 1)[:, None]
        given = given + np.where(alone, self.columns.applies[rows], 0)
        # On a code that the model left undecided it has no voice.
        n_voices = np.where(alone, 2 - self.columns.is_undecided[rows], n_coders[rows][:, None])
        found[rows] = ((given > 0) & (given < n_voices)).sum(axis=1)
        return found

    @property
    def n_abstained(self) -> int:
        """Units of which the model left a code undecided."""
        return int(self.columns.is_undecided.any(axis=1).sum())


def _same_or_refused(newest: Decision | None, choice: Choice) -> Decision:
    """The newest decision where the choice says the same; else the choice is refused."""
    if newest is not None and (newest.kind, newest.codes, newest.note) == (
        choice.kind,
        choice.codes,
        choice.note,
    ):
        return newest
    what = f"was decided at {newest.decided_at}" if newest is not None else "was taken back"
    raise ReviewError(
        f"unit {choice.unit_id!r} {what} in another window. Reload the page to see it, then decide.",
        unit_id=choice.unit_id,
        number=newest.number if newest is not None else 0,
    )


def _notes(n_apart: int, *, is_rebuilt: bool) -> tuple[str, ...]:
    notes = ["the folder was coded anew: its units are those of the new run"] if is_rebuilt else []
    if n_apart:
        notes.append(
            f"{n_apart:,} decisions are on sentences that the folder no longer holds with the same id and "
            "text: they are kept in the database and do not count"
        )
    return tuple(notes)
