"""`policy-nlp code` as a user calls it: output, exit codes, what goes to which stream."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policy_nlp.cli.main import run


@pytest.fixture
def arguments(tmp_path: Path, tiny_model_path: Path) -> list[str]:
    (tmp_path / "意见.txt").write_text("推进基础研究。支持企业牵头组建创新联合体。", encoding="utf-8")
    return [
        "code",
        str(tmp_path / "意见.txt"),
        "--out",
        str(tmp_path / "out"),
        "--model",
        str(tiny_model_path),
    ]


def test_the_summary_counts_documents_sentences_and_names_codes_in_chinese(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*arguments, "--quiet"]) == 0
    out = capsys.readouterr().out
    assert "1 documents, 2 sentences" in out
    assert "领军企业主导" in out


def test_json_is_one_object_with_counts_and_hashes(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*arguments, "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["counts"]["n_rows"] == 2
    assert not content["was_finished"]
    assert len(content["outputs"]) == 6


def test_the_second_call_says_on_stderr_that_nothing_was_done(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    run([*arguments, "--json"])
    first = json.loads(capsys.readouterr().out)
    assert run([*arguments, "--json"]) == 0
    captured = capsys.readouterr()
    assert "finished before, nothing was done" in captured.err
    assert json.loads(captured.out) == {**first, "was_finished": True}


def test_a_quiet_call_leaves_stderr_empty_and_still_says_that_it_was_finished(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    run([*arguments, "--quiet"])
    run([*arguments, "--quiet", "--json"])
    captured = capsys.readouterr()
    assert captured.err == ""
    assert '"was_finished": true' in captured.out
    run([*arguments, "--quiet"])
    captured = capsys.readouterr()
    assert captured.err == ""
    assert "finished before, nothing was done" in captured.out


def test_an_input_without_read_permission_is_no_usage_error(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_args, **_options: False)
    assert run([*arguments, "--quiet"]) == 0


def test_when_nothing_can_be_read_every_reason_is_told(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = [str(tmp_path / f"无{n}.txt") for n in range(9)]
    assert run(["code", *missing, *arguments[2:]]) == 1
    err = capsys.readouterr().err
    assert all(name in err for name in missing)


def test_unreadable_inputs_are_skipped_but_only_unreadable_ones_are_an_error(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = str(tmp_path / "无.txt")
    assert run(["code", missing, *arguments[2:]]) == 1
    assert "无.txt" in capsys.readouterr().err
    assert run(["code", missing, *arguments[1:], "--quiet"]) == 0
    assert "1 inputs skipped" in capsys.readouterr().out


def test_a_call_without_out_is_a_usage_error(arguments: list[str]) -> None:
    assert run(arguments[:2]) == 2
