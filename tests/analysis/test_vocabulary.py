from __future__ import annotations

import math

import numpy as np
import pytest

from policy_nlp.analysis.vocabulary import VocabularyRules, compare_vocabularies, log_odds_z
from policy_nlp.errors import CorpusError
from tests.analysis.word_tables import make_table

RULES = VocabularyRules(prior_size=10.0, min_count=2)
SEA = ["海洋 海洋 海洋 企业 创新"] * 6
HILL = ["山地 山地 山地 企业 创新"] * 6


def monroe_z(
    own: float, n_own: float, others: float, n_others: float, *, prior: float, prior_size: float
) -> float:
    """The z-score of Monroe, Colaresi & Quinn (2008), written out for one word."""
    own_odds = (own + prior) / (n_own + prior_size - own - prior)
    other_odds = (others + prior) / (n_others + prior_size - others - prior)
    variance = 1 / (own + prior) + 1 / (others + prior)
    return (math.log(own_odds) - math.log(other_odds)) / math.sqrt(variance)


def test_z_is_that_of_the_formula_written_out() -> None:
    counts = np.array([[30.0, 10.0, 60.0], [5.0, 40.0, 155.0]])
    _, z = log_odds_z(counts, prior_size=50.0)
    expected = monroe_z(30, 100, 5, 200, prior=50 * 35 / 300, prior_size=50)
    assert z[0, 0] == pytest.approx(expected)
    assert z[1, 0] == pytest.approx(-expected)  # of two groups, one is what the other is not


def test_a_word_used_alike_has_log_odds_of_nothing() -> None:
    log_odds, z = log_odds_z(np.array([[10.0, 90.0], [20.0, 180.0]]), prior_size=10.0)
    assert log_odds == pytest.approx(np.zeros((2, 2)), abs=1e-12)
    assert z == pytest.approx(np.zeros((2, 2)), abs=1e-12)


def test_each_group_has_its_own_word_and_not_the_shared_ones() -> None:
    comparison = compare_vocabularies(
        make_table([SEA, SEA, HILL, HILL]), ["沿海", "沿海", "内陆", "内陆"], rules=RULES
    )
    assert [[word.text for word in group.typical] for group in comparison.groups] == [["海洋"], ["山地"]]
    (word,) = comparison.groups[0].typical
    assert (word.count, word.n_documents, word.count_elsewhere) == (36, 2, 0)
    assert word.z > 3
    assert word.q < 0.05


def test_a_word_of_one_document_is_not_typical_of_a_group_of_two() -> None:
    plain = ["企业 创新"] * 6
    comparison = compare_vocabularies(
        make_table([SEA, plain, HILL, HILL]), ["沿海", "沿海", "内陆", "内陆"], rules=RULES
    )
    assert comparison.groups[0].typical == ()
    assert comparison.groups[0].n_left_out == 1


def test_documents_of_no_group_are_left_out() -> None:
    comparison = compare_vocabularies(
        make_table([SEA, SEA, HILL, HILL, HILL]), ["沿海", "沿海", "内陆", "内陆", None], rules=RULES
    )
    assert [group.n_words for group in comparison.groups] == [60, 60]


def test_rare_words_are_not_tested() -> None:
    rules = VocabularyRules(prior_size=10.0, min_count=15)
    comparison = compare_vocabularies(make_table([SEA, [*HILL, "绝技"]]), ["沿海", "内陆"], rules=rules)
    assert comparison.n_tested == 2  # 海洋 and 山地 stand 18 times, 企业 and 创新 12 times each in all


def test_one_group_is_an_error_that_says_what_is_needed() -> None:
    with pytest.raises(CorpusError, match="two groups"):
        compare_vocabularies(make_table([SEA, SEA]), ["沿海", "沿海"], rules=RULES)


def test_no_common_word_is_an_error() -> None:
    with pytest.raises(CorpusError, match="9999"):
        compare_vocabularies(make_table([SEA, HILL]), ["沿海", "内陆"], rules=VocabularyRules(min_count=9999))
