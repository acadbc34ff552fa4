"""Codebook <-> table (CSV, Excel) with the columns `id,parent,name,definition`, then all other fields.

Tables of other programs are read too: without ids (Taguette: `tag,description`), with a path of names in one
column (`人才>>培养`), parents told by name, and QualCoder's text form `cat>>sub>>code<TAB>memo`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from policy_nlp.codebook import CODE_LEVELS, Code, Codebook, is_code_id, nearest_id
from policy_nlp.encodings import decode_text
from policy_nlp.errors import CodebookError
from policy_nlp.exchange.code_texts import (
    FIELD_NAMES,
    FoundCode,
    can_carry,
    keeps_order_as_tree,
    texts_of_code,
)
from policy_nlp.tables.cells import begins_formula
from policy_nlp.tables.reading import open_table
from policy_nlp.tables.table import Rows, Table
from policy_nlp.tables.writing import write_table

MAX_CODES = 100_000
CODEBOOK, STATUS = "codebook", "status"  # of the whole file: they stand in its first row
_FIRST_COLUMNS = ("id", "parent", "name", "definition", "level", "name_en")
# Names of columns as people and programs write them, in lower case.
_ALIASES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "code_id", "编号", "编码", "编码编号", "代码编号"),
    "parent": (
        *("parent", "parent_id", "parent_name", "parent code", "上级", "上级编号", "上级编码", "上级代码"),
        *("上级名称", "上级范畴", "父级", "父编码", "父代码", "父节点", "所属范畴"),
    ),
    "name": ("name", "name_zh", "code", "tag", "code_name", "名称", "范畴", "代码", "编码名称", "代码名称"),
    "path": ("path", "code path", "路径名"),
    "definition": ("definition", "description", "memo", "code memo", "定义", "说明"),
    "level": ("level", "层级"),
    "name_en": ("name_en", "英文名称"),
}
_LEVEL_WORDS = {
    "主范畴": "main",
    "初始范畴": "initial",
    "概念": "concepts",
    "维度": "dimensions",
    "路径": "paths",
}
_PATH_SEPARATORS = (">>", "::", " > ", "\\", "/")


@dataclass(frozen=True, slots=True)
class FoundCodebook:
    """What a file says of a codebook before its tree is settled; texts are empty where it is silent."""

    codes: tuple[FoundCode, ...]
    name: str = ""
    status: str = ""
    notes: tuple[str, ...] = ()


def write_codebook_table(path: Path, codebook: Codebook) -> tuple[str, ...]:
    """Write a codebook as CSV or Excel sheet, by the ending; one row a code, each parent before its codes.

    Returns:
        Warnings: what the format could not hold.
    """
    codes = _in_file_order(codebook)
    rows = [_row_of(code) for code in codes]
    rows[0] |= {CODEBOOK: codebook.name, STATUS: codebook.status}
    used = dict.fromkeys(name for row in rows for name in row)
    last = [name for name in used if name not in (*_FIRST_COLUMNS, *FIELD_NAMES, CODEBOOK, STATUS)]
    names = [*_FIRST_COLUMNS, *(n for n in FIELD_NAMES[1:] if n in used), *last, CODEBOOK, STATUS]
    schema = pa.schema([pa.field(name, pa.string()) for name in names])
    is_csv = path.suffix.lower() != ".xlsx"
    columns = [pa.array([_guarded(row.get(name, ""), is_csv) for row in rows], pa.string()) for name in names]
    batch = pa.RecordBatch.from_arrays(columns, schema=schema)
    return write_table(path, Rows(schema, [batch]))


def read_codebook_table(path: Path) -> FoundCodebook:
    """The codes in the rows of a CSV file or Excel workbook.

    Raises:
        TableError: the file holds no table.
        CodebookError: there is no column of names, or a row breaks a rule; the message names the row.
    """
    table = open_table(path)
    columns = _find_columns(table)
    rows = list(_iter_rows(table, columns))
    notes = (*table.warnings, *_iter_column_notes(table, columns))
    if not rows:
        raise CodebookError(f"{path}: the table has no rows. Write one row for each code.", path=path)
    if "id" in columns.values():
        codes = _codes_with_ids(rows, path)
    else:
        codes = _codes_without_ids(rows, separator=_find_separator(rows))
    name, status = (next((t for row in rows if (t := row.texts.get(key))), "") for key in (CODEBOOK, STATUS))
    return FoundCodebook(tuple(codes), name.strip(), status.strip(), notes)


def read_code_lines(path: Path) -> FoundCodebook:
    """The codes in a text file of lines `category>>subcategory>>code<TAB>memo`, as QualCoder writes them.

    Raises:
        EncodingError: the bytes are no text.
        CodebookError: the file is empty.
    """
    decoded = decode_text(path.read_bytes())
    rows = []
    for number, line in enumerate(re.split("\r\n|\r|\n", decoded.text), start=1):
        name, _, memo = line.partition("\t")
        if name.strip():
            rows.append(_Row(f"line {number}", {"name": name.strip(), "definition": memo.strip()}))
    if not rows:
        raise CodebookError(
            f"{path}: the file is empty. Write one code a line: category>>code, a tab, its definition.",
            path=path,
        )
    return FoundCodebook(tuple(_codes_without_ids(rows, separator=">>")), notes=decoded.warnings)


@dataclass(frozen=True, slots=True)
class _Row:
    """The texts of one row by the names of their fields."""

    place: str
    texts: Mapping[str, str]

    def text(self, name: str) -> str:
        """The text of one field without blanks around it."""
        return self.texts.get(name, "").strip()


def _in_file_order(codebook: Codebook) -> list[Code]:
    """The codes main by main, initial by initial, where that keeps the order of each level; else by level."""
    if not keeps_order_as_tree(codebook):
        return list(codebook.all_codes)
    inside: dict[str | None, list[Code]] = defaultdict(list)
    for code in (*codebook.initial, *codebook.concepts):
        inside[code.parent_id].append(code)
    tree: list[Code] = []
    for main in codebook.main:
        tree.append(main)
        for initial in inside[main.code_id]:
            tree += [initial, *inside[initial.code_id]]
    return [*tree, *codebook.dimensions, *codebook.paths]


def _row_of(code: Code) -> dict[str, str]:
    head = {"id": code.code_id, "parent": code.parent_id or "", "name": code.name_zh, "level": code.level}
    return head | texts_of_code(code)


def _guarded(text: str, is_csv: bool) -> str:
    """The text with one more apostrophe where a reader of CSV would take the first for ours."""
    return f"'{text}" if is_csv and text.startswith("'") and begins_formula(text.lstrip("'")) else text


def _unguarded(text: str, is_csv: bool) -> str:
    """The text without the apostrophe that kept a spreadsheet from running it."""
    return text[1:] if is_csv and text.startswith("'") and begins_formula(text.lstrip("'")) else text


def _find_columns(table: Table) -> dict[str, str]:
    """The field that each column holds, by the column's name."""
    by_word = {word: field for field, words in _ALIASES.items() for word in words}
    columns: dict[str, str] = {}
    for name in table.schema.names:
        field = by_word.get(name.strip().lower())
        if field is None and (name in (*FIELD_NAMES, CODEBOOK, STATUS) or can_carry(name)):
            field = name
        if field is not None and field not in columns.values():
            columns[name] = field
    if not {"name", "path"} & set(columns.values()):
        shown = ", ".join(repr(name) for name in table.schema.names[:20])
        raise CodebookError(
            f"{table.path}: no column holds the names of the codes. Columns there are: {shown}; name one of "
            "them 'name' (and others 'id', 'parent', 'definition'), and delete rows above these names.",
            path=table.path,
        )
    return columns


