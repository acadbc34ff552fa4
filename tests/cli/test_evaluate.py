from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from policy_nlp.cli.main import run

GOLD = (
    '{"id": "1", "text": "政府设专项资金。", "doc_id": "a", "initial": ["government_support"], "paths": []}\n'
    '{"id": "2", "text": "推进四链融合。", "doc_id": "a", "initial": ["chain_integration"], "paths": []}\n'
    '{"id": "3", "text": "今天天气很好。", "doc_id": "b", "initial": [], "paths": ["path_4"]}\n'
    '{"id": "4", "text": "支持企业牵头。", "doc_id": "c", "initial": ["government_support"], "paths": []}\n'
)
PREDICTED = GOLD.replace('"initial": ["chain_integration"]', '"initial": ["government_support"]')


@pytest.fixture
def paths(tmp_path: Path) -> list[str]:
    gold, predicted = tmp_path / "gold.jsonl", tmp_path / "predicted.jsonl"
    gold.write_text(GOLD, encoding="utf-8")
    predicted.write_text(PREDICTED, encoding="utf-8")
    return [str(gold), "--predicted", str(predicted), "--draws", "100"]


def test_json_holds_the_keys_of_the_contract(paths: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate", *paths, "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    for level in ("initial", "main", "paths"):
        assert {"n", "micro_f1", "macro_f1", "alpha_masi", "alpha_jaccard", "exact_match", "per_code"} <= set(
            value[level]
        )
    assert value["dimensions"] is None
    assert "did not code dimensions" in value["left_out"]["dimensions"]
    assert value["initial"]["n"] == 4
    assert value["initial"]["exact_match"] == 0.75
    code = value["initial"]["per_code"]["government_support"]
    assert [code[name] for name in ("tp", "fp", "fn", "tn", "support")] == [2, 1, 0, 1, 2]
    assert code["precision"] == pytest.approx(2 / 3, abs=1e-6)
    assert code["intervals"]["precision"][0] <= code["precision"] <= code["intervals"]["precision"][1]


def test_json_has_null_and_a_reason_for_what_is_undefined(
    paths: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["evaluate", *paths, "--json"]) == 0
    code = json.loads(capsys.readouterr().out)["initial"]["per_code"]["market_competition"]
    for name in ("precision", "recall", "f1", "krippendorff_alpha", "cohen_kappa", "gwet_ac1"):
        assert code[name] is None
        assert code["intervals"][name] is None
        assert code["reasons"][name]
    assert code["percent_agreement"] == 1.0


def test_seed_decides_the_intervals(paths: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    found = []
    for seed in ("1", "1", "2"):
        assert run(["evaluate", *paths, "--json", "--seed", seed]) == 0
        value = json.loads(capsys.readouterr().out)
        found.append(json.dumps([value["initial"], value["main"]]))
    assert found[0] == found[1] != found[2]


def test_tables_name_codes_in_chinese_and_say_why_numbers_are_missing(
    paths: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["evaluate", *paths]) == 0
    shown = capsys.readouterr().out
    for text in (
        "政府支持",
        "四链融合",
        "n/a",
        "the code was never predicted",
        "4 of 3 documents",
        "Main categories",
    ):
        assert text in shown


def test_markdown_tables_have_as_many_cells_in_each_row(
    paths: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["evaluate", *paths, "--markdown"]) == 0
    blocks = [block for block in capsys.readouterr().out.split("\n\n") if block.startswith("|")]
    assert len(blocks) == 6  # levels, three tables of codes, confusion, lengths
    for block in blocks:
        assert len({line.count("|") for line in block.splitlines()}) == 1


@pytest.mark.parametrize(
    ("arguments", "exit_code", "message"),
    [
        (["none.jsonl", "--predicted", "none.jsonl"], 1, "none.jsonl: cannot be read"),
        (["none.jsonl", "--json", "--markdown"], 2, "exclude each other"),
        (["none.jsonl", "--fold", "2"], 2, "--fold"),
        (["none.jsonl", "--model", "no-such-model"], 1, "no model 'no-such-model'"),
    ],
)
def test_bad_input_and_bad_usage_have_their_exit_codes(
    arguments: list[str], exit_code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["evaluate", *arguments]) == exit_code
    assert message in capsys.readouterr().err


def test_a_model_folder_is_evaluated_from_the_command_line(
    paths: list[str], tiny_model_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [
        paths[0],
        "--model",
        str(tiny_model_path),
        "--device",
        "cpu",
        "--draws",
        "20",
        "--json",
        "--quiet",
    ]
    assert run(["evaluate", *arguments]) == 0
    captured = capsys.readouterr()
    value = json.loads(captured.out)
    assert value["source"]["predicted_by"] == "tiny"
    assert value["initial"]["calibration_error"] is not None
    assert "evaluating" not in captured.err


def test_two_files_are_compared_without_torch(paths: list[str]) -> None:
    program = (
        "import sys\nfrom policy_nlp.cli.main import run\nassert run(['evaluate', *sys.argv[1:]]) == 0\n"
        "assert not {'torch', 'transformers'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program, *paths, "--json"], check=True, capture_output=True)


def test_the_reliability_diagram_is_written_and_refused_where_there_is_no_score(
    paths: list[str], tiny_model_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "diagram.png"
    model = ["--model", str(tiny_model_path), "--device", "cpu", "--draws", "20", "--quiet"]
    assert run(["evaluate", paths[0], *model, "--diagram", str(picture)]) == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert run(["evaluate", *paths, "--diagram", str(tmp_path / "other.png")]) == 1
    assert "no scores to draw" in capsys.readouterr().err
    assert run(["evaluate", paths[0], *model, "--diagram", paths[0]]) == 1
    assert Path(paths[0]).read_text(encoding="utf-8") == GOLD
