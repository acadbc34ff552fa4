"""Coded documents laid end to end as arrays, and the stretches of text on which no coder's codes change.

A continuum holds the documents that two coders or more were given. Offsets are rebased: those of a document
start where the document before it ends. Spans of one coder and one code that overlap are one span; spans
that only touch stay two. Empty spans are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from policy_nlp.errors import TooFewCodersError
from policy_nlp.records import CodedDocument

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]


@dataclass(frozen=True, slots=True)
class Continuum:
    """D documents that two coders or more were given, end to end, with S spans of K coders.

    Attributes:
        coder_ids: K of them, those of the documents in order of appearance.
        code_ids: C of them; the numbers in `code` are places here.
        borders: shape (D + 1,), where each document starts, then the length of all.
        given: shape (K, D), which coders were given which documents.
        coder, code, document: shape (S,), of each span; spans are in the order of code, coder, start.
        start, end: shape (S,), half-open, rebased.
        whole: shape (D,), the place in `whole_ids` of the document that each is, or is a part of.
        whole_ids: W of them, in order of appearance.
        n_unused: documents that fewer than two coders were given, left out.
    """

    coder_ids: tuple[str, ...]
    code_ids: tuple[str, ...]
    whole_ids: tuple[str, ...]
    whole: Ints
    borders: Ints
    given: NDArray[np.bool_]
    coder: Ints
    code: Ints
    document: Ints
    start: Ints
    end: Ints
    n_unused: int = 0

    @property
    def lengths(self) -> Ints:
        """Code points of each document, shape (D,)."""
        return np.diff(self.borders)

    @property
    def n_coders(self) -> Ints:
        """Coders who were given each document, shape (D,); at least 2."""
        n_coders: Ints = self.given.sum(axis=0)
        return n_coders

    def of_code(self, code: int) -> Continuum:
        """The same documents with the spans of one code only, which is code 0 there."""
        own = slice(*np.searchsorted(self.code, [code, code + 1]).tolist())
        return replace(
            self,
            code_ids=(self.code_ids[code],),
            coder=self.coder[own],
            code=np.zeros_like(self.code[own]),
            document=self.document[own],
            start=self.start[own],
            end=self.end[own],
        )


@dataclass(frozen=True, slots=True)
class Stretches:
    """T stretches of text on which no coder's code changes, in order; together they are the continuum.

    Attributes:
        length: shape (T,), code points of each.
        document: shape (T,), the document each lies in.
        values: shape (K, T): 0 for a gap, else 1 + the code; gap also where a document was not given.
        given: shape (K, T).
    """

    length: Floats
    document: Ints
    values: Ints
    given: NDArray[np.bool_]


def lay_end_to_end(
    documents: Sequence[CodedDocument],
    code_ids: Sequence[str] | None = None,
    *,
    coder_ids: Sequence[str] | None = None,
) -> Continuum:
    """The documents that two coders or more were given, as one continuum.

    Args:
        documents: each coder of a document was given all of it.
        code_ids: the codes to keep, in this order; None keeps those that occur, sorted.
        coder_ids: the coders, in this order; None takes those of the documents, in order of appearance.

    Raises:
        TooFewCodersError: no document was given to two coders.
    """
    used = [document for document in documents if len(document.coder_ids) >= 2]
    if not used:
        raise TooFewCodersError(
            f"none of {len(documents)} documents was given to two coders. Give codings that share documents.",
            n_documents=len(documents),
        )
    if coder_ids is None:
        coder_ids = list(dict.fromkeys(coder for document in used for coder in document.coder_ids))
    if code_ids is None:
        code_ids = sorted({coding.code_id for document in used for coding in document.codings})
    borders = np.concatenate([[0], np.cumsum([document.length for document in used])]).astype(np.int_)
    rows = _rows(used, coder_ids, code_ids)
    rows[:, 3:] += borders[rows[:, 2], np.newaxis]
    coder, code, document, start, end = _merge_overlaps(rows, int(borders[-1]), len(coder_ids)).T
    given = np.array([[coder_id in document.coder_ids for document in used] for coder_id in coder_ids])
    whole_of = {whole_id: place for place, whole_id in enumerate(dict.fromkeys(d.whole_id for d in used))}
    return Continuum(
        coder_ids=tuple(coder_ids),
        code_ids=tuple(code_ids),
        whole_ids=tuple(whole_of),
        whole=np.array([whole_of[document.whole_id] for document in used], dtype=np.int_),
        borders=borders,
        given=given,
        coder=coder,
        code=code,
        document=document,
        start=start,
        end=end,
        n_unused=len(documents) - len(used),
    )


def find_overlap(continuum: Continuum) -> int | None:
    """The number of a span that overlaps another of the same coder; None where codes exclude each other."""
    order = np.lexsort((continuum.start, continuum.coder))
    start, end, coder = continuum.start[order], continuum.end[order], continuum.coder[order]
    overlapping = (start[1:] < end[:-1]) & (coder[1:] == coder[:-1])
    return int(order[1:][overlapping][0]) if overlapping.any() else None


def merge_codes(continuum: Continuum, code_of: Ints, *, code_ids: tuple[str, ...]) -> Continuum:
    """The same text under broader codes; a coder's spans that now overlap under one code are one.

    Args:
        continuum: with C codes.
        code_of: shape (C,), for each code its place in `code_ids`.
        code_ids: the broader codes.
    """
    rows = np.stack(
        [continuum.coder, code_of[continuum.code], continuum.document, continuum.start, continuum.end], axis=1
    )
    coder, code, document, start, end = _merge_overlaps(
        rows, int(continuum.borders[-1]), len(continuum.coder_ids)
    ).T
    return replace(
        continuum, code_ids=code_ids, coder=coder, code=code, document=document, start=start, end=end
    )


def share_documents(continuum: Continuum, pair: tuple[int, int]) -> Continuum:
    """What two coders were both given, with their spans only; they are coders 0 and 1 there.

    Parts of one document that follow each other are one document there.
    """
    first, second = pair
    kept: NDArray[np.bool_] = np.logical_and(continuum.given[first], continuum.given[second])
    lengths = np.where(kept, continuum.lengths, 0)
    new_borders = np.concatenate([[0], np.cumsum(lengths)])
    own = kept[continuum.document] & np.isin(continuum.coder, pair)
    shift = (new_borders[:-1] - continuum.borders[:-1])[continuum.document[own]]
    wholes = continuum.whole[kept]
    begins = np.concatenate([[True], wholes[1:] != wholes[:-1]]) if len(wholes) else kept[:0]
    place = np.zeros(len(kept), dtype=np.int_)
    place[kept] = np.cumsum(begins) - 1
    return replace(
        continuum,
        coder_ids=(continuum.coder_ids[first], continuum.coder_ids[second]),
        whole=wholes[begins],
        borders=np.append(new_borders[:-1][kept][begins], new_borders[-1]),
        given=np.ones((2, int(begins.sum())), dtype=np.bool_),
        coder=(continuum.coder[own] == second).astype(np.int_),
        code=continuum.code[own],
        document=place[continuum.document[own]],
        start=continuum.start[own] + shift,
        end=continuum.end[own] + shift,
    )


def join_documents(continuum: Continuum) -> Continuum:
    """The same text as if it were one document, which every coder was given."""
    return replace(
        continuum,
        whole_ids=continuum.whole_ids[:1],
        whole=np.zeros(1, dtype=np.int_),
        borders=continuum.borders[[0, -1]],
        given=np.ones((len(continuum.coder_ids), 1), dtype=np.bool_),
        document=np.zeros_like(continuum.document),
    )


def find_stretches(continuum: Continuum) -> Stretches:
    """The stretches of a continuum in which the spans of each coder do not overlap."""
    cuts = np.unique(np.concatenate([continuum.borders, continuum.start, continuum.end]))
    cells = (len(continuum.coder_ids), len(cuts))
    steps = np.zeros(cells, dtype=np.int_)
    np.add.at(steps, (continuum.coder, np.searchsorted(cuts, continuum.start)), continuum.code + 1)
    np.add.at(steps, (continuum.coder, np.searchsorted(cuts, continuum.end)), -continuum.code - 1)
    # `right`: an empty document takes no stretch, so the last of several equal borders is the one to count.
    document = np.searchsorted(continuum.borders, cuts[:-1], side="right") - 1
    return Stretches(
        length=np.diff(cuts).astype(np.float64),
        document=document,
        values=np.cumsum(steps, axis=1)[:, :-1],
        given=continuum.given[:, document],
    )


def sum_by_document(
    values: Floats, *, document: Ints, group: Ints | None = None, shape: tuple[int, ...]
) -> Floats:
    """Sums of values by document, and by group where there is one; of this shape, (D,) or (D, groups)."""
    cells = document if group is None else document * shape[1] + group
    n_cells = int(np.prod(shape))
    sums: Floats = np.bincount(cells, weights=values, minlength=n_cells).astype(np.float64)
    return sums.reshape(shape)


def _rows(used: Sequence[CodedDocument], coder_ids: Sequence[str], code_ids: Sequence[str]) -> Ints:
    """Coder, code, document, start, end of each span that is kept and not empty; shape (S, 5)."""
    coder_of = {coder_id: number for number, coder_id in enumerate(coder_ids)}
    code_of = {code_id: number for number, code_id in enumerate(code_ids)}
    rows = [
        (coder_of[coding.coder_id], code_of[coding.code_id], number, coding.span.start, coding.span.end)
        for number, document in enumerate(used)
        for coding in document.codings
        if coding.code_id in code_of and coding.span.end > coding.span.start
    ]
    return np.array(rows, dtype=np.int_).reshape(-1, 5)


def _merge_overlaps(rows: Ints, length: int, n_coders: int) -> Ints:
    """The rows with overlapping spans of one coder and code made one, sorted by code, coder, start."""
    if not len(rows):
        return rows
    rows = rows[np.lexsort((rows[:, 3], rows[:, 0], rows[:, 1]))]
    # Each coder and code gets a range of numbers of its own, so that one running maximum serves all.
    base = (rows[:, 1] * n_coders + rows[:, 0]) * (length + 1)
    reach = np.maximum.accumulate(base + rows[:, 4])
    is_first = np.concatenate([[True], base[1:] + rows[1:, 3] >= reach[:-1]])
    last = np.append(np.flatnonzero(is_first)[1:] - 1, len(rows) - 1)
    merged: Ints = rows[is_first]
    merged[:, 4] = reach[last] - base[is_first]
    return merged
