"""AbstentionReport -> tables for a terminal or Markdown, and one JSON object."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from policy_nlp.codebook import Codebook
from policy_nlp.evaluation.abstention import AbstentionReport, RiskReport, RiskRow
from policy_nlp.model.abstention import DELTA
from policy_nlp.reports.evaluation_json import measure_fields
from policy_nlp.reports.evaluation_table import TextTable, markdown_table, rich_table
from policy_nlp.reports.measure_texts import show_measure

_BASIS_NAMES = {
    "code": "codes with a cut of their own",
    "level": "codes with the cut of their level",
    "none": "codes without a promise",
}
_HEADER = ("", "carry it", "refused of these", "given it", "false of these", "undecided")


def render_abstention(report: AbstentionReport, codebook: Codebook) -> RenderableType:
    """The tables and notes for a terminal."""
    parts: list[RenderableType] = []
    for table in abstention_tables(report, codebook):
        parts.append(rich_table(table))
        parts.append(Text("".join(f"{note}\n" for note in table.notes), style="italic"))
    return Group(*parts, Text("\n".join(report.notes)))


def abstention_markdown(report: AbstentionReport, codebook: Codebook) -> str:
    """The same as Markdown."""
    tables = [markdown_table(table) for table in abstention_tables(report, codebook)]
    return "\n\n".join([*tables, *(f"- {note}" for note in report.notes)]) + "\n"


def abstention_tables(report: AbstentionReport, codebook: Codebook) -> Iterator[TextTable]:
    """A table of the splits and one of the model's own cuts, where they were measured."""
    titles = ("random splits of the gold", report.splits), ("the model's own cuts", report.own)
    for title, measured in titles:
        if measured is not None:
            name = f"Abstention at risk {report.risk:g}, {title} 弃权"
            rows = tuple(_cells(row, codebook) for row in measured.rows if row.n_carrying or row.n_given)
            yield TextTable(name, _HEADER, rows, tuple(_iter_notes(report, measured)))


def abstention_fields(report: AbstentionReport) -> dict[str, object]:
    """The report as JSON values; undefined numbers are null, `reasons` say why."""
    return {
        "risk": report.risk,
        "splits": _report_fields(report.splits) if report.splits is not None else None,
        "own": _report_fields(report.own) if report.own is not None else None,
        "notes": list(report.notes),
    }


def _report_fields(report: RiskReport) -> dict[str, object]:
    return {
        "n_sentences": report.n_sentences,
        "n_documents": report.n_documents,
        "n_splits": report.n_splits,
        **measure_fields({"abstained": report.abstained}),
        "rows": [
            {
                "kind": row.kind,
                "name": row.name,
                "n_carrying": round(row.n_carrying, 3),
                "n_given": round(row.n_given, 3),
                **measure_fields({"refused": row.refused, "false": row.false, "undecided": row.undecided}),
            }
            for row in report.rows
        ],
    }


def _cells(row: RiskRow, codebook: Codebook) -> tuple[str, ...]:
    names = {"all": "all codes", "level": row.name, "basis": _BASIS_NAMES.get(row.name, row.name)}
    name = names[row.kind] if row.kind in names else codebook.find(row.name).name_zh
    return (
        name,
        f"{row.n_carrying:.0f}",
        show_measure(row.refused),
        f"{row.n_given:.0f}",
        show_measure(row.false),
        show_measure(row.undecided),
    )


def _iter_notes(report: AbstentionReport, measured: RiskReport) -> Iterator[str]:
    risk = f"{report.risk:g}"
    yield (
        f"sentences with an undecided code or more: {show_measure(measured.abstained)} of "
        f"{measured.n_sentences:,} of {measured.n_documents:,} documents"
    )
    yield (
        f"promised: refused at most {risk} on average over calibrations, false at most {risk} in "
        f"{1 - DELTA:.0%} of calibrations; for each code with its own cut, for those with their level's cut "
        "together"
    )
    if measured.n_splits:
        yield (
            f"{measured.n_splits:,} splits together [95 % range of the single ones]: calibration, thresholds "
            "and cuts are fitted on one half of the documents and measured on the other, weights are the "
            "model's; counts are of a split, on average. Splits overlap: the range is no confidence interval"
        )
