from __future__ import annotations

from pathlib import Path

import pytest

from policy_nlp.codebook import load_codebook, shipped_codebook_path
from policy_nlp.errors import GoldError
from policy_nlp.gold.coders import CodersRead, NumberedRow, coders_of_long_rows, coders_of_rows
from policy_nlp.gold.long_form import LongRow, level_of_cell
from policy_nlp.gold.rows import RowSource
from policy_nlp.records import Coder, CoderUnits

SOURCE = RowSource(Path("coders.jsonl"), load_codebook(shipped_codebook_path()))
OWN = Coder("coders", source="coders.jsonl")
NO_CODES: dict[str, object] = {"initial": [], "dimensions": [], "paths": []}


def read(*rows: dict[str, object]) -> CodersRead:
    numbered = [NumberedRow(line, row) for line, row in enumerate(rows, start=1)]
    return coders_of_rows(numbered, SOURCE, own_coder=OWN)


def read_long(*rows: tuple[str, str, str]) -> dict[str, CoderUnits]:
    long_rows = [
        LongRow(line, unit, coder, code, level_of_cell(code, line, source=SOURCE))
        for line, (unit, coder, code) in enumerate(rows, start=2)
    ]
    found = coders_of_long_rows(long_rows, SOURCE, own_coder=OWN)
    return {coder.coder.coder_id: coder for coder in found.coders}


def one_line(coder: str) -> dict[str, object]:
    return {"id": "1", "coder": coder, "initial": []}


def ids_of(found: CodersRead) -> dict[str, list[str]]:
    return {coder.coder.coder_id: [unit.unit_id for unit in coder.units] for coder in found.coders}


def test_lists_of_the_row_are_the_file_s_coder_where_nobody_is_named() -> None:
    found = read({"id": "1", **NO_CODES}, {"id": "2", "initial": ["government_support"]})
    assert ids_of(found) == {"coders": ["1", "2"]}
    assert found.coders[0].units[1].dimensions is None
    assert found.notes == ()


def test_objects_are_coders_and_the_row_s_own_lists_are_adjudicated_and_no_coder() -> None:
    both = {"coder_a": {"initial": []}, "coder_b": {"initial": ["government_support"], "paths": []}}
    found = read({"id": "1", **NO_CODES, **both}, {"id": "2", **NO_CODES, "coder_a": {"initial": []}})
    assert ids_of(found) == {"coder_a": ["1", "2"], "coder_b": ["1"]}
    assert found.coders[1].units[0].paths == ()
    assert found.coders[1].units[0].dimensions is None
    assert found.coders[0].coder.source == "coders.jsonl, coder_a"
    assert "(2) are adjudicated codes" in found.notes[0]


def test_a_row_with_objects_only_has_no_adjudicated_lists_and_scores_are_no_coder() -> None:
    found = read(
        {"id": "1", "甲": {"initial": []}}, {"id": "2", "甲": {"initial": []}, "scores": {"paths": 0.3}}
    )
    assert ids_of(found) == {"甲": ["1", "2"]}
    assert found.notes == ()


def test_a_row_without_an_object_is_not_given_to_that_coder() -> None:
    found = read({"id": "1", "甲": {"initial": []}}, {"id": "2", "乙": {"initial": []}})
    assert ids_of(found) == {"甲": ["1"], "乙": ["2"]}


def test_lines_of_several_coders_share_unit_ids() -> None:
    found = read(*(one_line(coder) for coder in ("甲", "乙")))
    assert ids_of(found) == {"甲": ["1"], "乙": ["1"]}
    with pytest.raises(GoldError, match=r"coders.jsonl:3: unit '1' of coder '甲' is already on line 1"):
        read(*(one_line(coder) for coder in ("甲", "乙", "甲")))


def test_lists_beside_a_status_of_label_are_the_model_s_even_beside_objects_of_people() -> None:
    found = read({"id": "1", "status": "coded", "甲": {"initial": []}, "initial": ["government_support"]})
    assert ids_of(found) == {"甲": ["1"], "coders": ["1"]}


def test_rows_on_which_nothing_was_decided_are_not_given_and_counted() -> None:
    found = read(
        {"id": "1", "status": "uncoded", **NO_CODES},
        {"id": "2", "status": "empty", **NO_CODES},
        {"id": "3", "status": "abstained", **NO_CODES},
    )
    assert ids_of(found) == {"coders": ["1"]}
    assert [note[:25] for note in found.coders[0].notes] == [
        "1 rows of status 'abstain",
        "1 rows of status 'empty' ",
    ]


def test_a_file_in_which_no_row_has_a_list_is_refused() -> None:
    with pytest.raises(GoldError, match="no row holds codes"):
        read({"id": "1", "text": "组建创新联合体。"})


def test_an_empty_code_of_the_long_form_is_seen_and_a_missing_row_is_not_given() -> None:
    coders = read_long(("1", "甲", "path_1"), ("2", "甲", ""), ("1", "乙", "path_2"))
    assert [(u.unit_id, u.paths) for u in coders["甲"].units] == [("1", ("path_1",)), ("2", ())]
    assert [(u.unit_id, u.paths) for u in coders["乙"].units] == [("1", ("path_2",))]


def test_a_level_is_coded_by_those_who_used_it_and_a_note_says_who_did_not() -> None:
    coders = read_long(("1", "甲", "path_1"), ("1", "甲", "strategy_led"), ("1", "乙", "path_2"))
    assert coders["乙"].units[0].dimensions is None
    assert coders["乙"].notes[0].startswith("used no code of dimensions")
    assert coders["甲"].notes == ()


def test_a_coder_who_only_says_that_nothing_applies_coded_the_levels_of_the_others() -> None:
    coders = read_long(("1", "甲", "path_1"), ("1", "乙", ""), ("2", "乙", ""))
    assert [unit.paths for unit in coders["乙"].units] == [(), ()]
    assert coders["乙"].units[0].initial is None


def test_a_long_form_without_names_is_the_file_s_coder() -> None:
    coders = read_long(("1", "", "path_1"))
    assert coders["coders"].units[0].coder_id == "coders"


def test_a_level_with_an_undecided_code_is_not_coded_and_the_others_are() -> None:
    found = read({"id": "1", "status": "abstained", "undecided": ["path_1"], **NO_CODES})
    (unit,) = found.coders[0].units
    assert (unit.initial, unit.dimensions, unit.paths) == ((), (), None)
    assert "read as not coded at their levels" in found.coders[0].notes[0]


def test_undecided_codes_count_in_abstained_rows_only() -> None:
    found = read({"id": "1", "status": "uncoded", "undecided": "a note of a person", **NO_CODES})
    assert found.coders[0].units[0].paths == ()
    with pytest.raises(GoldError, match="expected a list of code ids"):
        read({"id": "1", "status": "abstained", "undecided": 3, **NO_CODES})
