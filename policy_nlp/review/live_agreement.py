"""Agreement of coders while they code: each pair, over the units that both coded up to now.

Coders are compared in the same mode only, and with the model only where they did not see its codes. The
figures are those of `policy-nlp agree` for a pair, without intervals: codes pooled as yes/no cells.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.binary import BinaryCounts, binary_alpha, binary_kappa, binary_percent_agreement
from policy_nlp.codebook import Codebook
from policy_nlp.records import LEVELS, Level
from policy_nlp.review.adjudication import codes_at_level
from policy_nlp.review.records import Mode, Seat
from policy_nlp.review.seat_states import CODED, SeatState
from policy_nlp.review.store import ReviewStore

NO_SHARED_UNIT = "no unit that both coded"
NO_VARIANCE = "neither varied: every cell is the same"


@dataclass(frozen=True, slots=True)
class LiveLevel:
    """One level of a pair, over the units that both coded at it; NaN where undefined.

    Attributes:
        exact_match: share of units with the same set of codes.
        percent_agreement, kappa, alpha: over pooled cells (a code in a unit, yes or no).
        reason: why something is NaN; empty where all is defined.
    """

    level: Level
    exact_match: float
    percent_agreement: float
    kappa: float
    alpha: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LivePair:
    """Two coders of one mode, or a blind coder (`first`) and the model."""

    first: str
    second: str
    mode: Mode
    is_model: bool
    n_units: int
    levels: tuple[LiveLevel, ...]


def measure_live_agreement(store: ReviewStore) -> tuple[LivePair, ...]:
    """Every pair of coders of one mode who coded something, then each blind coder with the model."""
    with store.at_rest():
        seats = store.seats()
        pairs = [
            _pair(store, first=one.coder_id, second=other.coder_id, mode=one.mode)
            for one, other in combinations(seats, 2)
            if one.mode == other.mode
        ]
        blind = [seat for seat in seats if seat.mode == "blind"]
        return (*pairs, *(_pair(store, first=one.coder_id, second=None, mode="blind") for one in blind))


def _pair(store: ReviewStore, *, first: str, second: str | None, mode: Mode) -> LivePair:
    own = store.state_of(Seat(first, mode))
    other = store.state_of(Seat(second, mode)) if second is not None else _model_state(store)
    rows = np.flatnonzero((own.kind == CODED) & (other.kind == CODED))
    levels = []
    for level in (one for one in LEVELS if store.codebook.ids(one)):
        shared = rows if second is not None else rows[_is_decided(store, level)[rows]]
        levels.append(_level(level, own.applies[shared], other.applies[shared], codebook=store.codebook))
    return LivePair(
        first=first,
        second=second if second is not None else store.model,
        mode=mode,
        is_model=second is None,
        n_units=len(rows),
        levels=tuple(levels),
    )


def _is_decided(store: ReviewStore, level: Level) -> NDArray[np.bool_]:
    """Shape (N,): whether the model left no code of the level undecided; main follows initial."""
    code_ids = store.codebook.ids("initial" if level == "main" else level)
    columns = [code_id in code_ids for code_id in store.codebook.code_ids]
    return np.asarray(~store.columns.is_undecided[:, columns].any(axis=1))


def _model_state(store: ReviewStore) -> SeatState:
    state = SeatState.empty(store.n_units, n_codes=0)
    state.kind[~store.columns.is_empty] = CODED
    state.applies = store.columns.applies
    return state


def _level(
    level: Level, all_first: NDArray[np.bool_], all_second: NDArray[np.bool_], *, codebook: Codebook
) -> LiveLevel:
    if not len(all_first):
        return LiveLevel(level, math.nan, math.nan, math.nan, math.nan, NO_SHARED_UNIT)
    first = codes_at_level(all_first, level, codebook=codebook)
    second = codes_at_level(all_second, level, codebook=codebook)
    counts = BinaryCounts(
        both=_count(first & second),
        only_first=_count(first & ~second),
        only_second=_count(~first & second),
        neither=_count(~first & ~second),
    )
    kappa = float(binary_kappa(counts))
    return LiveLevel(
        level=level,
        exact_match=float((first == second).all(axis=1).mean()),
        percent_agreement=float(binary_percent_agreement(counts)),
        kappa=kappa,
        alpha=float(binary_alpha(counts)),
        reason=NO_VARIANCE if math.isnan(kappa) else "",
    )


def _count(cells: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.asarray(cells.sum(), dtype=np.float64)
