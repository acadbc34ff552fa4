"""EvaluationReport -> tables for a terminal, or Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from policy_nlp.agreement.intervals import Measure
from policy_nlp.evaluation.report import (
    Breakdown,
    BreakdownField,
    EvaluationReport,
    EvaluationSource,
    LevelEvaluation,
    MainConfusion,
)
from policy_nlp.gold import N_FOLDS
from policy_nlp.records import Level
from policy_nlp.reports.evaluation_json import CONFUSION_RULE, MACRO_RULE, NONE, code_measures, level_measures
from policy_nlp.reports.measure_texts import NOT_AVAILABLE, ShownMeasure, explain_missing, show_measure

LEVEL_TITLES: dict[Level, str] = {
    "initial": "initial 初始范畴",
    "main": "main 主范畴",
    "dimensions": "dimensions 维度",
    "paths": "paths 路径",
}
MEASURE_TITLES = {
    "micro_precision": "precision, micro",
    "micro_recall": "recall, micro",
    "micro_f1": "F1, micro",
    "macro_f1": "F1, macro",
    "exact_match": "exact match",
    "alpha_masi": "alpha, MASI",
    "alpha_jaccard": "alpha, Jaccard",
    "calibration_error": "calibration error",
    "precision": "P",
    "recall": "R",
    "f1": "F1",
    "krippendorff_alpha": "alpha",
    "cohen_kappa": "kappa",
    "gwet_ac1": "AC1",
    "percent_agreement": "agree",
}
BREAKDOWN_TITLES: dict[BreakdownField, str] = {
    "source_kind": "By source kind 来源",
    "length": "By sentence length, characters 句长（字）",
    "year": "By year 年份",
    "stratum": "By stratum 抽样方式",
}
CALIBRATION_RULE = (
    "ECE: gap of mean score and share of positives over the bins, weighted by scores. Most scores are "
    "near 0, where the gap is small: the scores from 0.1 on are shown alone too"
)
_WITH_INTERVAL = "f1"  # of the code measures; the intervals of all are in the JSON


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table of texts; the first column is left-aligned, the others are numbers."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def render_evaluation(report: EvaluationReport, source: EvaluationSource) -> RenderableType:
    """What was compared, then one table of the levels, one of the codes of each, and the confusion."""
    parts: list[RenderableType] = [Text("\n".join(describe_source(report, source)) + "\n")]
    for table in tables_of(report):
        parts.append(rich_table(table))
        parts.append(Text("".join(f"{note}\n" for note in table.notes), style="italic"))
    return Group(*parts)


def evaluation_markdown(report: EvaluationReport, source: EvaluationSource) -> str:
    """The same tables as Markdown."""
    head = "\n".join(f"- {line}" for line in describe_source(report, source))
    return "\n\n".join(["# Evaluation", head, *(markdown_table(table) for table in tables_of(report))]) + "\n"


def describe_source(report: EvaluationReport, source: EvaluationSource) -> list[str]:
    """What a reader needs to have the numbers again: files, model, codebook, units, intervals, date."""
    coder = f", coder {source.gold_coder}" if source.gold_coder else ""
    fold = f", fold {source.fold} of {N_FOLDS} by document" if source.fold is not None else ""
    documents = f" of {report.n_documents} documents" if report.n_documents else ""
    draws = report.bootstrap.n_draws
    interval = (
        f"{report.bootstrap.confidence:.0%} intervals: percentile bootstrap over {report.resampled}s, "
        f"{draws:,} draws, seed {report.bootstrap.seed}"
    )
    lines = [
        f"gold: {source.gold_path}{coder} (sha256 {source.gold_sha256[:12]})",
        f"predicted: {source.predicted_by} ({_shorten(source.signature)})",
        f"codebook: {source.codebook_name} (sha256 {source.codebook_sha256[:12]})",
        f"units: {report.n_units}{documents}{fold}",
        interval if draws else "no intervals",
        f"policy-nlp {source.version}, {source.date}",
    ]
    if source.is_gold_known_to_model:
        lines.append(
            "caution: the model was trained, calibrated or given its thresholds on this very file, so these "
            "numbers are too kind; its card has honest ones"
        )
    if source.n_assisted:
        lines.append(
            f"caution: {source.n_assisted:,} gold units were decided with a model's codes filled in, "
            "so a model like it looks better than it is"
        )
    if report.n_empty:
        lines.insert(4, f"units without usable text, predicted empty: {report.n_empty}")
    lines += [f"left out: {part.level}: {part.reason}" for part in report.left_out]
    return lines + [f"not by {part.field}: {part.reason}" for part in report.breakdowns if part.reason]


def tables_of(report: EvaluationReport) -> list[TextTable]:
    """Every table of the report, as text."""
    tables = [_levels_table(report), *(_codes_table(level) for level in report.levels)]
    if report.confusion:
        tables.append(_confusion_table(report.confusion))
    if calibrated := [level for level in report.levels if level.calibration is not None]:
        tables.append(calibration_table(calibrated))
    return [*tables, *(_breakdown_table(part) for part in report.breakdowns if part.groups)]


def _levels_table(report: EvaluationReport) -> TextTable:
    columns = [level_measures(level) for level in report.levels]
    rows = [("units", *(str(level.n_units) for level in report.levels))]
    rows += [
        (MEASURE_TITLES[name], *(show_measure(column[name]) for column in columns)) for name in columns[0]
    ]
    reasons = [
        f"{NOT_AVAILABLE}: {MEASURE_TITLES[name]} of {level.level}: {measure.reason}"
        for level, column in zip(report.levels, columns, strict=True)
        for name, measure in column.items()
        if not measure.is_defined
    ]
    header = ("", *(LEVEL_TITLES[level.level] for level in report.levels))
    return TextTable("Levels", header, tuple(rows), (f"F1, macro: {MACRO_RULE}.", *reasons))


def _codes_table(level: LevelEvaluation) -> TextTable:
    names = list(code_measures(level.per_code[0]))
    rows = []
    for code in level.per_code:
        cells = (
            show_measure(m, with_interval=name == _WITH_INTERVAL) for name, m in code_measures(code).items()
        )
        counts = (code.support, code.tp, code.fp, code.fn)
        rows.append((code.name_zh, *(str(count) for count in counts), *cells))
    header = ("code", "in gold", "TP", "FP", "FN", *(MEASURE_TITLES[name] for name in names))
    return TextTable(LEVEL_TITLES[level.level], header, tuple(rows), tuple(_notes_on_codes(level)))


def _notes_on_codes(level: LevelEvaluation) -> Iterator[str]:
    """Why numbers are missing, and what to know before reading the others."""
    shown = [
        ShownMeasure(code.name_zh, MEASURE_TITLES[name], measure)
        for code in level.per_code
        for name, measure in code_measures(code).items()
    ]
    yield from explain_missing(shown)
    one_sided = [code.name_zh for code in level.per_code if code.tp == 0 and (code.fp > 0) != (code.fn > 0)]
    if one_sided:
        yield f"kappa is 0 by construction where only one side uses the code: {', '.join(one_sided)}"
    n_undefined = max(m.n_undefined for code in level.per_code for m in code_measures(code).values())
    if n_undefined:
        yield f"intervals leave out the draws in which the measure is undefined (up to {n_undefined} of them)"


def _confusion_table(confusion: MainConfusion) -> TextTable:
    names = (*confusion.names_zh, NONE)
    counts = confusion.counts.tolist()
    rows = tuple((name, *(str(count) for count in row)) for name, row in zip(names, counts, strict=True))
    title = "Main categories: gold (rows) and predicted (columns)"
    return TextTable(title, ("", *names), rows, (f"A cell counts units: {CONFUSION_RULE}.",))


def calibration_table(levels: Sequence[LevelEvaluation]) -> TextTable:
    """Calibration errors and Brier scores of the levels that have scores."""
    found = [level.calibration for level in levels if level.calibration is not None]
    rows = (
        ("scores 分数个数", *(str(one.n_scores) for one in found)),
        ("gold codings 金标准编码", *(str(one.n_positives) for one in found)),
        ("ECE, 15 bins of equal mass 等量", *(f"{one.equal_mass:.4f}" for one in found)),
        ("ECE, 15 bins of equal width 等宽", *(f"{one.equal_width:.4f}" for one in found)),
        ("ECE of scores from 0.1 on, 9 bins 仅 0.1 以上", *(f"{one.error_from_tenth:.4f}" for one in found)),
        ("Brier score 分数", *(_show_brier(one.brier) for one in found)),
        ("Brier score of the codes' shares 各编码比例", *(f"{one.brier_of_shares:.4f}" for one in found)),
    )
    header = ("", *(LEVEL_TITLES[level.level] for level in levels if level.calibration is not None))
    return TextTable("Calibration 校准", header, rows, (CALIBRATION_RULE,))


def _show_brier(brier: Measure) -> str:
    interval = f" [{brier.low:.4f}, {brier.high:.4f}]" if brier.has_interval else ""
    return f"{brier.value:.4f}{interval}"


def _breakdown_table(breakdown: Breakdown) -> TextTable:
    levels = [level.level for level in breakdown.groups[0].levels]
    rows = []
    shown = []
    for group in breakdown.groups:
        cells = (f"{show_measure(level.micro_f1)} ({level.n_positives})" for level in group.levels)
        rows.append((group.name, str(group.n_units), str(group.n_documents), *cells))
        shown += [ShownMeasure(group.name, level.level, level.micro_f1) for level in group.levels]
    header = ("", "sentences", "documents", *(LEVEL_TITLES[level] for level in levels))
    notes = [f"F1, micro (gold codings). {breakdown.rule}.", *explain_missing(shown)]
    if breakdown.n_unknown:
        notes.append(f"sentences in no group, as the gold does not say it: {breakdown.n_unknown:,}")
    return TextTable(BREAKDOWN_TITLES[breakdown.field], header, tuple(rows), tuple(notes))


def rich_table(table: TextTable) -> Table:
    """One table for the terminal; its notes are not in it."""
    shown = Table(title=table.title, title_justify="left", title_style="bold", box=box.SIMPLE, padding=(0, 1))
    for column, name in enumerate(table.header):
        shown.add_column(name, justify="right" if column else "left", overflow="fold")
    for row in table.rows:
        shown.add_row(*(Text(cell) for cell in row))
    return shown


def markdown_table(table: TextTable) -> str:
    """One table as Markdown: heading, rows, notes."""
    rule = ("---", *("---:" for _ in table.header[1:]))
    lines = [_markdown_row(row) for row in (table.header, rule, *table.rows)]
    notes = "\n".join(f"- {note}" for note in table.notes)
    return "\n".join([f"## {table.title}", "", *lines]) + (f"\n\n{notes}" if notes else "")


def _markdown_row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _shorten(signature: str) -> str:
    """The signature with its digest cut to 12 characters."""
    digest, separator, rest = signature.partition(":")
    return f"{digest[:12]}{separator}{rest}"
