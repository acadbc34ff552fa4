"""Two or more coders of one mode -> where they differ, what was settled, and the gold that follows.

Gold of a unit that two coders or more coded is what they agree on at every level; where they differ it is
what someone settled, who is named beside it, and nothing until then. Blind and assisted gold are kept apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from policy_nlp.codebook import Codebook, derive_main
from policy_nlp.errors import ReviewError
from policy_nlp.records import Level
from policy_nlp.review.records import ADJUDICATOR, Choice, CodeLists, Decision, Disagreement, Mode, Seat
from policy_nlp.review.seat_states import CODED, SeatState, lists_of
from policy_nlp.review.store import ReviewStore

GoldBasis = Literal["settled", "agreed", "single"]


@dataclass(frozen=True, slots=True)
class AdjudicationState:
    """How far the coders of one mode are settled.

    Attributes:
        n_compared: units that two coders or more coded.
        n_agreed: of these, with the same codes at every level: gold without further ado.
        n_open: on which they differ, not settled yet.
        n_settled: settled by someone, whether or not they differ.
        n_single: units that one coder alone coded.
    """

    n_compared: int
    n_agreed: int
    n_open: int
    n_settled: int
    n_single: int


@dataclass(frozen=True, slots=True)
class GoldUnit:
    """The gold of one unit, and what it rests on; `settled` where someone settled it."""

    place: int
    unit_id: str
    codes: CodeLists
    basis: GoldBasis
    coder_ids: tuple[str, ...]
    settled: Decision | None = None


@dataclass(frozen=True, slots=True)
class _Compared:
    """The units of one mode that someone coded: N' of them."""

    rows: NDArray[np.int64]
    n_coders: NDArray[np.int64]
    differs: NDArray[np.bool_]  # at any of the levels asked for
    is_settled: NDArray[np.bool_]


def adjudication_state(store: ReviewStore, mode: Mode) -> AdjudicationState:
    """How many units of the mode are compared, agreed on, open and settled."""
    found = _compare(store, mode, level=None)
    is_shared = found.n_coders >= 2
    return AdjudicationState(
        n_compared=int(is_shared.sum()),
        n_agreed=int((is_shared & ~found.differs & ~found.is_settled).sum()),
        n_open=int((is_shared & found.differs & ~found.is_settled).sum()),
        n_settled=int((is_shared & found.is_settled).sum()),
        n_single=int((~is_shared).sum()),
    )


def disagreeing_units(
    store: ReviewStore, mode: Mode, *, level: Level | None = None, only_open: bool = False
) -> tuple[str, ...]:
    """The ids of units on which coders of the mode differ, in the order of the folder.

    Args:
        store: of the review.
        mode: blind and assisted codings are never compared with each other.
        level: where they must differ; None: at any level.
        only_open: leave out those that were settled.
    """
    found = _compare(store, mode, level=level)
    keep = found.differs & ~found.is_settled if only_open else found.differs
    return tuple(store.columns.unit_ids[place] for place in found.rows[keep].tolist())


def read_disagreement(store: ReviewStore, mode: Mode, *, unit_id: str) -> Disagreement:
    """What each coder of the mode gave a unit, and what was settled; in blind mode nothing of the model.

    Raises:
        ReviewError: the folder has no such unit.
    """
    decisions = [store.current(seat, unit_id) for seat in _seats(store, mode)]
    return Disagreement(
        unit=store.unit(unit_id, mode=mode),
        decisions=tuple(one for one in decisions if one is not None and one.kind == "coded"),
        settled=store.current(Seat(ADJUDICATOR, mode), unit_id),
    )


