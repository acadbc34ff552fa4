"""Rows of table files -> texts: each row with text is one document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from policy_nlp.documents.dates import find_date
from policy_nlp.documents.formats import TEXT_COLUMN_NAMES
from policy_nlp.documents.table_rows import Sheet, read_sheets
from policy_nlp.errors import MissingColumnError, NoTextError
from policy_nlp.records import DocumentMetadata, ExtractedText, InputFile

TITLE_COLUMNS = (
    "标题",
    "title",
    "题目",
    "题名",
    "文件名称",
    "政策名称",
    "政策标题",
    "文章标题",
    "新闻标题",
    "名称",
)
DATE_COLUMNS = (
    *(
        "日期",
        "date",
        "发布日期",
        "发布时间",
        "发文日期",
        "发文时间",
        "成文日期",
        "印发日期",
        "公布日期",
        "时间",
    ),
    *("publish_date", "pub_date", "pubdate", "time"),
)
ISSUER_COLUMNS = (
    "发布机构",
    "发文机关",
    "发文单位",
    "发布单位",
    "制定机关",
    "发布部门",
    "发文机构",
    "issuer",
)
NUMBER_COLUMNS = ("文号", "发文字号", "发文号", "document_number")
REGION_COLUMNS = ("地区", "省份", "省", "province", "region")
YEAR_COLUMNS = ("年份", "年度", "year")

_HEADER_SEARCH_ROWS = 10  # a merged title may stand above the header
_SAMPLE_ROWS = 500
_MISSING = ("nan", "none", "null", "n/a")  # what other programs write for an empty cell
_MIN_CHINESE = 10  # mean of a column of running text
_MIN_FILLED = 0.5  # share of the rows that have text in it
_MIN_PUNCTUATED = 0.2  # share of its cells that hold the punctuation of a sentence
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_SENTENCE_MARK = re.compile(r"[。！？；，]")
_COMPACT_DATE = re.compile(r"^((?:19|20)\d\d)(\d\d)(\d\d)$")


@dataclass(frozen=True, slots=True)
class _Columns:
    """The header of a sheet, what stands under it, and where its columns are."""

    header: tuple[str, ...]
    first_row: int  # index of the first row of data
    text: int
    warning: str | None

    def find(self, names: Sequence[str]) -> int | None:
        """Index of the first column that has one of `names`, or None."""
        return _find_name(self.header, names)


def read_table_rows(source: InputFile, *, text_column: str | None = None) -> Iterator[ExtractedText]:
    """One text for each row of the table that has text; `part` is "row 12", in workbooks "Sheet1 row 12".

    The text column is the one the user names, else one with a usual name (正文, content ...), else the one
    with the longest Chinese sentences. A sheet of figures has no text column: its notes, the cells with
    sentences, are one text, and `part` is "Sheet1 notes".

    Raises:
        MissingColumnError: no sheet has the column the user named.
        NoTextError: no column of any sheet holds sentences.
        DocumentError: the file is damaged.
    """
    is_read = False
    headers: list[tuple[str, ...]] = []
    for sheet in read_sheets(source):
        columns = _choose_columns(sheet, text_column)
        if columns is not None:
            texts = _iter_rows(sheet, columns)
        else:
            headers.append(tuple(sheet.header or (sheet.rows[0] if sheet.rows else ())))
            texts = _iter_notes(sheet, source) if text_column is None else iter(())
        for extracted in texts:
            is_read = True
            yield extracted
    if is_read:
        return
    if text_column is not None:
        shown = "; ".join(", ".join(name for name in header if name) for header in headers)[:300]
        raise MissingColumnError(
            f"{source.shown_path}: no column is called {text_column!r}; found: {shown or 'none'}",
            path=source.shown_path,
            column=text_column,
        )
    raise NoTextError(
        f"{source.shown_path}: no column of the table holds sentences, only numbers, names or short labels. "
        "If one does, name it with --text-column.",
        path=source.shown_path,
    )


def _iter_rows(sheet: Sheet, columns: _Columns) -> Iterator[ExtractedText]:
    title_column = columns.find(TITLE_COLUMNS)
    rows = sheet.rows[columns.first_row :]
    n_empty = sum(not _cell(row, columns.text) for row in rows if any(cell.strip() for cell in row))
    warnings = sheet.warnings + ((columns.warning,) if columns.warning else ())
    if n_wide := sum(
        any(cell.strip() for cell in row[len(columns.header) :]) for row in rows if columns.header
    ):
        warnings += (
            f"{n_wide} rows have more cells than the header; a text with the delimiter in it is cut there "
            "unless it stands in quotes",
        )
    if n_empty:
        warnings += (f"{n_empty} rows of the table hold no text and were left out",)
    for number, row in enumerate(rows, start=1):
        text = _cell(row, columns.text)
        if not text:
            continue
        yield ExtractedText(
            text=text,
            format=sheet.format,
            part=f"{sheet.name} row {number}".strip(),
            title=_cell(row, title_column) or None,
            encoding=sheet.encoding,
            encoding_confidence=sheet.encoding_confidence,
            metadata=_read_metadata(row, columns),
            warnings=warnings,
        )


def _iter_notes(sheet: Sheet, source: InputFile) -> Iterator[ExtractedText]:
    """The sentences around a table of figures as one text."""
    cells = [cell.strip() for row in sheet.rows for cell in row if _is_sentence(cell)]
    if cells:
        yield ExtractedText(
            text="\n".join(cells),
            format=sheet.format,
            part=f"{sheet.name} notes".strip(),
            title=PurePosixPath(source.shown_path).stem,
            encoding=sheet.encoding,
            encoding_confidence=sheet.encoding_confidence,
            warnings=(
                *sheet.warnings,
                f"no column holds text; the {len(cells)} cells with sentences were read",
            ),
        )


def _is_sentence(cell: str) -> bool:
    return _SENTENCE_MARK.search(cell) is not None and len(_CHINESE.findall(cell)) >= _MIN_CHINESE


def _cell(row: Sequence[str], column: int | None) -> str:
    """The cell without blanks around it; empty where the row is too short or says that nothing is there."""
    cell = row[column].strip() if column is not None and column < len(row) else ""
    return "" if cell.lower() in _MISSING else cell


def _choose_columns(sheet: Sheet, text_column: str | None) -> _Columns | None:
    """Where the columns are; None when no column holds text."""
    header, first_row = _find_header(sheet, text_column)
    names = TEXT_COLUMN_NAMES if text_column is None else (text_column.lower(),)
    named = _find_name(header, names)
    if named is not None:
        warning = None if text_column else f"the text was taken from the column {header[named]!r}"
        return _Columns(header, first_row, named, warning)
    if text_column is not None:
        return None
    longest = _find_running_text(sheet.rows[first_row : first_row + _SAMPLE_ROWS])
    if longest is None:
        return None
    if sheet.header is None and _is_data(header, longest):
        warning = f"the table has no header; the text was taken from column {longest + 1}"
        return _Columns((), 0, longest, warning)
    name = header[longest] if longest < len(header) else ""
    warning = f"no column has a usual name; the text was taken from {name!r} (column {longest + 1})"
    return _Columns(header, first_row, longest, warning)


def _find_header(sheet: Sheet, text_column: str | None) -> tuple[tuple[str, ...], int]:
    """The names of the columns and the index of the first row under them."""
    if sheet.header is not None:
        return sheet.header, 0
    wanted = TEXT_COLUMN_NAMES if text_column is None else (text_column.lower(),)
    for index, row in enumerate(sheet.rows[:_HEADER_SEARCH_ROWS]):
        if _find_name(row, wanted) is not None:
            return tuple(row), index + 1
    for index, row in enumerate(sheet.rows[:_HEADER_SEARCH_ROWS]):
        if sum(bool(cell.strip()) for cell in row) >= min(2, len(row)):
            return tuple(row), index + 1
    return (), 0


def _find_name(header: Sequence[str], names: Sequence[str]) -> int | None:
    cleaned = [re.sub(r"[\s\ufeff]", "", cell).lower() for cell in header]
    return next((cleaned.index(name) for name in names if name in cleaned), None)


def _find_running_text(rows: Sequence[Sequence[str]]) -> int | None:
    """The column with the most Chinese characters a cell, if most rows have sentences there."""
    n_filled = sum(any(cell.strip() for cell in row) for row in rows)
    best, best_mean = None, float(_MIN_CHINESE)
    for column in range(max((len(row) for row in rows), default=0)):
        cells = [cell for row in rows if (cell := _cell(row, column))]
        mean = sum(len(_CHINESE.findall(cell)) for cell in cells) / max(len(cells), 1)
        punctuated = sum(_SENTENCE_MARK.search(cell) is not None for cell in cells) / max(len(cells), 1)
        if mean > best_mean and punctuated >= _MIN_PUNCTUATED and len(cells) >= _MIN_FILLED * n_filled:
            best, best_mean = column, mean
    return best


def _is_data(header: Sequence[str], text: int) -> bool:
    """True where the first row is no header: a sentence stands over the text, or a number over a column."""
    if _SENTENCE_MARK.search(_cell(header, text)) or len(_cell(header, text)) > 40:
        return True
    return any(re.fullmatch(r"\d+(\.\d+)?|\d{4}-\d{1,2}-\d{1,2}", cell.strip()) for cell in header)


def _read_metadata(row: Sequence[str], columns: _Columns) -> DocumentMetadata:
    stated_year = re.search(r"\d{4}", _cell(row, columns.find(YEAR_COLUMNS)))
    date = read_date(_cell(row, columns.find(DATE_COLUMNS)))
    year = int(stated_year.group()) if stated_year else (int(date[:4]) if date else None)
    return DocumentMetadata(
        issuer=_cell(row, columns.find(ISSUER_COLUMNS)) or None,
        document_number=_cell(row, columns.find(NUMBER_COLUMNS)) or None,
        date=date,
        region=_cell(row, columns.find(REGION_COLUMNS)) or None,
        year=year,
    )


def read_date(cell: str) -> str | None:
    """The date of a cell in ISO 8601, as exact as it is written; None where it states none.

    >>> read_date("2025年01月31日 10:20")
    '2025-01-31'
    """
    return find_date(_COMPACT_DATE.sub(r"\1-\2-\3", cell.strip()))
