"""Cells of spreadsheets: nothing runs, and what was guarded comes back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.tables.cells import begins_formula, drop_formula_guard, guard_formula


@given(st.text())
def test_no_guarded_text_begins_a_formula(text: str) -> None:
    assert not begins_formula(guard_formula(text))


@given(st.one_of(st.text(), st.text().map("={}".format), st.text().map("＋{}".format)))
def test_a_guarded_text_comes_back(text: str) -> None:
    if guard_formula(text) != text:
        assert drop_formula_guard(guard_formula(text)) == text


def test_an_apostrophe_that_people_wrote_stays() -> None:
    assert drop_formula_guard("'90年代") == "'90年代"
