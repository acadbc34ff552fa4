"""Theoretical saturation: whether further documents still bring codes that were not seen before.

Documents are taken one after the other, in the order of the files or averaged over random orders. What comes
back are figures; no number of documents by itself makes a study saturated.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.binary import Floats, divide
from policy_nlp.analysis.document_codes import DocumentCodes
from policy_nlp.analysis.unseen_codes import UnseenCodes, estimate_unseen
from policy_nlp.errors import TooFewDocumentsError

DocumentOrder = Literal["file", "random"]
Incidence = NDArray[np.bool_]  # (D, C): the document has the code

NO_BASE = "no code is in the base documents, so there is nothing to compare new codes with"
TOO_FEW_FOR_RUN = "there are fewer documents than the base and one run need"


@dataclass(frozen=True, slots=True)
class SaturationRules:
    """How saturation is measured.

    Attributes:
        order: of the documents; `random` averages over `n_orders` orders drawn with `seed`.
        base_size: documents whose codes new ones are compared with.
        run_length: documents in each run after them.
        threshold: share of new codes, of those in the base, at or under which a run counts as saturated.
    """

    order: DocumentOrder = "file"
    base_size: int = 4
    run_length: int = 2
    threshold: float = 0.05
    n_orders: int = 1000
    seed: int = 0

    def __post_init__(self) -> None:
        if min(self.base_size, self.run_length, self.n_orders) < 1 or not 0 <= self.threshold < 1:
            raise ValueError(f"saturation needs sizes of 1 or more and 0 <= threshold < 1, found {self}")


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The codes seen after some documents; means over orders, with 95 % of the orders between low and high.

    Attributes:
        document_id: the last of these documents; None over random orders.
        n_new: codes that it brought.
        n_codes: codes seen so far.
        low, high: of `n_codes`; NaN in the order of the files.
    """

    n_documents: int
    document_id: str | None
    n_new: float
    n_codes: float
    low: float = math.nan
    high: float = math.nan


@dataclass(frozen=True, slots=True)
class SaturationRun:
    """Some documents after the base: how many codes they brought, and as a share of the base's codes."""

    first: int  # number of its first document in the order, from 1
    last: int
    n_new: int
    share: float


@dataclass(frozen=True, slots=True)
class RunSaturation:
    """Base, runs and threshold of Guest, Namey and Chen.

    Attributes:
        n_base_codes: codes in the base documents; NaN over random orders.
        runs: each starts one document after the one before; empty over random orders.
        reached_after: documents before the first run at or under the threshold (the median over orders);
            None when no run is.
        low, high: 95 % of the orders in which it is reached; NaN in the order of the files.
        share_reached: of the orders.
        n_after: codes first seen after that run; a mean over the orders in which it is reached.
        reason: why it is undefined or not reached; None when it is reached.

    Source: Guest, Namey and Chen (2020), "A simple method to assess and report thematic saturation in
    qualitative research", PLOS ONE 15(5).
    """

    n_base_codes: float
    runs: tuple[SaturationRun, ...]
    reached_after: float | None
    share_reached: float
    low: float = math.nan
    high: float = math.nan
    n_after: float = math.nan
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class HoldOut:
    """Two thirds of the documents coded first, one third held back to see whether it brings new codes.

    Attributes:
        n_first, n_held: documents.
        n_codes_first: codes in the first part; a mean over orders.
        n_new: codes that only the held-back part has; a mean over orders.
        low, high: of `n_new` in 95 % of the orders; NaN in the order of the files.
        share_without_new: of the orders.
        new_code_ids: those of `n_new`; empty over random orders.
    """

    n_first: int
    n_held: int
    n_codes_first: float
    n_new: float
    share_without_new: float
    low: float = math.nan
    high: float = math.nan
    new_code_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Saturation:
    """How the codes of one level grew with the documents.

    Attributes:
        n_codes: codes of the codebook that some document has.
        unused_code_ids: codes of the codebook that no document has.
        curve: one point a document.
    """

    n_documents: int
    n_codes: int
    unused_code_ids: tuple[str, ...]
    rules: SaturationRules
    curve: tuple[CurvePoint, ...]
    runs: RunSaturation
    hold_out: HoldOut
    unseen: UnseenCodes


def measure_saturation(
    documents: Sequence[DocumentCodes], code_ids: Sequence[str], *, rules: SaturationRules
) -> Saturation:
    """How the codes grew over the documents, in their order or averaged over random orders.

    Raises:
        TooFewDocumentsError: there are fewer than three documents.
    """
    if len(documents) < 3:
        raise TooFewDocumentsError(
            f"documents with coded units: {len(documents)}; saturation needs three or more. Give more files, "
            f"or units that name their documents.",
            n_documents=len(documents),
        )
    counts = np.array([document.counts for document in documents]).reshape(len(documents), len(code_ids))
    has_code = counts > 0
    orders = _orders(len(documents), rules)
    firsts = np.array([_first_places(has_code[order]) for order in orders])
    ids = [document.document_id for document in documents]
    return Saturation(
        n_documents=len(documents),
        n_codes=int(has_code.any(axis=0).sum()),
        unused_code_ids=tuple(np.array(code_ids, dtype=object)[~has_code.any(axis=0)]),
        rules=rules,
        curve=_curve(firsts, ids, rules),
        runs=_runs(firsts, len(documents), rules),
        hold_out=_hold_out(firsts, len(documents), code_ids=code_ids, rules=rules),
        unseen=estimate_unseen(counts),
    )


