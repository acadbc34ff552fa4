from __future__ import annotations

from dataclasses import replace

import pytest

from policy_nlp.codebook import Codebook, load_codebook, shipped_codebook_path
from policy_nlp.errors import ExchangeError
from policy_nlp.exchange.sheet_answers import AnswerCell, AnswerReader, RowAnswers
from policy_nlp.exchange.sheet_layout import CODED, NOTHING_APPLIES, UNSURE, option_labels

CODEBOOK = load_codebook(shipped_codebook_path())


def read(*codes: str, status: str = "", codebook: Codebook = CODEBOOK) -> RowAnswers:
    cells = [AnswerCell(f"H{i}", text) for i, text in enumerate(codes, start=2)]
    return AnswerReader(codebook).read_row({"initial": cells}, AnswerCell("O2", status))


@pytest.mark.parametrize(
    ("codes", "status", "decision"),
    [
        (("",), "", "not looked at"),
        (("government_support",), "", "coded"),
        (("government_support",), CODED, "coded"),
        (("",), NOTHING_APPLIES, "nothing applies"),
        (("",), " Nothing  applies ", "nothing applies"),
        (("",), UNSURE, "unsure"),
        (("government_support",), UNSURE, "unsure"),
    ],
)
def test_the_decision_follows_from_codes_and_status(
    codes: tuple[str, ...], status: str, decision: str
) -> None:
    assert read(*codes, status=status).decision == decision


def test_codes_come_in_the_order_of_the_codebook_each_once() -> None:
    first, second = CODEBOOK.ids("initial")[:2]
    assert read(second, "", first, second).codes == {"initial": (first, second)}


def test_a_name_that_two_codes_have_is_neither_but_their_labels_and_ids_are() -> None:
    first, second, *others = CODEBOOK.initial
    twins = replace(CODEBOOK, initial=(first, replace(second, name_zh=first.name_zh), *others))
    with pytest.raises(ExchangeError, match="is no code, or the name of several"):
        read(first.name_zh, codebook=twins)
    assert read(second.code_id, f"1.1 {first.name_zh}", codebook=twins).codes["initial"] == (
        first.code_id,
        second.code_id,
    )


def test_the_number_of_a_code_means_the_code() -> None:
    for label, code_id in ((label, code_id) for code_id, label in option_labels(CODEBOOK).items()):
        if code_id in CODEBOOK.ids("initial"):
            assert read(label.split(" ")[0]).codes["initial"] == (code_id,)


def test_a_number_that_a_spreadsheet_may_have_shortened_is_no_code() -> None:
    main = CODEBOOK.main[0].code_id
    ten = tuple(replace(code, parent_id=main) for code in CODEBOOK.initial[:10])
    codebook = replace(CODEBOOK, initial=ten, concepts=())
    assert read("1.10", "1.2", codebook=codebook).codes["initial"] == (ten[1].code_id, ten[9].code_id)
    with pytest.raises(ExchangeError, match=r"H2: '1\.1' is no code"):
        read("1.1", codebook=codebook)


@pytest.mark.parametrize("typed", ["没有", "-", "?", "#N/A", "同上"])
def test_what_is_like_no_code_gets_no_nearest_one(typed: str) -> None:
    with pytest.raises(ExchangeError, match="where none applies, clear it and choose '无代码适用'") as caught:
        read(typed)
    assert "nearest" not in caught.value.message


def test_several_codes_in_one_cell_are_told_apart_from_no_code() -> None:
    first, second = (code.name_zh for code in CODEBOOK.initial[:2])
    for mark in "、,，;；/":
        with pytest.raises(ExchangeError, match="holds several codes"):
            read(f"{first}{mark}{second}")
