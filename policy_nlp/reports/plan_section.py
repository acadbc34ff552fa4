"""How many documents to double-code: a table for the terminal and a section of the report."""

from __future__ import annotations

from collections.abc import Iterator

from policy_nlp.agreement.plan_codes import AgreementPlan, CodePlan
from policy_nlp.agreement.planning import PILOT_SOURCE
from policy_nlp.reports.agreement_words import LEVEL_NAMES, Footnotes
from policy_nlp.reports.evaluation_table import TextTable
from policy_nlp.reports.measure_texts import NOT_AVAILABLE, show_number
from policy_nlp.reports.report_blocks import Block, Heading, Paragraph, TableBlock

_TOO_MANY = "> 10,000,000"
_SETS = "(sets)"


def plan_table(plan: AgreementPlan) -> TextTable:
    """One line a code: the pilot's value and width, and what the wanted width needs."""
    header = ("", "alpha", "width now", "design effect", "documents needed", "units needed")
    rows = tuple((_name(item), *_cells(item)) for item in plan.codes)
    reasons = {item.plan.reason for item in plan.codes if item.plan and item.plan.reason}
    counted = "documents" if plan.has_documents else "units, as none names its document"
    notes = (
        f"counted are {counted}, those of this pilot with them; more of the same kind are assumed: "
        f"{PILOT_SOURCE}",
        *(f"{NOT_AVAILABLE}: {reason}" for reason in sorted(reasons)),
    )
    title = f"Plan: 95 % interval of alpha of width {plan.width:g}"
    return TextTable(title, header, rows, notes)


def iter_plan_blocks(plan: AgreementPlan | None) -> Iterator[Block]:
    """The same as a section in Chinese; nothing when not asked for."""
    if plan is None:
        return
    yield Heading("还需多少双编码 Planning")
    counted = "文件" if plan.has_documents else "单位（单位没有注明所属文件）"
    yield Paragraph(
        f"以本次数据为预试，要使 Krippendorff α 的 95% 区间宽度不超过 {plan.width:g}，"
        f"下表给出所需{counted}数与单位数"
        "（含已编码的）。假定以后的文件与本次同类；设计效应大于 1 表示同一文件的句子彼此相似，所需更多。"
    )
    footnotes = Footnotes()
    rows = []
    for item in plan.codes:
        note = f" ({footnotes.mark(item.plan.reason)})" if item.plan and item.plan.reason else ""
        first, *others = _cells(item)
        name = item.name_zh or "编码集合 sets"
        rows.append((LEVEL_NAMES[item.level], name, f"{first}{note}", *others))
    header = ("层级", "编码", "α", "现有宽度", "设计效应", f"所需{counted[:2]}", "所需单位")
    yield TableBlock("双编码的规划", header, tuple(rows), footnotes.notes, n_text_columns=2)


def _name(item: CodePlan) -> str:
    return item.name_zh or f"{item.level} {_SETS}"


def _cells(item: CodePlan) -> tuple[str, ...]:
    plan = item.plan
    if plan is None:
        return ("", "", "", _TOO_MANY, _TOO_MANY)
    values = (show_number(plan.value), show_number(plan.width), show_number(plan.design_effect))
    needed = (plan.n_documents_needed, plan.n_units_needed)
    return (*values, *(NOT_AVAILABLE if n is None else f"{n:,}" for n in needed))
