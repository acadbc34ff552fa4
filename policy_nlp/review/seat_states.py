"""What each seat decided, unit by unit, as columns in memory: what queues and live figures are made from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policy_nlp.codebook import Codebook
from policy_nlp.review.decision_log import CountingDecision
from policy_nlp.review.records import CodeLists

NOT_DECIDED, CODED, SKIPPED = 0, 1, 2


@dataclass(slots=True)
class SeatState:
    """The decisions that count of one seat; only the store changes them.

    Attributes:
        kind: shape (N,): NOT_DECIDED, CODED or SKIPPED.
        applies: shape (N, C), in the order of `codebook.code_ids`; False where nothing was coded.
        is_changed: shape (N,): coded otherwise than was filled in.
        seconds: shape (N,).
    """

    kind: NDArray[np.uint8]
    applies: NDArray[np.bool_]
    is_changed: NDArray[np.bool_]
    seconds: NDArray[np.float64]

    @classmethod
    def empty(cls, n_units: int, *, n_codes: int) -> SeatState:
        """A seat that decided nothing yet."""
        return cls(
            kind=np.zeros(n_units, dtype=np.uint8),
            applies=np.zeros((n_units, n_codes), dtype=np.bool_),
            is_changed=np.zeros(n_units, dtype=np.bool_),
            seconds=np.zeros(n_units),
        )

    def keep(self, counting: CountingDecision, columns: dict[str, int]) -> None:
        """Take in the decision that now counts of its unit; `columns` gives the place of each code."""
        place, decision = counting.place, counting.decision
        is_coded = decision.kind == "coded"
        self.kind[place] = CODED if is_coded else SKIPPED
        self.applies[place] = False
        if is_coded:
            self.applies[place, [columns[code_id] for code_id in decision.codes.code_ids]] = True
        self.is_changed[place] = is_coded and counting.shown not in (None, decision.codes)
        self.seconds[place] = decision.seconds

    def forget(self, place: int) -> None:
        """Nothing is decided on the unit any more."""
        self.kind[place] = NOT_DECIDED
        self.applies[place] = False
        self.is_changed[place] = False
        self.seconds[place] = 0.0


def lists_of(applies: NDArray[np.bool_], codebook: Codebook) -> CodeLists:
    """The lists of one unit, from shape (C,)."""
    ids = {code_id for code_id, is_given in zip(codebook.code_ids, applies.tolist(), strict=True) if is_given}
    return CodeLists(
        *(
            tuple(code_id for code_id in own if code_id in ids)
            for own in (codebook.ids("initial"), codebook.ids("dimensions"), codebook.ids("paths"))
        )
    )
