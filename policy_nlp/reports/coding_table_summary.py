"""CodingTableResult -> what the terminal shows, and JSON for machines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from policy_nlp.analysis.coding_table import CodeCounts
from policy_nlp.analysis.coding_table_result import CodingTableResult
from policy_nlp.records import PREDICTED_LEVELS, Level
from policy_nlp.reports import coding_table_words as words
from policy_nlp.reports.agreement_json import code_measures
from policy_nlp.reports.codebook_table import describe_origin
from policy_nlp.reports.evaluation_json import measure_fields, number_or_null
from policy_nlp.reports.measure_texts import show_measure, show_number


def render_coding_table(result: CodingTableResult) -> RenderableType:
    """Main and initial categories with their counts, and whose codings they are."""
    table = Table(box=None, pad_edge=False, show_edge=False)
    names = ["main 主范畴", "initial 初始范畴", "sentences", "documents", "score"]
    has_agreement = result.agreement is not None
    for name in (*names, *(["kappa", "alpha"] if has_agreement else [])):
        table.add_column(name, justify="left" if name in names[:2] else "right")
    for main in result.table.main:
        for place, category in enumerate(main.categories):
            first = words.name_of(result, main.counts.code_id) if not place else ""
            counts = category.counts
            numbers = (f"{counts.n_sentences:,}", f"{counts.n_documents:,}", show_number(counts.score))
            cells = (first, words.name_of(result, counts.code_id), *numbers)
            table.add_row(*cells, *(_agreement(result, counts) if has_agreement else ()))
    lines = [
        f"{len(result.table.documents):,} documents, {result.table.n_sentences:,} sentences, "
        f"{result.table.n_coded:,} with a code; {_coded_by(result)}",
        "concepts are suggested by likeness to their definitions, not coded: check them",
        describe_origin(result.corpus.codebook),
        *result.notes,
    ]
    return Group(table, Text("\n".join(lines)))


def coding_table_json(result: CodingTableResult) -> str:
    """One JSON object: every level with counts, examples and agreement; NaN is null."""
    table = result.table
    content = {
        "version": result.version,
        "date": result.date,
        "coded_by": _coded_by(result),
        "codebook": {
            "name": result.corpus.codebook.name,
            "sha256": result.corpus.codebook.digest,
            "status": result.corpus.codebook.status,
        },
        "n_documents": len(table.documents),
        "n_sentences": table.n_sentences,
        "n_coded": table.n_coded,
        "main": [
            {
                **_fields(result, main.counts),
                "initial": [
                    {
                        **_fields(result, category.counts),
                        "suggested_concepts": [_fields(result, one) for one in category.concepts],
                    }
                    for category in main.categories
                ],
            }
            for main in table.main
        ],
        "dimensions": [_fields(result, one) for one in table.dimensions],
        "paths": [_fields(result, one) for one in table.paths],
        "left_out": _left_out(table.levels),
        "notes": list(result.notes),
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _left_out(levels: Sequence[Level]) -> list[str]:
    return [level for level in PREDICTED_LEVELS if level not in levels]


def _fields(result: CodingTableResult, counts: CodeCounts) -> dict[str, Any]:
    """The counts of one code; `id` is null for sentences whose concept is left open."""
    agreement = result.agreement_on(counts.code_id) if counts.code_id else None
    fields: dict[str, Any] = {
        "id": counts.code_id,
        "name_zh": words.name_of(result, counts.code_id),
        "n_sentences": counts.n_sentences,
        "n_documents": counts.n_documents,
        "score": number_or_null(counts.score),
        "examples": [
            {
                "label": one.label,
                "sentence_id": result.corpus.sentence_ids[one.row],
                "text": one.text,
                "score": number_or_null(one.score),
                "similarity": number_or_null(one.similarity),
            }
            for one in counts.examples
        ],
    }
    if agreement is not None:
        fields["agreement"] = {"n_units": agreement.n_units, **measure_fields(code_measures(agreement))}
    return fields


def _agreement(result: CodingTableResult, counts: CodeCounts) -> tuple[str, str]:
    found = result.agreement_on(counts.code_id or "")
    return (show_measure(found.kappa), show_measure(found.alpha)) if found else ("n/a", "n/a")


def _coded_by(result: CodingTableResult) -> str:
    if result.coder is not None:
        return f"coder {result.coder}"
    return "model " + ", ".join(
        dict.fromkeys(f"{one.name} {one.sha256[:12]}" for one in result.corpus.models)
    )
