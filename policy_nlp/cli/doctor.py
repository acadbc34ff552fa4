"""`policy-nlp doctor`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from policy_nlp.cli.options import CodebookOption, JsonOption, ModelOption

if TYPE_CHECKING:
    from policy_nlp.operations.doctor import DoctorReport, Finding


def doctor(model: ModelOption = None, codebook: CodebookOption = None, as_json: JsonOption = False) -> None:
    """Say what this machine has; exit code 1 when something needed is missing."""
    from policy_nlp.operations.doctor import DoctorSettings, examine_machine

    report = examine_machine(DoctorSettings(model=model, codebook=codebook))
    typer.echo(_report_json(report) if as_json else "\n".join(map(_line, report.findings)))
    if not report.is_healthy:
        raise typer.Exit(1)


def _line(finding: Finding) -> str:
    mend = f" {finding.mend}" if finding.mend else ""
    return f"{finding.state:<7} {finding.topic:<12} {finding.text}{'.' if mend else ''}{mend}"


def _report_json(report: DoctorReport) -> str:
    import json
    from dataclasses import asdict

    findings = [asdict(finding) for finding in report.findings]
    return json.dumps({"is_healthy": report.is_healthy, "findings": findings}, ensure_ascii=False, indent=2)
