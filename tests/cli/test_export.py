"""`policy-nlp export` as a user calls it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policy_nlp.cli.main import run


@pytest.fixture
def codes(tmp_path: Path) -> Path:
    path = tmp_path / "codes.jsonl"
    rows = [
        {"id": f"u{i}", "text": f"第{i}句。", "initial": ["government_support"], "coder": "甲"}
        for i in range(3)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_it_says_what_was_written_and_for_whom(
    codes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["export", str(codes), "--out", str(tmp_path / "p.qdpx")]) == 0
    out = capsys.readouterr().out
    assert f"written: {tmp_path / 'p.qdpx'}: 3 codings in 1 texts" in out
    assert "coders: 甲" in out
    assert (tmp_path / "p.qdpx").exists()


def test_json_is_one_object(codes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", str(codes), "--out", str(tmp_path / "p.csv"), "--json", "--quiet"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["n_codings"] == content["n_units"] == 3
    assert content["coder_ids"] == ["甲"]
    assert content["out"] == str(tmp_path / "p.csv")
    assert content["notes"]


def test_bad_input_is_exit_code_1_and_bad_usage_2(
    codes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["export", str(codes), "--out", str(tmp_path / "p.txt")]) == 1
    assert ".qdpx" in capsys.readouterr().err
    assert run(["export", str(codes)]) == 2
