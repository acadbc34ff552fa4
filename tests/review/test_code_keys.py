from __future__ import annotations

from dataclasses import replace

from policy_nlp.codebook import Codebook
from policy_nlp.review.code_keys import KEYS, group_codes

COMMANDS = set("abdnpstu0/?")


def test_every_code_has_two_digits_of_its_own(shipped_codebook: Codebook) -> None:
    groups = group_codes(shipped_codebook)
    keys = {group.key + one.key: one.code.code_id for group in groups for one in group.codes}
    assert sorted(keys.values()) == sorted(shipped_codebook.code_ids)
    assert all(len(key) == 2 and key.isdigit() for key in keys)
    assert (keys["11"], keys["71"], keys["85"]) == ("national_strategic_demand", "strategy_led", "path_5")


def test_no_key_of_a_code_is_a_command() -> None:
    assert not COMMANDS & set(KEYS)
    assert len(set(KEYS)) == len(KEYS)


def test_codes_beyond_the_keys_have_none(shipped_codebook: Codebook) -> None:
    first = shipped_codebook.initial[0]
    many = tuple(replace(first, code_id=f"c{i}") for i in range(40))
    codes = group_codes(replace(shipped_codebook, initial=many))[0].codes
    assert [one.key for one in codes[len(KEYS) :]] == [""] * (40 - len(KEYS))
