"""Converted and compared codebooks -> text for the terminal, or JSON for machines."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from policy_nlp.codebook import Codebook
from policy_nlp.exchange.codebook_codings import CodingCounts, TouchedCodings
from policy_nlp.exchange.codebook_diff import CHANGE_KINDS, ChangeKind, CodebookDiff, CodeChange
from policy_nlp.reports.codebook_table import TITLES, count_codes, describe_origin

KIND_TITLES: Mapping[ChangeKind, str] = {
    "removed": "removed 删除",
    "added": "added 新增",
    "split": "split 拆分",
    "merged": "merged 合并",
    "moved": "moved 移动",
    "renamed": "renamed 改名",
    "definition": "definition changed 定义改动",
    "rules": "coding rules changed 编码规则改动",
    "notes": "other fields changed 其他字段",
    "order": "order only 仅顺序",
}
_SHOWN_PLACES = 3
_SHOWN_IDS = 6


def render_diff(
    diff: CodebookDiff, codings: CodingCounts | None = None, *, notes: Sequence[str] = ()
) -> RenderableType:
    """The findings, by kind, each with its evidence and the codings it touches.

    Args:
        diff: the findings.
        codings: what codings there are; None where none were given.
        notes: of reading the files: how they were read, and what of them is not compared.
    """
    head = f"old: {diff.old.name}, {count_codes(diff.old)}\nnew: {diff.new.name}, {count_codes(diff.new)}\n"
    counts = ", ".join(f"{len(found)} {kind}" for kind in CHANGE_KINDS if (found := diff.of_kind(kind)))
    summary = f"{counts or 'no change'}; {diff.n_same} codes are the same in every field\n"
    parts: list[RenderableType] = [Text(head + summary)]
    for kind in CHANGE_KINDS:
        if changes := diff.of_kind(kind):
            parts.append(_table(KIND_TITLES[kind], changes, diff.old, codings))
    tail = ["similarity: Dice's, of pairs of neighbouring characters, 0 to 1; n/a: nothing to compare."]
    if codings is not None:
        tail.append(f"codings touched: of {codings.n_codings:,} in all, those of the codes on the old side.")
    tail += [f"not compared, or read otherwise: {note}" for note in dict.fromkeys(notes)]
    tail.append(describe_origin(diff.new))
    return Group(*parts, Text("\n".join(tail), style="italic"))


def diff_json(
    diff: CodebookDiff, codings: CodingCounts | None, *, paths: Sequence[Path], notes: Sequence[str]
) -> str:
    """One JSON object: the two codebooks, how many findings of each kind, and the findings.

    Args:
        diff: the findings.
        codings: what codings there are; None where none were given.
        paths: of the old and of the new codebook.
        notes: of reading the files.
    """
    value = {
        "old": _codebook_fields(diff.old, paths[0]),
        "new": _codebook_fields(diff.new, paths[1]),
        "n_same": diff.n_same,
        "counts": {kind: len(diff.of_kind(kind)) for kind in CHANGE_KINDS},
        "n_codings": None if codings is None else codings.n_codings,
        "changes": [_change_fields(change, diff, codings) for change in diff.changes],
        "notes": list(notes),
    }
    return json.dumps(value, ensure_ascii=False, indent=2)


def _codebook_fields(codebook: Codebook, path: Path) -> dict[str, str]:
    return {"path": str(path), "name": codebook.name, "sha256": codebook.digest}


def _change_fields(change: CodeChange, diff: CodebookDiff, codings: CodingCounts | None) -> dict[str, object]:
    touched = None if codings is None else codings.touched_by(change, diff.old)
    return {
        "kind": change.kind,
        "level": change.level,
        "old_ids": list(change.old_ids),
        "new_ids": list(change.new_ids),
        "what": change.what,
        "why": change.why,
        "similarity": None if math.isnan(change.similarity) else round(change.similarity, 4),
        "words_removed": list(change.words.removed),
        "words_added": list(change.words.added),
        "codings_touched": None if touched is None else [_touched_fields(place) for place in touched],
    }


def _touched_fields(place: TouchedCodings) -> dict[str, object]:
    return {"coder": place.coder_id, "document": place.document_id or None, "n_codings": place.n_codings}


def _table(title: str, changes: Sequence[CodeChange], old: Codebook, codings: CodingCounts | None) -> Table:
    table = Table(title=title, title_justify="left", show_lines=True, expand=False)
    table.add_column("level", overflow="fold")
    table.add_column("code", overflow="fold")
    table.add_column("what", overflow="fold")
    table.add_column("evidence", overflow="fold")
    table.add_column("similarity", justify="right")
    if codings is not None:
        table.add_column("codings touched", overflow="fold")
    for change in changes:
        ids = dict.fromkeys((*change.old_ids, *change.new_ids)) if change.kind != "order" else change.old_ids
        cells = [TITLES[change.level].split()[-1], "\n".join([*ids][:_SHOWN_IDS]), change.what, change.why]
        cells.append("n/a" if math.isnan(change.similarity) else f"{change.similarity:.2f}")
        if codings is not None:
            cells.append(_describe_touched(codings.touched_by(change, old)))
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _describe_touched(touched: Sequence[TouchedCodings]) -> str:
    """All codings, those of each coder, and the documents with most of them."""
    if not touched:
        return "0"
    of_coder: dict[str, int] = {}
    for place in touched:
        of_coder[place.coder_id] = of_coder.get(place.coder_id, 0) + place.n_codings
    lines = [f"{sum(of_coder.values()):,}"]
    lines += [f"{coder}: {n:,} {_documents_of(coder, touched)}".strip() for coder, n in of_coder.items()]
    return "\n".join(lines)


def _documents_of(coder_id: str, touched: Sequence[TouchedCodings]) -> str:
    places = [place for place in touched if place.coder_id == coder_id and place.document_id]
    places.sort(key=lambda place: -place.n_codings)
    if not places:
        return ""
    shown = [f"{place.document_id} {place.n_codings:,}" for place in places[:_SHOWN_PLACES]]
    more = ", ..." if len(places) > _SHOWN_PLACES else ""
    return f"in {len(places)} documents: {', '.join(shown)}{more}"


def render_conversion(codebook: Codebook, *, out_path: Path, losses: Sequence[str]) -> str:
    """What was written, what is not in it, and how much of the codebook is reconstructed."""
    head = f"{out_path}: {codebook.name}\n{count_codes(codebook)}"
    lost = "\n".join(["not carried over, or read otherwise:", *(f"- {loss}" for loss in losses)])
    return "\n".join([head, lost if losses else "nothing is lost", *_origin(codebook)])


def _origin(codebook: Codebook) -> Iterator[str]:
    if len(lines := describe_origin(codebook).split("\n")) > 1:
        yield lines[1]


def conversion_json(
    codebook: Codebook, *, paths: Sequence[Path], sha256: str, losses: Sequence[Sequence[str]]
) -> str:
    """One JSON object: from where to where, counts, and the losses in reading and in writing."""
    value = {
        "in": str(paths[0]),
        "out": str(paths[1]),
        "name": codebook.name,
        "status": codebook.status,
        "sha256": sha256,
        "counts": {level: len(codebook.ids(level)) for level in TITLES},  # type: ignore[arg-type]
        "losses": {"reading": list(losses[0]), "writing": list(losses[1])},
    }
    return json.dumps(value, ensure_ascii=False, indent=2)
