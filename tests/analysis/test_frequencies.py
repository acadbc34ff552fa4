"""Counts of a corpus, against small corpora counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from policy_nlp.analysis.coded_corpus import STATUSES, CodedCorpus
from policy_nlp.analysis.frequencies import (
    count_pairs,
    measure_frequencies,
    measure_overview,
    measure_timeline,
)
from policy_nlp.codebook import Codebook
from tests.analysis.small_corpora import make_corpus

SUPPORT, MARKET = "government_support", "market_competition"  # both of 创新环境
LEADER = "leading_enterprise_leadership"


@pytest.fixture
def corpus(shipped_codebook: Codebook) -> CodedCorpus:
    return make_corpus(
        shipped_codebook,
        {
            "a": [
                ("甲。", {SUPPORT: 0.9, MARKET: 0.8}),
                ("乙。", {SUPPORT: 0.7, "path_5": 0.6}),
                ("丙。", {}),
            ],
            "b": [("丁。", {SUPPORT: 0.6, LEADER: 0.6}), ("戊。", {})],
            "c": [("己。", {})],
        },
    )


def with_status(corpus: CodedCorpus, row: int, status: str) -> CodedCorpus:
    changed = corpus.status.copy()
    changed[row] = STATUSES.index(status)
    return replace(corpus, status=changed)


def test_a_sentence_with_two_codes_of_one_main_category_counts_once_for_it(corpus: CodedCorpus) -> None:
    place = corpus.codebook.ids("main").index("innovation_environment")
    found = measure_frequencies(corpus, "main").codes[place]
    assert (found.n_sentences, found.n_documents) == (3, 2)
    assert found.share.value == 3 / 6
    assert found.document_share.value == 2 / 3


def test_abstained_and_empty_sentences_are_in_no_denominator(corpus: CodedCorpus) -> None:
    changed = with_status(with_status(corpus, 5, "abstained"), 4, "empty")
    place = corpus.codebook.ids("initial").index(SUPPORT)
    assert measure_frequencies(changed, "initial").codes[place].share.value == 3 / 4
    overview = measure_overview(changed)
    assert (overview.n_coded, overview.n_uncoded, overview.n_abstained, overview.n_empty) == (3, 1, 1, 1)
    assert overview.n_decided == 4


def test_the_interval_holds_the_share_and_is_wider_than_for_independent_sentences(
    shipped_codebook: Codebook,
) -> None:
    documents = {
        f"d{number}": [(f"第{i}句。", {SUPPORT: 0.9} if number % 2 else {}) for i in range(50)]
        for number in range(10)
    }
    clustered = make_corpus(shipped_codebook, documents)
    place = shipped_codebook.ids("initial").index(SUPPORT)
    share = measure_frequencies(clustered, "initial").codes[place].share
    assert share.value == 0.5
    assert share.low < 0.5 - 3 * 1.96 * (0.25 / 500) ** 0.5 < share.value < share.high


def test_headings_count_like_other_sentences(corpus: CodedCorpus) -> None:
    changed = replace(corpus, is_heading=np.array([True, False, False, False, True, False]))
    overview = measure_overview(changed)
    assert (overview.n_headings, overview.n_coded_headings) == (2, 1)
    assert measure_frequencies(changed, "main") == measure_frequencies(corpus, "main")


def test_pairs_of_one_level_are_symmetric_with_all_sentences_on_the_diagonal(corpus: CodedCorpus) -> None:
    pairs = count_pairs(corpus, "initial", second="initial")
    ids = corpus.codebook.ids("initial")
    assert np.array_equal(pairs, pairs.T)
    assert pairs[ids.index(SUPPORT), ids.index(SUPPORT)] == 3
    assert pairs[ids.index(SUPPORT), ids.index(MARKET)] == 1
    assert pairs[ids.index(MARKET), ids.index(LEADER)] == 0


def test_pairs_of_two_levels_count_the_sentences_with_both(corpus: CodedCorpus) -> None:
    pairs = count_pairs(corpus, "initial", second="paths")
    assert pairs.sum() == 1
    assert (
        pairs[corpus.codebook.ids("initial").index(SUPPORT), corpus.codebook.ids("paths").index("path_5")]
        == 1
    )


def test_documents_without_a_year_are_counted_and_in_no_group(corpus: CodedCorpus) -> None:
    years = (2023, 2024, None)
    documents = tuple(
        replace(one, metadata=replace(one.metadata, year=year))
        for one, year in zip(corpus.documents, years, strict=True)
    )
    timeline = measure_timeline(replace(corpus, documents=documents), "main")
    assert timeline.n_undated == 1
    assert timeline.shares is not None
    assert [(group.name, group.n_sentences) for group in timeline.shares.groups] == [("2023", 3), ("2024", 2)]


def test_one_year_alone_makes_no_timeline(corpus: CodedCorpus) -> None:
    assert measure_timeline(corpus, "main").shares is None


def test_where_no_sentence_was_decided_on_every_share_is_undefined_with_its_reason(
    corpus: CodedCorpus,
) -> None:
    nothing = replace(
        corpus,
        status=np.full(len(corpus), STATUSES.index("abstained"), dtype=np.uint8),
        applies=np.zeros_like(corpus.applies),
    )
    for code in measure_frequencies(nothing, "main").codes:
        assert not code.share.is_defined
        assert code.share.reason
