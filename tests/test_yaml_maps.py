"""Values that are only kept come back from their one text; hostile YAML stays small."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.yaml_maps import parse_plain_text, parse_yaml_map, plain_text

SCALARS = st.one_of(st.text(), st.integers(-(10**15), 10**15), st.booleans(), st.none())
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=6
)


@given(VALUES)
def test_a_value_comes_back_from_its_text(value: object) -> None:
    assert parse_plain_text(plain_text(value)) == value


@given(st.text())
def test_the_text_of_a_text_is_stable(text: str) -> None:
    """What a person writes into a cell is one value, however often it is written and read."""
    assert plain_text(parse_plain_text(text)) == plain_text(
        parse_plain_text(plain_text(parse_plain_text(text)))
    )


@given(st.sampled_from(["1e5", "1.50", "NaN", "[1,2]", "0x1F", "9" * 400, "[" * 5000, '{"a":1}']))
def test_json_that_we_would_write_otherwise_is_a_text(text: str) -> None:
    assert parse_plain_text(text) == text


def read(text: str) -> str:
    return parse_yaml_map(text.encode(), Path("a.yaml")).plain_text("key")


def test_values_of_every_kind_become_one_text() -> None:
    assert read("key: 前因") == "前因"
    assert read("key: 4") == "4"
    assert read("key: '4'") == '"4"'
    assert read("key: yes") == "true"
    assert read("key: [{loc: 3.1.2, phrase: 需求}]") == '[{"loc": "3.1.2", "phrase": "需求"}]'


def test_aliases_that_would_grow_without_end_are_not_kept() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert read("\n".join([*lines, "key: *a8"])) == ""
