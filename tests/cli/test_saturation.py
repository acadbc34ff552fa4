from __future__ import annotations

import json
from pathlib import Path

import pytest

from policy_nlp.cli.main import run
from policy_nlp.codebook import load_codebook, shipped_codebook_path

CODES = load_codebook(shipped_codebook_path()).ids("initial")
OF_DOCUMENTS = ((0, 1), (1,), (2,), (), (3,), (), (0,), (4,))


@pytest.fixture
def coded(tmp_path: Path) -> Path:
    """Eight documents of two sentences; the second sentence of each fits no code."""
    path, rows = tmp_path / "coded.jsonl", []
    for number, places in enumerate(OF_DOCUMENTS):
        rows.append({"id": f"{number}-1", "text": f"第{number}份文件推动协同。", "doc_id": f"d{number}"})
        rows[-1]["initial"] = [CODES[place] for place in places]
        rows.append({"id": f"{number}-2", "text": f"天气{number}。", "doc_id": f"d{number}", "initial": []})
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def read_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    assert run(["saturation", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_json_holds_the_curve_the_three_readings_and_the_uncoded_units(
    coded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    value = read_json(capsys, str(coded), "--list", "2")
    assert [point["n_codes"] for point in value["curve"]] == [2, 2, 3, 3, 4, 4, 4, 5]
    assert value["runs"]["n_base_codes"] == 3
    assert value["runs"]["reached_after"] == 5
    assert value["hold_out"]["new_code_ids"] == [CODES[4]]
    assert value["unseen"]["n_in_one"] == 3
    assert (value["n_units"], value["n_uncoded"]) == (16, 10)
    assert [unit["unit_id"] for unit in value["uncoded"]] == ["0-2", "1-2"]
    assert value["documents"][0] == {"document_id": "d0", "n_units": 2, "codes": [CODES[0], CODES[1]]}
    assert len(value["source"]["inputs"][0]["sha256"]) == 64


def test_table_states_order_rule_hold_out_and_limits(coded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["saturation", str(coded)]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    for text in (
        "order: that of the files",
        "reached after 5 + 2 documents; the base holds 3 codes; codes that came later all the same: 1",
        "6 documents give 4 codes, the 2 held back bring 1 new",
        "预留的2份文本中出现1个新范畴",
        "units that no code fits: 10 of 16 (62.5%)",
        "not that it is complete",
    ):
        assert text in shown


def test_random_order_has_intervals_and_a_seed(coded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = (str(coded), "--order", "random", "--orders", "50")
    first, again = read_json(capsys, *arguments), read_json(capsys, *arguments)
    other = read_json(capsys, *arguments, "--seed", "3")
    assert first["curve"] == again["curve"]
    assert first["curve"] != other["curve"]
    assert first["curve"][2]["low"] <= first["curve"][2]["n_codes"] <= first["curve"][2]["high"]
    assert run(["saturation", *arguments]) == 0
    assert "mean of 50 random orders, seed 0" in capsys.readouterr().out


def test_units_that_name_no_document_are_bad_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "plain.csv"
    path.write_text(f"unit,coder,code\n1,a,{CODES[0]}\n2,a,{CODES[1]}\n", encoding="utf-8")
    assert run(["saturation", str(path)]) == 1
    assert "names its document" in capsys.readouterr().err


def test_few_documents_are_bad_input(coded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = coded.read_text(encoding="utf-8").splitlines()[:4]
    coded.write_text("\n".join(lines), encoding="utf-8")
    assert run(["saturation", str(coded)]) == 1
    assert "coded units: 2;" in capsys.readouterr().err


@pytest.mark.parametrize("flag", [["--base", "0"], ["--threshold", "1.5"], ["--order", "best"]])
def test_flags_out_of_range_are_bad_usage(coded: Path, flag: list[str]) -> None:
    assert run(["saturation", str(coded), *flag]) == 2
