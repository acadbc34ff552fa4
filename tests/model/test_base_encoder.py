"""Which pieces a Chinese vocabulary keeps, and what its tokenizer does with them."""

from __future__ import annotations

import numpy as np
import pytest

from policy_nlp.model.base_encoder import build_tokenizer, is_kept_piece


@pytest.mark.parametrize(
    "piece", ["<s>", "<mask>", "创新", "▁政府", "▁", "GDP", "5G", "2024", "。", "“", "a", "%)", "①"]
)
def test_pieces_of_chinese_text_are_kept(piece: str) -> None:
    assert is_kept_piece(piece)


@pytest.mark.parametrize("piece", ["the", "▁innovation", "при", "한국", "データ", "ภาษา", "ing"])
def test_pieces_of_other_scripts_are_not(piece: str) -> None:
    assert not is_kept_piece(piece)


def test_tokenizer_cuts_words_and_marks_the_ends() -> None:
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁", "国家", "战略", "国", "家", ",", "A", "I", "<mask>"]
    scores = np.array([0, 0, 0, 0, -2, -3, -3, -9, -9, -3, -5, -5, 0], dtype=np.float32)
    tokenizer = build_tokenizer(pieces, scores)
    assert tokenizer.tokenize("国家战略，AI") == ["▁", "国家", "战略", ",", "A", "I"]
    ids = tokenizer("国家锶")["input_ids"]
    assert ids[0] == 0
    assert ids[-1] == 2
    assert 3 in ids  # an unknown ideograph is <unk>, not lost
