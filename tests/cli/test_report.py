"""`policy-nlp report`: what it prints."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from policy_nlp.cli.main import app
from policy_nlp.operations import report as operation
from policy_nlp.reports.report_summary import ReportResult
from policy_nlp.settings.report import ReportSettings


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[ReportSettings]:
    settings: list[ReportSettings] = []

    def write(own: ReportSettings) -> ReportResult:
        settings.append(own)
        return ReportResult(
            own.folder / "report.html", 2_800_000, (own.folder / "f" / "a.csv",), 30, 13_000, 2
        )

    monkeypatch.setattr(operation, "write_report", write)
    return settings


def test_it_says_where_the_page_and_the_figures_are(asked: list[ReportSettings]) -> None:
    result = CliRunner().invoke(app, ["report", "out"])
    assert result.exit_code == 0
    assert "report.html (2.8 MB; 30 documents, 13,000 sentences)" in result.stdout
    assert "2 documents show their coded sentences only" in result.stdout
    assert asked == [ReportSettings(Path("out"))]


def test_json_is_one_object(asked: list[ReportSettings]) -> None:
    flags = ["--out", "a.html", "--figures", "f", "--force", "--json"]
    result = CliRunner().invoke(app, ["report", "out", *flags])
    assert json.loads(result.stdout)["n_documents"] == 30
    assert asked == [ReportSettings(Path("out"), Path("a.html"), Path("f"), None, True)]
