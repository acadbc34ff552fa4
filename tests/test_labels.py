"""data/labels: labels without texts, and the script that puts the texts to them."""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from policy_nlp.codebook import load_codebook, shipped_codebook_path
from policy_nlp.gold import read_coded_units

DATA = Path(__file__).resolve().parents[1] / "data"
LABELS = sorted((DATA / "labels").glob("*.jsonl"))


def join_labels() -> ModuleType:
    spec = importlib.util.spec_from_file_location("join_labels", DATA / "join_labels.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write(path: Path, rows: list[dict]) -> Path:
    content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_bytes(gzip.compress(content.encode()) if path.suffix == ".gz" else content.encode())
    return path


def example(tmp_path: Path, *, pool_text: str) -> tuple[Path, Path]:
    text = "企业牵头建设中试线。"
    label = {
        "id": "L1",
        "doc_id": "d",
        "start": 3,
        "end": 13,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "initial": ["leading_enterprise_leadership"],
        "dimensions": [],
        "paths": [],
    }
    pool = [
        {"doc_id": "d", "start": 0, "end": 3, "text": "序言。"},
        {"doc_id": "d", "start": 3, "end": 13, "text": pool_text},
    ]
    return write(tmp_path / "pool.jsonl.gz", pool), write(tmp_path / "labels.jsonl", [label])


def test_joined_labels_are_a_gold_file(tmp_path: Path) -> None:
    rows = join_labels().join_labels(*example(tmp_path, pool_text="企业牵头建设中试线。"))
    gold = write(tmp_path / "gold.jsonl", rows)
    (unit,) = read_coded_units(gold, load_codebook(shipped_codebook_path()))
    assert (unit.text, unit.initial, unit.document_id) == (
        "企业牵头建设中试线。",
        ("leading_enterprise_leadership",),
        "d",
    )


@pytest.mark.parametrize(("start", "wanted"), [(3, "another text"), (4, "not in the pool")])
def test_a_label_of_another_text_is_refused_with_its_line(tmp_path: Path, start: int, wanted: str) -> None:
    pool, labels = example(tmp_path, pool_text="企业牵头建设中试台。")
    labels.write_text(labels.read_text("utf-8").replace('"start": 3', f'"start": {start}'), encoding="utf-8")
    with pytest.raises(SystemExit, match=f"labels.jsonl:1: .*{wanted}"):
        join_labels().join_labels(pool, labels)


def test_of_a_sentence_that_was_coded_twice_the_first_coding_is_learnt_from(tmp_path: Path) -> None:
    pool, labels = example(tmp_path, pool_text="企业牵头建设中试线。")
    first = json.loads(labels.read_text("utf-8"))
    write(labels, [first, {**first, "initial": []}])
    (row,) = join_labels().join_labels(pool, labels)
    assert row["initial"] == ["leading_enterprise_leadership"]


def test_there_are_labels() -> None:
    assert LABELS


@pytest.mark.parametrize("path", LABELS, ids=lambda path: path.name)
def test_labels_hold_places_hashes_and_known_codes_but_no_text(path: Path) -> None:
    codebook = load_codebook(shipped_codebook_path())
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        assert "text" not in row
        assert len(row["sha256"]) == 64
        assert 0 <= row["start"] < row["end"]
        for level in ("initial", "dimensions", "paths"):
            assert row[level] == [code_id for code_id in codebook.ids(level) if code_id in row[level]]
