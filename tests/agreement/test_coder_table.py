from __future__ import annotations

import numpy as np
import pytest

from policy_nlp.agreement.coder_table import NOT_GIVEN, level_codings, make_coder_table
from policy_nlp.errors import GoldError, TooFewCodersError
from policy_nlp.records import CodedUnit, Coder, CoderUnits
from tests.agreement.made_coders import CODEBOOK


def coder(coder_id: str, *units: CodedUnit) -> CoderUnits:
    return CoderUnits(Coder(coder_id, source=f"{coder_id}.jsonl"), units)


def unit(unit_id: str, text: str = "", *, document_id: str | None = None) -> CodedUnit:
    return CodedUnit(unit_id, text, ("a1",), None, None, document_id=document_id)


def test_units_of_two_coders_or_more_are_kept_in_the_order_the_coders_bring_them() -> None:
    table = make_coder_table(
        [
            coder("甲", unit("3"), unit("1")),
            coder("乙", unit("2"), unit("1")),
            coder("丙", unit("2"), unit("3")),
        ]
    )
    assert table.unit_ids == ("3", "1", "2")
    assert table.n_units == 3
    assert table.places.tolist() == [[0, 1, NOT_GIVEN], [NOT_GIVEN, 1, 0], [1, NOT_GIVEN, 0]]
    assert [who.coder_id for who, _ in table.units_at(2)] == ["乙", "丙"]


def test_documents_come_from_the_first_coder_who_names_one() -> None:
    table = make_coder_table(
        [
            coder("甲", unit("1"), unit("2", document_id="d2")),
            coder("乙", unit("1", document_id="d1"), unit("2", document_id="other")),
        ]
    )
    assert table.document_ids == ("d1", "d2")
    assert table.has_documents
    assert table.groups()[1] == 2


def test_white_space_and_missing_texts_make_no_other_text() -> None:
    table = make_coder_table(
        [
            coder("甲", unit("1", "设立 专项资金。")),
            coder("乙", unit("1", "设立专项\n资金。")),
            coder("丙", unit("1")),
        ]
    )
    assert table.unit_ids == ("1",)


def test_another_text_of_a_unit_names_both_sources_the_unit_and_the_mend() -> None:
    with pytest.raises(GoldError, match=r"'s7'.*乙\.jsonl.*甲\.jsonl.*correct the ids") as caught:
        make_coder_table([coder("甲", unit("s7", "加大投入。")), coder("乙", unit("s7", "减少投入。"))])
    assert caught.value.place["unit_id"] == "s7"
    assert caught.value.place["coder_ids"] == ("甲", "乙")


def test_no_shared_unit_shows_ids_of_each_coder() -> None:
    with pytest.raises(
        TooFewCodersError, match=r"'甲'.*the first is '1'.*'乙' .* has 0 units.*share unit ids"
    ):
        make_coder_table([coder("甲", unit("1")), coder("乙")])


def test_codings_of_a_level_are_false_where_nothing_was_coded() -> None:
    rows = (
        CodedUnit("1", "", ("a1", "b2"), (), None),
        CodedUnit("2", "", None, ("d2",), None),
    )
    table = make_coder_table([coder("甲", *rows), coder("乙", *rows[::-1])])
    initial = level_codings(table, "initial", codebook=CODEBOOK)
    assert initial.coded.tolist() == [[True, False]] * 2
    assert initial.applies[0].tolist() == [[True, False, False, True], [False] * 4]
    assert (initial.applies[0] == initial.applies[1]).all()
    main = level_codings(table, "main", codebook=CODEBOOK)
    assert main.applies[0].tolist() == [[True, True], [False, False]]
    assert np.array_equal(main.coded, initial.coded)
    assert level_codings(table, "dimensions", codebook=CODEBOOK).coded.all()
