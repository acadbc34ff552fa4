"""Rows of an ablation -> ablation.csv and ablation.md in its folder."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import astuple, fields
from pathlib import Path

from policy_nlp.errors import TableError
from policy_nlp.evaluation.ablation import CONFIDENCE, AblationRow
from policy_nlp.files import write_atomically


def write_tables(rows: Sequence[AblationRow], folder: Path) -> str:
    """Markdown of the table, which is also written, as is its CSV."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow([item.name for item in fields(AblationRow)])
    for row in rows:
        cells = astuple(row)
        writer.writerow(["" if isinstance(cell, float) and math.isnan(cell) else cell for cell in cells])
    write_atomically(folder / "ablation.csv", "\ufeff" + sheet.getvalue())
    text = render_ablation(rows)
    write_atomically(folder / "ablation.md", text + "\n")
    return text


def read_ablation_rows(path: Path) -> tuple[AblationRow, ...]:
    """The rows that `write_tables` wrote to ablation.csv.

    Raises:
        TableError: the file cannot be read or is no such table.
    """
    try:
        lines = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
        return tuple(_row_of(line) for line in lines)
    except (OSError, UnicodeDecodeError, KeyError, ValueError, TypeError) as err:
        raise TableError(
            f"{path}: not a table of an ablation ({err}). Give the ablation.csv that `policy-nlp ablate` "
            "writes.",
            path=path,
        ) from err


def _row_of(line: Mapping[str, str]) -> AblationRow:
    names = [item.name for item in fields(AblationRow)][3:]
    numbers = [float(line[name]) if line[name] else math.nan for name in names]
    return AblationRow(line["variant"], line["measure"], int(line["n_seeds"]), *numbers)


def render_ablation(rows: Sequence[AblationRow]) -> str:
    """Markdown: one line a variant and measure."""
    lines = [
        f"Development sentences decided out of fold. Difference to base: paired by seed, {CONFIDENCE:.0%} t "
        "interval over seeds (chance of training only, not of the sentences).",
        "",
        "| variant | measure | seeds | mean | sd | difference to base | interval |",
        "|---|---|---:|---:|---:|---:|---|",
    ]
    for row in rows:
        interval = f"[{_show(row.low)}, {_show(row.high)}]" if math.isfinite(row.low) else "n/a"
        lines.append(
            f"| {row.variant} | {row.measure} | {row.n_seeds} | {_show(row.mean)} | {_show(row.deviation)} "
            f"| {_show(row.difference)} | {interval} |"
        )
    return "\n".join(lines)


def _show(value: float) -> str:
    return "n/a" if math.isnan(value) else f"{value:.4f}"
