"""Tests of shares between groups: false discoveries, pairs, and what has no power."""

from __future__ import annotations

import math

import numpy as np
import pytest

from policy_nlp.analysis.group_tests import adjust_p_values, compare_groups
from policy_nlp.analysis.permuting import Permutations
from tests.analysis.grouped_sentences import Document, make_sentences

HIGH: list[Document] = [(40, 20), (30, 14), (50, 26), (40, 21), (45, 22)]
LOW: list[Document] = [(40, 2), (30, 1), (50, 3), (40, 2), (45, 2)]


def test_q_values_reject_the_four_hypotheses_of_benjamini_and_hochberg_1995() -> None:
    """Their section 3.2: 15 comparisons of thrombolysis, four rejected at 0.05 (Bonferroni: three)."""
    p_values = np.array(
        [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
         0.6528, 0.7590, 1.0]
    )  # fmt: skip
    assert (adjust_p_values(p_values) <= 0.05).tolist() == [True] * 4 + [False] * 11


def test_a_missing_p_value_stays_missing_and_counts_as_no_test() -> None:
    found = adjust_p_values(np.array([0.01, math.nan, 0.04]))
    assert math.isnan(found[1])
    assert found[[0, 2]].tolist() == pytest.approx([0.02, 0.04])


def test_a_clear_difference_is_found_with_its_direction_and_size() -> None:
    found = compare_groups(make_sentences([HIGH, LOW]), ["高", "低"], level="main", code_ids=["c"])
    assert found.basis == "documents"
    assert found.codes[0].p_value < 0.02
    pair = found.pairs[0]
    assert (pair.group, pair.other) == ("高", "低")
    assert pair.difference == pytest.approx(103 / 205 - 10 / 205)
    expected_h = 2 * math.asin(math.sqrt(103 / 205)) - 2 * math.asin(math.sqrt(10 / 205))
    assert pair.cohen_h == pytest.approx(expected_h)


def test_one_document_a_group_is_compared_by_its_passages() -> None:
    spread = [(place % 2 == 0) for place in range(200)]
    sentences = make_sentences([[(200, 0)], [(200, 0)], [(200, 0)]])
    sentences.applies[:200, 0] = spread
    found = compare_groups(sentences, ["a", "b", "c"], level="main", code_ids=["c"])
    assert found.basis == "blocks"
    assert found.codes[0].p_value < 0.001


def test_many_groups_have_no_pairs_but_each_stands_against_the_rest() -> None:
    groups = [HIGH[:2]] * 7
    found = compare_groups(
        make_sentences(groups), list("abcdefg"), level="main", code_ids=["c"], permutations=Permutations(99)
    )
    assert found.pairs == ()
    assert [one.group for one in found.against_rest] == list("abcdefg")


def test_too_few_documents_are_said_to_have_no_power() -> None:
    found = compare_groups(make_sentences([HIGH[:2], LOW[:2]]), ["a", "b"], level="main", code_ids=["c"])
    assert not found.has_power
    assert found.least_p == pytest.approx(1 / 3)


def test_the_test_keeps_its_size_where_sentences_of_a_document_are_alike() -> None:
    """200 corpora without a difference, intraclass correlation 0.1: about 5 % are called different."""
    generator = np.random.default_rng(5)
    n_rejected = 0
    for seed in range(200):
        documents = [
            (int(n), int(generator.binomial(n, generator.beta(1.8, 7.2))))
            for n in generator.integers(20, 120, 16)
        ]
        found = compare_groups(
            make_sentences([documents[:8], documents[8:]]), ["a", "b"], level="main", code_ids=["c"],
            permutations=Permutations(199, seed),
        )  # fmt: skip
        n_rejected += found.codes[0].p_value <= 0.05
    assert n_rejected <= 20  # of 10 expected; more than 20 has a chance of 0.001
