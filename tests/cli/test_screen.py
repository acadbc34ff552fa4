"""`policy-nlp screen` as users run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policy_nlp.cli.main import run

TEXT = "关于发展低空经济的意见\n低空经济是新兴产业。\n建设低空产业园。"


def test_json_holds_counts_decisions_reasons_and_evidence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    assert run(["screen", str(path), "--topic", "低空经济=低空产业", "--json", "--quiet"]) == 0
    content = json.loads(capsys.readouterr().out)
    (document,) = content["documents"]
    assert content["counts"]["n_kept"] == 1
    assert (document["final"], document["rule"], document["n_counted"]) == ("keep", "title", 2)
    assert [one["words"] for one in document["evidence"]] == [["低空经济"], ["低空经济"], ["低空产业"]]
    assert document["share_coded"] is None
    assert "题名" in document["reason"]


def test_the_table_names_kept_documents_and_the_flow(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    missing = tmp_path / "missing.txt"
    assert run(["screen", str(path), str(missing), "--topic", "低空经济", "--quiet"]) == 0
    shown = capsys.readouterr().out
    assert "2 found, 1 not readable, 0 duplicates; 1 screened: 1 kept" in shown
    assert "关于发展低空经济的意见" in shown
    assert "missing.txt" in shown


def test_wrong_settings_are_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    assert run(["screen", str(path), "--topic", "低空经济", "--need", "all"]) == 1
    assert "--need all" in capsys.readouterr().err
    assert run(["screen", str(path), "--out", str(tmp_path / "a.txt")]) == 1
