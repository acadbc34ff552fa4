from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.analysis.representative_sentences import LONGEST, Candidates, choose_sentences

GOOD = (
    "省里设立专项资金支持企业开展联合攻关工作。",
    "市级部门出台规划引导高校与企业共建研究平台。",
    "完善税收优惠办法，鼓励民营企业加大研发投入。",
)


def candidates(
    texts: Sequence[str],
    *,
    documents: Sequence[int] | None = None,
    strength: Sequence[float] | None = None,
    n_codes: Sequence[int] | None = None,
    headings: Sequence[bool] | None = None,
) -> Candidates:
    n = len(texts)
    return Candidates(
        texts=texts,
        documents=np.array(documents if documents is not None else range(n), dtype=np.int64),
        strength=np.array(strength if strength is not None else [0.5] * n, dtype=np.float64),
        n_codes=np.array(n_codes if n_codes is not None else [1] * n, dtype=np.int64),
        is_heading=np.array(headings if headings is not None else [False] * n, dtype=np.bool_),
    )


def test_the_sentence_with_the_highest_score_comes_first() -> None:
    assert choose_sentences(candidates(GOOD, strength=[0.5, 0.9, 0.6]), 2) == (1, 2)


def test_a_second_sentence_of_a_document_waits_for_those_of_others() -> None:
    chosen = candidates(GOOD, documents=[0, 0, 1], strength=[0.9, 0.8, 0.2])
    assert choose_sentences(chosen, 2) == (0, 2)
    assert choose_sentences(chosen, 3) == (0, 2, 1)


def test_two_sentences_that_are_nearly_the_same_never_stand_together() -> None:
    texts = (GOOD[0], GOOD[0].replace("省里", "市里"), GOOD[1])
    assert choose_sentences(candidates(texts), 3) == (0, 2)


def test_a_clear_sentence_goes_before_long_crowded_broken_and_heading_ones() -> None:
    long = "、".join(GOOD) * 2
    assert len(long) > LONGEST
    assert choose_sentences(candidates((long, GOOD[0])), 1) == (1,)
    assert choose_sentences(candidates(GOOD[:2], n_codes=[4, 1]), 1) == (1,)
    assert choose_sentences(candidates(GOOD[:2], headings=[True, False]), 1) == (1,)
    assert choose_sentences(candidates(("序号 | " + GOOD[0], GOOD[1])), 1) == (1,)
    with_pinyin = GOOD[0].replace("联", "聯(lián)").replace("设", "設(shè)").replace("开", "開(kāi)")
    assert choose_sentences(candidates((with_pinyin, GOOD[1])), 1) == (1,)


def test_a_sentence_without_text_is_never_shown() -> None:
    assert choose_sentences(candidates(("", " \n", GOOD[0])), 3) == (2,)


@given(
    st.lists(st.tuples(st.text(max_size=30), st.integers(0, 4), st.floats(0, 1)), max_size=12),
    st.integers(0, 5),
)
def test_the_choice_is_within_what_there_is_and_the_same_each_time(
    rows: list[tuple[str, int, float]], n_chosen: int
) -> None:
    texts, documents, strength = zip(*rows, strict=True) if rows else ((), (), ())
    given_ones = candidates(texts, documents=documents, strength=strength)
    chosen = choose_sentences(given_ones, n_chosen)
    assert len(set(chosen)) == len(chosen) <= n_chosen
    assert all(texts[place].strip() for place in chosen)
    assert choose_sentences(given_ones, n_chosen) == chosen
