from __future__ import annotations

import math
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from policy_nlp.exchange.sentence_scores import iter_best_scores
from policy_nlp.records import Span


def test_the_best_score_is_over_the_named_codes_only(tmp_path: Path) -> None:
    scores = [{"a": 0.25, "b": 0.75, "c": 0.875}, {"a": 0.5, "b": 0.125, "c": 1.0}, {"a": None, "b": None}]
    table = pa.table(
        {
            "document_id": ["d1", "d1", "d2"],
            "start": [0, 5, 0],
            "end": [5, 9, 4],
            "scores": pa.array(scores, pa.struct([(name, pa.float32()) for name in "abc"])),
        }
    )
    pq.write_table(table, tmp_path / "sentences.parquet")
    found = list(iter_best_scores(tmp_path, ["a", "b", "not scored"]))
    assert [(one.document_id, one.span) for one in found] == [
        ("d1", Span(0, 5)),
        ("d1", Span(5, 9)),
        ("d2", Span(0, 4)),
    ]
    assert [one.score for one in found[:2]] == [0.75, 0.5]
    assert math.isnan(found[2].score)
    assert all(math.isnan(one.score) for one in iter_best_scores(tmp_path, ["not scored"]))
