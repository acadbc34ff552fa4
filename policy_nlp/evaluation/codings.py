"""Units and decisions -> one yes/no table a level, gold beside predicted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policy_nlp.codebook import Codebook, derive_main
from policy_nlp.errors import ModelError
from policy_nlp.records import CodedUnit, Decisions, Level

Applies = NDArray[np.bool_]


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
    column_of = {code_id: column for column, code_id in enumerate(codebook.ids(level))}
    lists = [_codes_of(unit, level) for unit in units]
    applies = np.zeros((len(units), len(column_of)), dtype=np.bool_)
    for row, code_ids in enumerate(lists):
        applies[row, [column_of[code_id] for code_id in code_ids or ()]] = True
    return LevelTable(applies, np.array([code_ids is not None for code_ids in lists], dtype=np.bool_))


def table_of_decisions(decisions: Decisions, level: Level, *, codebook: Codebook) -> LevelTable:
    """One level of a model's decisions; main categories follow from the initial ones, without scores.

    Raises:
        ModelError: the model does not know a code of the codebook.
    """
    if level == "main":
        table = table_of_decisions(decisions, "initial", codebook=codebook)
        return LevelTable(derive_main(table.applies, codebook), table.coded)
    column_of = {code_id: column for column, code_id in enumerate(decisions.code_ids)}
    missing = [code_id for code_id in codebook.ids(level) if code_id not in column_of]
    if missing:
        raise ModelError(
            f"the model was not trained for code {missing[0]!r} of codebook {codebook.name!r}. Give the "
            f"model's own codebook, or train a model with this one.",
            code_id=missing[0],
        )
    columns = [column_of[code_id] for code_id in codebook.ids(level)]
    coded = np.ones(len(decisions.applies), dtype=np.bool_)
    scores = decisions.scores[:, columns].astype(np.float64)
    return LevelTable(decisions.applies[:, columns], coded, scores)


def _codes_of(unit: CodedUnit, level: Level) -> tuple[str, ...] | None:
    lists = {"initial": unit.initial, "dimensions": unit.dimensions, "paths": unit.paths}
    return lists[level]
