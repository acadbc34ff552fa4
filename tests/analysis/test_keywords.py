from __future__ import annotations

import math

import pytest

from policy_nlp.analysis.keywords import KeywordLimits, rank_keywords, shares_by_year
from policy_nlp.analysis.word_table import WordTable
from policy_nlp.errors import CorpusError
from tests.analysis.word_tables import make_table

ANY = KeywordLimits(min_count=1, min_documents=1)
UNDATED: list[int | None] = [None, None, None]


@pytest.fixture
def table() -> WordTable:
    """企业 three times in one document, 创新 once in each of three, 人才 once."""
    return make_table([["企业 企业 企业 创新"], ["创新 人才"], ["创新"]])


def test_tfidf_is_that_of_its_formula(table: WordTable) -> None:
    ranked = rank_keywords(table, UNDATED, score="tfidf", n=9, limits=ANY)
    scores = {word.text: word.score for word in ranked}
    assert scores["企业"] == pytest.approx((1 + math.log(3)) * (math.log(4 / 2) + 1))
    assert scores["创新"] == pytest.approx(3 * (math.log(4 / 4) + 1))
    assert scores["人才"] == pytest.approx(math.log(4 / 2) + 1)


def test_frequency_ranks_by_count_and_equal_words_by_code_point(table: WordTable) -> None:
    ranked = rank_keywords(table, UNDATED, score="frequency", n=2, limits=ANY)
    assert [(word.text, word.count, word.n_documents) for word in ranked] == [("企业", 3, 1), ("创新", 3, 3)]


def test_textrank_of_a_star_puts_its_middle_first() -> None:
    """PageRank of a star of three leaves, damping 0.85: the middle has 0.4797 (solved by hand)."""
    table = make_table([["中心", "中心 甲", "中心 乙", "中心 丙"]])
    ranked = rank_keywords(table, [None], score="textrank", n=9, limits=ANY)
    assert ranked[0].text == "中心"
    # m = 0.15/4 + 0.85 * 3 l, l = 0.15/4 + 0.85 * m / 3
    assert ranked[0].score == pytest.approx((0.0375 + 2.55 * 0.0375) / (1 - 2.55 * 0.85 / 3), abs=1e-4)


def test_rare_words_and_words_of_one_document_are_left_out(table: WordTable) -> None:
    limits = KeywordLimits(min_count=2, min_documents=2)
    ranked = rank_keywords(table, UNDATED, score="frequency", n=9, limits=limits)
    assert [word.text for word in ranked] == ["创新"]


def test_of_one_document_one_document_is_enough() -> None:
    ranked = rank_keywords(
        make_table([["企业 企业"]]), [None], score="tfidf", n=9, limits=KeywordLimits(2, 2)
    )
    assert [word.text for word in ranked] == ["企业"]


def test_no_common_word_is_an_error_that_says_what_to_lower(table: WordTable) -> None:
    with pytest.raises(CorpusError, match="--min-count"):
        rank_keywords(table, UNDATED, score="tfidf", n=9, limits=KeywordLimits(99, 1))


def test_undated_documents_give_no_first_year_and_no_strength(table: WordTable) -> None:
    (word, *_) = rank_keywords(table, UNDATED, score="tfidf", n=1, limits=ANY)
    assert word.first_year is None
    assert math.isnan(word.strength)


def test_the_first_year_is_that_of_the_earliest_document_with_the_word(table: WordTable) -> None:
    ranked = rank_keywords(table, [2021, 2019, None], score="frequency", n=9, limits=ANY)
    assert {word.text: word.first_year for word in ranked} == {"企业": 2021, "创新": 2019, "人才": 2019}


def test_the_strength_is_the_burst_of_documents_by_year() -> None:
    """Five years of ten documents; 1, 1, 6, 6, 1 of them have the word, as in test_bursts."""
    n_with = (1, 1, 6, 6, 1)
    documents = [["企业 中试"] if place < n else ["企业"] for n in n_with for place in range(10)]
    years: list[int | None] = [2020 + place // 10 for place in range(50)]
    ranked = rank_keywords(make_table(documents), years, score="frequency", n=9, limits=ANY)
    word = next(word for word in ranked if word.text == "中试")
    assert word.burst_years == (2022, 2023)
    assert word.strength == pytest.approx(2 * (6 * math.log(2) + 4 * math.log(0.4 / 0.7)))
    place = make_table(documents).vocabulary.index("中试")
    shares = shares_by_year(make_table(documents), years, place=place)
    assert [(one.year, one.n_with, one.n_documents) for one in shares][2] == (2022, 6, 10)


def test_years_of_few_documents_give_no_burst() -> None:
    documents = [["中试"], ["企业"], ["企业"], ["企业"]]
    ranked = rank_keywords(
        make_table(documents), [2018, 2019, 2020, 2021], score="frequency", n=9, limits=ANY
    )
    assert all(math.isnan(word.strength) for word in ranked)
