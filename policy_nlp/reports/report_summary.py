"""What `report` wrote -> lines for the terminal, or JSON for machines."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ReportResult:
    """What was written; `n_shown_in_part` counts documents whose whole text found no room on the page."""

    out: Path
    size_bytes: int
    figures: tuple[Path, ...]
    n_documents: int
    n_sentences: int
    n_shown_in_part: int


def describe_report(result: ReportResult) -> str:
    """Where the page and the figures are, and whether texts found no room."""
    lines = [
        f"report: {result.out} ({result.size_bytes / 1e6:.1f} MB; {result.n_documents:,} documents, "
        f"{result.n_sentences:,} sentences)"
    ]
    if result.figures:
        folder = result.figures[0].parent
        lines.append(f"figures: {folder} ({len(result.figures)} files: CSV, PNG and SVG)")
    if result.n_shown_in_part:
        lines.append(
            f"note: the texts are more than one page can hold; {result.n_shown_in_part:,} documents show "
            "their coded sentences only, or none"
        )
    return "\n".join(lines)


def report_json(result: ReportResult) -> str:
    """One JSON object with the same fields."""
    return json.dumps(asdict(result), ensure_ascii=False, default=str)
