"""TextReuse -> how much of each document stands in others, and what groups of documents share."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from policy_nlp.analysis.coded_corpus import CodedCorpus
from policy_nlp.analysis.groups import Grouping
from policy_nlp.analysis.text_reuse import ReuseRules, TextReuse, find_reuse


@dataclass(frozen=True, slots=True)
class DocumentReuse:
    """How much of one document stands in other documents too.

    Attributes:
        document: its place in the corpus.
        n_compared: sentences that were compared.
        n_reused: of them, those that another document has too.
        n_earlier: of these, those that a document surely issued before has.
        nearest: the document that has most of them; None where there is none.
        n_nearest: how many it has.
    """

    document: int
    n_compared: int
    n_reused: int
    n_earlier: int
    nearest: int | None
    n_nearest: int

    @property
    def share_reused(self) -> float:
        """Share of the compared sentences that another document has too; NaN where none was compared."""
        return self.n_reused / self.n_compared if self.n_compared else math.nan

    @property
    def share_own(self) -> float:
        """Share of the compared sentences that no other document has; NaN where none was compared."""
        return 1 - self.share_reused


@dataclass(frozen=True, slots=True)
class GroupReuse:
    """Sentences that groups of documents share; axes are the G groups in order.

    Attributes:
        n_compared: shape (G,), sentences of each group that were compared.
        shared: shape (G, G), `shared[g, h]`: sentences of group h that a document of g has too; on the
            diagonal another document of the same group.
        handed_on: shape (G, G), those of them that stand in a document of g surely issued before.
    """

    names: tuple[str, ...]
    n_compared: NDArray[np.int64]
    shared: NDArray[np.int64]
    handed_on: NDArray[np.int64]


def reuse_of_documents(reuse: TextReuse, corpus: CodedCorpus) -> tuple[DocumentReuse, ...]:
    """How much of each document stands in others, in the order of the corpus."""
    document_of_rows = corpus.document_of_rows()
    is_earlier = np.diff(_earlier(reuse, document_of_rows).indptr) > 0
    columns = (reuse.is_compared, reuse.is_reused, is_earlier)
    n_compared, n_reused, n_earlier = (
        np.bincount(document_of_rows[rows], minlength=len(corpus.documents)) for rows in columns
    )
    held = (_membership(document_of_rows, len(corpus.documents)).T @ reuse.found_in).tocsr()
    documents = []
    for place in range(len(corpus.documents)):
        others = held[place]
        best = int(np.argmax(others.data)) if others.nnz else None
        documents.append(
            DocumentReuse(
                document=place,
                n_compared=int(n_compared[place]),
                n_reused=int(n_reused[place]),
                n_earlier=int(n_earlier[place]),
                nearest=None if best is None else int(others.indices[best]),
                n_nearest=0 if best is None else int(others.data[best]),
            )
        )
    return tuple(documents)


def reuse_of_groups(reuse: TextReuse, corpus: CodedCorpus, *, grouping: Grouping) -> GroupReuse:
    """What the groups share; documents without a group are left out."""
    n_groups = len(grouping.groups)
    document_of_rows = corpus.document_of_rows()
    groups = grouping.group_of_documents()
    of_rows, of_documents = _membership(groups[document_of_rows], n_groups), _membership(groups, n_groups)
    return GroupReuse(
        names=grouping.names,
        n_compared=np.bincount(of_rows[reuse.is_compared].indices, minlength=n_groups),
        shared=_count(reuse.found_in, of_rows, of_documents),
        handed_on=_count(_earlier(reuse, document_of_rows), of_rows, of_documents),
    )


def _count(
    found_in: sparse.csr_matrix, of_rows: sparse.csr_matrix, of_documents: sparse.csr_matrix
) -> NDArray[np.int64]:
    """Shape (G, G): sentences of the column's group that the row's group has, each once."""
    in_groups = (found_in @ of_documents).tocsr()
    in_groups.data[:] = 1
    return np.asarray((in_groups.T @ of_rows).todense(), dtype=np.int64)


def _earlier(reuse: TextReuse, document_of_rows: NDArray[np.int64]) -> sparse.csr_matrix:
    """`found_in` with only the documents surely issued before the sentence's own."""
    found = reuse.found_in.tocoo()
    is_before = reuse.times.are_before(found.col, document_of_rows[found.row])
    places = (found.row[is_before], found.col[is_before])
    return sparse.csr_matrix((found.data[is_before], places), shape=found.shape)


def _membership(groups: NDArray[np.int64], n_groups: int) -> sparse.csr_matrix:
    """Shape (items, groups): 1 at the group of each item; an item of none (-1) has an empty row."""
    items = np.flatnonzero(groups >= 0)
    ones = np.ones(len(items), dtype=np.int32)
    return sparse.csr_matrix((ones, (items, groups[items])), shape=(len(groups), n_groups))


@dataclass(frozen=True, slots=True)
class CorpusReuse:
    """What documents share, of each document and between groups."""

    reuse: TextReuse
    documents: tuple[DocumentReuse, ...]
    groups: GroupReuse


def measure_reuse(corpus: CodedCorpus, grouping: Grouping, *, rules: ReuseRules | None = None) -> CorpusReuse:
    """The text reuse of a corpus, counted for its documents and groups."""
    reuse = find_reuse(corpus, rules)
    return CorpusReuse(
        reuse, reuse_of_documents(reuse, corpus), reuse_of_groups(reuse, corpus, grouping=grouping)
    )
