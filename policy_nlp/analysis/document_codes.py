"""Coded units -> what each document holds at one level, and which units no code fits."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policy_nlp.codebook import Codebook
from policy_nlp.records import CodedUnit, CoderUnits, Level


@dataclass(frozen=True, slots=True)
class DocumentCodes:
    """What was coded in one document at one level.

    Attributes:
        counts: shape (C,), how many units of the document have each code.
    """

    document_id: str
    n_units: int
    counts: NDArray[np.int_]


@dataclass(frozen=True, slots=True)
class PlacedSentence:
    """Where a sentence stands: what scores are kept by."""

    document_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ListedUnit:
    """A unit to be looked at; `score` is the highest of any code of the level, NaN where there is none."""

    unit: CodedUnit
    score: float


@dataclass(frozen=True, slots=True)
class FittingUnits:
    """Units that no code fits, and units whose codes fit badly.

    Attributes:
        n_units: units that some coder coded at the level.
        uncoded: those to which no coder gave a code; where there are scores, nearest to a code first: the
            lowest scores are of dates, letterheads and the like.
        low_score: units whose best score is below this are listed in `weak`; None: none are.
        weak: units with codes and a best score below `low_score`, lowest first.
    """

    n_units: int
    uncoded: tuple[ListedUnit, ...]
    low_score: float | None
    weak: tuple[ListedUnit, ...]

    @property
    def share_uncoded(self) -> float:
        """Share of the units that no code fits; NaN without units."""
        return len(self.uncoded) / self.n_units if self.n_units else math.nan


@dataclass(frozen=True, slots=True)
class LevelCodings:
    """The units of one level over all coders: a code counts in a unit when one coder or more gave it.

    Attributes:
        code_ids: of the level, C of them.
        documents: in order of appearance.
        n_without_document: units left out because they name no document.
    """

    level: Level
    code_ids: tuple[str, ...]
    documents: tuple[DocumentCodes, ...]
    fitting: FittingUnits
    n_without_document: int


def gather_level(
    coders: Sequence[CoderUnits],
    codebook: Codebook,
    *,
    level: Level,
    scores: Mapping[PlacedSentence, float] | None = None,
    low_score: float | None = None,
) -> LevelCodings:
    """What the coders together gave each document at one level.

    Args:
        coders: a unit that several were given counts once.
        codebook: its codes of the level, and the main category of each initial one.
        level: of codes.
        scores: the highest score of any code of the level, of sentences that a model scored.
        low_score: see `FittingUnits`.
    """
    code_ids = codebook.ids(level)
    places = {code_id: place for place, code_id in enumerate(code_ids)}
    firsts: dict[str, CodedUnit] = {}
    given: dict[str, set[int]] = {}
    for unit, codes in _iter_coded(coders, codebook, level):
        firsts.setdefault(unit.unit_id, unit)
        given.setdefault(unit.unit_id, set()).update(places[code_id] for code_id in codes)
    by_document: dict[str, list[set[int]]] = {}
    for unit_id, unit in firsts.items():
        if unit.document_id is not None:
            by_document.setdefault(unit.document_id, []).append(given[unit_id])
    documents = tuple(
        DocumentCodes(document_id, len(units), _count(units, len(code_ids)))
        for document_id, units in by_document.items()
    )
    n_without = sum(unit.document_id is None for unit in firsts.values())
    listed = [ListedUnit(unit, _score(unit, scores or {})) for unit in firsts.values()]
    fitting = _fitting(listed, given, low_score=low_score)
    return LevelCodings(level, code_ids, documents, fitting, n_without)


def _iter_coded(
    coders: Sequence[CoderUnits], codebook: Codebook, level: Level
) -> Iterator[tuple[CodedUnit, tuple[str, ...]]]:
    for coder in coders:
        for unit in coder.units:
            codes = _codes_of(unit, codebook, level)
            if codes is not None:
                yield unit, codes


def _codes_of(unit: CodedUnit, codebook: Codebook, level: Level) -> tuple[str, ...] | None:
    if level == "main":
        return None if unit.initial is None else codebook.main_of(unit.initial)
    by_level = {"initial": unit.initial, "dimensions": unit.dimensions, "paths": unit.paths}
    return by_level[level]


def _count(units: Iterable[set[int]], n_codes: int) -> NDArray[np.int_]:
    places = [place for unit in units for place in unit]
    return np.bincount(np.array(places, dtype=np.int_), minlength=n_codes)


def _score(unit: CodedUnit, scores: Mapping[PlacedSentence, float]) -> float:
    if unit.document_id is None or unit.span is None:
        return math.nan
    return scores.get(PlacedSentence(unit.document_id, unit.span.start, unit.span.end), math.nan)


def _fitting(
    listed: Sequence[ListedUnit], given: Mapping[str, set[int]], *, low_score: float | None
) -> FittingUnits:
    uncoded = [one for one in listed if not given[one.unit.unit_id]]
    weak = [
        one for one in listed if given[one.unit.unit_id] and low_score is not None and one.score < low_score
    ]
    return FittingUnits(
        n_units=len(listed),
        uncoded=tuple(sorted(uncoded, key=lambda one: 0.0 if math.isnan(one.score) else -one.score)),
        low_score=low_score,
        weak=tuple(sorted(weak, key=_by_score)),
    )


def _by_score(listed: ListedUnit) -> float:
    """Lowest first; without scores the order stays."""
    return math.inf if math.isnan(listed.score) else listed.score
