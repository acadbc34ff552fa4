"""Coders -> files that `agree`, spreadsheets and other programs read: JSON Lines, the long form, codings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import pyarrow as pa

from policy_nlp.codebook import Codebook
from policy_nlp.files import atomic_path
from policy_nlp.gold.units import write_coded_units
from policy_nlp.records import PREDICTED_LEVELS, CodedUnit, Coder, CoderUnits, Level
from policy_nlp.tables.table import BATCH_ROWS, Rows
from policy_nlp.tables.writing import check_fits, write_table

LONG_SCHEMA = pa.schema([pa.field(name, pa.string()) for name in ("unit", "coder", "code")])
SHEET_SCHEMA = pa.schema(
    [
        pa.field("unit", pa.string()),
        pa.field("coder", pa.string()),
        pa.field("code", pa.string()),
        pa.field("level", pa.string()),
        pa.field("code_name", pa.string()),
        pa.field("main_name", pa.string()),
        pa.field("text", pa.string()),
        pa.field("doc_id", pa.string()),
        pa.field("start", pa.int64()),
        pa.field("end", pa.int64()),
    ]
)

_Values = tuple[object, ...]  # one row in the order of SHEET_SCHEMA, which begins as LONG_SCHEMA


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file of codings that was written.

    Attributes:
        codebook: its name.
        n_texts: sources of a project; None for other forms.
        n_units: units that one coder or more were given; None for a project.
        notes: of reading and joining the inputs, and what is not in the file.
    """

    out: Path
    codebook: str
    coder_ids: tuple[str, ...]
    n_codings: int
    n_texts: int | None = None
    n_units: int | None = None
    notes: tuple[str, ...] = ()


def write_unit_lines(path: Path, coders: Sequence[CoderUnits]) -> tuple[str, ...]:
    """Write one line a unit and coder, in the gold form; returns what is lost, which is nothing."""
    units = (replace(unit, coder_id=own.coder.coder_id) for own in coders for unit in own.units)
    write_coded_units(path, units)
    return ()


def write_long_csv(path: Path, coders: Sequence[CoderUnits], *, codebook: Codebook) -> tuple[str, ...]:
    """Write `unit,coder,code`, one row a coding; a unit in which nothing applies has one with no code.

    Returns:
        What the form does not tell.
    """
    with atomic_path(path) as temporary:
        warnings = write_table(temporary, _rows(LONG_SCHEMA, coders, codebook))
    return (*_untold_levels(coders, codebook), *warnings, "texts and places of the units are not in the file")


def write_coding_sheet(path: Path, coders: Sequence[CoderUnits], *, codebook: Codebook) -> tuple[str, ...]:
    """Write the codings as an Excel table: the long form with names, texts and places.

    Returns:
        What the form does not tell.

    Raises:
        OutputError: there are more codings than an Excel sheet has rows.
    """
    n_rows = sum(max(len(codes_of_unit(unit)), 1) for own in coders for unit in own.units)
    check_fits(path, SHEET_SCHEMA, n_rows=n_rows)
    with atomic_path(path) as temporary:
        warnings = write_table(temporary, _rows(SHEET_SCHEMA, coders, codebook))
    return (*_untold_levels(coders, codebook), *warnings)


def _rows(schema: pa.Schema, coders: Sequence[CoderUnits], codebook: Codebook) -> Rows:
    return Rows(schema, _iter_batches(schema, coders, codebook))


def _iter_batches(
    schema: pa.Schema, coders: Sequence[CoderUnits], codebook: Codebook
) -> Iterator[pa.RecordBatch]:
    rows = (row for own in coders for unit in own.units for row in _iter_rows(unit, own.coder, codebook))
    while block := list(islice(rows, BATCH_ROWS)):
        columns = list(zip(*block, strict=True))[: len(schema)]
        arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _iter_rows(unit: CodedUnit, coder: Coder, codebook: Codebook) -> Iterator[_Values]:
    ends = (unit.span.start, unit.span.end) if unit.span is not None else (None, None)
    place = (unit.text, unit.document_id, *ends)
    codes = codes_of_unit(unit)
    if not codes:
        yield (unit.unit_id, coder.coder_id, "", None, None, None, *place)
    for level, code_id in codes:
        code = codebook.find(code_id)
        main = codebook.find(code.parent_id).name_zh if level == "initial" and code.parent_id else None
        yield (unit.unit_id, coder.coder_id, code_id, level, code.name_zh, main, *place)


def codes_of_unit(unit: CodedUnit) -> list[tuple[Level, str]]:
    """The codes of a unit, each with its level; main categories are not among them: they follow."""
    return [(level, code_id) for level in PREDICTED_LEVELS for code_id in codes_at(unit, level) or ()]


def codes_at(unit: CodedUnit, level: Level) -> tuple[str, ...] | None:
    """The codes of one predicted level; None when the coder did not code it."""
    return {"initial": unit.initial, "dimensions": unit.dimensions, "paths": unit.paths}[level]


def _untold_levels(coders: Sequence[CoderUnits], codebook: Codebook) -> list[str]:
    """Where the long form, in which a level is coded where one of its codes is used, reads otherwise."""
    notes = []
    for own in coders:
        for level in PREDICTED_LEVELS:
            found = [codes_at(unit, level) for unit in own.units]
            is_used, is_coded = any(found), any(codes is not None for codes in found)
            if is_coded and not is_used and codebook.ids(level):
                notes.append(f"{own.coder.coder_id} coded {level} and used no code of it: reads as not coded")
            if is_used and None in found:
                n_units = found.count(None)
                what = f"{own.coder.coder_id} did not code {level} in {n_units:,} units"
                notes.append(f"{what}: reads as nothing applies")
    return notes
