"""CodingTableResult -> sheets of a workbook: one a table, and one with every coded sentence to correct."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from policy_nlp.agreement.intervals import Measure
from policy_nlp.analysis.coding_table import CodeCounts, ExampleSentence
from policy_nlp.analysis.coding_table_result import CodingTableResult
from policy_nlp.records import Level
from policy_nlp.reports import coding_table_words as words
from policy_nlp.reports.charts.chart import Cell
from policy_nlp.reports.reason_words import reason_in_chinese
from policy_nlp.reports.workbook import SheetColumn, WorkbookSheet

_LONG, _MIDDLE = 90.0, 44.0  # half-width characters of columns that break over lines
_MOST_LISTED = 200_000  # codings in a sheet: more take minutes to write and to open
_COUNTS = (SheetColumn(words.N_SENTENCES, "count"), SheetColumn(words.N_DOCUMENTS, "count"))
_SCORE = SheetColumn(words.SCORE, "number")


def coding_table_sheets(result: CodingTableResult) -> tuple[WorkbookSheet, ...]:
    """开放性编码, 主轴编码, 选择性编码, 维度, 路径, 来源文档, 全部语句: those that were coded."""
    sheets = []
    if result.table.main:
        sheets += [_open_sheet(result), _axial_sheet(result), _selective_sheet(result)]
    if result.table.dimensions:
        sheets.append(_level_sheet(result, "dimensions", result.table.dimensions))
    if result.table.paths:
        sheets.append(_level_sheet(result, "paths", result.table.paths))
    sheets.append(_sources_sheet(result))
    if result.table.main:
        sheets.append(_sentences_sheet(result))
    return tuple(sheets)


def _open_sheet(result: CodingTableResult) -> WorkbookSheet:
    has_concepts = bool(result.corpus.codebook.concepts)
    rows: list[tuple[Cell, ...]] = []
    for main, category in words.categories_of(result):
        for concept in category.concepts or (category.counts,):
            is_concept = concept is not category.counts
            names: list[Cell] = [
                words.name_of(result, main.counts.code_id),
                words.name_of(result, category.counts.code_id),
            ]
            if has_concepts:
                names.append(words.name_of(result, concept.code_id) if is_concept else None)
            rows.append((*names, _show_examples(concept.examples), *_numbers(result, concept)))
    concept_columns = (SheetColumn(words.CONCEPT),) if has_concepts else ()
    columns = (SheetColumn(words.MAIN), SheetColumn(words.INITIAL), *concept_columns)
    note = words.CONCEPT_NOTE if has_concepts else words.NO_CONCEPTS_NOTE
    counted = words.OPEN_COUNT_NOTE if has_concepts else words.COUNT_NOTE
    return WorkbookSheet(
        words.OPEN_CODING,
        (*columns, SheetColumn(words.EXAMPLES, width=_LONG), *_number_columns(result)),
        tuple(rows),
        words.notes_of_table(result, note, counted, words.describe_labels(result)),
        n_fixed=len(columns),
    )


def _axial_sheet(result: CodingTableResult) -> WorkbookSheet:
    rows = []
    for main, category in words.categories_of(result):
        rows.append((words.name_of(result, main.counts.code_id), *_code_row(result, category.counts)))
    first = (SheetColumn(words.MAIN), SheetColumn(words.INITIAL), SheetColumn(words.MEANING, width=_MIDDLE))
    columns = (*first, *_code_columns(result))
    return WorkbookSheet(words.AXIAL_CODING, columns, tuple(rows), _notes(result, "initial"), n_fixed=2)


def _selective_sheet(result: CodingTableResult) -> WorkbookSheet:
    rows = []
    for main in result.table.main:
        parts = "、".join(words.name_of(result, one.counts.code_id) for one in main.categories)
        name, meaning, *others = _code_row(result, main.counts)
        rows.append((name, meaning, parts, *others))
    first = (
        SheetColumn(words.MAIN),
        *(SheetColumn(n, width=_MIDDLE) for n in (words.MEANING, words.INITIAL)),
    )
    columns = (*first, *_code_columns(result))
    return WorkbookSheet(words.SELECTIVE_CODING, columns, tuple(rows), _notes(result, "main"))


def _level_sheet(result: CodingTableResult, level: Level, counted: Sequence[CodeCounts]) -> WorkbookSheet:
    name = "维度" if level == "dimensions" else "路径"
    rows = []
    for counts in counted:
        own_name, meaning, *others = _code_row(result, counts)
        rows.append((own_name, meaning, _show_examples(counts.examples), *others))
    first = (SheetColumn(name), SheetColumn("内涵", width=_MIDDLE), SheetColumn(words.EXAMPLES, width=_LONG))
    return WorkbookSheet(name, (*first, *_code_columns(result)), tuple(rows), _notes(result, level))


def _sources_sheet(result: CodingTableResult) -> WorkbookSheet:
    rows: list[tuple[Cell, ...]] = []
    for labelled in result.table.documents:
        document = result.corpus.documents[labelled.place]
        own = document.metadata
        found = (
            own.issuer,
            own.region,
            own.date or (str(own.year) if own.year else None),
            own.document_number,
        )
        numbers = (labelled.n_sentences, labelled.n_coded)
        rows.append((labelled.label, document.title, *found, document.kind, *numbers, document.path))
    names = ("编号", "标题", "发文机关", "地区", "日期", "文号", "文种")
    counts = (SheetColumn("句数", "count"), SheetColumn("已编码句数", "count"))
    columns = (*(SheetColumn(name) for name in names), *counts, SheetColumn("文件"))
    notes = words.notes_of_table(result, words.describe_labels(result), *result.notes)
    return WorkbookSheet(words.SOURCES, columns, tuple(rows), notes)


def _sentences_sheet(result: CodingTableResult) -> WorkbookSheet:
    """A row for each initial category of each sentence, with an empty cell for a person's concept."""
    has_concepts = bool(result.corpus.codebook.concepts)
    listed = result.table.codings[:_MOST_LISTED]
    rows = []
    for coding in listed:
        category = result.corpus.codebook.find(coding.category_id)
        row: list[Cell] = [
            coding.label,
            result.corpus.texts[coding.row],
            words.name_of(result, category.parent_id),
            category.name_zh,
        ]
        if has_concepts:
            row += [words.name_of(result, coding.concept_id), coding.similarity, None]
        rows.append((*row, *((coding.score,) if result.coder is None else ())))
    columns = [SheetColumn("编号"), SheetColumn("原始语句", width=_LONG), SheetColumn(words.MAIN)]
    columns.append(SheetColumn(words.INITIAL))
    if has_concepts:
        columns += [SheetColumn(words.CONCEPT), SheetColumn("相似度", "number"), SheetColumn("人工改定概念")]
    if result.coder is None:
        columns.append(SheetColumn("得分", "number"))
    n_left = len(result.table.codings) - len(listed)
    cut = (
        (f"只列前 {len(listed):,} 行，另有 {n_left:,} 行未列；结果文件夹的 codings.csv 有全部。",)
        if n_left
        else ()
    )
    notes = words.notes_of_table(result, *cut, words.CONCEPT_NOTE if has_concepts else words.NO_CONCEPTS_NOTE)
    return WorkbookSheet(words.ALL_SENTENCES, tuple(columns), tuple(rows), notes)