def _iter_column_notes(table: Table, columns: Mapping[str, str]) -> Iterator[str]:
    if unread := [name for name in table.schema.names if name not in columns]:
        yield f"columns that are not read: {', '.join(unread)}"
    is_ours = CODEBOOK in columns.values()  # then the texts were texts of the codes before
    kept = [name for name, field in columns.items() if field not in (*_ALIASES, *FIELD_NAMES, STATUS)]
    if kept and not is_ours:
        yield f"columns whose names mean nothing here, kept as texts of the codes: {', '.join(kept)}"


def _iter_rows(table: Table, columns: Mapping[str, str]) -> Iterator[_Row]:
    """The rows that hold anything; the first row of the file holds the names of the columns."""
    is_csv = table.format in ("csv", "tsv")
    if table.n_rows > MAX_CODES:
        raise CodebookError(
            f"{table.path}: {table.n_rows:,} rows, at most {MAX_CODES:,} codes are read. Split the table.",
            path=table.path,
        )
    number = 1
    for batch in table.read(0):
        values = {field: batch.column(name).to_pylist() for name, field in columns.items()}
        for cells in zip(*values.values(), strict=True):
            number += 1
            texts = {
                field: _unguarded(str(cell), is_csv)
                for field, cell in zip(values, cells, strict=True)
                if cell is not None and cell != ""
            }
            if any(text.strip() for text in texts.values()):
                yield _Row(f"row {number}", texts)


