from __future__ import annotations

from policy_nlp.agreement.level_tables import table_of_units
from policy_nlp.records import CodedUnit
from tests.agreement.made_coders import CODEBOOK

UNITS = (
    CodedUnit("1", "", ("a2", "b1"), None, None),
    CodedUnit("2", "", (), ("d1",), None),
    CodedUnit("3", "", None, (), None),
    CodedUnit("4", "", ("a2", "b1"), None, None),
)


def test_lists_become_rows_in_codebook_order_and_missing_lists_are_not_coded() -> None:
    table = table_of_units(UNITS, "initial", codebook=CODEBOOK)
    both = [False, True, True, False]
    assert table.applies.tolist() == [both, [False] * 4, [False] * 4, both]
    assert table.coded.tolist() == [True, True, False, True]
    assert table.scores is None


def test_a_main_category_applies_exactly_when_an_initial_one_of_it_does() -> None:
    table = table_of_units(UNITS, "main", codebook=CODEBOOK)
    assert table.applies.tolist() == [[True, True], [False, False], [False, False], [True, True]]
    assert table.coded.tolist() == [True, True, False, True]


def test_a_level_without_codes_or_units_has_an_empty_table() -> None:
    assert table_of_units(UNITS, "paths", codebook=CODEBOOK).applies.shape == (4, 0)
    assert table_of_units((), "initial", codebook=CODEBOOK).applies.shape == (0, 4)
