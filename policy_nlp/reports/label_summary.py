"""Counts of a labelled table -> a readable summary for the terminal, or JSON for machines."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from policy_nlp.codebook import Codebook
from policy_nlp.records import LEVELS, Abstention, LabelCounts
from policy_nlp.reports.codebook_table import describe_origin
from policy_nlp.reports.shares import show_share


@dataclass(frozen=True, slots=True)
class LabelledOutput:
    """Where an output is, and what the user should know of it beside the counts."""

    output_path: Path
    manifest_path: Path
    was_finished: bool
    warnings: tuple[str, ...]
    abstention: Abstention | None = None


def render_label_summary(counts: LabelCounts, codebook: Codebook) -> RenderableType:
    """Rows by status, and how many rows each code applies to."""
    table = Table(show_edge=False, pad_edge=False)
    for title in ("level", "code", "name"):
        table.add_column(title)
    table.add_column("rows", justify="right")
    table.add_column("share", justify="right")
    for level in LEVELS:
        for code in (count for count in counts.codes if count.level == level):
            name = codebook.find(code.code_id).name_zh
            table.add_row(
                level, code.code_id, name, f"{code.n_rows:,}", show_share(code.n_rows, counts.n_rows)
            )
        table.add_section()
    return Group(Text(f"{describe_counts(counts)}\n{describe_origin(codebook)}\n"), table)


def describe_counts(counts: LabelCounts) -> str:
    """`20,000 rows: 4,012 coded (0.201), 15,980 uncoded, 8 empty`; where some are, `12 abstained` before."""
    abstained = f" {counts.n_abstained:,} abstained," if counts.undecided else ""
    text = (
        f"{counts.n_rows:,} rows: {counts.n_coded:,} coded ({show_share(counts.n_coded, counts.n_rows)}),"
        f" {counts.n_uncoded:,} uncoded,{abstained} {counts.n_empty:,} empty"
    )
    cut = f"\n{counts.n_truncated:,} were longer than the model reads; it read their beginning"
    return text + cut if counts.n_truncated else text


def label_json(counts: LabelCounts, output: LabelledOutput) -> str:
    """One JSON object: where the output is, the counts, the cuts, and what the user should know."""
    value = {
        "output": str(output.output_path),
        "manifest": str(output.manifest_path),
        "was_finished": output.was_finished,
        **asdict(counts),
        "abstention": asdict(output.abstention) if output.abstention is not None else None,
        "warnings": list(output.warnings),
    }
    return json.dumps(value, ensure_ascii=False)
