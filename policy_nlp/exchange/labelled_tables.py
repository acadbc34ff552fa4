"""Tables of sentences with labels, as people and benchmarks keep them -> rows of text and labels.

A table has a column of text and one or more of labels (CSV, Excel, JSON Lines such as FewCLUE's). Several
labels stand in one cell, or in several columns, or a column for each holds marks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from policy_nlp.codebook import NO_CODE
from policy_nlp.documents.formats import TEXT_COLUMN_NAMES
from policy_nlp.errors import GoldError, MissingColumnError
from policy_nlp.gold.long_form import LONG_COLUMNS
from policy_nlp.records import PREDICTED_LEVELS, Level
from policy_nlp.settings.few_shot import LabelColumns
from policy_nlp.tables.reading import open_table
from policy_nlp.tables.table import BATCH_ROWS, Table
from policy_nlp.tables.text_source import open_text_source

LABEL_COLUMN_NAMES = (  # the first that is there; FewCLUE's description says more than its number
    *("label_desc", "labels", "label", "codes", "code", "code_id", "code_name", "categories", "category"),
    *("标签", "编码", "类别", "分类", "范畴", "初始范畴", "主题", "类目", "类型", "标注"),
    *("標籤", "編碼", "類別", "分類", "範疇", "主題", "標註"),
)
_ID_COLUMNS = ("id", "unit", "unit_id", "sentence_id", "编号", "序号", "編號", "序號")
_DOCUMENT_COLUMNS = (
    *("doc_id", "document_id", "document", "文档", "文件", "文档编号", "文件编号", "文件名", "来源文件"),
)
_NOTHING = frozenset({"", "无", "none", NO_CODE.lower(), "无编码", "n/a", "nan", "null"})
_YES = frozenset({"1", "true", "yes", "y", "x", "√", "✓", "✔", "是"})
_NO = frozenset({"", "0", "false", "no", "n", "×", "否", "none", "nan"})
_NUMBER_AT_END = re.compile(r"[\s_\-]*\d+$")
_MOST_LABELS = 0.5  # of the sentences: a column with more different labels is none of labels


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """One sentence with its labels as they are written, each cell in one piece."""

    line: int
    unit_id: str
    text: str
    cells: tuple[str, ...]
    document_id: str | None


@dataclass(frozen=True, slots=True)
class LabelledTable:
    """The sentences of one table.

    Attributes:
        row_word: what stands before a row's number in messages.
        level_columns: levels that have a column of their own name.
        notes: what of the table was left out or taken for something.
    """

    path: Path
    row_word: str
    rows: tuple[LabelledRow, ...]
    level_columns: tuple[Level, ...] = ()
    notes: tuple[str, ...] = ()

    def place(self, row: LabelledRow) -> str:
        """The file and the row, as messages begin."""
        return f"{self.path}: {self.row_word}{row.line}"


@dataclass(frozen=True, slots=True)
class _Places:
    """Names of the columns, as the table writes them."""

    text: str
    labels: tuple[str, ...]
    unit_id: str | None
    document: str | None

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, each once."""
        return tuple(dict.fromkeys(filter(None, (self.text, *self.labels, self.unit_id, self.document))))


def holds_labels(path: Path) -> bool:
    """Whether a gold file is a table of sentences with labels, not lists of codes or unit,coder,code."""
    if not path.is_file():
        return path.suffix.lower() not in (".jsonl", ".csv")
    if path.suffix.lower() == ".jsonl":
        return _has_labels(_first_object(path))
    if path.suffix.lower() == ".csv":
        names = {name.strip().lower() for name in open_table(path).schema.names}
        return len(names & set(LONG_COLUMNS)) < 2
    return True


def read_labelled_table(path: Path, columns: LabelColumns) -> LabelledTable:
    """The sentences of a table that have text, with the cells of their labels.

    Raises:
        TableError, MissingColumnError: the file is no table, or has no column of text or labels.
        GoldError: no row has text.
    """
    table = open_table(path)
    places = _find_places(table, columns)
    row_word = "line " if table.format.startswith("jsonl") else "row "
    first = 1 if row_word == "line " else 2  # a spreadsheet counts its header as row 1
    found = [
        (line, dict(zip(places.names, values, strict=True)))
        for line, values in enumerate(_iter_values(table, places.names), start=first)
    ]
    has_marks = len(places.labels) > 1 and all(
        cell.lower() in _YES | _NO for _, row in found for name in places.labels for cell in _cells(row[name])
    )
    ids = _unit_ids(found, places.unit_id)
    rows = tuple(
        LabelledRow(
            line=line,
            unit_id=unit_id,
            text=_text(row[places.text]),
            cells=_labels_of(row, places.labels, has_marks=has_marks),
            document_id=_text(row[places.document]) or None if places.document else None,
        )
        for unit_id, (line, row) in zip(ids, found, strict=True)
        if _text(row[places.text])
    )
    if not rows:
        raise GoldError(f"{path}: no row has text in column {places.text!r}. Name another.", path=path)
    by_name = {name.strip().lower(): name for name in places.labels}
    levels = tuple(level for level in PREDICTED_LEVELS if level in by_name)
    notes = (*table.warnings, *_iter_notes(path, places, rows=rows, n_all=len(found)))
    return LabelledTable(path, row_word, rows, levels, notes)


def split_labels(cell: str, separators: str) -> list[str]:
    """The labels in one cell; words for nothing are none.

    >>> split_labels("居家养老；资金 | 无", ";；、|")
    ['居家养老', '资金']
    """
    parts = re.split(f"[\n{re.escape(separators)}]", cell)
    return [part.strip() for part in parts if not is_nothing(part)]