def settle(store: ReviewStore, choice: Choice, *, mode: Mode, settled_by: str) -> Decision:
    """The gold of a unit that two coders or more coded, on disk when this returns.

    `choice.seen` is the number of the settlement that the page showed, 0 for none. To take it back:
    `store.undo(Seat(ADJUDICATOR, mode))`.

    Raises:
        ReviewError: fewer than two coders coded the unit, nobody of that name signed in, the choice is
            refused as `ReviewStore.decide` does, or it skips.
    """
    place = store.place_of(choice.unit_id)
    n_coders = sum(store.state_of(seat).kind[place] == CODED for seat in _seats(store, mode))
    if n_coders < 2 or choice.kind != "coded":
        raise ReviewError(
            f"unit {choice.unit_id!r} was coded by {n_coders} coder(s) in {mode} mode: what two or more "
            "coded is settled, with codes. Choose a unit of the list.",
            unit_id=choice.unit_id,
        )
    if settled_by not in store.coders():
        raise ReviewError(f"no coder {settled_by!r} has signed in. Sign in first.", coder=settled_by)
    return store.record(Seat(ADJUDICATOR, mode), choice, settled_by=settled_by)


def gold_units(store: ReviewStore, mode: Mode) -> tuple[GoldUnit, ...]:
    """The gold of every unit of the mode that has some, in the order of the folder.

    A unit that one coder alone coded is in it with that coder's codes, as `single`: a person decided, and
    nobody checked.
    """
    with store.at_rest():
        found = _compare(store, mode, level=None)
        seats = _seats(store, mode)
        settled = {
            one.place: one.decision
            for one in store.counting()
            if (one.decision.coder_id, one.decision.mode) == (ADJUDICATOR, mode)
        }
        has_gold = ~found.differs | found.is_settled
        places = found.rows[has_gold].tolist()
        return tuple(_gold_of(store, place, seats=seats, settled=settled.get(place)) for place in places)


def codes_at_level(applies: NDArray[np.bool_], level: Level, *, codebook: Codebook) -> NDArray[np.bool_]:
    """The codes of one level, shape (N, codes of the level), from all codes; main follows initial."""
    if level == "main":
        return derive_main(codes_at_level(applies, "initial", codebook=codebook), codebook)
    wanted = set(codebook.ids(level))
    return np.asarray(applies[:, [code_id in wanted for code_id in codebook.code_ids]])


def _gold_of(store: ReviewStore, place: int, *, seats: Sequence[Seat], settled: Decision | None) -> GoldUnit:
    own = [seat for seat in seats if store.state_of(seat).kind[place] == CODED]
    agreed = lists_of(store.state_of(own[0]).applies[place], store.codebook)
    basis: GoldBasis = "settled" if settled is not None else "agreed" if len(own) > 1 else "single"
    return GoldUnit(
        place=place,
        unit_id=store.columns.unit_ids[place],
        codes=settled.codes if settled is not None else agreed,
        basis=basis,
        coder_ids=tuple(seat.coder_id for seat in own),
        settled=settled,
    )


def _seats(store: ReviewStore, mode: Mode) -> list[Seat]:
    return [seat for seat in store.seats() if seat.mode == mode]


def _compare(store: ReviewStore, mode: Mode, *, level: Level | None) -> _Compared:
    with store.at_rest():
        states = [store.state_of(seat) for seat in _seats(store, mode)]
        n_coders = np.sum([np.zeros(store.n_units, bool), *(one.kind == CODED for one in states)], axis=0)
        rows = np.flatnonzero(n_coders)
        is_settled = store.state_of(Seat(ADJUDICATOR, mode)).kind[rows] == CODED
        given = _sum_given(states, rows, level=level, codebook=store.codebook)
    shared = n_coders[rows][:, None]
    differs = ((given > 0) & (given < shared)).any(axis=1)
    return _Compared(rows, n_coders[rows], differs=differs, is_settled=is_settled)


def _sum_given(
    states: Sequence[SeatState], rows: NDArray[np.int64], *, level: Level | None, codebook: Codebook
) -> NDArray[np.int64]:
    """How many coders gave each code, shape (rows, codes)."""
    n_codes = len(codebook.ids(level)) if level is not None else len(codebook.code_ids)
    total = np.zeros((len(rows), n_codes), dtype=np.int64)
    for state in states:
        own = state.applies[rows]
        total += own if level is None else codes_at_level(own, level, codebook=codebook)
    return total
