"""Ids made from names are ids, unique, and the same at every run."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.codebook import is_code_id
from policy_nlp.exchange.code_ids import CodeIds, id_of_name


@given(st.text())
def test_every_name_gives_an_id(name: str) -> None:
    assert is_code_id(id_of_name(name))
    assert len(id_of_name(name)) <= 60


def test_chinese_names_stay_readable_and_full_width_forms_are_folded() -> None:
    assert id_of_name("（ＡＩ）场景 驱动") == "ai_场景_驱动"


def test_a_name_that_would_run_as_a_formula_gives_a_plain_id() -> None:
    assert id_of_name("=1+1") == "1_1"


@given(st.lists(st.sampled_from(["a", "a_2", "a_3", "b"])))
def test_no_two_ids_are_the_same(wanted: list[str]) -> None:
    ids = CodeIds()
    assert len({ids.take(name) for name in wanted}) == len(wanted)


def test_ten_thousand_codes_of_one_name_are_told_apart_at_once() -> None:
    ids = CodeIds()
    assert [ids.take("a") for _ in range(10_000)][-1] == "a_10000"
