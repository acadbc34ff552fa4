"""The command `compare`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policy_nlp.cli.main import run
from policy_nlp.codebook import Codebook
from policy_nlp.operations import compare_output
from tests.exchange.corpus_folders import MadeDocument, make_corpus_folder


@pytest.fixture(autouse=True)
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures take seconds, and are tested where they are drawn."""
    monkeypatch.setattr(compare_output, "write_figures", lambda folder, charts: ())


@pytest.fixture
def folder(tmp_path: Path, shipped_codebook: Codebook) -> Path:
    documents = {
        f"d{number}": MadeDocument(
            [
                (f"政府支持第{number}{place}项。", ("government_support",) if place < number else ())
                for place in range(9)
            ],
            year=2018 + number,
        )
        for number in range(4)
    }  # fmt: skip
    return make_corpus_folder(tmp_path / "coded", shipped_codebook, documents)


def test_json_on_stdout_is_the_json_of_the_folder(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["compare", str(folder), "--by", "year", "--years", "2018-2019,2020-2021", "--level", "main"]
    assert run([*arguments, "--out", str(tmp_path / "out"), "--draws", "99", "--json"]) == 0
    printed = capsys.readouterr().out
    assert printed == (tmp_path / "out" / "compare.json").read_text(encoding="utf-8")
    content = json.loads(printed)
    assert [group["name"] for group in content["groups"]] == ["2018–2019", "2020–2021"]
    assert list(content["levels"]) == ["main"]
    assert "years-main" in (tmp_path / "out" / "compare.html").read_text(encoding="utf-8")


def test_the_terminal_says_what_differs_and_where_the_page_is(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert run(["compare", str(folder), "--by", "year", "--out", str(out), "--draws", "99"]) == 0
    printed = capsys.readouterr().out
    assert "4 groups by year" in printed
    assert "one document a group" in printed
    assert "seed 0, 99 permutations" in printed
    assert "种子" not in printed
    assert str(out) in printed.replace("\n", "")


def test_ranges_without_years_are_bad_input(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [
        "compare",
        str(folder),
        "--by",
        "region",
        "--years",
        "2018-2019",
        "--out",
        str(tmp_path / "o"),
    ]
    assert run(arguments) == 1
    assert "--by year" in capsys.readouterr().err


def test_an_unknown_property_is_bad_usage(folder: Path, tmp_path: Path) -> None:
    assert run(["compare", str(folder), "--by", "colour", "--out", str(tmp_path / "o")]) == 2
