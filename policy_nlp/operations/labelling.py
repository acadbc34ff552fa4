"""What `label` and `code` have in common: rows with text -> rows with label columns, and their counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from policy_nlp.codebook import Codebook, load_codebook
from policy_nlp.engine.predictor import Predictor
from policy_nlp.engine.shards import ShardFolder, iter_shards
from policy_nlp.errors import ModelError
from policy_nlp.model.code_cuts import decide_by_cuts, fit_abstention
from policy_nlp.model.trained import TrainedModel
from policy_nlp.operations.label_columns import (
    UNDECIDED,
    KeptColumns,
    add_label_columns,
    keep_columns,
    label_columns,
    label_schema,
)
from policy_nlp.records import LEVELS, PREDICTED_LEVELS, Abstention, CodeCount, LabelCounts
from policy_nlp.tables.table import texts_of

_N_TRUNCATED = b"policy_nlp.n_truncated"  # metadata of a shard


def choose_codebook(path: Path | None, own: Codebook) -> Codebook:
    """The codebook that names the codes: the model's own, or a user's with the same codes.

    Raises:
        ModelError: the codebook at `path` has other codes than those the model was trained on.
    """
    if path is None:
        return own
    codebook = load_codebook(path)
    if codebook.code_ids != own.code_ids:
        unknown = sorted(set(codebook.code_ids) ^ set(own.code_ids))
        raise ModelError(
            f"{path}: its codes are not those the model was trained on (not in both, or in another order:"
            f" {', '.join(unknown[:5]) or 'order'}). Train a model on this codebook with `policy-nlp train`.",
            path=path,
        )
    return codebook


def choose_abstention(model: TrainedModel, risk: float | None) -> Abstention | None:
    """The cuts of a model at the risk asked for; None where none was. Raises as `fit_abstention`."""
    return None if risk is None else fit_abstention(model, risk)


@dataclass(frozen=True, slots=True)
class Labeller:
    """Adds the label columns to rows that have their text in one column, by the cuts where there are some."""

    predictor: Predictor
    codebook: Codebook
    input_schema: pa.Schema
    text_column: str
    abstention: Abstention | None = None

    @property
    def can_abstain(self) -> bool:
        """Whether codes may be left undecided."""
        return self.abstention is not None

    @property
    def kept(self) -> KeptColumns:
        """The input's columns under their names in the output."""
        return keep_columns(self.input_schema, can_abstain=self.can_abstain)

    @property
    def schema(self) -> pa.Schema:
        """All columns of the output."""
        added = label_schema(self.codebook, can_abstain=self.can_abstain)
        return pa.schema([*self.kept.schema, *added])

    def label(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The rows of one shard; how many texts were cut short is in the schema's metadata."""
        decisions = self.predictor.decide(texts_of(batch, self.text_column))
        if self.abstention is not None:
            own_codebook = self.predictor.model.codebook
            decisions = decide_by_cuts(decisions, self.abstention.cuts, codebook=own_codebook)
        labelled = add_label_columns(batch, label_columns(decisions, self.codebook), kept=self.kept)
        return labelled.replace_schema_metadata({_N_TRUNCATED: str(int(decisions.is_truncated.sum()))})


def iter_labelled(shards: ShardFolder, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """The labelled rows of all shards, in their order, with the types of `schema`."""
    for shard in iter_shards(shards):
        yield from shard.cast(schema).to_batches()


def count_labels(shards: ShardFolder, codebook: Codebook, *, can_abstain: bool = False) -> LabelCounts:
    """Rows by status and by code, counted from the shards."""
    status = {"coded": 0, "uncoded": 0, "abstained": 0, "empty": 0}
    codes = {level: dict.fromkeys(codebook.ids(level), 0) for level in LEVELS}
    undecided = dict.fromkeys(codebook.code_ids, 0) if can_abstain else {}
    n_truncated = 0
    for shard in iter_shards(shards, [*LEVELS, "status", *([UNDECIDED] if can_abstain else [])]):
        if can_abstain:
            _add_counts(undecided, pc.list_flatten(shard.column(UNDECIDED)))
        _add_counts(status, shard.column("status"))
        for level in LEVELS:
            _add_counts(codes[level], pc.list_flatten(shard.column(level)))
        n_truncated += int((shard.schema.metadata or {}).get(_N_TRUNCATED, 0))
    return LabelCounts(
        n_rows=shards.n_rows,
        n_coded=status["coded"],
        n_uncoded=status["uncoded"],
        n_empty=status["empty"],
        n_truncated=n_truncated,
        codes=tuple(CodeCount(level, code_id, n) for level in LEVELS for code_id, n in codes[level].items()),
        n_abstained=status["abstained"],
        undecided=tuple(
            CodeCount(level, code_id, undecided[code_id])
            for level in PREDICTED_LEVELS
            for code_id in codebook.ids(level)
            if can_abstain
        ),
    )


def _add_counts(counts: dict[str, int], values: pa.ChunkedArray) -> None:
    for found in pc.value_counts(values).to_pylist():
        counts[found["values"]] += found["counts"]