def _codes_with_ids(rows: Sequence[_Row], path: Path) -> list[FoundCode]:
    ids = {row.text("id") for row in rows}
    id_of_name = {row.text("name"): row.text("id") for row in reversed(rows)}
    codes = []
    for row in rows:
        code_id, parent = row.text("id"), row.text("parent")
        if not is_code_id(code_id):
            found = f"the id {code_id!r}" if code_id else "no id"
            raise _row_error(
                path, row, f"found {found}; an id holds letters, digits, `_`, `-` and `.` only. Correct it"
            )
        if parent not in ids:
            parent = id_of_name.get(parent, parent)
        texts = {**row.texts, "id": code_id, **_level_of(row, path)}
        codes.append(FoundCode(code_id, row.text("name") or code_id, parent or None, _own(texts), row.place))
    return codes


def _level_of(row: _Row, path: Path) -> dict[str, str]:
    said = row.text("level")
    level = _LEVEL_WORDS.get(said, said.lower())
    if level and level not in CODE_LEVELS:
        nearest = nearest_id(level, CODE_LEVELS)
        wanted = ", ".join(CODE_LEVELS)
        raise _row_error(
            path, row, f"the level {said!r} is none of {wanted}; the nearest is {nearest!r}. Correct it"
        )
    return {"level": level} if level else {}


def _own(texts: Mapping[str, str]) -> dict[str, str]:
    """What the row says of its code: not where it stands, nor what it says of the whole file."""
    return {
        name: text for name, text in texts.items() if name not in ("name", "parent", "path", CODEBOOK, STATUS)
    }


def _codes_without_ids(rows: Sequence[_Row], *, separator: str) -> list[FoundCode]:
    """The codes of rows that name their parents, or have the names of all parents in their path."""
    if separator or any(row.text("path") for row in rows):
        return _codes_of_paths(rows, separator)
    place_of_name = {row.text("name"): row.place for row in reversed(rows)}
    return [
        FoundCode(
            row.place,
            row.text("name"),
            place_of_name.get(row.text("parent"), row.text("parent")) or None,
            _own(row.texts),
            row.place,
        )
        for row in rows
    ]


def _codes_of_paths(rows: Sequence[_Row], separator: str) -> list[FoundCode]:
    codes: dict[str, FoundCode] = {}
    for row in rows:
        steps = _steps_of(row, separator)
        keys = ["\0".join(steps[: n + 1]) for n in range(len(steps))]
        for n, key in enumerate(keys):
            codes.setdefault(key, FoundCode(key, steps[n], keys[n - 1] if n else None))
        key = keys[-1]
        if codes[key].place:  # a second row of this path is a code of its own
            key = f"{key}\0{row.place}"
        above = keys[-2] if len(keys) > 1 else None
        codes[key] = FoundCode(key, steps[-1], above, _own(row.texts), row.place)
    return list(codes.values())


def _steps_of(row: _Row, separator: str) -> list[str]:
    path, name = row.text("path"), row.text("name")
    parts = (path or name).split(separator) if separator else [path or name]
    steps = [step.strip() for step in parts if step.strip()] or [path or name]
    return steps if not path or not name or steps[-1] == name else [*steps, name]


def _find_separator(rows: Sequence[_Row]) -> str:
    """What parts the names in a path; empty where no path has one. In names only `>>` counts."""
    paths = [path for row in rows if (path := row.text("path"))]
    if paths:
        return next((s for s in _PATH_SEPARATORS if any(s in path for path in paths)), "")
    return ">>" if any(">>" in row.text("name") for row in rows) else ""


def _row_error(path: Path, row: _Row, what: str) -> CodebookError:
    return CodebookError(f"{path}: {row.place}: {what}.", path=path, place=row.place)
