"""Charts -> files: NAME.csv with all digits, NAME.png for text processors, NAME.svg for print."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa

from policy_nlp.files import atomic_path, write_atomically
from policy_nlp.reports.charts.chart import Cell, Chart, ChartTable
from policy_nlp.reports.charts.drawing import PictureFormat, draw_chart
from policy_nlp.reports.charts.tables import chart_tables
from policy_nlp.tables.table import Rows
from policy_nlp.tables.writing import write_table

_MOST_EXACT = 2**53  # whole numbers that a float holds exactly
PICTURE_FORMATS: tuple[PictureFormat, ...] = ("png", "svg")


def write_figures(folder: Path, charts: Iterable[Chart]) -> tuple[Path, ...]:
    """Writes the numbers and the pictures of each chart into `folder`, each file whole or not at all.

    Returns:
        The files, in the order of the charts: CSV before PNG before SVG.

    Raises:
        ValueError: two charts have one id, so that their files would have one name.
        OutputError: the disk is full or the folder cannot be written.
    """
    charts = tuple(charts)
    _check_names([table.name for chart in charts for table in chart_tables(chart)])
    written: list[Path] = []
    for chart in charts:
        for table in chart_tables(chart):
            written.append(write_numbers(folder, table))
        for picture_format in PICTURE_FORMATS:
            path = folder / f"{chart.chart_id}.{picture_format}"
            write_atomically(path, draw_chart(chart, picture_format))
            written.append(path)
    return tuple(written)


def write_numbers(folder: Path, table: ChartTable) -> Path:
    """Writes one table of numbers into `folder` as NAME.csv, and returns where.

    Raises:
        OutputError: the disk is full or the folder cannot be written.
    """
    path = folder / f"{table.name}.csv"
    with atomic_path(path) as temporary:
        write_table(temporary, chart_rows(table), kind="csv")
    return path


def chart_rows(table: ChartTable) -> Rows:
    """The table as Arrow rows, which `write_table` writes: undefined cells are empty."""
    columns = [_arrow_column([row[place] for row in table.rows]) for place in range(len(table.header))]
    batch = pa.RecordBatch.from_arrays(columns, names=list(table.header))
    return Rows(batch.schema, (batch,))


def _arrow_column(cells: Sequence[Cell]) -> pa.Array:
    """Texts, whole numbers where all known ones are whole, or numbers; what is undefined is null."""
    if any(isinstance(cell, str) for cell in cells):
        return pa.array([None if cell is None else str(cell) for cell in cells], pa.string())
    numbers = [_known_number(cell) for cell in cells]
    if all(number is None or (number.is_integer() and abs(number) < _MOST_EXACT) for number in numbers):
        return pa.array([None if number is None else int(number) for number in numbers], pa.int64())
    return pa.array(numbers, pa.float64())


def _known_number(cell: Cell) -> float | None:
    number = math.nan if cell is None else float(cell)
    return number if math.isfinite(number) else None


def _check_names(names: Sequence[str]) -> None:
    """Names that differ in case only are one name on Windows and macOS."""
    seen: set[str] = set()
    for name in names:
        if name.lower() in seen:
            raise ValueError(f"two charts would be written to {name}.csv; give each an id of its own")
        seen.add(name.lower())
