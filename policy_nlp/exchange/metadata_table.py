"""Table of the user -> region, issuer, year, date and genre of documents, in place of what was found."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TypedDict, TypeVar

from policy_nlp.analysis.coded_corpus import CodedCorpus, CorpusDocument
from policy_nlp.documents.dates import find_date
from policy_nlp.documents.regions import find_region
from policy_nlp.errors import CorpusError
from policy_nlp.files import show_path
from policy_nlp.gold.units import squeeze_text
from policy_nlp.tables.cells import drop_formula_guard
from policy_nlp.tables.reading import open_table
from policy_nlp.tables.table import BATCH_ROWS, Table

COLUMN_NAMES: Mapping[str, tuple[str, ...]] = {
    "document_id": ("document_id", "doc_id", "文档编号", "文件编号"),
    "path": ("path", "路径", "文件路径"),
    "file": ("file", "filename", "file_name", "文件", "文件名", "文件名称"),
    "title": ("title", "标题", "题名", "文件标题", "篇名"),
    "region": ("region", "province", "地区", "省份", "省", "区域", "省区市"),
    "issuer": ("issuer", "发文机关", "发文单位", "发布机构", "发布单位", "机关"),
    "document_number": ("document_number", "文号", "发文字号"),
    "year": ("year", "年份", "年度", "年"),
    "date": ("date", "日期", "发布日期", "成文日期", "发文日期", "印发日期"),
    "kind": ("kind", "genre", "文种", "文件类型", "类型"),
}
_KEYS = ("document_id", "path", "file", "title")  # what a document is known by, the surest first
_VALUES = tuple(name for name in COLUMN_NAMES if name not in _KEYS)
_NONE = {"-", "—", "--", "无", "n/a", "na", "none"}  # a cell that takes away what was found
_SHOWN_ROWS = 3
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the table; `number` counts rows of data from 1, the header is none."""

    number: int
    cells: Mapping[str, object]  # by our names of the columns; empty cells are not there

    def keys(self) -> str:
        """The row as messages name it."""
        named = "，".join(str(self.cells[key]) for key in _KEYS if key in self.cells)
        return f"row {self.number} ({named[:60]})" if named else f"row {self.number}"


def apply_metadata(corpus: CodedCorpus, path: Path) -> CodedCorpus:
    """The corpus with the metadata of a table (csv, xlsx, jsonl ...) in place of its own.

    A row names its document by `document_id`, `path`, `file` or `title` (or their Chinese names, see
    `COLUMN_NAMES`), the first that fits. An empty cell changes nothing, `-` or 无 takes a value away. Rows
    that fit no document are named in the notes.

    Raises:
        TableError: the table cannot be read.
        CorpusError: it has no column that names documents, or none with a property; a row fits several
            documents, two rows speak of one, or a cell is no year or date.
    """
    table = open_table(path)
    columns = _find_columns(table)
    finder = _Finder(corpus.documents)
    row_of: dict[int, _Row] = {}
    changed = list(corpus.documents)
    unmatched: list[_Row] = []
    for row in _iter_rows(table, columns):
        found = finder.find(row)
        if len(found) > 1:
            raise _error(path, row, _describe_several([corpus.documents[i] for i in found]))
        if not found:
            unmatched.append(row)
            continue
        place = found[0]
        if place in row_of:
            raise _error(
                path, row, f"row {row_of[place].number} speaks of the same document. Keep one of them."
            )
        row_of[place] = row
        changed[place] = _change(changed[place], row, path=path)
    n_changed = sum(old != new for old, new in zip(corpus.documents, changed, strict=True))
    notes = (*table.warnings, *_notes(path, row_of=row_of, n_changed=n_changed, unmatched=unmatched))
    return replace(corpus, documents=tuple(changed), notes=(*corpus.notes, *notes))


def _find_columns(table: Table) -> Mapping[str, str]:
    """The column of the table for each name of ours that it has."""
    found: dict[str, str] = {}
    for column in table.schema.names:
        written = squeeze_text(column).lower()
        name = next((name for name, known in COLUMN_NAMES.items() if written in known), None)
        if name is not None and name in found:
            raise CorpusError(
                f"{table.path}: the columns {found[name]!r} and {column!r} both hold the {name}. Keep one.",
                path=table.path,
            )
        if name is not None:
            found[name] = column
    for names, what in ((_KEYS, "names the document"), (_VALUES, "holds a property")):
        if not any(name in found for name in names):
            wanted = ", ".join(COLUMN_NAMES[name][0] for name in names)
            there = ", ".join(repr(name) for name in table.schema.names)
            raise CorpusError(
                f"{table.path}: no column {what}. Columns there are: {there}; one of {wanted} was expected.",
                path=table.path,
            )
    return found


def _iter_rows(table: Table, columns: Mapping[str, str]) -> Iterator[_Row]:
    number = 0
    for batch in table.iter_batches(BATCH_ROWS):
        lists = {name: batch.column(column).to_pylist() for name, column in columns.items()}
        for values in zip(*lists.values(), strict=True):
            number += 1
            cells = dict(zip(lists, map(_clean, values), strict=True))
            if kept := {name: value for name, value in cells.items() if value is not None}:
                yield _Row(number, kept)


