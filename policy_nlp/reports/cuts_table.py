"""The cuts of an abstaining model -> a table for the terminal, with the coded sentences each code lacks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from policy_nlp.codebook import Codebook
from policy_nlp.model.abstention import DELTA, count_missing_positives, count_needed_given
from policy_nlp.records import Abstention, CodeCut, CutBasis, LabelCounts
from policy_nlp.reports.measure_texts import NOT_AVAILABLE

_MARKS: dict[CutBasis, str] = {"code": "", "level": " *", "none": " †"}


def render_cuts(
    abstention: Abstention, codebook: Codebook, *, counts: LabelCounts | None = None
) -> RenderableType:
    """Between which scores each code is left undecided, in how many rows, and what is promised."""
    table = Table(show_edge=False, pad_edge=False)
    titles = (
        "code",
        "name",
        "coded",
        "refused below",
        "applies from",
        "undecided rows",
        "more coded ones needed",
    )
    for place, title in enumerate(titles):
        if title != "undecided rows" or counts is not None:
            table.add_column(title, justify="left" if place < 2 else "right", overflow="fold")
    n_undecided = {count.code_id: count.n_rows for count in counts.undecided} if counts is not None else {}
    for cut in abstention.cuts:
        rows = () if counts is None else (f"{n_undecided.get(cut.code_id, 0):,}",)
        table.add_row(
            cut.code_id,
            codebook.find(cut.code_id).name_zh,
            f"{cut.n_positives:,}",
            f"{cut.refuse_below:.4f}{_MARKS[cut.refused_by]}",
            f"{NOT_AVAILABLE if cut.apply_from is None else f'{cut.apply_from:.4f}'}{_MARKS[cut.applied_by]}",
            *rows,
            describe_lack(cut),
        )
    return Group(table, Text("".join(f"\n{line}" for line in iter_promises(abstention))))


def cuts_json(abstention: Abstention, *, path: Path) -> str:
    """One JSON object: the file of the scores, and the cuts at one risk."""
    return json.dumps({"path": str(path), "abstention": asdict(abstention)}, ensure_ascii=False)


def describe_lack(cut: CodeCut) -> str:
    """How many more coded sentences that carry the code its own cuts need; a dash where it has both.

    >>> describe_lack(CodeCut("a", 0.1, None, "level", "none", 3, 6, 19))
    '6 to refuse, 19 to apply'
    """
    lacks = []
    if cut.refused_by != "code":
        lacks.append(f"{cut.n_missing_to_refuse:,} to refuse")
    if cut.applied_by != "code":
        needed = "a surer model" if cut.n_missing_to_apply is None else f"{cut.n_missing_to_apply:,}"
        lacks.append(f"{needed} to apply")
    return ", ".join(lacks) or "–"


def iter_promises(abstention: Abstention) -> Iterator[str]:
    """What is promised, on what, and what the marks mean."""
    risk = abstention.risk
    yield (
        f"risk {risk:g}: of the sentences that carry a code, at most {risk:g} are refused it, on average "
        f"over calibrations; of those given it, at most {risk:g} do not carry it, in {1 - DELTA:.0%} of "
        "calibrations"
    )
    yield (
        f"from {abstention.n_sentences:,} coded sentences of {abstention.n_documents:,} documents (sha256 "
        f"{abstention.calibration_sha256[:12]}): it holds for sentences drawn as those were, not for others"
    )
    bases = {basis for cut in abstention.cuts for basis in (cut.refused_by, cut.applied_by)}
    if "level" in bases:
        yield "* cut of all such codes of the level together: it holds for them together, not for each"
    if "none" in bases:
        yield f"† no promise: refused below the score {risk:g}, or never given"
    if bases != {"code"}:
        yield (
            f"an own cut needs {count_missing_positives(0, risk=risk):,} coded sentences with the code to "
            f"refuse, {count_needed_given(risk=risk):,} without an error to apply, more where it "
            "errs: how many is estimated from those there are"
        )
