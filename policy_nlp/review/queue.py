"""Queue options -> the places of units in the order in which a coder goes through them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policy_nlp.codebook import Codebook
from policy_nlp.errors import ReviewError
from policy_nlp.review.records import Mode, Order, QueueOptions

Places = NDArray[np.int64]

APPLIES, UNDECIDED = 1, 2  # of a code, in `units.applies`: a byte a code, 0 where it does not apply


@dataclass(frozen=True, slots=True)
class UnitColumns:
    """What queues are made from, for each of the N units.

    Attributes:
        document: shape (N,), the place of the unit's document.
        applies: shape (N, C), the model's codes.
        is_undecided: shape (N, C), codes that the model left undecided.
        uncertainty, contradictions: shape (N,), as `ranking` measures them.
        is_empty: shape (N,), units without usable text, which no queue holds.
    """

    unit_ids: tuple[str, ...]
    document: Places
    is_heading: NDArray[np.bool_]
    is_empty: NDArray[np.bool_]
    applies: NDArray[np.bool_]
    is_undecided: NDArray[np.bool_]
    uncertainty: NDArray[np.float64]
    contradictions: Places


def check_options(options: QueueOptions, *, mode: Mode, codebook: Codebook) -> None:
    """Raise ReviewError where options would show a blind coder the model's codes, or name no code."""
    if mode == "blind" and (options.only_coded or options.code_id is not None):
        raise ReviewError(
            "in blind mode the units cannot be chosen by the model's codes: the choice would tell them. "
            "Choose by document, draw a sample, or review in assisted mode."
        )
    if options.n_sample is not None and options.n_sample < 1:
        raise ReviewError(f"a sample of {options.n_sample} units: draw one or more.")
    if options.code_id is not None:
        codebook.find(options.code_id)


def population(columns: UnitColumns, *, skip_headings: bool, only_coded: bool) -> Places:
    """The places from which a sample is drawn, in document order."""
    keep = ~columns.is_empty
    if skip_headings:
        keep = keep & ~columns.is_heading
    if only_coded:
        keep = keep & columns.applies.any(axis=1)
    return np.flatnonzero(keep)


def draw_sample(places: Places, n_units: int, *, seed: int) -> Places:
    """So many of the places, each with the same chance; a larger sample of one seed holds a smaller one."""
    drawn = np.random.default_rng(seed).permutation(len(places))[:n_units]
    return places[drawn]


def has_code(columns: UnitColumns, code_id: str, *, codebook: Codebook) -> NDArray[np.bool_]:
    """Shape (N,): whether the model gave the code; a main category where one of its initial ones."""
    code = codebook.find(code_id)
    wanted = {code_id}
    if code.level == "main":
        wanted = {one.code_id for one in codebook.initial if one.parent_id == code_id}
    own = columns.applies[:, [one in wanted for one in codebook.code_ids]]
    return np.asarray(own.any(axis=1))


def order_places(places: Places, columns: UnitColumns, *, order: Order) -> Places:
    """The places in the order that does not change while people code; ties in the order of the documents.

    uncertainty: the least sure first. disagreement: by contradictions within the model's codes, then by
    uncertainty; what people code moves units to the front of it (`put_differing_first`).

    Args:
        places: in document order.
        columns: of all units.
        order: of the queue.
    """
    if order == "document":
        return places
    keys = [places, -columns.uncertainty[places]]
    if order == "disagreement":
        keys.append(-columns.contradictions[places])
    return places[np.lexsort(keys)]


def put_differing_first(places: Places, n_differing: NDArray[np.int64]) -> Places:
    """The places with those in front on which coders differ, the most codes first; else as they stand.

    Args:
        places: a queue.
        n_differing: shape (N,) of all units, codes on which coders differ.
    """
    differing = n_differing[places]
    front = np.flatnonzero(differing)
    front = front[np.argsort(-differing[front], kind="stable")]
    return np.concatenate([places[front], places[differing == 0]])
