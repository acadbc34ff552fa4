"""SaturationResult -> lines and a table for the terminal, or one JSON object."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence

import numpy as np
from rich.console import Group, RenderableType
from rich.text import Text

from policy_nlp.analysis.document_codes import ListedUnit
from policy_nlp.analysis.saturation import CurvePoint, HoldOut, RunSaturation, Saturation, SaturationRules
from policy_nlp.analysis.saturation_result import SaturationResult
from policy_nlp.analysis.unseen_codes import UnseenCodes
from policy_nlp.reports.evaluation_json import number_or_null
from policy_nlp.reports.evaluation_table import LEVEL_TITLES, TextTable, rich_table
from policy_nlp.reports.record_fields import record_fields

MOST_ROWS = 20  # of the curve in a terminal; the JSON has every document
_LONGEST_SHOWN = 100  # characters of a sentence

CLOSED_CODEBOOK = (
    "The codes are those of a codebook: that no new one comes says that the codebook is used up, not that it "
    "is complete. Whether codes are missing is seen in the units that no code fits."
)
OTHER_ORDER = "`--order random` shows how much hangs on it"


def render_saturation(result: SaturationResult, *, n_listed: int) -> RenderableType:
    """What was counted, the curve, the three readings of saturation, and units that no code fits."""
    found = result.saturation
    parts: list[RenderableType] = [
        Text("\n".join(_describe_source(result)) + "\n"),
        rich_table(_curve_table(found)),
        Text("\n".join(_describe_figures(result)) + "\n"),
        Text("\n".join(_describe_units(result, n_listed)) + "\n"),
    ]
    return Group(*parts)


def saturation_json(result: SaturationResult, *, n_listed: int) -> str:
    """One JSON object; undefined numbers are null."""
    fitting = result.codings.fitting
    value = {
        **record_fields(result.saturation),
        "level": result.codings.level,
        "code_ids": list(result.codings.code_ids),
        "documents": [
            {
                "document_id": document.document_id,
                "n_units": document.n_units,
                "codes": [result.codings.code_ids[place] for place in np.flatnonzero(document.counts)],
            }
            for document in result.codings.documents
        ],
        "n_units": fitting.n_units,
        "n_units_without_document": result.codings.n_without_document,
        "n_uncoded": len(fitting.uncoded),
        "share_uncoded": number_or_null(fitting.share_uncoded),
        "uncoded": [_unit_fields(one) for one in fitting.uncoded[:n_listed]],
        "low_score": fitting.low_score,
        "n_weak": len(fitting.weak),
        "weak": [_unit_fields(one) for one in fitting.weak[:n_listed]],
        "source": {
            "inputs": [record_fields(one) for one in result.inputs],
            "codebook_name": result.codebook_name,
            "codebook_sha256": result.codebook_sha256,
            "version": result.version,
            "date": result.date,
        },
        "notes": [*result.notes, CLOSED_CODEBOOK],
    }
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)


def _describe_source(result: SaturationResult) -> list[str]:
    rules, n_without = result.saturation.rules, result.codings.n_without_document
    lines = [
        f"input: {one.path} (sha256 {one.sha256[:12]}): {', '.join(one.coder_ids)}" for one in result.inputs
    ]
    lines += [
        f"codebook: {result.codebook_name} (sha256 {result.codebook_sha256[:12]})",
        f"level: {LEVEL_TITLES[result.codings.level]}; a code counts in a unit when one coder gave it",
        f"documents: {result.saturation.n_documents:,} with {result.codings.fitting.n_units:,} coded units",
        _describe_order(rules),
        f"policy-nlp {result.version}, {result.date}",
    ]
    if n_without:
        lines.append(f"left out: {n_without:,} units that name no document")
    return [*lines, *(f"note: {note}" for note in result.notes)]


def _describe_order(rules: SaturationRules) -> str:
    if rules.order == "file":
        return f"order: that of the files; {OTHER_ORDER}"
    return f"order: mean of {rules.n_orders:,} random orders, seed {rules.seed}; brackets hold 95 % of them"


def _curve_table(found: Saturation) -> TextTable:
    points = _thin(found.curve)
    header = ("documents", "new codes", "codes so far", "last document")
    rows = tuple(
        (
            str(point.n_documents),
            _show(point.n_new),
            _show_range(point.n_codes, point.low, point.high),
            point.document_id or "",
        )
        for point in points
    )
    return TextTable("New codes by document", header, rows)


def _thin(curve: Sequence[CurvePoint]) -> list[CurvePoint]:
    """Every point where a file brought something new, or points at even steps; the last always."""
    if len(curve) <= MOST_ROWS:
        return list(curve)
    bringing = [point for point in curve if point.document_id is not None and point.n_new > 0]
    if not bringing or len(bringing) >= MOST_ROWS:
        places = np.unique(np.geomspace(1, len(curve), MOST_ROWS).round().astype(int)) - 1
        return [curve[place] for place in places]
    return bringing if bringing[-1] is curve[-1] else [*bringing, curve[-1]]


def _describe_figures(result: SaturationResult) -> list[str]:
    found = result.saturation
    unused = ", ".join(found.unused_code_ids)
    n_all = len(result.codings.code_ids)
    lines = [
        f"codes seen: {found.n_codes} of {n_all} in the codebook" + (f"; never: {unused}" if unused else "")
    ]
    lines += _describe_runs(found.runs, found.rules)
    lines += _describe_hold_out(found.hold_out)
    lines += _describe_unseen(found.unseen)
    return [*lines, CLOSED_CODEBOOK]


def _describe_runs(runs: RunSaturation, rules: SaturationRules) -> list[str]:
    rule = (
        f"base of {rules.base_size} documents, runs of {rules.run_length}, new codes at most "
        f"{rules.threshold:.0%} of the base's (Guest, Namey and Chen 2020)"
    )
    if runs.reached_after is None:
        return [f"{rule}: not reached ({runs.reason})"]
    where = _show_range(runs.reached_after, runs.low, runs.high)
    line = f"{rule}: reached after {where} + {rules.run_length} documents"
    if rules.order == "random":
        line += f" (median), in {runs.share_reached:.0%} of the orders"
    else:
        line += f"; the base holds {_show(runs.n_base_codes)} codes"
    return [f"{line}; codes that came later all the same: {_show(runs.n_after)}"]


def _describe_hold_out(hold_out: HoldOut) -> list[str]:
    """The figures of the hold-out, then how a paper would word them."""
    new = _show_range(hold_out.n_new, hold_out.low, hold_out.high)
    codes = f": {', '.join(hold_out.new_code_ids)}" if hold_out.new_code_ids else ""
    line = (
        f"hold-out 2/3 and 1/3: {hold_out.n_first:,} documents give {_show(hold_out.n_codes_first)} codes, "
        f"the {hold_out.n_held:,} held back bring {new} new{codes}"
    )
    if not math.isnan(hold_out.low):
        return [f"{line}; none in {hold_out.share_without_new:.0%} of the orders"]
    held, first = f"预留的{hold_out.n_held}份文本", f"前{hold_out.n_first}份文本"
    if hold_out.n_new:
        return [line, f"  {first}编码后，{held}中出现{_show(hold_out.n_new)}个新范畴。"]
    return [line, f"  {first}编码后，{held}中未出现新的范畴。"]


def _describe_unseen(unseen: UnseenCodes) -> list[str]:
    if unseen.reason:
        return [f"codes not seen yet: n/a ({unseen.reason})"]
    return [
        f"chance that the next coding is of a code not seen yet: {unseen.chance_new:.2%} (Good-Turing; "
        f"{unseen.n_once} codes were given once)",
        f"estimated number of codes, a lower bound: from codings "
        f"{_show_range(unseen.chao1, unseen.chao1_low, unseen.chao1_high)} (Chao1), from documents "
        f"{_show_range(unseen.chao2, unseen.chao2_low, unseen.chao2_high)} (Chao2); {unseen.n_codes} seen",
    ]


def _describe_units(result: SaturationResult, n_listed: int) -> list[str]:
    fitting = result.codings.fitting
    share = "n/a" if math.isnan(fitting.share_uncoded) else f"{fitting.share_uncoded:.1%}"
    lines = [f"units that no code fits: {len(fitting.uncoded):,} of {fitting.n_units:,} ({share})"]
    if any(not math.isnan(one.score) for one in fitting.uncoded):
        lines[0] += "; nearest to a code first"
    lines += [_show_unit(one) for one in fitting.uncoded[:n_listed]]
    if fitting.low_score is not None:
        lines.append(f"units whose best score is below {fitting.low_score:g}: {len(fitting.weak):,}")
        lines += [_show_unit(one) for one in fitting.weak[:n_listed]]
    return lines


def _show_unit(listed: ListedUnit) -> str:
    unit, text = listed.unit, " ".join(listed.unit.text.split())
    shown = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
    score = "" if math.isnan(listed.score) else f" [{listed.score:.3f}]"
    return f"  {unit.unit_id}{score} {shown}"


def _unit_fields(listed: ListedUnit) -> dict[str, object]:
    unit = listed.unit
    return {
        "unit_id": unit.unit_id,
        "document_id": unit.document_id,
        "text": unit.text,
        "score": number_or_null(listed.score),
    }


def _show(value: float) -> str:
    return "n/a" if math.isnan(value) else f"{value:.2f}".rstrip("0").rstrip(".")


def _show_range(value: float, low: float, high: float) -> str:
    return _show(value) if math.isnan(low) else f"{_show(value)} [{_show(low)}, {_show(high)}]"
