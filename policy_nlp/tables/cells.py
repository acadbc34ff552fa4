"""Arrow columns -> cells of a spreadsheet: plain values, lists joined with `;`, nothing that runs."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from policy_nlp.tables.inference import json_text

Cell = str | int | float | bool | dt.date | None

SCORES = "scores"
LIST_SEPARATOR = ";"

# What begins a formula in Excel, LibreOffice and WPS, also behind blanks; full-width forms begin one where
# East Asian input is set. A tab or carriage return can part a cell so that the rest begins a formula.
_FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?%?")


def begins_formula(text: str) -> bool:
    """Whether a spreadsheet could take a cell with this text for a formula; numbers (-3.5, +5) are none.

    >>> begins_formula("=1+1"), begins_formula("  -2+3"), begins_formula("-3.5"), begins_formula("一是")
    (True, True, False, False)
    """
    return bool(_FORMULA.match(text)) and not _NUMBER.fullmatch(text.strip())


def guard_formula(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it; else as it is.

    >>> guard_formula("=1+1"), guard_formula("一是")
    ("'=1+1", '一是')
    """
    return f"'{text}" if begins_formula(text) else text


def drop_formula_guard(text: str) -> str:
    """The text without the apostrophe that `guard_formula` put before it; one that people wrote stays.

    >>> drop_formula_guard("'=1+1"), drop_formula_guard("'90年代"), drop_formula_guard("'")
    ('=1+1', "'90年代", "'")
    """
    return text[1:] if text.startswith("'") and begins_formula(text[1:]) else text


def spreadsheet_names(schema: pa.Schema, *, with_scores: bool) -> list[str]:
    """Names of the columns a CSV or XLSX file gets; scores are one column a code, or left out."""
    names: list[str] = []
    for field in schema:
        if not _is_scores(field):
            names.append(field.name)
        elif with_scores:
            names.extend(f"{SCORES}.{code.name}" for code in field.type)
    return names


def spreadsheet_columns(batch: pa.RecordBatch, *, with_scores: bool) -> list[list[Cell]]:
    """The cells of each column, in the order of `spreadsheet_names`."""
    columns: list[list[Cell]] = []
    for field, column in zip(batch.schema, batch.columns, strict=True):
        if not _is_scores(field):
            columns.append([_cell_of(value) for value in with_short_floats(column).to_pylist()])
        elif with_scores:
            codes = (pc.struct_field(column, i) for i in range(field.type.num_fields))
            columns.extend(with_short_floats(code).to_pylist() for code in codes)
    return columns


def _is_scores(field: pa.Field) -> bool:
    return field.name == SCORES and bool(pa.types.is_struct(field.type))


def _cell_of(value: Any) -> Cell:  # noqa: ANN401 whatever Arrow holds
    if isinstance(value, list):
        plain = all(item is None or isinstance(item, (str, int, float, bool)) for item in value)
        return (
            LIST_SEPARATOR.join("" if item is None else str(item) for item in value)
            if plain
            else _json(value)
        )
    if isinstance(value, dict):
        return _json(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, (str, bool, int, float, dt.date)):
        return value
    return str(json_ready(value))


def _json(value: object) -> str:
    return json_text(json_ready(value))


def json_ready(value: Any) -> Any:  # noqa: ANN401 whatever Arrow holds
    """A value that JSON can hold: dates in ISO 8601, NaN as null, bytes and decimals as text."""
    if isinstance(value, dict):
        return {str(key): json_ready(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_ready(item) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return value if value is None or isinstance(value, (str, bool, int)) else str(value)


def with_short_floats(column: pa.Array) -> pa.Array:
    """The column with float32 as float64 that print as short as they were: 0.1234, not 0.1234000027."""
    kind = column.type
    if pa.types.is_float32(kind):
        return column.cast(pa.string()).cast(pa.float64())
    if pa.types.is_struct(kind) and any(pa.types.is_float32(field.type) for field in kind):
        children = [with_short_floats(pc.struct_field(column, i)) for i in range(kind.num_fields)]
        return pa.StructArray.from_arrays(children, names=[f.name for f in kind], mask=column.is_null())
    if pa.types.is_list(kind) and pa.types.is_float32(kind.value_type):
        return column.cast(pa.list_(pa.string())).cast(pa.list_(pa.float64()))
    return column
