from __future__ import annotations

import numpy as np

from policy_nlp.analysis.new_words import NewWordRules
from policy_nlp.analysis.word_table import build_word_table
from policy_nlp.analysis.words import Lexicon
from tests.analysis.word_tables import make_table

TERM = ["茶园兴办低空经济园区。", "学校讲授低空经济课程。", "农民喜欢低空经济赛事。"]


def test_counts_by_document_are_those_of_the_words() -> None:
    table = make_table([["企业 创新", "创新"], [], ["企业"]])
    assert table.vocabulary == ("企业", "创新")
    assert table.count_in_documents().toarray().tolist() == [[1, 2], [0, 0], [1, 0]]


def test_a_text_of_no_group_is_left_out() -> None:
    table = make_table([["企业 创新"], ["创新"]])
    assert table.count_in_groups(np.array([-1, 0]), 1).toarray().tolist() == [[0, 1]]


def test_selecting_sentences_keeps_the_places_of_documents() -> None:
    table = make_table([["企业"], ["创新"]]).select(np.array([False, True]))
    assert table.count_in_documents().toarray().tolist() == [[0, 0], [0, 1]]


def test_a_term_of_the_texts_is_counted_whole_and_its_parts_are_not() -> None:
    rules = NewWordRules(min_count=3, min_cohesion=1.0)
    table = build_word_table(TERM, np.arange(3), n_documents=3, lexicon=Lexicon(), rules=rules)
    assert "低空经济" in table.vocabulary
    assert "经济" not in table.vocabulary
    plain = build_word_table(TERM, np.arange(3), n_documents=3, lexicon=Lexicon())
    assert "经济" in plain.vocabulary


def test_documents_without_sentences_count_as_documents() -> None:
    table = build_word_table(["企业"], np.zeros(1, dtype=np.int64), n_documents=3, lexicon=Lexicon())
    assert table.count_in_documents().shape == (3, 1)
