from __future__ import annotations

import doctest

import pytest

from policy_nlp.codebook import load_codebook, shipped_codebook_path
from policy_nlp.exchange import sheet_layout, sheet_workbook
from policy_nlp.exchange.sheet_layout import (
    AnswerColumns,
    SheetColumns,
    codes_in_sheet_order,
    option_labels,
    text_checksum,
)

CODEBOOK = load_codebook(shipped_codebook_path())


@pytest.mark.parametrize("module", [sheet_layout, sheet_workbook])
def test_examples_in_docstrings_are_true(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


def test_every_code_that_is_applied_has_a_label_of_its_own() -> None:
    labels = option_labels(CODEBOOK)
    assert set(labels) == set(CODEBOOK.code_ids)
    assert len(set(labels.values())) == len(labels)
    assert labels["government_support"] == "2.1 政府支持"


def test_initial_categories_are_grouped_by_their_main_one() -> None:
    parents = [code.parent_id for code in codes_in_sheet_order(CODEBOOK, "initial")]
    assert parents == sorted(parents, key=CODEBOOK.ids("main").index)  # type: ignore[arg-type]


def test_a_checksum_tells_changed_words_and_not_white_space() -> None:
    assert text_checksum("设立 专项\n资金") == text_checksum("设立专项资金")
    assert text_checksum("设立专项资金") != text_checksum("设立专项资本")


def test_columns_of_codes_stand_between_the_text_and_the_status() -> None:
    columns = SheetColumns(AnswerColumns(2, 0, 1), has_context=True)
    assert columns.names[-5:] == ("初始范畴1", "初始范畴2", "实践路径1", "状态", "备注")
    assert (columns.first_code, columns.last_code, columns.letter("状态")) == ("H", "J", "K")
    for counts in ((0, 0, 0), (1, -1, 0)):
        with pytest.raises(ValueError, match="a sheet needs"):
            AnswerColumns(*counts)
