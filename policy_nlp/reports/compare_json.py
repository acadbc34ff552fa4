"""Comparison -> one JSON object for machines, and a short text for the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from policy_nlp.analysis.comparison import Comparison, LevelComparison
from policy_nlp.analysis.group_shares import CodeShare, GroupShares
from policy_nlp.analysis.share_correction import CorrectedGroup, LevelCorrection
from policy_nlp.reports.codebook_table import describe_origin
from policy_nlp.reports.compare_tables import SIGNIFICANT, show_percent
from policy_nlp.reports.measure_texts import NOT_AVAILABLE, show_p
from policy_nlp.reports.record_fields import record_fields


def comparison_json(comparison: Comparison) -> str:
    """The shares with intervals, tests, differences and corrections of every level; null where undefined."""
    corpus, grouping = comparison.corpus, comparison.grouping
    value = {
        "by": grouping.by,
        "version": comparison.version,
        "date": comparison.date,
        "seed": comparison.permutations.seed,
        "n_draws": comparison.permutations.n_draws,
        "codebook": {
            "name": corpus.codebook.name,
            "sha256": corpus.codebook.digest,
            "status": corpus.codebook.status,
        },
        "models": [record_fields(model) for model in corpus.models],
        "sources": [record_fields(source) for source in comparison.sources],
        "n_documents": len(corpus.documents),
        "left_out": [corpus.documents[place].document_id for place in grouping.left_out],
        "copies": [
            {
                "document_id": corpus.documents[one.copy].document_id,
                "of": corpus.documents[one.original].document_id,
            }
            for one in comparison.copies
        ],
        "groups": [
            {
                "name": group.name,
                "documents": [corpus.documents[place].document_id for place in group.documents],
            }
            for group in grouping.groups
        ],
        "levels": {one.level: _level_fields(one) for one in comparison.levels},
        "notes": [*corpus.notes, *(comparison.gold.notes if comparison.gold else ())],
    }
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def render_comparison(comparison: Comparison, out: str) -> RenderableType:
    """What was compared, which codes differ, and where the whole is."""
    grouping = comparison.grouping
    head = f"{len(grouping.groups)} groups by {grouping.by}; {len(grouping.left_out):,} documents without one"
    parts: list[RenderableType] = [Text(head)]
    for one in comparison.levels:
        parts.append(_level_table(comparison, one))
        if not one.tests.has_power:
            parts.append(Text(f"too few documents: no p value can be below {one.tests.least_p:.3f}"))
        if one.tests.basis == "blocks":
            parts.append(
                Text("one document a group: passages were compared, which says nothing of other documents")
            )
        if one.correction is not None and one.correction.reason:
            parts.append(Text(f"not corrected: {one.correction.reason}"))
    notes = "\n".join(comparison.corpus.notes)
    parts += [Text(notes)] if notes else []
    permutations = comparison.permutations
    run = f"seed {permutations.seed}, {permutations.n_draws:,} permutations"
    parts.append(Text(f"{describe_origin(comparison.corpus.codebook)}\n{run}\nwritten to {out}"))
    return Group(*parts)


def _level_table(comparison: Comparison, one: LevelComparison) -> Table:
    n_different = sum(test.q_value <= SIGNIFICANT for test in one.tests.codes)
    n_codes = len(one.tests.codes)
    title = f"{one.level}: {n_different} of {n_codes} codes differ between groups (q <= {SIGNIFICANT})"
    table = Table(title=title, title_justify="left")
    for name in ("code", "lowest", "highest", "p", "q"):
        table.add_column(name, justify="right" if name in "pq" else "left", overflow="fold")
    for place, test in enumerate(one.tests.codes):
        known = [g for g in one.shares.groups if g.codes[place].share.is_defined]
        ranked = sorted(known, key=lambda group: group.codes[place].share.value)
        name = comparison.corpus.codebook.find(test.code_id).name_zh
        ends = [_show_group(group, place) for group in (*ranked[:1], *ranked[-1:])] or [NOT_AVAILABLE] * 2
        table.add_row(*(Text(cell) for cell in (name, *ends, show_p(test.p_value), show_p(test.q_value))))
    return table


def _show_group(group: GroupShares, place: int) -> str:
    return f"{group.name} {show_percent(group.codes[place].share)}"


def _level_fields(one: LevelComparison) -> dict[str, object]:
    tests = one.tests
    return {
        "groups": [_group_fields(group, one.shares.code_ids) for group in one.shares.groups],
        "tests": {
            "basis": tests.basis,
            "n_clusters": tests.n_clusters,
            "least_p": tests.least_p,
            "codes": [record_fields(test) for test in tests.codes],
            "against_rest": [record_fields(item) for item in tests.against_rest],
            "pairs": [record_fields(item) for item in tests.pairs],
        },
        "correction": None
        if one.correction is None
        else _correction_fields(one.correction, one.shares.code_ids),
    }


def _group_fields(group: GroupShares, code_ids: tuple[str, ...]) -> dict[str, object]:
    return {
        "name": group.name,
        "n_documents": group.n_documents,
        "n_sentences": group.n_sentences,
        "basis": group.basis,
        "coded": _share_fields(group.coded),
        "codes": {
            code_id: _share_fields(share) for code_id, share in zip(code_ids, group.codes, strict=True)
        },
    }


def _share_fields(share: CodeShare) -> dict[str, object]:
    return record_fields(share)


def _correction_fields(correction: LevelCorrection, code_ids: tuple[str, ...]) -> dict[str, object]:
    return {
        "reason": correction.reason or None,
        "groups": list(_iter_corrected(correction.groups, code_ids)),
        "whole": next(_iter_corrected((correction.whole,), code_ids)) if correction.whole else None,
    }


def _iter_corrected(
    groups: tuple[CorrectedGroup, ...], code_ids: tuple[str, ...]
) -> Iterator[dict[str, object]]:
    for group in groups:
        codes = {code_id: record_fields(item) for code_id, item in zip(code_ids, group.codes, strict=True)}
        yield {"name": group.name, "n_gold": group.n_gold, "codes": codes}
