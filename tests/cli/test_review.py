"""`policy-nlp review DIR --export`: writes without a page, and says what is missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policy_nlp.cli.main import run
from policy_nlp.review.opening import open_review
from policy_nlp.review.records import Choice, CodeLists, Seat
from tests.review.folders import make_review_folder


def test_decisions_are_written_without_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out = make_review_folder(tmp_path / "out"), tmp_path / "gold.jsonl"
    with open_review(folder) as store:
        store.decide(
            Seat(store.sign_in("甲"), "assisted"), Choice("d0-00001", CodeLists(("government_support",)))
        )
        assert run(["review", str(folder), "--export", str(out), "--gold"]) == 0  # while a page serves it
    assert json.loads(out.read_text(encoding="utf-8"))["initial"] == ["government_support"]
    assert "assisted" in capsys.readouterr().out


def test_a_folder_that_nobody_reviewed_says_how_to_begin(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_review_folder(tmp_path / "out")
    assert run(["review", str(folder), "--export", str(tmp_path / "gold.jsonl")]) == 1
    assert f"policy-nlp review {folder}" in capsys.readouterr().err


def test_a_missing_package_is_named_with_the_command_that_installs_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("policy_nlp.cli.review.find_spec", lambda name: None)
    assert run(["review", str(make_review_folder(tmp_path / "out"))]) == 1
    assert 'pip install "policy-nlp[review]"' in capsys.readouterr().err


def test_a_blind_coder_is_not_given_what_the_model_coded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["review", str(tmp_path), "--blind", "--only-coded"]) == 1
    assert "--only-coded" in capsys.readouterr().err
