"""Labels that people wrote find their codes, or make a codebook."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.codebook import Codebook
from policy_nlp.errors import GoldError, UnknownCodeError
from policy_nlp.exchange.label_codes import make_codebook, read_gold_file, units_of_table
from policy_nlp.exchange.labelled_tables import LabelledRow, LabelledTable
from policy_nlp.settings.few_shot import SEPARATORS


def _table(*cells: str) -> LabelledTable:
    rows = tuple(
        LabelledRow(line, f"u{line}", f"第{line}句。", (cell,) if cell else (), None)
        for line, cell in enumerate(cells, start=2)
    )
    return LabelledTable(Path("labels.csv"), "row ", rows)


def test_ids_and_names_in_both_languages_find_the_same_code(shipped_codebook: Codebook) -> None:
    code = shipped_codebook.initial[0]
    cells = (code.code_id, code.name_zh, code.name_en, f"{code.name_zh}；path_1", "")
    units = units_of_table(_table(*cells), shipped_codebook, separators=SEPARATORS)
    assert [unit.initial for unit in units] == [(code.code_id,)] * 4 + [()]
    assert [unit.paths for unit in units] == [()] * 3 + [("path_1",), ()]
    assert all(unit.dimensions is None for unit in units)


def test_unknown_label_names_file_row_label_and_nearest_code(shipped_codebook: Codebook) -> None:
    with pytest.raises(UnknownCodeError, match=r"labels\.csv: row 3: label 'goverment_suport'") as caught:
        units_of_table(
            _table("government_support", "goverment_suport"), shipped_codebook, separators=SEPARATORS
        )
    assert caught.value.place["nearest"] == "government_support"
    assert caught.value.place["line"] == 3


def test_label_of_a_level_that_is_not_predicted_is_refused(shipped_codebook: Codebook) -> None:
    with pytest.raises(GoldError, match="of level 'main'"):
        units_of_table(_table(shipped_codebook.main[0].code_id), shipped_codebook, separators=SEPARATORS)


def test_made_codebook_has_one_code_a_label_and_reads_its_labels_back() -> None:
    table = _table("居家、资金", "居家", "资金", "机构", "机构", "")
    made = make_codebook([table], "养老", separators=SEPARATORS)
    assert [code.name_zh for code in made.codebook.initial] == ["居家", "机构", "资金"]
    assert len(made.codebook.main) == 1
    assert made.codebook.code_ids == made.codebook.ids("initial")
    units = units_of_table(table, made.codebook, separators=SEPARATORS)
    assert [len(unit.initial or ()) for unit in units] == [2, 1, 1, 1, 1, 0]


def test_ids_do_not_depend_on_the_order_of_the_rows() -> None:
    cells = ("A b", "a-b", "a b", "？", "！", "10", "9")
    first = make_codebook([_table(*cells * 2)], "own", separators=SEPARATORS).codebook
    again = make_codebook([_table(*cells[::-1] * 2)], "own", separators=SEPARATORS).codebook
    assert first.code_ids == again.code_ids
    assert [code.name_zh for code in first.initial][-2:] == ["9", "10"]


@given(
    st.lists(
        st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2, max_size=6),
        min_size=1,
        max_size=6,
        unique=True,
    )
)
def test_every_label_of_a_made_codebook_is_found_in_it(labels: list[str]) -> None:
    table = _table(*labels * 2)
    made = make_codebook([table], "own", separators=SEPARATORS).codebook
    units = units_of_table(table, made, separators=SEPARATORS)
    names = {code.code_id: code.name_zh for code in made.initial}
    assert [[names[code_id] for code_id in unit.initial or ()] for unit in units] == [[x] for x in labels * 2]


def test_gold_files_of_every_form_are_read_by_one_function(
    tmp_path: Path, shipped_codebook: Codebook
) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "1", "text": "甲", "initial": ["government_support"]}\n')
    (tmp_path / "a.csv").write_text("unit,coder,code\n1,a,government_support\n")
    (tmp_path / "b.csv").write_text("句子,编码\n甲,government_support\n", encoding="utf-8")
    for name in ("a.jsonl", "a.csv", "b.csv"):
        gold = read_gold_file(tmp_path / name, shipped_codebook)
        assert [unit.initial for unit in gold.units] == [("government_support",)]
        assert bool(gold.notes) == (name == "b.csv")
