"""`doctor` says what is there and what is missing, and never falls over."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from policy_nlp.cli.main import run
from policy_nlp.operations import doctor
from policy_nlp.operations.doctor import DoctorSettings, Finding, examine_machine

TOPICS = {
    "policy-nlp",
    "python",
    "system",
    "cores",
    "memory",
    "cpu flags",
    "torch",
    "transformers",
    "tokenizers",
}
TOPICS |= {"model", "codebook", "libreoffice", "cache"}


@pytest.fixture
def without_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_model", lambda name: Finding("model", "ok", "not looked at"))


def findings(settings: DoctorSettings | None = None) -> dict[str, Finding]:
    return {finding.topic: finding for finding in examine_machine(settings or DoctorSettings()).findings}


@pytest.mark.usefixtures("without_model")
def test_every_topic_has_a_finding() -> None:
    assert set(findings()) >= TOPICS


@pytest.mark.usefixtures("without_model")
def test_a_healthy_machine_ends_with_0_and_one_line_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(findings())
    assert all(line.startswith(("ok", "note", "problem")) for line in lines)


def test_without_torch_it_says_so_and_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    assert run(["doctor", "--json"]) == 1
    value = json.loads(capsys.readouterr().out)
    torch_finding = next(finding for finding in value["findings"] if finding["topic"] == "torch")
    assert value["is_healthy"] is False
    assert torch_finding["state"] == "problem"
    assert "pip install torch" in torch_finding["mend"]


def test_a_model_that_is_not_there_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    assert findings(DoctorSettings(model=str(tmp_path / "none")))["model"].state == "problem"


@pytest.mark.usefixtures("without_model")
def test_a_broken_codebook_is_a_problem_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("main_categories: []\n", encoding="utf-8")
    finding = findings(DoctorSettings(codebook=path))["codebook"]
    assert finding.state == "problem"
    assert f"{path}:1: " in finding.text


@pytest.mark.usefixtures("without_model")
def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_PACKAGES", ("no-such-package-here",))
    finding = findings()["no-such-package-here"]
    assert (finding.state, finding.mend) == ("problem", "Install it: pip install no-such-package-here")


@pytest.mark.usefixtures("without_model")
def test_libreoffice_is_a_note_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policy_nlp.documents.legacy.find_libreoffice", lambda: None)
    assert findings()["libreoffice"].state == "note"
