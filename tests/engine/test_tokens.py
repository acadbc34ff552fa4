"""Tokens of texts: what is cut is said, and a cut row keeps its ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from transformers import PreTrainedTokenizerBase

from policy_nlp.engine.tokens import CHARACTERS_PER_TOKEN, tokenise
from policy_nlp.model.classifier import load_tokenizer


@pytest.fixture(scope="module")
def tokenizer(tiny_base_path: Path) -> PreTrainedTokenizerBase:
    return load_tokenizer(tiny_base_path)


def test_row_that_fits_is_whole(tokenizer: PreTrainedTokenizerBase) -> None:
    table = tokenise(["国家战略需求"], tokenizer, max_tokens=8)
    assert table.token_ids == [tokenizer("国家战略需求")["input_ids"]]
    assert table.lengths.tolist() == [8]
    assert not table.is_truncated.any()


def test_cut_row_keeps_its_first_and_last_special_token(tokenizer: PreTrainedTokenizerBase) -> None:
    table = tokenise(["国家战略需求"], tokenizer, max_tokens=5)
    assert table.lengths.tolist() == [5]
    assert tokenizer.convert_ids_to_tokens(table.token_ids[0]) == ["[CLS]", "国", "家", "战", "[SEP]"]
    assert table.is_truncated.tolist() == [True]


def test_text_behind_a_desert_of_blanks_counts_as_cut(tokenizer: PreTrainedTokenizerBase) -> None:
    text = "国家" + " " * (8 * CHARACTERS_PER_TOKEN) + "战略"
    table = tokenise([text], tokenizer, max_tokens=8)
    assert tokenizer.convert_ids_to_tokens(table.token_ids[0]) == ["[CLS]", "国", "家", "[SEP]"]
    assert table.is_truncated.tolist() == [True]


def test_no_texts_give_an_empty_table(tokenizer: PreTrainedTokenizerBase) -> None:
    table = tokenise([], tokenizer, max_tokens=8)
    assert table.token_ids == []
    assert table.lengths.shape == table.is_truncated.shape == (0,)
