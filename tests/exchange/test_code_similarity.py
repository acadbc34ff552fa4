"""Similarity of texts: symmetric, between 0 and 1, blind to width, case and punctuation."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.exchange.code_similarity import (
    PairIndex,
    changed_words,
    character_pairs,
    dice,
    fold_name,
    text_similarity,
)


@given(st.text(), st.text())
def test_similarity_is_symmetric_and_a_fraction(one: str, other: str) -> None:
    assert 0.0 <= text_similarity(one, other) <= 1.0
    assert text_similarity(one, other) == text_similarity(other, one)
    assert text_similarity(one, one) == 1.0


def test_dice_of_night_and_nacht_is_a_quarter() -> None:
    """Pairs ni ig gh ht and na ac ch ht share one of 4 + 4: the usual example of Dice (1945) on bigrams."""
    assert dice(character_pairs("night"), character_pairs("nacht")) == pytest.approx(0.25)


def test_nothing_to_compare_is_undefined() -> None:
    assert math.isnan(dice(character_pairs("。"), character_pairs("")))


def test_width_case_blanks_and_punctuation_make_no_difference() -> None:
    assert text_similarity("ＡＩ 赋能,产业。", "ai赋能产业") == 1.0


def test_one_character_is_compared_as_itself() -> None:
    assert text_similarity("税", "税") == 1.0
    assert text_similarity("税", "费") == 0.0


def test_changed_words_are_whole_words() -> None:
    changed = changed_words("企业推出新产品。", "企业推出新服务。")
    assert (changed.removed, changed.added) == (("产品",), ("服务",))


def test_the_nearest_shares_most() -> None:
    index = PairIndex({"a": character_pairs("政府支持"), "b": character_pairs("市场竞争")})
    assert index.nearest(character_pairs("政府的支持")) == ["a"]


@given(st.text("政府支持AbＣ 　", max_size=12))
def test_names_that_differ_in_width_case_and_blanks_alone_are_folded_to_one(name: str) -> None:
    assert fold_name(name) == fold_name(f" {name.lower()}　") == fold_name(" ".join(name))
