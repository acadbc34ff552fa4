"""Coded sentences -> codings.csv and codings.xlsx: one row a coding, for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from policy_nlp.codebook import Codebook
from policy_nlp.exchange.result_folder import DOCUMENTS, SENTENCES, iter_document_texts
from policy_nlp.records import PREDICTED_LEVELS, Level
from policy_nlp.tables.table import BATCH_ROWS, Rows
from policy_nlp.tables.writing import write_table
from policy_nlp.tables.xlsx_writing import MAX_ROWS

CODING_SCHEMA = pa.schema(
    [
        pa.field("document_id", pa.string()),
        pa.field("document_path", pa.string()),
        pa.field("document_title", pa.string()),
        pa.field("sentence_id", pa.string()),
        pa.field("sentence", pa.string()),
        pa.field("level", pa.string()),
        pa.field("code_id", pa.string()),
        pa.field("code_name", pa.string()),
        pa.field("main_id", pa.string()),
        pa.field("main_name", pa.string()),
        pa.field("score", pa.float32()),
    ]
)

_CodingValues = tuple[object, ...]  # one row in the order of CODING_SCHEMA
_CodeValues = tuple[str, str, str, str | None, str | None]  # level ... main_name


def write_codings(path: Path, folder: Path, *, codebook: Codebook) -> tuple[str, ...]:
    """Write the codings of a folder as CSV or XLSX, by the ending of `path`.

    The folder holds documents.parquet and sentences.parquet. Main categories get no rows of their own:
    the row of each initial category names its main one.

    Returns:
        Warnings: what the format could not hold. A sheet that is full ends there; the CSV has all.
    """
    rows = iter_coding_rows(folder, codebook)
    if path.suffix != ".xlsx":
        return write_table(path, rows)
    limit = MAX_ROWS - 1
    warnings = write_table(path, Rows(rows.schema, _first_rows(rows, limit)))
    n_codings = count_codings(folder)
    if n_codings <= limit:
        return warnings
    return (*warnings, f"an Excel sheet holds {limit:,} of the {n_codings:,} codings; the CSV file has all")


def iter_coding_rows(folder: Path, codebook: Codebook) -> Rows:
    """Rows of `CODING_SCHEMA` in document order; memory holds a few thousand sentences at a time."""
    return Rows(CODING_SCHEMA, _iter_batches(folder, codebook))


def count_codings(folder: Path) -> int:
    """How many codings the folder's sentences.parquet holds, main categories not counted."""
    with pq.ParquetFile(folder / SENTENCES) as file:
        batches = file.iter_batches(columns=list(PREDICTED_LEVELS))
        return sum(
            pc.sum(pc.list_value_length(column)).as_py() or 0 for batch in batches for column in batch.columns
        )


def _iter_batches(folder: Path, codebook: Codebook) -> Iterator[pa.RecordBatch]:
    documents = {d.document_id: (d.path, d.title) for d in iter_document_texts(folder / DOCUMENTS)}
    codes = {
        code_id: values for level in PREDICTED_LEVELS for code_id, values in _code_values(codebook, level)
    }
    with pq.ParquetFile(folder / SENTENCES) as file:
        for batch in file.iter_batches(batch_size=BATCH_ROWS):
            if rows := list(_iter_rows(batch, documents, codes)):
                columns = zip(*rows, strict=True)
                arrays = [pa.array(c, field.type) for c, field in zip(columns, CODING_SCHEMA, strict=True)]
                yield pa.RecordBatch.from_arrays(arrays, schema=CODING_SCHEMA)


def _code_values(codebook: Codebook, level: Level) -> Iterator[tuple[str, _CodeValues]]:
    """Level, id, name, main category and its name of each code of one level, by its id."""
    for code in codebook.codes(level):
        main_id = code.parent_id if level == "initial" else None
        main_name = codebook.find(main_id).name_zh if main_id else None
        yield code.code_id, (level, code.code_id, code.name_zh, main_id, main_name)


def _iter_rows(
    batch: pa.RecordBatch, documents: Mapping[str, tuple[str, str]], codes: Mapping[str, _CodeValues]
) -> Iterator[_CodingValues]:
    scores = batch.column("scores")
    names = {scores.type.field(i).name: i for i in range(scores.type.num_fields)}
    of_code = {code_id: pc.struct_field(scores, i).to_pylist() for code_id, i in names.items()}
    columns = [batch.column(name).to_pylist() for name in ("document_id", "sentence_id", "text")]
    levels = zip(*(batch.column(level).to_pylist() for level in PREDICTED_LEVELS), strict=True)
    for row, (document_id, sentence_id, text, code_ids) in enumerate(zip(*columns, levels, strict=True)):
        path, title = documents[document_id]
        for code_id in chain.from_iterable(code_ids):
            score = of_code[code_id][row]
            yield (document_id, path, title, sentence_id, text, *codes[code_id], score)


def _first_rows(rows: Rows, n_rows: int) -> Iterator[pa.RecordBatch]:
    left = n_rows
    for batch in rows.batches:
        if left > 0:
            yield batch.slice(0, left)
        left -= batch.num_rows
