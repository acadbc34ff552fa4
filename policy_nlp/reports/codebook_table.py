"""Codebook -> a readable table for the terminal, or JSON for machines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from policy_nlp.codebook import CODE_LEVELS, FROM_PAPER, RECONSTRUCTED, Code, Codebook, CodeLevel

TITLES: dict[CodeLevel, str] = {
    "main": "main categories 主范畴",
    "initial": "initial categories 初始范畴",
    "concepts": "concepts 概念",
    "dimensions": "dimensions 维度",
    "paths": "paths 路径",
}
_TREE: tuple[CodeLevel, ...] = ("main", "initial", "concepts")
_NAME_FROM = {FROM_PAPER: "paper's text", RECONSTRUCTED: "reconstructed"}
_STYLES: dict[CodeLevel, str] = {"main": "bold", "concepts": "dim"}
_INDENTS: dict[CodeLevel, str] = {"initial": "  ", "concepts": "    "}


def render_codebook(
    codebook: Codebook, path: Path, *, levels: Sequence[CodeLevel] = CODE_LEVELS
) -> RenderableType:
    """Head, tables of the categories, the dimensions and the paths, and where the names are from."""
    tree = [level for level in _TREE if level in levels]
    parts: list[RenderableType] = [Text(f"{codebook.name}\n{path}\n{count_codes(codebook)}\n")]
    if tree:
        title = ", ".join(TITLES[level] for level in tree)
        parts.append(_table(title, [code for code in _iter_tree(codebook) if code.level in tree]))
    for level in levels:
        if level not in _TREE and codebook.codes(level):
            parts.append(_table(TITLES[level], codebook.codes(level)))
    return Group(*parts, Text(describe_sources(codebook), style="italic"))


def count_codes(codebook: Codebook) -> str:
    """`6 main categories 主范畴, 19 initial categories 初始范畴, ...`."""
    return ", ".join(f"{len(codebook.codes(level))} {TITLES[level]}" for level in CODE_LEVELS)


def describe_sources(codebook: Codebook) -> str:
    """Which names are from the paper's text and which are reconstructed; empty when the file does not say."""
    lines = [line for level in CODE_LEVELS if (line := _describe_level(codebook, level))]
    if any(code.evidence_status == RECONSTRUCTED for level in CODE_LEVELS for code in codebook.codes(level)):
        lines.append(
            "Reconstructed names and memberships, and all definitions, were written for this codebook: the "
            "paper's own tables are lost. This is not the authors' table: do not cite it as theirs."
        )
    if codebook.status:
        lines.append(codebook.status)
    return "\n".join(["Where the names are from:", *lines]) if lines else ""


def describe_origin(codebook: Codebook) -> str:
    """Lines for every table that shows codes: the codebook, and how much of it is reconstructed."""
    n_ours = sum(code.evidence_status == RECONSTRUCTED for code in codebook.initial)
    if not n_ours:
        return f"codebook: {codebook.name}"
    return (
        f"codebook: {codebook.name}\n{n_ours} of {len(codebook.initial)} initial names are reconstructed: "
        "not the authors' table, see policy-nlp codebook show"
    )


def codebook_json(codebook: Codebook, path: Path, *, levels: Sequence[CodeLevel] = CODE_LEVELS) -> str:
    """One JSON object: name, path, sha256, counts, status, and the codes of these levels in file order."""
    value = {
        "name": codebook.name,
        "path": str(path),
        "sha256": codebook.digest,
        "counts": {level: len(codebook.codes(level)) for level in CODE_LEVELS},
        "status": codebook.status,
        "codes": [_code_fields(code) for level in levels for code in codebook.codes(level)],
    }
    return json.dumps(value, ensure_ascii=False, indent=2)


def _code_fields(code: Code) -> dict[str, object]:
    return {
        "id": code.code_id,
        "level": code.level,
        "name_zh": code.name_zh,
        "name_en": code.name_en,
        "parent": code.parent_id,
        "definition": code.definition,
        "evidence_status": code.evidence_status or None,
    }


def _iter_tree(codebook: Codebook) -> Iterator[Code]:
    """Main categories, each before its initial ones, each of these before its concepts."""
    for main in codebook.main:
        yield main
        for initial in codebook.initial:
            if initial.parent_id == main.code_id:
                yield initial
                yield from (c for c in codebook.concepts if c.parent_id == initial.code_id)


def _table(title: str, codes: Sequence[Code]) -> Table:
    table = Table(title=title, title_justify="left", show_lines=False, expand=False)
    table.add_column("id", overflow="fold")
    table.add_column("name 名称", overflow="fold")
    if any(code.evidence_status for code in codes):
        table.add_column("name from")
    table.add_column("definition 定义", overflow="fold")
    for code in codes:
        cells = [_INDENTS.get(code.level, "") + code.code_id, _both_names(code)]
        if len(table.columns) == 4:
            cells.append(_NAME_FROM.get(code.evidence_status, code.evidence_status))
        style = _STYLES.get(code.level, "")
        table.add_row(*(Text(cell) for cell in (*cells, code.definition)), style=style)
    return table


def _both_names(code: Code) -> str:
    return f"{code.name_zh}\n{code.name_en}" if code.name_en else code.name_zh


def _describe_level(codebook: Codebook, level: CodeLevel) -> str:
    codes = codebook.codes(level)
    counts = {status: sum(code.evidence_status == status for code in codes) for status in _NAME_FROM}
    if not any(counts.values()):
        return ""
    from_paper = [code.name_zh for code in codes if code.evidence_status == FROM_PAPER]
    named = f" ({'、'.join(from_paper)})" if 0 < len(from_paper) < len(codes) else ""
    return (
        f"- {TITLES[level]}: {counts[FROM_PAPER]} of {len(codes)} names are from the paper's text{named}, "
        f"{counts[RECONSTRUCTED]} reconstructed"
    )
