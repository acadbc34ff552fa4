from __future__ import annotations

import json

import pytest

from policy_nlp.cli.main import run

CODE = ["plan", "--prevalence", "0.1", "--expected", "0.8"]


def test_width_and_units_are_two_sides_of_one_plan(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*CODE, "--width", "0.2", "--json"]) == 0
    planned = json.loads(capsys.readouterr().out)
    assert planned["n_units"] == 403
    assert planned["n_with_code"] == pytest.approx(40.3)
    assert run([*CODE, "--units", "403", "--json"]) == 0
    back = json.loads(capsys.readouterr().out)
    assert back["width"] == planned["width"] <= 0.2


def test_the_text_names_what_was_expected_and_what_it_leaves_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*CODE, "--width", "0.2"]) == 0
    shown = capsys.readouterr().out
    assert "krippendorff_alpha 0.8, the code in 10.0% of units" in shown
    assert "403 units coded by both coders (some 40 with the code)" in shown
    assert "Sentences of one document are alike" in shown
    assert run([*CODE, "--width", "0.2", "--design-effect", "3"]) == 0
    assert "Sentences of one document" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ([], "--width"),
        (["--width", "0.2", "--units", "9"], "one only"),
        (["--width", "3"], "width = 3"),
        (["--width", "0.2", "--expected", "1"], "can be"),
        (["--width", "0.2", "--prevalence", "1"], "prevalence = 1"),
        (["--width", "0.2", "--design-effect", "0"], "design effect = 0"),
    ],
)
def test_plans_that_cannot_be_are_bad_input(
    arguments: list[str], text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*CODE, *arguments]) == 1
    assert text in capsys.readouterr().err


def test_prevalence_is_asked_for() -> None:
    assert run(["plan", "--width", "0.1"]) == 2
