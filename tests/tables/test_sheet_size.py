from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from policy_nlp.errors import TableError
from policy_nlp.tables.reading import open_table
from policy_nlp.tables.sheet_size import check_sheet_sizes


def workbook_with(path: Path, *places: str) -> Path:
    workbook = openpyxl.Workbook()
    for place in places:
        workbook.worksheets[0][place] = "文"
    workbook.save(path)
    return path


def test_one_cell_at_the_far_corner_is_refused_before_memory_is_taken(tmp_path: Path) -> None:
    path = workbook_with(tmp_path / "a.xlsx", "A1", "XFD1048576")
    with pytest.raises(TableError, match=r"reaches to row 1,048,576 and column 16,384"):
        open_table(path)


def test_far_cells_in_one_direction_are_read(tmp_path: Path) -> None:
    for place in ("A200000", "ZZ3"):
        assert open_table(workbook_with(tmp_path / "a.xlsx", "A1", place)).n_rows > 0


def test_a_reference_on_the_edge_of_two_chunks_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbook_with(tmp_path / "a.xlsx", "A1", "XFD1048576")
    for n_bytes in (401, 433, 512):
        monkeypatch.setattr("policy_nlp.tables.sheet_size._CHUNK_BYTES", n_bytes)
        with pytest.raises(TableError, match="column 16,384"):
            check_sheet_sizes(path)
