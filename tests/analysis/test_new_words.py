from __future__ import annotations

import math

import pytest

from policy_nlp.analysis.new_words import NewWordRules, find_new_words

NOUNS: dict[str, str] = {}
LOOSE = NewWordRules(min_count=2, min_documents=1, min_cohesion=0.0, min_freedom=0.5)


def texts(*sentences: str) -> list[tuple[str, ...]]:
    return [tuple(sentence.split()) for sentence in sentences]


def test_cohesion_and_freedom_are_those_of_a_count_by_hand() -> None:
    """低空 and 经济 stand twice among 12 words, together each time: log2(2 * 12 / (2 * 2))."""
    sentences = texts("A 低空 经济", "B 低空 经济", "C D E", "F G H")
    (word,) = find_new_words(sentences, [0, 0, 1, 1], tags=NOUNS, rules=LOOSE)
    assert (word.text, word.count, word.n_documents) == ("低空经济", 2, 1)
    assert word.cohesion == pytest.approx(math.log2(2 * 12 / (2 * 2)))
    assert word.freedom == pytest.approx(1.0)  # two characters before, each once; two ends of sentences


def test_a_run_that_always_follows_one_word_is_a_fragment() -> None:
    sentences = texts("新 低空 经济 好", "新 低空 经济 强", "新 低空 经济 快")
    found = find_new_words(sentences, [0, 1, 2], tags=NOUNS, rules=LOOSE)
    assert "低空经济" not in [word.text for word in found]


def test_a_term_of_one_document_is_none_where_there_are_two() -> None:
    sentences = texts("A 低空 经济", "B 低空 经济", "C 低空 经济", "D E F")
    rules = NewWordRules(min_count=2, min_cohesion=0.0, min_freedom=0.5)
    assert find_new_words(sentences, [0, 0, 0, 1], tags=NOUNS, rules=rules) == ()
    assert len(find_new_words(sentences, [0, 0, 1, 1], tags=NOUNS, rules=rules)) == 1


@pytest.mark.parametrize("run", ["推进 改革", "进一步 改革", "三 大", "王 毅", "萨 迪", "改革 发展 战略"])
def test_official_verbs_numerals_and_names_make_no_term(run: str) -> None:
    sentences = texts(*(f"{mark} {run}" for mark in "ABCDE"))
    found = find_new_words(sentences, [0, 1, 2, 3, 4], tags=NOUNS, rules=LOOSE)
    assert run.replace(" ", "") not in [word.text for word in found]


def test_a_term_with_a_rarer_neighbour_is_not_listed_beside_the_term() -> None:
    rows = [f"{mark} 低空 经济" for mark in "ABCDEFGH"] + ["I 绿色 低空 经济", "J 绿色 低空 经济"]
    found = find_new_words(texts(*rows), list(range(10)), tags=NOUNS, rules=LOOSE)
    assert [word.text for word in found] == ["低空经济"]


def test_no_sentences_have_no_terms() -> None:
    assert find_new_words([], [], tags=NOUNS, rules=LOOSE) == ()