def _show_examples(examples: Sequence[ExampleSentence]) -> str:
    return "\n".join(f"{one.label}　{' '.join(one.text.split())}" for one in examples)


def _numbers(result: CodingTableResult, counts: CodeCounts) -> tuple[Cell, ...]:
    shown = (counts.n_sentences, counts.n_documents)
    return (*shown, counts.score) if result.coder is None else shown


def _number_columns(result: CodingTableResult) -> tuple[SheetColumn, ...]:
    return (*_COUNTS, _SCORE) if result.coder is None else _COUNTS


def _code_row(result: CodingTableResult, counts: CodeCounts) -> tuple[Cell, ...]:
    """Name, meaning, then what `_code_columns` names."""
    code = result.corpus.codebook.find(counts.code_id or "")
    n_coded = result.table.n_coded
    share = counts.n_sentences / n_coded if n_coded else math.nan
    origin = words.EVIDENCE_WORDS.get(code.evidence_status, code.evidence_status or None)
    agreement = tuple(_iter_agreement(result, code.code_id))
    return (code.name_zh, code.definition, *_numbers(result, counts), share, *agreement, origin)


def _code_columns(result: CodingTableResult) -> tuple[SheetColumn, ...]:
    names = [name for title, _ in _measures(result) for name in (title, f"{title} 下限", f"{title} 上限")]
    agreement = [SheetColumn(name, "number") for name in names]
    if agreement:
        agreement += [SheetColumn("共同编码句数", "count"), SheetColumn("一致性说明")]
    share = SheetColumn("占已编码语句", "share")
    return (*_number_columns(result), share, *agreement, SheetColumn("名称来源"))


def _measures(result: CodingTableResult) -> tuple[tuple[str, str], ...]:
    """Titles of the measures that are shown, with their names in `CodeAgreement`."""
    if result.agreement is None:
        return ()
    both = (("κ", "kappa"), ("α", "alpha"))
    return (*both, ("精确率", "precision"), ("召回率", "recall")) if result.compared_with == "gold" else both


def _iter_agreement(result: CodingTableResult, code_id: str) -> Iterator[Cell]:
    if result.agreement is None:
        return
    found = result.agreement_on(code_id)
    measures: list[Measure | None] = [
        getattr(found, name) if found else None for _, name in _measures(result)
    ]
    for measure in measures:
        yield from (measure.value, measure.low, measure.high) if measure else (None, None, None)
    yield found.n_units if found else None
    reasons = dict.fromkeys(one.reason for one in measures if one is not None and one.reason)
    yield "；".join(reason_in_chinese(reason) for reason in reasons) or None


def _notes(result: CodingTableResult, level: Level) -> tuple[str, ...]:
    own = (words.COUNT_NOTE, words.SCORE_NOTE if result.coder is None else "")
    return words.notes_of_table(result, *own, words.describe_agreement(result, level))
