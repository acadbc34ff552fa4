from __future__ import annotations

import uuid

from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.exchange.refi_qda.guids import code_guid, coder_guid, make_guid, source_guid


def test_the_guid_of_a_code_never_changes() -> None:
    """Projects that users have hold it: a change would part their codes from the codebook."""
    assert code_guid("government_support") == "6097d132-63bc-5348-803d-75ba01c07285"


def test_a_code_a_coder_and_a_source_of_one_name_are_three_things() -> None:
    assert len({code_guid("a"), coder_guid("a"), source_guid("a")}) == 3


@given(st.lists(st.text(), max_size=3), st.lists(st.text(), max_size=3))
def test_names_give_one_guid_exactly_when_they_are_the_same(one: list[str], other: list[str]) -> None:
    assert (make_guid("x", *one) == make_guid("x", *other)) == (one == other)
    assert str(uuid.UUID(make_guid("x", *one))) == make_guid("x", *one)


def test_half_a_character_in_a_name_has_a_guid_too() -> None:
    assert make_guid("x", "\ud800") != make_guid("x", "\\ud800")
