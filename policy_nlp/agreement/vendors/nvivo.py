"""NVivo's coding comparison query: Cohen's kappa and percent agreement, one code in one file at a time.

Source: NVivo help, "Coding Comparison query" (help-nv9, nv10, nv11, nv12): with A and B the units that each
user coded, of U, EF = A B / U + (U - A)(U - B) / U, kappa = (units of agreement - EF) / (U - EF), and 1 for
users in complete agreement. Averages over codes and files are left to the user.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.binary import BinaryCounts, binary_kappa, binary_percent_agreement
from policy_nlp.agreement.character_sums import sum_codes
from policy_nlp.agreement.continuum import Continuum, sum_by_document
from policy_nlp.agreement.intervals import Measure
from policy_nlp.agreement.report import PairCounts
from policy_nlp.agreement.vendors.report import (
    DocumentUnits,
    NvivoAverage,
    NvivoComparison,
    NvivoRow,
    NvivoUnit,
)
from policy_nlp.records import Span

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]

NO_ROW = "no file was given to both coders"
NO_USE = "neither coder used the code in any file"


@dataclass(frozen=True, slots=True)
class _Tables:
    """Units of each document (D), pair of coders (P) and code (C) that both coded, and each of them."""

    n_units: Floats  # (D,)
    both: Floats  # (D, P, C)
    first: Floats
    second: Floats


def compare_like_nvivo(
    continuum: Continuum, document_ids: Sequence[str], *, units: Sequence[DocumentUnits]
) -> tuple[NvivoComparison, ...]:
    """NVivo's comparison of each pair of coders who share a file, on each kind of unit that is known.

    Args:
        continuum: of one level of codes.
        document_ids: D of them, of the continuum's documents.
        units: where sentences and paragraphs lie; a kind that a document lacks is left out for all.
    """
    by_id = {unit.document_id: unit for unit in units}
    own = [by_id.get(document_id, DocumentUnits(document_id)) for document_id in document_ids]
    tables: dict[NvivoUnit, _Tables] = {"characters": _count_characters(continuum)}
    for kind, spans in (
        ("sentences", [unit.sentences for unit in own]),
        ("paragraphs", [unit.paragraphs for unit in own]),
    ):
        if all(spans):
            tables[kind] = _count_units(continuum, spans)  # type: ignore[index]
    return tuple(
        _compare_pair(continuum, (one, two), unit=unit, tables=tables[unit])
        for one, two in combinations(range(len(continuum.coder_ids)), 2)
        if (continuum.given[one] & continuum.given[two]).any()
        for unit in tables
    )


def nvivo_kappas(counts: BinaryCounts) -> Floats:
    """Cohen's kappa as NVivo prints it: 1 where both coders agree on every unit."""
    agrees = counts.only_first + counts.only_second == 0
    return np.where(agrees, 1.0, binary_kappa(counts))


def _count_characters(continuum: Continuum) -> _Tables:
    sums = sum_codes(continuum)
    return _Tables(sums.length, sums.both, sums.first, sums.second)


def _count_units(continuum: Continuum, spans: Sequence[Sequence[Span]]) -> _Tables:
    """A unit counts as coded when any character of it is."""
    start = np.array([b + s.start for b, own in zip(continuum.borders, spans, strict=False) for s in own])
    end = np.array([b + s.end for b, own in zip(continuum.borders, spans, strict=False) for s in own])
    document = np.repeat(np.arange(len(spans)), [len(own) for own in spans])
    pairs = list(combinations(range(len(continuum.coder_ids)), 2))
    shape = (len(spans), len(pairs), len(continuum.code_ids))
    both, first, second = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for code in range(shape[2]):
        coded = _find_coded(continuum.of_code(code), start, end=end)
        for pair, (one, two) in enumerate(pairs):
            for table, hits in ((both, coded[one] & coded[two]), (first, coded[one]), (second, coded[two])):
                table[:, pair, code] = sum_by_document(
                    hits.astype(np.float64), document=document, shape=shape[:1]
                )
    n_units = np.bincount(document, minlength=len(spans)).astype(np.float64)
    return _Tables(n_units, both, first, second)


