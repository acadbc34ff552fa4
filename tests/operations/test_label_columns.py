import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from policy_nlp.codebook import load_codebook, shipped_codebook_path
from policy_nlp.operations.label_columns import keep_columns, label_columns, label_schema
from policy_nlp.records import Decisions

CODEBOOK = load_codebook(shipped_codebook_path())
N_CODES = len(CODEBOOK.code_ids)


def decide(applies: np.ndarray, is_empty: np.ndarray) -> Decisions:
    scores = np.where(is_empty[:, np.newaxis], np.nan, np.where(applies, 0.75, 0.25)).astype(np.float32)
    return Decisions(CODEBOOK.code_ids, scores, applies, is_empty)


@settings(deadline=None)
@given(st.data())
def test_columns_hold_the_codes_that_apply_in_codebook_order(data: st.DataObject) -> None:
    n = data.draw(st.integers(0, 5))
    applies = data.draw(hnp.arrays(np.bool_, (n, N_CODES)))
    is_empty = data.draw(hnp.arrays(np.bool_, n))
    rows = label_columns(decide(applies, is_empty), CODEBOOK).to_pylist()
    for row, which, empty in zip(rows, applies, is_empty, strict=True):
        ids = {i for i, does in zip(CODEBOOK.code_ids, which, strict=True) if does and not empty}
        for level in ("initial", "dimensions", "paths"):
            assert row[level] == [i for i in CODEBOOK.ids(level) if i in ids]
        assert tuple(row["main"]) == CODEBOOK.main_of(row["initial"])
        assert row["status"] == ("empty" if empty else "coded" if ids else "uncoded")
        assert (row["scores"] is None) == empty


def test_types_are_those_of_the_contract() -> None:
    schema = label_columns(decide(np.zeros((0, N_CODES), bool), np.zeros(0, bool)), CODEBOOK).schema
    assert schema == label_schema(CODEBOOK)
    assert schema.names == ["initial", "main", "dimensions", "paths", "scores", "status"]
    assert schema.field("initial").type == pa.list_(pa.string())
    assert [(f.name, f.type) for f in schema.field("scores").type] == [
        (code_id, pa.float32()) for code_id in CODEBOOK.code_ids
    ]


def test_input_columns_of_the_same_name_are_kept_under_another() -> None:
    kept = keep_columns(
        pa.schema([("text", pa.string()), ("status", pa.int64()), ("input_status", pa.string())])
    )
    assert kept.schema.names == ["text", "input_status_2", "input_status"]
    assert kept.schema.field("input_status_2").type == pa.int64()
    assert len(kept.warnings) == 1
