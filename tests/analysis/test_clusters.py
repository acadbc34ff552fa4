"""Clusters: what shares and tests take as independent of each other."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.analysis.clusters import block_clusters, document_clusters, share_clusters
from tests.analysis.grouped_sentences import make_sentences

DOCUMENTS = st.integers(1, 60).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))


@given(st.lists(st.lists(DOCUMENTS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_every_sentence_is_in_one_cluster_and_counts_once(groups: list[list[tuple[int, int]]]) -> None:
    sentences = make_sentences(groups)
    for clusters in (document_clusters(sentences), block_clusters(sentences), share_clusters(sentences)[0]):
        assert clusters.sizes.sum() == len(sentences.rows)
        assert (clusters.sizes > 0).all()
        assert clusters.counts.sum() == sentences.applies.sum()
        assert (clusters.group_of[clusters.of_sentences] == sentences.group_of).all()


def test_a_document_alone_in_its_group_is_cut_into_as_many_blocks_as_a_block_has_sentences() -> None:
    clusters, bases = share_clusters(make_sentences([[(100, 3)], [(100, 1), (50, 2)]]))
    assert bases == ("blocks", "documents")
    assert clusters.sizes[clusters.group_of == 0].tolist() == [10.0] * 10
    assert clusters.sizes[clusters.group_of == 1].tolist() == [100.0, 50.0]


def test_blocks_are_of_successive_sentences() -> None:
    clusters = block_clusters(make_sentences([[(36, 12)], [(36, 0)]]))
    assert clusters.sizes.tolist() == [12.0] * 6
    assert clusters.counts[:, 0].tolist() == [12.0, 0, 0, 0, 0, 0]


def test_blocks_of_a_test_are_of_one_length_in_long_and_short_documents() -> None:
    clusters = block_clusters(make_sentences([[(400, 0)], [(100, 0)], [(100, 0)]]))
    assert set(clusters.sizes.tolist()) == {20.0}
    assert np.bincount(clusters.group_of).tolist() == [20, 5, 5]
