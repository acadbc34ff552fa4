from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from policy_nlp.errors import GoldError
from policy_nlp.exchange.coder_corpus import WITHOUT_DOCUMENT, corpus_of_coder
from policy_nlp.exchange.coder_files import read_coder_file

ROWS = (
    {"id": "1", "text": "设立专项资金。", "doc_id": "d1", "initial": ["government_support"], "coder": "甲"},
    {"id": "2", "text": "天气。", "doc_id": "d2", "initial": [], "coder": "甲"},
    {
        "id": "3",
        "text": "校企联合攻关。",
        "doc_id": "d1",
        "initial": ["multi_actor_collaboration"],
        "coder": "甲",
    },
    {"id": "4", "text": "没有文献的句子。", "initial": [], "coder": "甲"},
)


def write(path: Path, rows: object) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")  # type: ignore[attr-defined]
    return path


def test_units_stand_by_documents_with_their_codes(tmp_path: Path) -> None:
    read = corpus_of_coder(read_coder_file(write(tmp_path / "a.jsonl", ROWS)))
    assert (read.coder_id, read.is_model) == ("甲", False)
    assert read.levels == ("initial",)
    assert [one.document_id for one in read.corpus.documents] == ["d1", "d2", WITHOUT_DOCUMENT]
    assert read.corpus.sentence_ids == ("1", "3", "2", "4")
    assert read.corpus.is_coded().tolist() == [True, True, False, False]
    codes = np.array(read.corpus.codebook.ids("initial"))
    assert codes[read.corpus.applies_at("initial")[1]].tolist() == ["multi_actor_collaboration"]
    assert np.isnan(read.corpus.scores).all()


def test_coders_who_shared_the_units_count_as_one(tmp_path: Path) -> None:
    rows = [{**row, "coder": "甲" if row["id"] < "3" else "乙"} for row in ROWS]
    file = read_coder_file(write(tmp_path / "a.jsonl", rows))
    assert len(corpus_of_coder(file).corpus) == 4
    assert len(corpus_of_coder(file, "乙").corpus) == 2


def test_of_two_coders_of_the_same_units_one_has_to_be_named(tmp_path: Path) -> None:
    rows = [*ROWS, *({**row, "coder": "乙"} for row in ROWS)]
    file = read_coder_file(write(tmp_path / "a.jsonl", rows))
    with pytest.raises(GoldError, match="甲, 乙 with --coder"):
        corpus_of_coder(file)
    with pytest.raises(GoldError, match="no coder '丙'"):
        corpus_of_coder(file, "丙")
    assert corpus_of_coder(file, "乙").coder_id == "乙"
