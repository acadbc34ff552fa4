"""Whether gold can be a random sample of the sentences."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from policy_nlp.analysis.clusters import DecidedSentences, decided_sentences
from policy_nlp.analysis.coded_corpus import CodedCorpus
from policy_nlp.analysis.gold_sample import GoldLevel, find_selection
from policy_nlp.analysis.groups import Group, Grouping
from policy_nlp.codebook import Codebook
from tests.analysis.small_corpora import make_corpus


@pytest.fixture(scope="module")
def corpus(shipped_codebook: Codebook) -> CodedCorpus:
    generator = np.random.default_rng(0)
    documents = {
        f"d{number}": [
            (f"第{number}件第{place}句。", {"government_support": 0.7} if generator.random() < 0.2 else {})
            for place in range(40)
        ]
        for number in range(25)
    }
    return make_corpus(shipped_codebook, documents)


@pytest.fixture(scope="module")
def sentences(corpus: CodedCorpus) -> DecidedSentences:
    grouping = Grouping("region", (Group("浙江", tuple(range(25))),), (), 25)
    return decided_sentences(corpus, grouping, level="initial")


def gold_at(
    corpus: CodedCorpus, rows: NDArray[np.int64], weights: NDArray[np.float64] | None = None
) -> GoldLevel:
    rows = np.sort(rows)
    return GoldLevel("initial", rows, corpus.applies_at("initial")[rows], weights)


def test_sentences_drawn_at_random_are_taken_for_it(corpus: CodedCorpus, sentences: DecidedSentences) -> None:
    for seed in range(20):
        rows = np.random.default_rng(seed).choice(1000, 150, replace=False)
        assert find_selection(corpus, sentences, gold=gold_at(corpus, rows)) == ""


def test_sentences_drawn_because_they_are_coded_are_found(
    corpus: CodedCorpus, sentences: DecidedSentences
) -> None:
    coded = np.flatnonzero(corpus.is_coded())
    rest = np.flatnonzero(~corpus.is_coded())
    reason = find_selection(corpus, sentences, gold=gold_at(corpus, np.concatenate([coded[:80], rest[:80]])))
    assert "not drawn at random" in reason
    assert "`weight`" in reason


def test_weights_make_good_what_the_draw_preferred(corpus: CodedCorpus, sentences: DecidedSentences) -> None:
    coded = np.flatnonzero(corpus.is_coded())
    rest = np.flatnonzero(~corpus.is_coded())
    rows = np.sort(np.concatenate([coded[::2], rest[::10]]))
    weights = np.where(corpus.is_coded()[rows], len(coded) / len(coded[::2]), len(rest) / len(rest[::10]))
    assert find_selection(corpus, sentences, gold=gold_at(corpus, rows, weights)) == ""


def test_whole_documents_drawn_at_random_are_taken_for_it(
    corpus: CodedCorpus, sentences: DecidedSentences
) -> None:
    rows = np.concatenate([np.arange(40) + 40 * document for document in (2, 9, 11, 20)])
    assert find_selection(corpus, sentences, gold=gold_at(corpus, rows)) == ""
