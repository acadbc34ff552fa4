"""One level of one coder as a yes/no table: units x codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policy_nlp.codebook import Codebook, derive_main
from policy_nlp.records import CodedUnit, Level

Applies = NDArray[np.bool_]

_CODES_OF: Mapping[Level, Callable[[CodedUnit], tuple[str, ...] | None]] = {
    "initial": lambda unit: unit.initial,
    "dimensions": lambda unit: unit.dimensions,
    "paths": lambda unit: unit.paths,
}


@dataclass(frozen=True, slots=True)
class LevelTable:
    """One level of one coder.

    Attributes:
        applies: shape (U, C), False in units that were not coded.
        coded: shape (U,), False where the coder did not code this level.
        scores: shape (U, C), NaN where there is none; None for a coder without scores.
    """

    applies: Applies
    coded: Applies
    scores: NDArray[np.float64] | None = None


def table_of_units(units: Sequence[CodedUnit], level: Level, *, codebook: Codebook) -> LevelTable:
    """One level of coded units; main categories follow from the initial ones."""
    if level == "main":
        table = table_of_units(units, "initial", codebook=codebook)
        return LevelTable(derive_main(table.applies, codebook), table.coded)
    lists = [_CODES_OF[level](unit) for unit in units]
    # Most units share few lists of codes: each distinct list becomes a row once.
    numbers: dict[tuple[str, ...] | None, int] = {}
    number_of = np.array([numbers.setdefault(code_ids, len(numbers)) for code_ids in lists], dtype=np.int_)
    column_of = {code_id: column for column, code_id in enumerate(codebook.ids(level))}
    rows = np.zeros((len(numbers), len(column_of)), dtype=np.bool_)
    for code_ids, row in numbers.items():
        rows[row, [column_of[code_id] for code_id in code_ids or ()]] = True
    is_coded = np.array([code_ids is not None for code_ids in numbers], dtype=np.bool_)
    return LevelTable(rows[number_of], is_coded[number_of])
