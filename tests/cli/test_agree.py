from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from policy_nlp.cli.main import run
from tests.operations.agree_examples import FIRST, SECOND, write_coders

LEVEL_KEYS = {"n", "micro_f1", "macro_f1", "alpha_masi", "alpha_jaccard", "exact_match", "per_code"}


@pytest.fixture
def pair(tmp_path: Path) -> str:
    return str(write_coders(tmp_path / "pair.jsonl", 甲=FIRST, 乙=SECOND))


def test_json_holds_the_keys_of_the_contract(pair: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["agree", pair, "--draws", "20", "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    for level in ("initial", "main", "paths"):
        assert set(value[level]) >= LEVEL_KEYS
    assert value["dimensions"] is None
    assert value["left_out"]["dimensions"]
    code = value["initial"]["per_code"]["government_support"]
    assert [code[name] for name in ("tp", "fp", "fn", "tn")] == [2 - 1, 0, 0, 5]
    unused = value["initial"]["per_code"]["market_competition"]
    assert unused["krippendorff_alpha"] is None
    assert unused["reasons"]["krippendorff_alpha"]


def test_the_table_names_coders_and_codes_and_progress_stays_off_stdout(
    pair: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["agree", pair, "--draws", "20", "--list", "1"]) == 0
    captured = capsys.readouterr()
    for text in (
        "coder: 甲",
        "政府支持",
        "alpha, Jaccard",
        "Units coded differently: 3; the 1 most informative:",
    ):
        assert text in captured.out
    assert captured.err == ""


def test_seed_decides_the_intervals(pair: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = []
    for seed in ("1", "1", "2"):
        assert run(["agree", pair, "--draws", "50", "--json", "--seed", seed]) == 0
        found.append(json.dumps(json.loads(capsys.readouterr().out)["initial"]))
    assert found[0] == found[1] != found[2]


def test_a_report_is_written_and_its_path_told_off_stdout_beside_json(
    pair: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "r.html"
    assert run(["agree", pair, "--draws", "0", "--json", "--out", str(out)]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["bootstrap"]["n_draws"] == 0
    assert f"written: {out}" in captured.err
    assert out.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert run(["agree", pair, "--draws", "0", "--out", str(out)]) == 1
    assert "is there already" in capsys.readouterr().err


def test_a_coding_sheet_is_made_and_the_next_steps_are_told(
    pair: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "s.xlsx"
    arguments = ["agree", pair, "--make-sheet", str(sheet), "--coder-name", "丙", "--n", "4", "--seed", "5"]
    assert run(arguments) == 0
    shown = capsys.readouterr().out
    assert "coder 丙: 4 of 6 sentences, seed 5" in shown
    assert "policy-nlp agree" in shown
    assert run([*arguments, "--force", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["n_units"] == 4


@pytest.mark.parametrize(
    ("arguments", "exit_code", "message"),
    [
        (["none.jsonl"], 1, "none.jsonl"),
        ([], 2, "A B"),
        (["a", "--json", "--markdown"], 2, "exclude each other"),
        (["a", "--unit", "word"], 2, "--unit"),
        (["a", "b", "--make-sheet", "s.xlsx", "--coder-name", "x"], 2, "takes one input"),
        (["a", "--make-sheet", "s.xlsx"], 2, "--coder-name"),
        (["a", "--out", "r.pdf"], 1, ".docx, .html, .md, .tex"),
        (["a", "--draws", "-1"], 2, "--draws"),
    ],
)
def test_bad_input_and_bad_usage_have_their_exit_codes(
    arguments: list[str], exit_code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["agree", *arguments]) == exit_code
    assert message in capsys.readouterr().err


def test_a_plan_of_an_impossible_width_is_refused(pair: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["agree", pair, "--draws", "0", "--plan", "0"]) == 1
    assert "over 0 and under 2" in capsys.readouterr().err


def test_a_model_joins_when_it_is_named(
    pair: str, tiny_model_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["agree", pair, "--model", str(tiny_model_path), "--device", "cpu", "--draws", "20"]
    assert run([*arguments, "--json", "--quiet"]) == 0
    captured = capsys.readouterr()
    value = json.loads(captured.out)
    assert [coder["is_model"] for coder in value["coders"]] == [False, False, True]
    assert value["human_model"][0]["replacements"][0]["intervals"]
    assert captured.err == ""


def test_coders_are_compared_and_reported_without_torch(pair: str, tmp_path: Path) -> None:
    program = (
        "import sys\nfrom policy_nlp.cli.main import run\nassert run(['agree', *sys.argv[1:]]) == 0\n"
        "assert not {'torch', 'transformers'} & set(sys.modules)\n"
    )
    arguments = [pair, "--draws", "5", "--json", "--out", str(tmp_path / "r.docx")]
    subprocess.run([sys.executable, "-c", program, *arguments], check=True, capture_output=True)


def test_help_loads_neither_numpy_nor_matplotlib() -> None:
    program = (
        "import sys\nfrom policy_nlp.cli.main import run\nassert run(['agree', '--help']) == 0\n"
        "assert not {'torch', 'numpy', 'matplotlib', 'docx', 'rich.table'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
