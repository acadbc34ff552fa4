from __future__ import annotations

from pathlib import Path

import pytest

from policy_nlp.errors import ExchangeError, OutputError
from policy_nlp.exchange.coder_files import read_coder_file
from policy_nlp.operations.make_sheet import make_sheet
from policy_nlp.settings.commands import SheetSettings
from tests.operations.agree_examples import FIRST, TEXTS, write_coders


def test_a_sheet_holds_the_sentences_and_names_its_coder(tmp_path: Path) -> None:
    source = write_coders(tmp_path / "a.jsonl", 甲=FIRST)
    made = make_sheet(SheetSettings(source, tmp_path / "s.xlsx", "丙", n_units=4, seed=1))
    assert (made.n_units, made.n_available) == (4, len(TEXTS))
    assert made.path.exists()


def test_a_sheet_as_made_is_known_again_and_holds_no_codings_yet(tmp_path: Path) -> None:
    source = write_coders(tmp_path / "a.jsonl", 甲=FIRST)
    made = make_sheet(SheetSettings(source, tmp_path / "s.xlsx", "丙"))
    with pytest.raises(ExchangeError, match="none of the 6 sentences is coded yet"):
        read_coder_file(made.path)


def test_a_sheet_that_may_hold_codes_is_not_overwritten(tmp_path: Path) -> None:
    source = write_coders(tmp_path / "a.jsonl", 甲=FIRST)
    sheet = tmp_path / "s.xlsx"
    sheet.write_bytes(b"codes")
    with pytest.raises(OutputError, match="may hold somebody's codes"):
        make_sheet(SheetSettings(source, sheet, "丙"))
    make_sheet(SheetSettings(source, sheet, "丙", is_forced=True))
    assert sheet.read_bytes().startswith(b"PK")


def test_a_sheet_has_the_ending_of_excel(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"ends in \.xlsx"):
        make_sheet(SheetSettings(tmp_path / "a.jsonl", tmp_path / "s.csv", "丙"))