def is_nothing(label: str) -> bool:
    """Whether a label says that no code applies."""
    return label.strip().lower() in _NOTHING


def labels_of_tables(tables: Sequence[LabelledTable], separators: str) -> list[str]:
    """The different labels of all tables, sorted, numbers by their size.

    Raises:
        GoldError: there is none, or so many that the column holds something else.
    """
    cells = chain.from_iterable(row.cells for table in tables for row in table.rows)
    labels = {label for cell in cells for label in split_labels(cell, separators)}
    n_rows = sum(len(table.rows) for table in tables)
    path = tables[0].path
    if not labels:
        raise GoldError(f"{path}: no sentence has a label. Name the column: [gold] label_columns.", path=path)
    if len(labels) > max(2, _MOST_LABELS * n_rows):
        raise GoldError(
            f"{path}: {len(labels)} different labels on {n_rows} sentences, such as {min(labels)[:40]!r}; a "
            "label must be on several sentences to be learnt. Name the right column ([gold] label_columns) "
            "and the characters that part labels (label_separators).",
            path=path,
        )
    return sorted(labels, key=lambda label: (int(label) if label.isdecimal() else -1, label))


def _first_object(path: Path) -> Mapping[str, object]:
    """The first line of a JSON Lines file as an object; empty where it is none."""
    for line in open_text_source(path).iter_lines():
        if line.strip():
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                return {}
            return row if isinstance(row, dict) else {}
    return {}


def _has_labels(row: Mapping[str, object]) -> bool:
    """Whether a row looks like a labelled one; one with a coder's object or lists of codes does not."""
    if any(level in row for level in PREDICTED_LEVELS) or any(isinstance(v, dict) for v in row.values()):
        return False
    return bool(_named(row, TEXT_COLUMN_NAMES) and _named(row, LABEL_COLUMN_NAMES))


def _find_places(table: Table, columns: LabelColumns) -> _Places:
    names = table.schema.names
    text = _wanted(table, columns.text) if columns.text else _named(names, TEXT_COLUMN_NAMES)
    labels = tuple(_wanted(table, name) for name in columns.labels) or _usual_labels(names, text)
    if text is None or not labels:
        what, key = ("text", "text_column") if text is None else ("labels", "label_columns")
        shown = ", ".join(repr(name) for name in names[:20])
        raise MissingColumnError(
            f"{table.path}: no column of {what} was found among {shown}. Name it: [gold] {key}.",
            path=table.path,
            column=key,
        )
    return _Places(text, labels, _named(names, _ID_COLUMNS), _named(names, _DOCUMENT_COLUMNS))


def _wanted(table: Table, name: str) -> str:
    """The column that the user named; MissingColumnError where there is none."""
    found = _named(table.schema.names, (name.strip().lower(),))
    if found is None:
        shown = ", ".join(repr(other) for other in table.schema.names[:20])
        raise MissingColumnError(
            f"{table.path}: no column {name!r}, which [gold] names; found {shown}. Correct the name.",
            path=table.path,
            column=name,
        )
    return found


def _named(names: Iterable[str], wanted: Sequence[str]) -> str | None:
    """The column, as it is written, that has the first of the wanted names that is there."""
    by_name = {name.strip().lower(): name for name in reversed(list(names))}
    return next((by_name[name] for name in wanted if name in by_name), None)


def _usual_labels(names: Sequence[str], text: str | None) -> tuple[str, ...]:
    """Columns of levels, else those of the first usual name, numbered ones (标签1, 标签2) together."""
    others = [name for name in names if name != text]
    if levels := [name for name in others if name.strip().lower() in PREDICTED_LEVELS]:
        return tuple(levels)
    bases = {name: _NUMBER_AT_END.sub("", name.strip().lower()) for name in others}
    for wanted in LABEL_COLUMN_NAMES:
        if found := tuple(name for name, base in bases.items() if base == wanted):
            return found
    return ()


def _iter_values(table: Table, names: Sequence[str]) -> Iterator[tuple[object, ...]]:
    for batch in table.iter_batches(BATCH_ROWS):
        yield from zip(*(batch.column(name).to_pylist() for name in names), strict=True)


def _text(value: object) -> str:
    """A cell as a text; a whole number that Excel keeps as a fraction is written as one."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None or value != value else str(value).strip()


def _cells(value: object) -> tuple[str, ...]:
    """The cell of a label; a JSON list holds several."""
    return tuple(map(_text, value)) if isinstance(value, list) else (_text(value),)


def _labels_of(row: Mapping[str, object], names: Sequence[str], *, has_marks: bool) -> tuple[str, ...]:
    if has_marks:
        return tuple(name.strip() for name in names if _text(row[name]).lower() in _YES)
    return tuple(cell for name in names for cell in _cells(row[name]) if not is_nothing(cell))


def _unit_ids(found: Sequence[tuple[int, Mapping[str, object]]], name: str | None) -> list[str]:
    """Ids of the rows: those of the table where each is there once, else numbers of rows."""
    ids = [_text(row[name]) for _, row in found] if name else []
    if ids and all(ids) and len(set(ids)) == len(ids):
        return ids
    return [f"row {line}" for line, _ in found]


def _iter_notes(path: Path, places: _Places, *, rows: Sequence[LabelledRow], n_all: int) -> Iterator[str]:
    labels = ", ".join(repr(name) for name in places.labels)
    yield f"{path.name}: {len(rows):,} sentences from column {places.text!r}, labels from {labels}"
    if n_empty := n_all - len(rows):
        yield f"{path.name}: {n_empty:,} rows without text were left out"
    if n_bare := sum(not row.cells for row in rows):
        yield f"{path.name}: {n_bare:,} sentences have no label: read as coded, nothing applies"