def _clean(value: object) -> object:
    """The cell without blanks around it; None where it is empty."""
    if isinstance(value, str):
        return drop_formula_guard(value.strip()) or None
    return value


class _Finder:
    """Documents by what a row may name them."""

    def __init__(self, documents: Sequence[CorpusDocument]) -> None:
        self._paths = [_plain_path(document.path) for document in documents]
        self._places: dict[str, dict[str, list[int]]] = {key: {} for key in _KEYS}
        for place, document in enumerate(documents):
            file = PurePosixPath(self._paths[place])
            self._add("document_id", document.document_id, place)
            self._add("path", self._paths[place], place)
            for name in {file.name, file.stem}:
                self._add("file", name, place)
            self._add("title", squeeze_text(document.title), place)

    def find(self, row: _Row) -> list[int]:
        """Places of the documents that the first fitting key of the row names."""
        for key in _KEYS:
            if key in row.cells and (found := self._find_by(key, str(row.cells[key]))):
                return found
        return []

    def _add(self, key: str, name: str, place: int) -> None:
        self._places[key].setdefault(name, []).append(place)

    def _find_by(self, key: str, written: str) -> list[int]:
        if key in ("document_id", "title"):
            return self._places[key].get(squeeze_text(written), [])
        name = _plain_path(written)
        if found := self._places[key].get(name, []):
            return found
        ends = [i for i, path in enumerate(self._paths) if _is_end(path, name) or _is_end(name, path)]
        return ends if "/" in name else self._places["file"].get(name, [])


def _plain_path(written: str) -> str:
    return written.replace("\\", "/").removeprefix("./").rstrip("/")


def _is_end(path: str, name: str) -> bool:
    return path.endswith(f"/{name}")


def _describe_several(documents: Sequence[CorpusDocument]) -> str:
    shown = "; ".join(f"{one.document_id} {one.path}" for one in documents[:_SHOWN_ROWS])
    return (
        f"{len(documents)} documents are named so ({shown}). Name the one that is meant by its path or its "
        "document_id."
    )


def _change(document: CorpusDocument, row: _Row, *, path: Path) -> CorpusDocument:
    old = document.metadata
    try:
        year, date = _read(row, "year", _year, old=old.year), _read(row, "date", _date, old=old.date)
        metadata = replace(
            old,
            region=_read(row, "region", _region, old=old.region),
            issuer=_read(row, "issuer", str, old=old.issuer),
            document_number=_read(row, "document_number", str, old=old.document_number),
            **_agreeing(row, year, date),
        )
        return replace(document, metadata=metadata, kind=_read(row, "kind", str, old=document.kind))
    except ValueError as err:
        raise _error(path, row, str(err)) from err


def _read(row: _Row, name: str, parse: Callable[[object], _T | None], *, old: _T | None) -> _T | None:
    """The value in the row, the old one where the cell is empty; ValueError where it cannot be read."""
    if name not in row.cells:
        return old
    value = row.cells[name]
    if str(value).lower() in _NONE:
        return None
    parsed = parse(value)
    if parsed is None:
        raise ValueError(f"{value!r} is no {name}. {_EXPECTED[name]}")
    return parsed


class _YearAndDate(TypedDict):
    year: int | None
    date: str | None


def _agreeing(row: _Row, year: int | None, date: str | None) -> _YearAndDate:
    """Year and date that do not gainsay each other: what the row says goes before what was found."""
    if date is None or date[:4] == str(year) or not ("date" in row.cells or "year" in row.cells):
        return {"year": year, "date": date}
    if "date" not in row.cells:
        return {"year": year, "date": None}
    if "year" in row.cells and year is not None:
        raise ValueError(f"the year is {year} and the date {date}. Correct one of them.")
    return {"year": int(date[:4]), "date": date}


_EXPECTED = {
    "year": "A year of four digits was expected, as 2024.",
    "date": "A date was expected, as 2024-03-05, 2024-03 or 2024年3月5日.",
}


def _region(value: object) -> str | None:
    """The short name of a province; other regions (长三角) as they are written."""
    return find_region(str(value), "") or str(value)


def _year(value: object) -> int | None:
    if isinstance(value, dt.date):
        return value.year
    found = re.fullmatch(r"(\d{4})(?:\.0)?\s*年?度?", str(value))
    return int(found[1]) if found and found[1] >= "1000" else None


def _date(value: object) -> str | None:
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    text = str(value)
    return text if re.fullmatch(r"[12]\d{3}", text) else find_date(text)


def _error(path: Path, row: _Row, message: str) -> CorpusError:
    return CorpusError(f"{path}: {row.keys()}: {message}", path=path, row=row.number)


def _notes(
    path: Path, *, row_of: Mapping[int, _Row], n_changed: int, unmatched: Sequence[_Row]
) -> Iterator[str]:
    name = show_path(path)
    yield f"{name}: {len(row_of):,} rows name a document, {n_changed:,} of them change what was found"
    if unmatched:
        shown = "; ".join(row.keys() for row in unmatched[:_SHOWN_ROWS])
        more = ", ..." if len(unmatched) > _SHOWN_ROWS else ""
        yield f"{name}: {len(unmatched):,} rows name no document of these folders: {shown}{more}"
