"""ScreenResult -> a workbook or a CSV file: one row a document with room for a person's decision."""

from __future__ import annotations

import math
from pathlib import Path

import pyarrow as pa

from policy_nlp.analysis.screen_result import ScreenResult
from policy_nlp.analysis.screening import ScreenedDocument
from policy_nlp.exchange.screen_decisions import ANSWER_COLUMN, DECISION_WORDS, ID_COLUMN, NOTE_COLUMN
from policy_nlp.reports.charts.chart import Cell
from policy_nlp.reports.screen_words import (
    PLACE_WORDS,
    RULE_WORDS,
    describe_rules,
    describe_topic,
    explain_decision,
)
from policy_nlp.reports.workbook import ColumnFormat, SheetColumn, WorkbookSheet, write_workbook
from policy_nlp.tables.table import Rows
from policy_nlp.tables.writing import write_table

_SHOWN_SENTENCES = 5
_BETWEEN_SENTENCES = " ‖ "  # a line feed would need a row as high as a page
_ORDER = ("borderline", "keep", "drop")
_HOW_TO = (
    f"在“{ANSWER_COLUMN}”列填 保留 或 剔除（待定的排在最前；其余的决定也可改），存盘后运行："
    "policy-nlp screen 原来的输入 --decisions 本文件 --out 新文件",
)
_MODEL_NOTE = "编码句占比是模型的编码结果，未经人工核对；只用来提示无主题词的文档，从不单独决定保留或剔除。"
_ARROW_TYPES: dict[ColumnFormat, pa.DataType] = {
    "text": pa.string(),
    "count": pa.int64(),
    "share": pa.float64(),
    "number": pa.float64(),
}


def write_screening(path: Path, result: ScreenResult, *, kind: str) -> None:
    """Write the table; `kind` is `.xlsx` or `.csv`. Write inside `files.atomic_path`."""
    documents = documents_sheet(result)
    if kind == ".xlsx":
        write_workbook(path, (documents, _evidence_sheet(result), _counts_sheet(result)))
        return
    fields = [pa.field(column.name, _ARROW_TYPES[column.format]) for column in documents.columns]
    cells = zip(*documents.rows, strict=True)
    arrays = [
        pa.array([None if _is_nan(cell) else cell for cell in column], field.type)
        for column, field in zip(cells, fields, strict=True)
    ]
    schema = pa.schema(fields)
    write_table(path, Rows(schema, [pa.RecordBatch.from_arrays(arrays, schema=schema)]), kind="csv")


def documents_sheet(result: ScreenResult) -> WorkbookSheet:
    """One row a document, what a person has to look at first."""
    topics = [
        column
        for topic in result.topics
        for column in (
            SheetColumn(f"{topic.name}_计入", "count"),
            SheetColumn(f"{topic.name}_不计", "count"),
            SheetColumn(f"{topic.name}_相关词", "count"),
        )
    ]
    columns = (
        SheetColumn("题名"), SheetColumn("最终决定"), SheetColumn(ANSWER_COLUMN), SheetColumn(NOTE_COLUMN),
        SheetColumn("程序决定"), SheetColumn("规则"), SheetColumn("理由"), SheetColumn("证据句"),
        SheetColumn("字数", "count"), SheetColumn("每千字提及", "number"), *topics,
        SheetColumn("同句共现", "count"), SheetColumn("同段共现", "count"),
        SheetColumn("编码句占比", "share"), SheetColumn("重复于"), SheetColumn("路径"), SheetColumn("输入"),
        SheetColumn(ID_COLUMN),
    )  # fmt: skip
    ordered = sorted(result.documents, key=lambda one: _ORDER.index(one.decision))
    return WorkbookSheet("筛选", columns, tuple(_row(one, result) for one in ordered), _HOW_TO)


def _row(document: ScreenedDocument, result: ScreenResult) -> tuple[Cell, ...]:
    topics = [
        count
        for topic in document.topics
        for count in (topic.n_title + topic.n_counted, topic.n_list + topic.n_footer, topic.n_related)
    ]
    person = document.person_decision
    evidence = [one.text for one in document.evidence[:_SHOWN_SENTENCES]]
    return (
        document.title, DECISION_WORDS[document.final], DECISION_WORDS[person] if person else "",
        document.person_note, DECISION_WORDS[document.decision], RULE_WORDS[document.rule],
        explain_decision(document, result.rules), _BETWEEN_SENTENCES.join(evidence), document.n_characters,
        document.density, *topics, document.n_comention_sentences, document.n_comention_paragraphs,
        document.share_coded, document.duplicate_of or "", document.path, document.source,
        document.document_id,
    )  # fmt: skip


def _evidence_sheet(result: ScreenResult) -> WorkbookSheet:
    columns = (
        SheetColumn("题名"), SheetColumn("最终决定"), SheetColumn("位置"), SheetColumn("词"),
        SheetColumn("句子"), SheetColumn("句子编号"), SheetColumn(ID_COLUMN),
    )  # fmt: skip
    rows = tuple(
        (
            document.title,
            DECISION_WORDS[document.final],
            PLACE_WORDS[one.place],
            "、".join(one.words),
            one.text,
            one.sentence_id,
            document.document_id,
        )
        for document in result.documents
        for one in document.evidence
    )
    return WorkbookSheet("证据", columns, rows)


def _counts_sheet(result: ScreenResult) -> WorkbookSheet:
    counts = result.counts
    rows = (
        ("找到", counts.n_found),
        ("无法读取", counts.n_unreadable),
        ("重复剔除", counts.n_duplicates),
        ("进入筛选", counts.n_screened),
        ("保留", counts.n_kept),
        ("待定", counts.n_borderline),
        ("剔除", counts.n_dropped),
        ("其中人工决定", counts.n_person),
    )
    notes = (
        *(f"主题：{describe_topic(topic)}" for topic in result.topics),
        *describe_rules(result.rules),
        *(f"无法读取：{entry.reason}" for entry in result.skipped),
        *result.notes,
        *((_MODEL_NOTE,) if any(one.n_coded is not None for one in result.documents) else ()),
        f"policy-nlp {result.version}，{result.date}",
    )
    return WorkbookSheet("计数与规则", (SheetColumn("步骤"), SheetColumn("文档数", "count")), rows, notes)


def _is_nan(cell: Cell) -> bool:
    return isinstance(cell, float) and math.isnan(cell)
