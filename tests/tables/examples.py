"""Small tables that several tests write and read."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from policy_nlp.tables.reading import open_table
from policy_nlp.tables.table import Rows

SENTENCES = [
    "支持企业加大研发投入。",
    "对首台套装备给予保险补偿，\n最高五百万元。",
    '推动"产学研"深度融合,共建联合体。',
]


def rows_of(columns: dict[str, list[object]] | pa.Table) -> Rows:
    table = columns if isinstance(columns, pa.Table) else pa.table(columns)
    return Rows(table.schema, table.to_batches())


def read_whole(path: Path, *, first_row: int = 0) -> pa.Table:
    table = open_table(path)
    return pa.Table.from_batches(table.iter_batches(1000, first_row=first_row), table.schema)
