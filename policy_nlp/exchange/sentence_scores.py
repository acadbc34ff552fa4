"""Result folder of `code` -> the highest score of each sentence at one level."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from policy_nlp.exchange.result_folder import SENTENCES
from policy_nlp.records import Span

_BATCH_ROWS = 8192


@dataclass(frozen=True, slots=True)
class SentenceScore:
    """The highest score that any of some codes has in a sentence; NaN where the sentence was not scored."""

    document_id: str
    span: Span
    score: float


def iter_best_scores(folder: Path, code_ids: Sequence[str]) -> Iterator[SentenceScore]:
    """The best score of each sentence of a result folder, over those of `code_ids` that were scored."""
    with pq.ParquetFile(folder / SENTENCES) as file:
        columns = ["document_id", "start", "end", "scores"]
        for batch in file.iter_batches(batch_size=_BATCH_ROWS, columns=columns):
            best = _best_scores(batch.column("scores"), code_ids)
            places = (batch.column(name).to_pylist() for name in columns[:3])
            for document_id, start, end, score in zip(*places, best, strict=True):
                yield SentenceScore(document_id, Span(start, end), score)


def _best_scores(scores: pa.StructArray, code_ids: Sequence[str]) -> list[float]:
    wanted = [i for i in range(scores.type.num_fields) if scores.type.field(i).name in code_ids]
    best = np.full(len(scores), -math.inf)
    for place in wanted:
        values = pc.struct_field(scores, place).to_numpy(zero_copy_only=False)
        best = np.fmax(best, values.astype(np.float64))
    best[np.isinf(best)] = math.nan
    values_of_rows: list[float] = best.tolist()
    return values_of_rows
