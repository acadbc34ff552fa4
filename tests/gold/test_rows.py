from __future__ import annotations

from pathlib import Path

import pytest

from policy_nlp.codebook import load_codebook, shipped_codebook_path
from policy_nlp.errors import GoldError, UnknownCodeError
from policy_nlp.gold.rows import RowSource, span_of_row
from policy_nlp.records import Span

CODEBOOK = load_codebook(shipped_codebook_path())
SOURCE = RowSource(Path("a.jsonl"), CODEBOOK)


def test_a_span_needs_two_whole_numbers_in_order() -> None:
    assert span_of_row({"start": 3, "end": 9}, line=1, source=SOURCE) == Span(3, 9)
    assert span_of_row({}, line=1, source=SOURCE) is None
    for start, end in ((3, None), (None, 3), (3, 2), (-1, 2), (1.5, 2), (True, 2), ("1", 2)):
        with pytest.raises(GoldError, match=r"a.jsonl:4: `start` is .*expected whole numbers"):
            span_of_row({"start": start, "end": end}, line=4, source=SOURCE)


def test_a_list_seen_before_is_still_checked_against_its_own_level() -> None:
    assert SOURCE.codes_in_order("paths", ("path_2", "path_1"), line=1) == ("path_1", "path_2")
    assert SOURCE.codes_in_order("paths", ("path_2", "path_1"), line=2) == ("path_1", "path_2")
    with pytest.raises(GoldError, match=r"a\.jsonl:3: `initial` holds 'path_2'"):
        SOURCE.codes_in_order("initial", ("path_2", "path_1"), line=3)


def test_rows_of_a_spreadsheet_are_called_rows() -> None:
    source = RowSource(Path("a.xlsx"), CODEBOOK, row_word="row ")
    with pytest.raises(UnknownCodeError, match=r"^a\.xlsx: row 7: code 'path_9'"):
        source.level_of("path_9", 7)
