"""ScreenResult -> tables for the terminal, or JSON for machines."""

from __future__ import annotations

import json

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from policy_nlp.analysis.screen_result import ScreenResult
from policy_nlp.analysis.screening import ScreenedDocument
from policy_nlp.exchange.screen_decisions import DECISION_WORDS
from policy_nlp.reports.evaluation_json import number_or_null
from policy_nlp.reports.record_fields import record_fields
from policy_nlp.reports.screen_words import RULE_WORDS, describe_topic, explain_decision


def render_screening(result: ScreenResult, *, n_listed: int) -> RenderableType:
    """The counts, then the documents that are kept and those left to a person, with why."""
    lines = [
        *(f"topic: {describe_topic(topic)}" for topic in result.topics),
        _flow(result),
        *(f"skipped: {entry.reason}" for entry in result.skipped),
        *(f"note: {note}" for note in result.notes),
    ]
    borderline = [one for one in result.documents if one.final == "borderline"]
    kept = [one for one in result.documents if one.final == "keep"]
    dropped = [one for one in result.documents if one.final == "drop" and one.rule != "absent"]
    tables = [
        _table("borderline 待定", borderline, result, n_listed),
        _table("kept 保留", kept, result, n_listed),
        _table("dropped though named 剔除（有提及）", dropped, result, n_listed),
    ]
    return Group(Text("\n".join(lines) + "\n"), *(table for table in tables if table.row_count))


def _flow(result: ScreenResult) -> str:
    counts = result.counts
    return (
        f"{counts.n_found:,} found, {counts.n_unreadable:,} not readable, "
        f"{counts.n_duplicates:,} duplicates; {counts.n_screened:,} screened: {counts.n_kept:,} kept, "
        f"{counts.n_borderline:,} borderline, {counts.n_dropped:,} dropped; "
        f"a person decided on {counts.n_person:,}"
    )


def _table(title: str, documents: list[ScreenedDocument], result: ScreenResult, n_listed: int) -> Table:
    more = f" ({n_listed} of {len(documents):,})" if len(documents) > n_listed else ""
    table = Table(title=f"{title}{more}", title_justify="left", show_edge=False, pad_edge=False)
    for name in ("document", "title", "rule", "reason"):
        table.add_column(name, overflow="fold")
    for one in documents[:n_listed]:
        by = "人工" if one.person_decision else RULE_WORDS[one.rule]
        cells = (one.document_id, one.title, by, explain_decision(one, result.rules))
        table.add_row(*(Text(cell) for cell in cells))
    return table


def screening_json(result: ScreenResult) -> str:
    """One JSON object: counts, rules, topics, every document with its decision, reason and evidence."""
    content = {
        "counts": record_fields(result.counts),
        "topics": [record_fields(topic) for topic in result.topics],
        "rules": record_fields(result.rules),
        "documents": [_document_fields(one, result) for one in result.documents],
        "skipped": [record_fields(entry) for entry in result.skipped],
        "notes": list(result.notes),
        "version": result.version,
        "date": result.date,
    }
    return json.dumps(content, ensure_ascii=False)


def _document_fields(document: ScreenedDocument, result: ScreenResult) -> dict[str, object]:
    return {
        **record_fields(document),
        "n_counted": document.n_counted,
        "density": number_or_null(document.density),
        "share_coded": number_or_null(document.share_coded),
        "decision": document.decision,
        "final": document.final,
        "final_zh": DECISION_WORDS[document.final],
        "reason": explain_decision(document, result.rules),
    }
