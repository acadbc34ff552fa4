from __future__ import annotations

import csv
import math
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings

from policy_nlp.errors import OutputError
from policy_nlp.reports.charts import files
from policy_nlp.reports.charts.chart import Bar, BarChart, Cell, Chart, Estimate
from policy_nlp.reports.charts.files import write_figures
from policy_nlp.reports.charts.tables import chart_tables
from tests.reports.charts.chart_examples import charts, examples


def read_csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def no_picture(chart: Chart, picture_format: str) -> bytes:
    return b"picture"


def test_each_chart_has_its_numbers_and_both_pictures(tmp_path: Path) -> None:
    written = write_figures(tmp_path / "figures", examples())
    assert [path.name for path in written[:3]] == ["bars.csv", "bars.png", "bars.svg"]
    assert {path.name for path in (tmp_path / "figures").iterdir()} == {path.name for path in written}
    assert len(written) == 3 * 6 + 1
    assert all(path.stat().st_size > 20 for path in written)


@given(charts)
@settings(max_examples=40)
def test_csv_files_keep_every_digit_and_leave_the_undefined_empty(chart: Chart) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "draw_chart", no_picture)
        write_figures(Path(folder), [chart])
        for table in chart_tables(chart):
            header, *rows = read_csv(Path(folder) / f"{table.name}.csv")
            assert header == list(table.header)
            for written, row in zip(rows, table.rows, strict=True):
                assert all(is_same(text, cell) for text, cell in zip(written, row, strict=True))


def is_same(text: str, cell: Cell) -> bool:
    """Whether a cell of the file says what the record says."""
    if isinstance(cell, str):
        return text == cell
    if cell is None or not math.isfinite(cell):
        return text == ""
    return float(text) == cell


def test_a_name_that_begins_a_formula_is_neutralised_and_excel_sees_utf_8(tmp_path: Path) -> None:
    chart = BarChart("bars", "份额", (Bar("=1+1", Estimate(2.0)), Bar("“卡脖子”", Estimate(3.0))))
    write_figures(tmp_path, [chart])
    content = (tmp_path / "bars.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert [row[:2] for row in read_csv(tmp_path / "bars.csv")[1:]] == [["'=1+1", "2"], ["“卡脖子”", "3"]]


def test_a_failure_leaves_no_half_of_a_file_and_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bars.csv").write_text("old", encoding="utf-8")

    def full(path: Path, rows: object, *, kind: str) -> None:
        path.write_text("half", encoding="utf-8")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "write_table", full)
    with pytest.raises(OutputError, match="disk is full"):
        write_figures(tmp_path, examples()[:1])
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {"bars.csv": "old"}


def test_two_charts_of_one_name_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    bars = (Bar("甲", Estimate(1.0)),)
    with pytest.raises(ValueError, match=r"Bars\.csv"):
        write_figures(tmp_path / "figures", [BarChart("bars", "一", bars), BarChart("Bars", "二", bars)])
    assert not (tmp_path / "figures").exists()
