"""`codebook show` is honest about where names are from; `check` names the line; `convert` and `diff` tell."""

from __future__ import annotations

import hashlib
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


def test_convert_tells_what_is_lost_and_what_is_reconstructed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["codebook", "convert", str(shipped_codebook_path()), str(tmp_path / "a.qdc")]) == 0
    shown = capsys.readouterr().out
    assert "rules.precedence" in shown
    assert "16 of 19 initial names are reconstructed: not the authors' table" in shown


def test_convert_gives_json_with_the_hash_of_what_it_wrote(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out_path = tmp_path / "a.csv"
    assert run(["codebook", "convert", str(shipped_codebook_path()), str(out_path), "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert value["sha256"] == hashlib.sha256(out_path.read_bytes()).hexdigest()
    assert value["counts"] == {"main": 6, "initial": 19, "concepts": 33, "dimensions": 3, "paths": 5}
    assert value["losses"]["writing"] == []


def test_convert_keeps_what_is_there(own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out_path = tmp_path / "a.csv"
    assert run(["codebook", "convert", str(own), str(out_path)]) == 0
    assert run(["codebook", "convert", str(own), str(out_path)]) == 1
    assert "--force" in capsys.readouterr().err
    assert run(["codebook", "convert", str(own), str(out_path), "--force"]) == 0


@pytest.mark.parametrize("ending", [".qdc", ".csv", ".xlsx"])
def test_check_and_show_take_every_format(
    ending: str, own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"a{ending}"
    assert run(["codebook", "convert", str(own), str(path)]) == 0
    assert run(["codebook", "check", str(path)]) == 0
    assert "1 main categories 主范畴, 1 initial categories 初始范畴" in capsys.readouterr().out
    assert run(["codebook", "show", "--codebook", str(path)]) == 0
    assert "market_demand" in capsys.readouterr().out


def test_diff_shows_kind_evidence_and_touched_codings(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new, codings = tmp_path / "new.yaml", tmp_path / "coder.csv"
    new.write_text(SMALL.replace("市场需求", "市场的需求"), encoding="utf-8")
    codings.write_text("unit,coder,code\nu1,甲,market_demand\nu2,甲,market_demand\n", encoding="utf-8")
    assert run(["codebook", "diff", str(own), str(new), "--codings", str(codings)]) == 0
    shown = capsys.readouterr().out
    for said in ("renamed 改名", "市场需求 -> 市场的需求", "the id is the same", "甲: 2"):
        assert said in shown


def test_diff_gives_json_with_every_figure(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = tmp_path / "new.yaml"
    new.write_text(SMALL.replace("由市场提出", "由企业提出"), encoding="utf-8")
    assert run(["codebook", "diff", str(own), str(new), "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert value["counts"]["definition"] == 1
    assert value["n_codings"] is None
    (change,) = value["changes"]
    assert (change["words_removed"], change["words_added"]) == (["市场"], ["企业"])
    assert change["codings_touched"] is None
    assert 0 < change["similarity"] < 1


def test_diff_of_the_same_codebook_says_so(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["codebook", "diff", str(own), str(own)]) == 0
    assert "no change; 2 codes are the same in every field" in capsys.readouterr().out
