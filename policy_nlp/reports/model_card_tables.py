"""Measures of a model -> the tables of its card, the same numbers in each language."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import get_args

from policy_nlp.agreement.intervals import Measure
from policy_nlp.codebook import Codebook
from policy_nlp.evaluation.ablation import AblationRow
from policy_nlp.evaluation.report import (
    Breakdown,
    CodeEvaluation,
    EvaluationReport,
    LevelEvaluation,
    MainConfusion,
)
from policy_nlp.reports.evaluation_json import NONE, level_measures
from policy_nlp.reports.evaluation_table import LEVEL_TITLES, MEASURE_TITLES, TextTable
from policy_nlp.reports.measure_texts import (
    NOT_AVAILABLE,
    ShownMeasure,
    explain_missing,
    show_measure,
    show_number,
)
from policy_nlp.reports.model_card_words import CardWords
from policy_nlp.settings.card import ErrorReading, Judgement

_MEASURE_NAMES_ZH = {
    "micro_precision": "微平均精确率",
    "micro_recall": "微平均召回率",
    "micro_f1": "微平均 F1",
    "macro_f1": "宏平均 F1",
    "exact_match": "整句全对",
    "alpha_masi": "α（MASI）",
    "alpha_jaccard": "α（Jaccard）",
    "calibration_error": "ECE",
}
_ABLATION_COLUMNS = (
    "initial micro_f1",
    "initial macro_f1",
    "main macro_f1",
    "dimensions micro_f1",
    "paths micro_f1",
    "initial ece",
    "wall_s",
)


def levels_table(report: EvaluationReport, words: CardWords) -> TextTable:
    """One row a measure, one column a level."""
    columns = [level_measures(level) for level in report.levels]
    undefined = [
        ShownMeasure(level.level, MEASURE_TITLES[name], _told(measure, words))
        for level, column in zip(report.levels, columns, strict=True)
        for name, measure in column.items()
        if not measure.is_defined
    ]
    rows = [
        (
            _MEASURE_NAMES_ZH[name] if words.code == "zh" else MEASURE_TITLES[name],
            *(show_measure(column[name]) for column in columns),
        )
        for name in columns[0]
    ]
    header = ("", *(LEVEL_TITLES[level.level] for level in report.levels))
    return TextTable(words.levels, header, tuple(rows), tuple(explain_missing(undefined)))


def codes_table(level: LevelEvaluation, codebook: Codebook, *, words: CardWords) -> TextTable:
    """One row a code: counts, precision, recall and F1 with intervals, Krippendorff's alpha."""
    rows, shown = [], []
    for code in level.per_code:
        name = _code_name(code, codebook, words)
        measures = {"P": code.precision, "R": code.recall, "F1": code.f1, "alpha": code.alpha}
        cells = (show_measure(measure, with_interval=key != "alpha") for key, measure in measures.items())
        rows.append((name, str(code.support), str(code.tp + code.fp), *cells))
        shown += [ShownMeasure(name, key, _told(measure, words)) for key, measure in measures.items()]
    header = ("code 编码", "gold 金标准", "model 模型", "P 精确率", "R 召回率", "F1", "α")
    title = words.per_code.format(level=LEVEL_TITLES[level.level])
    return TextTable(title, header, tuple(rows), tuple(explain_missing(shown)))


def confusion_table(confusion: MainConfusion, codebook: Codebook, *, words: CardWords) -> TextTable:
    """Main categories: gold rows, model columns."""
    codes = [codebook.find(code_id) for code_id in confusion.code_ids]
    names = [(code.name_zh if words.code == "zh" else code.name_en) or code.code_id for code in codes]
    counts = confusion.counts.tolist()
    rows = tuple(
        (name, *(str(count) for count in row)) for name, row in zip((*names, NONE), counts, strict=True)
    )
    return TextTable(words.confusion, ("", *names, NONE), rows, (words.confusion_note,))


