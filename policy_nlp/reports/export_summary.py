"""What an export wrote -> lines for the terminal, or JSON for machines."""

from __future__ import annotations

import json
from dataclasses import asdict

from policy_nlp.exchange.coder_writing import ExportedFile


def describe_export(exported: ExportedFile) -> str:
    """What was left out or is otherwise than it was, then the file and what it holds."""
    where = "" if exported.n_texts is None else f" in {exported.n_texts:,} texts"
    where += "" if exported.n_units is None else f" on {exported.n_units:,} units"
    lines = [f"note: {note}" for note in exported.notes]
    lines.append(f"codebook: {exported.codebook}")
    lines.append(f"coders: {', '.join(exported.coder_ids)}")
    lines.append(f"written: {exported.out}: {exported.n_codings:,} codings{where}")
    return "\n".join(lines)


def export_json(exported: ExportedFile) -> str:
    """One JSON object with the same."""
    return json.dumps({**asdict(exported), "out": str(exported.out)}, ensure_ascii=False)
