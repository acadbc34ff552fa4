"""Joined sentences: both texts, the codes of both, never too long."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.model.gold_tokens import TokenisedGold
from policy_nlp.model.joining import join_sentences

FIRST, LAST = 2, 3


def _gold(lengths: list[int]) -> TokenisedGold:
    """One code a sentence; the inner tokens of sentence i are all 10 + i, so that its parts are known."""
    token_ids = [[FIRST, *[10 + row] * length, LAST] for row, length in enumerate(lengths)]
    targets = np.eye(len(lengths), dtype=np.float32)
    weights = np.arange(1, len(lengths) + 1, dtype=np.float32)
    return TokenisedGold(token_ids, targets, pad_id=0, weights=weights)


@given(st.lists(st.integers(1, 20), min_size=2, max_size=12), st.floats(0, 1), st.integers(0, 9))
def test_a_joined_sentence_has_the_text_and_the_codes_of_both(
    lengths: list[int], share: float, seed: int
) -> None:
    gold = _gold(lengths)
    joined = join_sentences(gold, share=share, max_tokens=24, generator=np.random.default_rng(seed))
    for row, tokens in enumerate(joined.token_ids):
        assert len(tokens) <= 24
        assert (tokens[0], tokens[-1]) == (FIRST, LAST)
        inner = tokens[1:-1]
        assert not {FIRST, LAST} & set(inner)
        parts = sorted({token - 10 for token in inner})
        assert row in parts
        assert joined.targets[row].tolist() == [float(code in parts) for code in range(len(lengths))]
        assert len(inner) == sum(lengths[part] for part in parts) or len(inner) == 2 * lengths[row]
        assert joined.weights is not None
        assert joined.weights[row] == np.mean([part + 1 for part in parts])


def test_share_of_joined_sentences_is_what_was_asked_for() -> None:
    gold = _gold([3] * 2000)
    joined = join_sentences(gold, share=0.3, max_tokens=128, generator=np.random.default_rng(0))
    found = np.mean([len(tokens) == 8 for tokens in joined.token_ids])
    assert abs(found - 0.3) < 0.04


def test_gold_is_left_as_it_was() -> None:
    gold = _gold([3, 4, 5])
    before = [list(tokens) for tokens in gold.token_ids]
    join_sentences(gold, share=0.99, max_tokens=128, generator=np.random.default_rng(0))
    assert gold.token_ids == before
    assert gold.targets.tolist() == np.eye(3).tolist()
    assert join_sentences(gold, share=0.0, max_tokens=128, generator=np.random.default_rng(0)) is gold
