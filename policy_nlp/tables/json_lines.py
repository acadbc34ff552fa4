"""JSON Lines (plain or gzip) -> Table. A first pass finds the columns, their types and any bad line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa

from policy_nlp.errors import TableError
from policy_nlp.tables.inference import ColumnKinds, column_of, field_for, note_kinds
from policy_nlp.tables.table import BATCH_ROWS, Table
from policy_nlp.tables.text_source import TextSource, open_text_source

NumberedLine = tuple[int, str]


def open_json_lines(path: Path) -> Table:
    """A table of one JSON object a line; blank lines are no rows, fields that lack are null.

    Raises:
        TableError: a line is no JSON object; the message names file and line.
    """
    source = open_text_source(path)
    kinds: dict[str, ColumnKinds] = {}
    n_rows = 0
    for line in _iter_lines(source):
        for name, value in _parse_row(path, line).items():
            note_kinds(value, kinds.setdefault(name, set()))
        n_rows += 1
    schema = pa.schema([field_for(name, found) for name, found in kinds.items()])

    def read(first_row: int) -> Iterator[pa.RecordBatch]:
        lines = islice(_iter_lines(source), first_row, None)
        while some := list(islice(lines, BATCH_ROWS)):
            rows = [_parse_row(path, line) for line in some]
            columns = [column_of([row.get(field.name) for row in rows], field) for field in schema]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)

    return Table(path, "jsonl", schema, n_rows, read, source.warnings)


def _iter_lines(source: TextSource) -> Iterator[NumberedLine]:
    """Lines that are not blank, each with its number, counted from 1."""
    return ((number, line) for number, line in enumerate(source.iter_lines(), start=1) if line.strip())


def _parse_row(path: Path, line: NumberedLine) -> dict[str, object]:
    line_number, text = line
    try:
        row = json.loads(text)
    except json.JSONDecodeError as err:
        found = f"this is no JSON ({err.msg} at character {err.colno})"
    except RecursionError:
        found = "this is JSON nested too deep"
    else:
        if isinstance(row, dict):
            return row
        found = f"found a JSON {type(row).__name__}"
    raise TableError(
        f"{path}:{line_number}: {found}; JSON Lines hold one object a line, such as"
        ' {"id": "1", "text": "..."}. Mend the line, or save the table as .csv or .xlsx.',
        path=path,
        line=line_number,
    )
