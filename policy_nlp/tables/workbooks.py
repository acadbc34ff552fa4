"""Excel workbooks (.xlsx, .xls) -> Table: the first sheet that holds anything."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import python_calamine

from policy_nlp.errors import TableError
from policy_nlp.tables.inference import EXACT_IN_FLOAT, ColumnKinds, column_of, field_for, note_kinds
from policy_nlp.tables.sheet_size import check_sheet_sizes
from policy_nlp.tables.table import BATCH_ROWS, Table, unique_names


def open_workbook(path: Path) -> Table:
    """A table whose first row that is not blank names the columns; blank rows at the end are no rows.

    Whole numbers are int64 (Excel keeps all numbers as fractions), cells of a mixed column are text.

    Raises:
        TableError: the file is damaged or locked with a password, or no sheet holds anything.
    """
    sheet, notes = _first_filled_sheet(path)
    header, rows = _header_and_rows(sheet)
    names, renamed = unique_names([_header_text(cell) for cell in header])
    kinds: list[ColumnKinds] = [set() for _ in names]
    for row in rows:
        for value, found in zip(row, kinds, strict=True):
            note_kinds(value, found)
    fields = [field_for(name, found) for name, found in zip(names, kinds, strict=True)]
    schema = pa.schema(fields)

    def read(first_row: int) -> Iterator[pa.RecordBatch]:
        for start in range(first_row, len(rows), BATCH_ROWS):
            columns = zip(*rows[start : start + BATCH_ROWS], strict=True)
            arrays = [column_of(column, field) for column, field in zip(columns, fields, strict=True)]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    return Table(path, path.suffix.lower().lstrip(".") or "xlsx", schema, len(rows), read, (*notes, *renamed))


def _first_filled_sheet(path: Path) -> tuple[list[list[Any]], tuple[str, ...]]:
    """Rows of the first sheet that holds anything, and a note naming the sheets that are not read."""
    try:
        check_sheet_sizes(path)
        workbook = python_calamine.CalamineWorkbook.from_path(path)
        for i, name in enumerate(workbook.sheet_names):
            rows = workbook.get_sheet_by_index(i).to_python(skip_empty_area=True)
            if any(cell != "" for row in rows for cell in row):
                return rows, _note_other_sheets(name, workbook.sheet_names)
    except python_calamine.PasswordError as err:
        raise TableError(
            f"{path}: this workbook is locked with a password. Save it without one.", path=path
        ) from err
    except (python_calamine.CalamineError, zipfile.BadZipFile, zlib.error, OSError, ValueError) as err:
        raise TableError(
            f"{path}: this workbook cannot be read ({err}). Open it in Excel and save it again as .xlsx.",
            path=path,
        ) from err
    raise TableError(f"{path}: no sheet of this workbook holds anything.", path=path)


def _note_other_sheets(read: str, names: list[str]) -> tuple[str, ...]:
    others = ", ".join(repr(name) for name in names if name != read)
    return (f"sheet {read!r} is read; other sheets are not: {others}",) if others else ()


def _header_and_rows(sheet: list[list[Any]]) -> tuple[list[Any], list[list[object]]]:
    filled = [i for i, row in enumerate(sheet) if any(cell != "" for cell in row)]
    header = sheet[filled[0]]
    n_columns = max(i for row in sheet for i, cell in enumerate(row, start=1) if cell != "")
    rows = [[_value_of(cell) for cell in row[:n_columns]] for row in sheet[filled[0] + 1 : filled[-1] + 1]]
    return header[:n_columns], rows


def _value_of(cell: Any) -> object:  # noqa: ANN401 what calamine gives: str, float, bool, date ...
    if cell == "":
        return None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) <= EXACT_IN_FLOAT:
        return int(cell)
    return cell


def _header_text(cell: Any) -> str:  # noqa: ANN401
    value = _value_of(cell)
    return "" if value is None else str(value).strip()
