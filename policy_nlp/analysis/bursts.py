"""Years in which a word is suddenly in many documents: the two-state automaton of Kleinberg.

Source: Kleinberg (2002), "Bursty and hierarchical structure in streams", KDD, section 4 (batched arrivals).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

RATIO = 2.0  # s: how many times its usual share a word has in a burst
GAMMA = 1.0  # what it costs to enter a burst, in units of ln(number of batches)


@dataclass(frozen=True, slots=True)
class Burst:
    """A run of batches, both ends in it; `strength` is the weight of section 4: the cost that it saves."""

    first: int
    last: int
    strength: float


def find_bursts(
    n_with: Sequence[int], n_all: Sequence[int], *, ratio: float = RATIO, gamma: float = GAMMA
) -> tuple[Burst, ...] | None:
    """The bursts of one word, in order; None where its usual share leaves no room for one.

    Args:
        n_with: documents with the word, one number a batch (year).
        n_all: documents of each batch.
        ratio: s, the share in a burst over the usual share.
        gamma: the cost of entering a burst.
    """
    usual = sum(n_with) / sum(n_all) if sum(n_all) else 0.0
    if usual == 0.0 or usual * ratio >= 1.0:
        return None
    gains = [_cost(n, of, usual) - _cost(n, of, usual * ratio) for n, of in zip(n_with, n_all, strict=True)]
    states = _cheapest_states(gains, entry=gamma * math.log(len(gains)))
    return tuple(_iter_bursts(gains, states))


def _cost(n: int, of: int, share: float) -> float:
    """Minus the log of the binomial probability, without the coefficient, which both states share."""
    return -(n * math.log(share) + (of - n) * math.log(1.0 - share))


def _cheapest_states(gains: Sequence[float], *, entry: float) -> list[bool]:
    """Which batches are in a burst on the cheapest path; gains are what the burst state saves in each."""
    low, high = 0.0, math.inf  # the cheapest cost of being in each state; the path starts low
    came_from: list[tuple[bool, bool]] = []  # for low and for high: whether the batch before was high
    for gain in gains:
        came_from.append((high < low, high <= low + entry))
        low, high = min(low, high), min(high, low + entry) - gain
    states: list[bool] = []
    is_high = high < low
    for from_low, from_high in reversed(came_from):
        states.append(is_high)
        is_high = from_high if is_high else from_low
    return states[::-1]


def _iter_bursts(gains: Sequence[float], states: Sequence[bool]) -> list[Burst]:
    bursts: list[Burst] = []
    start: int | None = None
    for place, is_high in enumerate((*states, False)):
        if is_high and start is None:
            start = place
        elif not is_high and start is not None:
            bursts.append(Burst(start, place - 1, sum(gains[start:place])))
            start = None
    return bursts