def _find_coded(continuum: Continuum, start: Ints, *, end: Ints) -> NDArray[np.bool_]:
    """Which units, in order and without overlap, each coder coded any character of; shape (K, units)."""
    low = np.searchsorted(end, continuum.start, side="right")
    high = np.maximum(np.searchsorted(start, continuum.end, side="left"), low)
    steps = np.zeros((len(continuum.coder_ids), len(start) + 1), dtype=np.int_)
    np.add.at(steps, (continuum.coder, low), 1)
    np.add.at(steps, (continuum.coder, high), -1)
    coded: NDArray[np.bool_] = np.cumsum(steps, axis=1)[:, :-1] > 0
    return coded


def _compare_pair(
    continuum: Continuum, pair: tuple[int, int], *, unit: NvivoUnit, tables: _Tables
) -> NvivoComparison:
    files, sizes, counts = _count_files(continuum, pair, tables=tables)
    kappas, percents = nvivo_kappas(counts), binary_percent_agreement(counts)
    cells = np.stack([counts.both, counts.only_first, counts.only_second, counts.neither], axis=-1)
    is_used = counts.neither < counts.n_units
    rows = tuple(
        NvivoRow(
            code_id=code_id,
            document_id=continuum.whole_ids[file],
            n_characters=int(sizes[at]),
            counts=PairCounts(*cells[at, code].astype(int).tolist()),
            percent_agreement=float(percents[at, code]),
            kappa=float(kappas[at, code]),
        )
        for code, code_id in enumerate(continuum.code_ids)
        for at, file in enumerate(files.tolist())
        if is_used[at, code]
    )
    columns = [([code], code_id) for code, code_id in enumerate(continuum.code_ids)]
    averages = [
        _average(code_id, kappas[:, codes], percents[:, codes], is_used=is_used[:, codes], sizes=sizes)
        for codes, code_id in [*columns, (list(range(len(columns))), None)]
    ]
    return NvivoComparison(
        first=continuum.coder_ids[pair[0]],
        second=continuum.coder_ids[pair[1]],
        unit=unit,
        rows=rows,
        averages=tuple(averages),
    )


def _count_files(
    continuum: Continuum, pair: tuple[int, int], *, tables: _Tables
) -> tuple[Ints, Floats, BinaryCounts]:
    """The files (F) that both were given any unit of, their sizes, and counts of shape (F, C).

    Parts of one document are one file.
    """
    shared = np.flatnonzero(continuum.given[list(pair)].all(axis=0))
    files, place = np.unique(continuum.whole[shared], return_inverse=True)
    column = list(combinations(range(len(continuum.coder_ids)), 2)).index(pair)
    n_units, sizes = (
        np.bincount(place, weights=part[shared], minlength=len(files)).astype(np.float64)
        for part in (tables.n_units, continuum.lengths)
    )
    both, first, second = (
        _sum_rows(part[shared, column], place, len(files))
        for part in (tables.both, tables.first, tables.second)
    )
    neither = n_units[:, np.newaxis] - first - second + both
    has_units = n_units > 0
    cells = (both, first - both, second - both, neither)
    return files[has_units], sizes[has_units], BinaryCounts(*(cell[has_units] for cell in cells))


def _sum_rows(rows: Floats, place: Ints, n_places: int) -> Floats:
    sums = np.zeros((n_places, rows.shape[1]))
    np.add.at(sums, place, rows)
    return sums


def _average(
    code_id: str | None, kappas: Floats, percents: Floats, *, is_used: NDArray[np.bool_], sizes: Floats
) -> NvivoAverage:
    """Averages over lines of shape (files, codes), by size of the file where weighted."""
    weights = np.broadcast_to(sizes[:, np.newaxis], kappas.shape)
    return NvivoAverage(
        code_id=code_id,
        n_rows=kappas.size,
        n_unused=int((~is_used).sum()),
        kappa=_mean(kappas, np.ones_like(weights), reason=NO_ROW),
        weighted_kappa=_mean(kappas, weights, reason=NO_ROW),
        kappa_used=_mean(kappas, is_used.astype(np.float64), reason=NO_USE),
        percent_agreement=_mean(percents, np.ones_like(weights), reason=NO_ROW),
        weighted_percent_agreement=_mean(percents, weights, reason=NO_ROW),
    )


def _mean(values: Floats, weights: Floats, *, reason: str) -> Measure:
    total = float(weights.sum())
    if total == 0:
        return Measure(math.nan, reason=reason)
    return Measure(float((values * weights).sum()) / total)
