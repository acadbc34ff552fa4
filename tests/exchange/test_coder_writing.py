from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from policy_nlp.codebook import Codebook
from policy_nlp.errors import OutputError
from policy_nlp.exchange import coder_writing
from policy_nlp.exchange.coder_files import read_coder_file
from policy_nlp.exchange.coder_writing import write_coding_sheet, write_long_csv, write_unit_lines
from policy_nlp.records import CodedUnit, Coder, CoderUnits, Span
from policy_nlp.tables import writing

FIRST = CodedUnit(
    "u1", "设立专项资金。", ("government_support",), ("market_oriented",), (), "d1", span=Span(3, 10)
)
ANNA = CoderUnits(Coder("安娜"), (FIRST, CodedUnit("u2", "𠮷林路。", (), (), (), "d1", span=Span(11, 15))))
BEN = CoderUnits(Coder("本"), (CodedUnit("u1", "设立专项资金。", (), ("strategy_led",), None, "d1"),))


def decisions(path: Path) -> dict[tuple[str, str], tuple[object, ...]]:
    """What a file says again when `agree` reads it."""
    return {
        (own.coder.coder_id, unit.unit_id): (unit.initial, unit.dimensions, unit.paths)
        for own in read_coder_file(path).coders
        for unit in own.units
    }


def test_lines_of_several_coders_read_back_whole(tmp_path: Path) -> None:
    path = tmp_path / "codes.jsonl"
    assert write_unit_lines(path, [ANNA, BEN]) == ()
    read = read_coder_file(path).coders
    assert [own.coder.coder_id for own in read] == ["安娜", "本"]
    assert read[0].units == tuple(replace(unit, coder_id="安娜") for unit in ANNA.units)
    assert read[1].units == tuple(replace(unit, coder_id="本") for unit in BEN.units)


def test_the_long_form_has_a_row_for_each_code_and_one_where_nothing_applies(
    tmp_path: Path, shipped_codebook: Codebook
) -> None:
    path = tmp_path / "codes.csv"
    write_long_csv(path, [ANNA], codebook=shipped_codebook)
    assert path.read_text(encoding="utf-8-sig").splitlines() == [
        "unit,coder,code",
        "u1,安娜,government_support",
        "u1,安娜,market_oriented",
        "u2,安娜,",
    ]


def test_the_long_form_tells_what_it_does_not_hold(tmp_path: Path, shipped_codebook: Codebook) -> None:
    notes = write_long_csv(tmp_path / "codes.csv", [ANNA, BEN], codebook=shipped_codebook)
    assert "安娜 coded paths and used no code of it: reads as not coded" in notes
    assert "本 coded initial and used no code of it: reads as not coded" in notes
    assert not any("paths" in note for note in notes if note.startswith("本"))
    partly = CoderUnits(BEN.coder, (*BEN.units, CodedUnit("u2", "", ("government_support",), None, None)))
    notes = write_long_csv(tmp_path / "codes.csv", [partly], codebook=shipped_codebook)
    assert "本 did not code dimensions in 1 units: reads as nothing applies" in notes


def test_the_sheet_names_codes_and_reads_back_with_texts_and_places(
    tmp_path: Path, shipped_codebook: Codebook
) -> None:
    path = tmp_path / "codes.xlsx"
    write_coding_sheet(path, [ANNA], codebook=shipped_codebook)
    rows = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
    assert rows[1] == (
        "u1", "安娜", "government_support", "initial", "政府支持", "创新环境", "设立专项资金。", "d1", 3, 10,
    )  # fmt: skip
    assert len(rows) == 4
    (anna,) = read_coder_file(path).coders
    assert [(unit.text, unit.document_id, unit.span) for unit in anna.units] == [
        (unit.text, unit.document_id, unit.span) for unit in ANNA.units
    ]
    assert anna.units[0].initial == ("government_support",)


def test_more_codings_than_a_sheet_has_rows_are_refused_before_anything_is_written(
    tmp_path: Path, shipped_codebook: Codebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "MAX_ROWS", 3)
    with pytest.raises(OutputError, match=r"Write \.csv"):
        write_coding_sheet(tmp_path / "codes.xlsx", [ANNA], codebook=shipped_codebook)
    assert not (tmp_path / "codes.xlsx").exists()


def test_a_unit_of_thousands_of_rows_is_written_in_blocks(
    tmp_path: Path, shipped_codebook: Codebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coder_writing, "BATCH_ROWS", 2)
    path = tmp_path / "codes.csv"
    write_long_csv(path, [ANNA, BEN], codebook=shipped_codebook)
    assert len(path.read_text(encoding="utf-8-sig").splitlines()) == 5
    assert decisions(path)[("安娜", "u1")] == (("government_support",), ("market_oriented",), None)