def _orders(n_documents: int, rules: SaturationRules) -> list[NDArray[np.int_]]:
    if rules.order == "file":
        return [np.arange(n_documents)]
    generator = np.random.default_rng(rules.seed)
    return [generator.permutation(n_documents) for _ in range(rules.n_orders)]


def _first_places(has_code: Incidence) -> NDArray[np.int_]:
    """Place of the first document with each code, shape (C,); the number of documents for those in none."""
    places: NDArray[np.int_] = np.where(has_code.any(axis=0), has_code.argmax(axis=0), len(has_code))
    return places


def _count_up_to(firsts: NDArray[np.int_], n_documents: int) -> Floats:
    """Codes seen in the first 1, 2, ... documents of each order, shape (orders, D)."""
    new = [np.bincount(row, minlength=n_documents + 1)[:n_documents] for row in firsts]
    return np.cumsum(new, axis=1, dtype=np.float64)


def _curve(
    firsts: NDArray[np.int_], document_ids: Sequence[str], rules: SaturationRules
) -> tuple[CurvePoint, ...]:
    seen = _count_up_to(firsts, len(document_ids))
    means = seen.mean(axis=0).tolist()
    new = np.diff(means, prepend=0.0).tolist()
    if rules.order == "file":
        rows = zip(range(1, len(means) + 1), document_ids, new, means, strict=True)
        return tuple(CurvePoint(*row) for row in rows)
    lows, highs = np.quantile(seen, [0.025, 0.975], axis=0).tolist()
    rows_of_orders = zip(new, means, lows, highs, strict=True)
    return tuple(CurvePoint(n, None, *row) for n, row in enumerate(rows_of_orders, start=1))


def _runs(firsts: NDArray[np.int_], n_documents: int, rules: SaturationRules) -> RunSaturation:
    """Runs of `run_length` documents, the first right after the base, each next one a document later."""
    base, length = rules.base_size, rules.run_length
    if n_documents < base + length:
        return RunSaturation(math.nan, (), None, 0.0, reason=TOO_FEW_FOR_RUN)
    seen = _count_up_to(firsts, n_documents)
    n_base = seen[:, base - 1]
    n_new = seen[:, base + length - 1 :] - seen[:, base - 1 : n_documents - length]
    shares = divide(n_new, n_base[:, np.newaxis])
    is_reached = np.asarray(shares <= rules.threshold)
    any_reached = np.asarray(is_reached.any(axis=1))
    first_run = is_reached.argmax(axis=1)
    after_run = seen[:, -1] - np.take_along_axis(seen, (base + length - 1 + first_run)[:, None], axis=1)[:, 0]
    found = RunSaturation(
        n_base_codes=math.nan,
        runs=(),
        reached_after=None,
        share_reached=float(any_reached.mean()),
        n_after=float(after_run[any_reached].mean()) if any_reached.any() else math.nan,
    )
    if rules.order == "random":
        return _over_orders(found, (base + first_run)[any_reached])
    runs = tuple(
        SaturationRun(base + i + 1, base + i + length, int(n_new[0, i]), float(shares[0, i]))
        for i in range(n_new.shape[1])
    )
    after = float(base + first_run[0]) if any_reached[0] else None
    reason = None if any_reached[0] else (_not_reached(rules) if n_base[0] else NO_BASE)
    return replace(found, n_base_codes=float(n_base[0]), runs=runs, reached_after=after, reason=reason)


def _over_orders(found: RunSaturation, reached: NDArray[np.int_]) -> RunSaturation:
    if not len(reached):
        return replace(found, reason="reached in none of the orders")
    low, middle, high = np.quantile(reached, [0.025, 0.5, 0.975]).tolist()
    return replace(found, reached_after=middle, low=low, high=high)


def _not_reached(rules: SaturationRules) -> str:
    return f"every run brought new codes of more than {rules.threshold:.0%} of those in the base"


def _hold_out(
    firsts: NDArray[np.int_], n_documents: int, *, code_ids: Sequence[str], rules: SaturationRules
) -> HoldOut:
    n_first = math.ceil(2 * n_documents / 3)
    is_new = (firsts >= n_first) & (firsts < n_documents)
    n_new, n_codes_first = is_new.sum(axis=1), (firsts < n_first).sum(axis=1)
    hold_out = HoldOut(
        n_first=n_first,
        n_held=n_documents - n_first,
        n_codes_first=float(n_codes_first.mean()),
        n_new=float(n_new.mean()),
        share_without_new=float((n_new == 0).mean()),
        new_code_ids=tuple(code for code, new in zip(code_ids, is_new[0], strict=True) if new),
    )
    if rules.order == "file":
        return hold_out
    low, high = np.quantile(n_new, [0.025, 0.975]).tolist()
    return replace(hold_out, low=low, high=high, new_code_ids=())
