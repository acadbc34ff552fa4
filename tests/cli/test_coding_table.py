from __future__ import annotations

import json
from pathlib import Path

import pytest

from policy_nlp.cli.main import run
from policy_nlp.codebook import Codebook
from tests.operations.coded_folders import make_coded_folder

TEXTS = {"d1": "意见\n省财政设立专项资金支持联合攻关。支持产业学院培养人才。"}
CODES = {"省财政设立专项资金支持联合攻关。": ("government_support",)}


@pytest.fixture
def folder(tmp_path: Path, shipped_codebook: Codebook) -> Path:
    return make_coded_folder(tmp_path / "out", shipped_codebook, CODES, texts=TEXTS)


def test_json_holds_counts_and_marks_concepts_as_suggested(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["coding-table", str(folder), "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert (value["n_sentences"], value["n_coded"]) == (3, 1)
    environment = next(one for one in value["main"] if one["id"] == "innovation_environment")
    support = next(one for one in environment["initial"] if one["id"] == "government_support")
    assert support["n_sentences"] == 1
    concepts = {one["id"]: one["n_sentences"] for one in support["suggested_concepts"]}
    assert concepts == {"policy_planning_guidance": 0, "public_resource_organisation": 1}
    unused = next(one for one in environment["initial"] if one["id"] == "market_competition")
    assert unused["score"] is None


def test_the_terminal_says_whose_codings_and_that_names_are_reconstructed(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "table.docx"
    assert run(["coding-table", str(folder), "--out", str(out), "--examples", "1"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    for text in (
        "政府支持",
        "model policy-zh",
        "concepts are suggested",
        "16 of 19 initial names are reconstructed",
    ):
        assert text in shown
    assert out.stat().st_size > 0


def test_a_folder_that_is_none_ends_with_exit_code_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["coding-table", str(tmp_path / "none")]) == 1
    assert "none" in capsys.readouterr().err
