"""Coded sentences -> clusters: what shares and tests take as drawn independently of each other.

Sentences of one document speak of the same matters, so a document is a cluster. A document that is alone in
its group is cut into blocks of successive sentences: they show how much its own passages vary, and nothing
about other documents of the group.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from policy_nlp.analysis.coded_corpus import CodedCorpus
from policy_nlp.analysis.groups import Grouping
from policy_nlp.records import Level

Basis = Literal["documents", "blocks"]
"""What the clusters of a group are: its documents, or passages of its only document."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DecidedSentences:
    """The N sentences of the grouped documents on which the model decided.

    Attributes:
        rows: shape (N,), their rows in the corpus.
        applies: shape (N, C), the codes of one level.
        document_of: shape (N,), rising.
        group_of: shape (N,).
    """

    rows: NDArray[np.int64]
    applies: NDArray[np.bool_]
    document_of: NDArray[np.int64]
    group_of: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Clusters:
    """U clusters; every sentence is in one.

    Attributes:
        of_sentences: shape (N,), the cluster of each sentence.
        group_of: shape (U,).
        sizes: shape (U,), sentences; none is 0.
        counts: shape (U, C), sentences to which each code applies.
    """

    of_sentences: NDArray[np.int64]
    group_of: NDArray[np.int64]
    sizes: Floats
    counts: Floats

    def of_group(self, group: int) -> NDArray[np.bool_]:
        """Shape (U,): which clusters are of the group."""
        return np.equal(self.group_of, group)


def decided_sentences(corpus: CodedCorpus, grouping: Grouping, *, level: Level) -> DecidedSentences:
    """The sentences of grouped documents that are coded or uncoded; empty and abstained ones are left out."""
    documents = corpus.document_of_rows()
    groups = grouping.group_of_documents()[documents]
    rows = np.flatnonzero(corpus.is_decided() & (groups >= 0))
    return DecidedSentences(rows, corpus.applies_at(level)[rows], documents[rows], groups[rows])


def document_clusters(sentences: DecidedSentences) -> Clusters:
    """Each document a cluster; one without a decided sentence is none."""
    return _clusters(sentences, sentences.document_of)


def block_clusters(sentences: DecidedSentences) -> Clusters:
    """Each document cut into blocks of one length: blocks that are permuted must be alike.

    The length is twice the square root of the median number of sentences of a document: in simulations the
    test then kept its size where neighbouring sentences are alike.
    """
    sizes = np.unique(sentences.document_of, return_counts=True)[1]
    length = 2 * math.isqrt(int(np.median(sizes))) if len(sizes) else 1
    cut = np.ones(len(sentences.rows), dtype=np.bool_)
    return _clusters(sentences, _number_blocks(sentences.document_of, cut=cut, length=length))


def share_clusters(sentences: DecidedSentences) -> tuple[Clusters, tuple[Basis, ...]]:
    """Documents, but blocks where a group has one document only; and which it is, for each group.

    A document has about as many blocks as each has sentences (batch means).

    Source: Flegal & Jones (2010), "Batch means and spectral variance estimators in Markov chain Monte Carlo",
    Annals of Statistics 38: batches of floor(sqrt(n)).
    """
    n_groups = int(sentences.group_of.max(initial=-1)) + 1
    pairs = np.unique(np.stack([sentences.group_of, sentences.document_of], axis=1), axis=0)
    n_documents = np.bincount(pairs[:, 0], minlength=n_groups)
    is_alone = n_documents[sentences.group_of] < 2
    numbers = _number_blocks(sentences.document_of, cut=is_alone)
    return _clusters(sentences, numbers), tuple("blocks" if n < 2 else "documents" for n in n_documents)


def _number_blocks(
    document_of: NDArray[np.int64], *, cut: NDArray[np.bool_], length: int | None = None
) -> NDArray[np.int64]:
    """The block of each sentence, numbered through; documents of `cut` have several, of about `length`."""
    _, firsts, sizes = np.unique(document_of, return_index=True, return_counts=True)
    blocks = np.zeros(len(document_of), dtype=np.int64)
    n_so_far = 0
    for first, size in zip(firsts.tolist(), sizes.tolist(), strict=True):
        n_blocks = max(1, size // (length or math.isqrt(size))) if cut[first] else 1
        blocks[first : first + size] = n_so_far + np.arange(size) * n_blocks // size
        n_so_far += n_blocks
    return blocks


def _clusters(sentences: DecidedSentences, numbers: NDArray[np.int64]) -> Clusters:
    _, firsts, of_sentences, sizes = np.unique(
        numbers, return_index=True, return_inverse=True, return_counts=True
    )
    counts = np.zeros((len(sizes), sentences.applies.shape[1]))
    np.add.at(counts, of_sentences, sentences.applies)
    return Clusters(of_sentences, sentences.group_of[firsts], sizes.astype(np.float64), counts)
