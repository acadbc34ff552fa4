"""`codebook show` is honest about where names are from; `codebook check` names the line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from policy_nlp.cli.main import run
from policy_nlp.codebook import CODE_LEVELS, load_codebook, shipped_codebook_path

SMALL = """\
main_categories:
- {id: demand, name_zh: 需求, definition: 创新的缘由。}
initial_categories:
- {id: market_demand, name_zh: 市场需求, main_category: demand, definition: 由市场提出。}
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def test_show_prints_every_code_of_every_level(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["codebook", "show"]) == 0
    shown = capsys.readouterr().out
    codebook = load_codebook(shipped_codebook_path())
    for code in (code for level in CODE_LEVELS for code in codebook.codes(level)):
        assert code.code_id in shown
        assert code.name_zh in shown


def test_show_says_what_is_reconstructed(capsys: pytest.CaptureFixture[str]) -> None:
    run(["codebook", "show"])
    shown = " ".join(capsys.readouterr().out.split())
    assert (
        "3 of 19 names are from the paper's text (政府支持、市场竞争、行业集中度), 16 reconstructed" in shown
    )
    assert "0 of 33 names are from the paper's text, 33 reconstructed" in shown
    assert "the paper's own tables are lost" in shown
    assert "not the authors' table" in shown


def test_a_single_level_still_says_what_is_reconstructed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["codebook", "show", "--level", "paths"]) == 0
    shown = capsys.readouterr().out
    assert "path_5" in shown
    assert "national_strategic_demand" not in shown
    assert "16 reconstructed" in shown


def test_a_codebook_that_says_nothing_of_sources_gets_no_such_note(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["codebook", "show", "--codebook", str(own)]) == 0
    shown = capsys.readouterr().out
    assert "market_demand" in shown
    assert not re.search("reconstructed|paper", shown)


def test_json_is_one_object_with_the_codes_in_file_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["codebook", "show", "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    codebook = load_codebook(shipped_codebook_path())
    assert value["sha256"] == codebook.digest
    assert [code["id"] for code in value["codes"] if code["level"] == "initial"] == list(
        codebook.ids("initial")
    )


def test_check_counts_a_valid_file(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["codebook", "check", str(own)]) == 0
    assert "1 main categories 主范畴, 1 initial categories 初始范畴" in capsys.readouterr().out


@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_check_names_file_and_line_on_stderr_and_ends_with_1(
    flags: list[str], own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own.write_text(SMALL.replace("main_category: demand", "main_category: damand"), encoding="utf-8")
    assert run(["codebook", "check", str(own), *flags]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert f"{own}:4: " in shown.err
    assert "nearest is 'demand'" in shown.err
