"""Decisions + Codebook -> the columns that `label` and `code` add to a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from policy_nlp.codebook import Codebook, derive_main
from policy_nlp.records import LEVELS, Decisions, Level
from policy_nlp.tables.table import free_name

LABEL_COLUMNS = (*LEVELS, "scores", "status")
UNDECIDED = "undecided"  # a further column, where a risk was asked for
_INPUT_PREFIX = "input_"


def label_schema(codebook: Codebook, *, can_abstain: bool = False) -> pa.Schema:
    """Names and types of the columns: one list a level, the score of each code, the status.

    Where the model can abstain, the list of the codes that it left undecided follows.
    """
    scores = pa.struct([pa.field(code_id, pa.float32()) for code_id in codebook.code_ids])
    lists = [pa.field(level, pa.list_(pa.string())) for level in LEVELS]
    undecided = [pa.field(UNDECIDED, pa.list_(pa.string()))] if can_abstain else []
    return pa.schema([*lists, pa.field("scores", scores), pa.field("status", pa.string()), *undecided])


def label_columns(decisions: Decisions, codebook: Codebook) -> pa.RecordBatch:
    """One row a sentence; codes in codebook order, scores null where there was no usable text."""
    applies = decisions.applies & ~decisions.is_empty[:, np.newaxis]
    lists = [_code_lists(_apply_of_level(applies, codebook, level), codebook.ids(level)) for level in LEVELS]
    status = np.where(applies.any(axis=1), "coded", "uncoded")
    undecided = []
    if decisions.is_undecided is not None:
        status = np.where(decisions.is_undecided.any(axis=1), "abstained", status)
        undecided = [_code_lists(decisions.is_undecided, codebook.code_ids)]
    status = np.where(decisions.is_empty, "empty", status)
    scores = pa.StructArray.from_arrays(
        [pa.array(column, pa.float32(), mask=decisions.is_empty) for column in decisions.scores.T],
        names=list(codebook.code_ids),
        mask=pa.array(decisions.is_empty),
    )
    columns = [*lists, scores, pa.array(status.tolist(), pa.string()), *undecided]
    return pa.RecordBatch.from_arrays(columns, schema=label_schema(codebook, can_abstain=bool(undecided)))


def _apply_of_level(applies: NDArray[np.bool_], codebook: Codebook, level: Level) -> NDArray[np.bool_]:
    """Shape (N, codes of the level): which of them apply."""
    if level != "main":
        return applies[:, [codebook.code_ids.index(code_id) for code_id in codebook.ids(level)]]
    return derive_main(_apply_of_level(applies, codebook, "initial"), codebook)


def _code_lists(applies: NDArray[np.bool_], code_ids: Sequence[str]) -> pa.ListArray:
    offsets = np.concatenate([[0], applies.sum(axis=1).cumsum()]).astype(np.int32)
    ids = np.array(code_ids, dtype=object)[np.nonzero(applies)[1]]
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(ids.tolist(), pa.string()))


@dataclass(frozen=True, slots=True)
class KeptColumns:
    """Input columns under the names they have in the output, with what was renamed.

    An input column named like one that `label` adds (a gold file has `initial`) is kept as `input_initial`.
    """

    schema: pa.Schema
    warnings: tuple[str, ...]


def keep_columns(schema: pa.Schema, *, can_abstain: bool = False) -> KeptColumns:
    """The input's columns, renamed where `label` adds one of the same name."""
    added = (*LABEL_COLUMNS, UNDECIDED) if can_abstain else LABEL_COLUMNS
    taken = {*added, *schema.names}
    fields: list[pa.Field] = []
    warnings: list[str] = []
    for field in schema:
        if field.name not in added:
            fields.append(field)
            continue
        name = free_name(_INPUT_PREFIX + field.name, taken)
        taken.add(name)
        fields.append(field.with_name(name))
        warnings.append(
            f"input column {field.name!r} is kept as {name!r}, since `label` adds a column of that name"
        )
    return KeptColumns(pa.schema(fields), tuple(warnings))


def add_label_columns(batch: pa.RecordBatch, labels: pa.RecordBatch, *, kept: KeptColumns) -> pa.RecordBatch:
    """The input's rows with the label columns after their own."""
    schema = pa.schema([*kept.schema, *labels.schema])
    return pa.RecordBatch.from_arrays([*batch.columns, *labels.columns], schema=schema)
