"""The manifest of a result folder -> a summary for the terminal, or JSON for machines."""

from __future__ import annotations

import json
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from policy_nlp.codebook import Codebook
from policy_nlp.exchange.result_manifest import CodeManifest, manifest_json
from policy_nlp.records import PREDICTED_LEVELS, LabelCounts, Level
from policy_nlp.reports.codebook_table import describe_origin
from policy_nlp.reports.cuts_table import render_cuts
from policy_nlp.reports.shares import show_share

_LEVEL_TITLES = {"initial": "初始范畴", "dimensions": "维度", "paths": "路径"}


def render_code_summary(manifest: CodeManifest, codebook: Codebook) -> RenderableType:
    """What was read and coded, the counts of every code, and what was skipped, with why."""
    lines = [_describe(manifest), describe_origin(codebook)]
    lines += [f"skipped: {entry.reason}" for entry in manifest.skipped]
    lines += [f"note: {warning}" for warning in manifest.warnings]
    tables = [_count_table(manifest.counts, codebook, level) for level in PREDICTED_LEVELS]
    cuts = manifest.abstention
    if cuts is None:
        return Group(Text("\n".join(lines) + "\n"), *tables)
    return Group(Text("\n".join(lines) + "\n"), *tables, render_cuts(cuts, codebook, counts=manifest.counts))


def code_json(manifest: CodeManifest, *, out: Path, was_finished: bool) -> str:
    """One JSON object: the manifest, where it is, and whether it was there before."""
    content = {"out": str(out), "was_finished": was_finished, **json.loads(manifest_json(manifest))}
    return json.dumps(content, ensure_ascii=False)


def _describe(manifest: CodeManifest) -> str:
    counts = manifest.counts
    abstained = f"{counts.n_abstained:,} abstained, " if manifest.abstention is not None else ""
    text = (
        f"{manifest.n_documents:,} documents, {counts.n_rows:,} sentences: {counts.n_coded:,} coded "
        f"({show_share(counts.n_coded, counts.n_rows)}), {counts.n_uncoded:,} uncoded, "
        f"{abstained}{counts.n_empty:,} empty; {len(manifest.skipped):,} inputs skipped"
    )
    cut = f"\n{counts.n_truncated:,} sentences were longer than the model reads; it read their beginning"
    return text + cut if counts.n_truncated else text


def _count_table(counts: LabelCounts, codebook: Codebook, level: Level) -> Table:
    """Sentences and share of each code of one level; initial categories under their main one."""
    n_of = {count.code_id: count.n_rows for count in counts.codes}
    table = Table(title=_LEVEL_TITLES[level], title_justify="left", show_edge=False, pad_edge=False)
    for title in ("main category", "code", "name") if level == "initial" else ("code", "name"):
        table.add_column(title)
    table.add_column("sentences", justify="right")
    table.add_column("share", justify="right")
    before: str | None = None
    for code in codebook.codes(level):
        numbers = f"{n_of[code.code_id]:,}", show_share(n_of[code.code_id], counts.n_rows)
        if level != "initial":
            table.add_row(code.code_id, code.name_zh, *numbers)
            continue
        main = codebook.find(code.parent_id or code.code_id).name_zh
        table.add_row("" if main == before else main, code.code_id, code.name_zh, *numbers)
        before = main
    return table