def breakdown_table(breakdown: Breakdown, words: CardWords) -> TextTable:
    """One row a group; empty, with the reason, where there is none."""
    title = words.fields[breakdown.field]
    if not breakdown.groups:
        return TextTable(title, (), (), (f"{NOT_AVAILABLE}: {words.tell(breakdown.reason or '')}",))
    rows, shown = [], []
    for group in breakdown.groups:
        name = words.groups.get(group.name, group.name)
        cells = (f"{show_measure(level.micro_f1)} ({level.n_positives:,})" for level in group.levels)
        rows.append((name, f"{group.n_units:,}", f"{group.n_documents:,}", *cells))
        shown += [ShownMeasure(name, one.level, _told(one.micro_f1, words)) for one in group.levels]
    notes = explain_missing(shown)
    if breakdown.n_unknown:
        notes.append(words.unknown_groups.format(n=breakdown.n_unknown))
    levels = (LEVEL_TITLES[level.level] for level in breakdown.groups[0].levels)
    return TextTable(title, ("", "sentences 句数", "documents 文件数", *levels), tuple(rows), tuple(notes))


def ablation_table(rows: Sequence[AblationRow], words: CardWords) -> TextTable:
    """One row a variant, one column a measure, with the difference to the base."""
    measured = {row.measure for row in rows}
    measures = [name for name in _ABLATION_COLUMNS if name in measured]
    variants = list(dict.fromkeys(row.variant for row in rows))
    found = {(row.variant, row.measure): row for row in rows}
    cells = []
    for variant in variants:
        own = [found.get((variant, measure)) for measure in measures]
        n_seeds = max((row.n_seeds for row in own if row), default=0)
        cells.append((f"`{variant}`", str(n_seeds), *(_show_ablated(row, base=variants[0]) for row in own)))
    header = ("variant 方案", "seeds 种子数", *(name.replace("_", "-") for name in measures))
    return TextTable(words.ablation, header, tuple(cells))


def errors_tables(reading: ErrorReading, codebook: Codebook, *, words: CardWords) -> Iterator[TextTable]:
    """How many errors are of each kind, then each of them."""
    judged = [error for error in reading.errors if error.judgement]
    counts = Counter((error.judgement, error.kind) for error in judged)
    rows = []
    for judgement in get_args(Judgement):
        by_kind = [counts[judgement, kind] for kind in ("missed", "false")]
        share = f"{sum(by_kind) / len(judged):.0%}" if judged else NOT_AVAILABLE
        rows.append((words.judgements[judgement], *map(str, by_kind), str(sum(by_kind)), share))
    header = ("", words.kinds["missed"], words.kinds["false"], "n", "%")
    yield TextTable("", header, tuple(rows))
    listed = tuple(
        (
            f"`{error.unit}`",
            _name_of(error.code, codebook, words),
            words.kinds[error.kind],
            words.judgements[error.judgement] if error.judgement else NOT_AVAILABLE,
            (error.note_zh if words.code == "zh" else error.note) or error.note or error.note_zh,
        )
        for error in judged
    )
    yield TextTable("", ("unit 句", "code 编码", "", "", ""), listed)


def _name_of(code_id: str, codebook: Codebook, words: CardWords) -> str:
    known = {*codebook.code_ids, *codebook.ids("main")}
    if code_id not in known:
        return f"`{code_id}`"
    code = codebook.find(code_id)
    return (code.name_zh if words.code == "zh" else code.name_en) or code_id


def _code_name(code: CodeEvaluation, codebook: Codebook, words: CardWords) -> str:
    return code.name_zh if words.code == "zh" else codebook.find(code.code_id).name_en or code.name_zh


def _told(measure: Measure, words: CardWords) -> Measure:
    return replace(measure, reason=words.tell(measure.reason)) if measure.reason else measure


def _show_ablated(row: AblationRow | None, *, base: str) -> str:
    if row is None or math.isnan(row.mean):
        return NOT_AVAILABLE
    is_time = row.measure == "wall_s"
    mean = f"{row.mean:,.0f}" if is_time else show_number(row.mean)
    if row.variant == base or is_time:
        return mean
    interval = "" if math.isnan(row.low) else f" [{row.low:+.3f}, {row.high:+.3f}]"
    return f"{mean} ({row.difference:+.3f}{interval})"
