"""Coded documents -> the sentences that stand in more than one of them, who had them first, and their shares.

Sentences are compared by their keys (`text_keys`): traditional characters, full-width forms, blanks and marks
make no difference. A sentence is the set of its 4-character shingles without formulas: shingles that stand in
many documents. It is reused when `ReuseRules.similarity` of its shingles are in one sentence of another
document, and both have a run of characters in common. The join is exact: no pair is missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from policy_nlp.analysis.coded_corpus import CodedCorpus
from policy_nlp.analysis.document_times import DocumentTimes, document_times
from policy_nlp.analysis.similar_texts import SimilarTexts, find_similar, shingle_sets
from policy_nlp.analysis.text_keys import span_in_text, text_key
from policy_nlp.records import Span


@dataclass(frozen=True, slots=True)
class ReuseRules:
    """What is compared, and what counts as the same sentence.

    Attributes:
        shortest: characters of a sentence, without marks; headings are left out whatever their length.
        similarity: share of a sentence's shingles that must be in one sentence of another document.
        shortest_run: characters in a row that both sentences must have.
        fewest_shingles: that are no formula.
        formula_documents: a shingle in more documents than this is a formula ...
        formula_share: ... if it is in more than this share of all documents too.
    """

    shortest: int = 20
    similarity: float = 0.7
    shortest_run: int = 12
    fewest_shingles: int = 12
    formula_documents: int = 10
    formula_share: float = 0.05


@dataclass(frozen=True, slots=True)
class ReusePair:
    """Two wordings of different documents, each by the row of the corpus where it stands first.

    Attributes:
        share_of_first: share of the first sentence's shingles that the second has; 1 for the same wording.
        first_run: the longest run of characters they share, in the first document's text.
        second_run: the same in the second document's.
    """

    first_row: int
    second_row: int
    share_of_first: float
    share_of_second: float
    first_run: Span
    second_run: Span


@dataclass(frozen=True, slots=True)
class ReuseCluster:
    """A sentence in all its wordings: each is mostly in another one, and that one in it.

    Attributes:
        rows: of the corpus, rising; of two documents or more.
        documents: that they stand in, rising.
        source: the document that surely had it before all others; None where dates do not tell.
        n_undated: documents of it without a date: with one of them, no other is known to be first.
    """

    rows: tuple[int, ...]
    documents: tuple[int, ...]
    source: int | None
    n_undated: int


@dataclass(frozen=True, slots=True)
class TextReuse:
    """What documents of a corpus share.

    Attributes:
        pairs: the most similar first.
        clusters: those in most documents first.
        is_compared: shape (N,), the sentences long enough, no heading and no formula.
        found_in: shape (N, D), True where a sentence stands in another document too.
        n_short: sentences left out because they are headings or short.
        n_formula: sentences left out because they consist of formulas.
    """

    rules: ReuseRules
    pairs: tuple[ReusePair, ...]
    clusters: tuple[ReuseCluster, ...]
    times: DocumentTimes
    is_compared: NDArray[np.bool_]
    found_in: sparse.csr_matrix
    n_short: int
    n_formula: int

    @property
    def is_reused(self) -> NDArray[np.bool_]:
        """Shape (N,): the sentences that stand in another document too."""
        return np.asarray(np.diff(self.found_in.indptr) > 0, dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class _JoinedPair:
    """Two similar wordings by their places; the same place twice where several documents have one wording."""

    first: int
    second: int
    share_of_first: float
    share_of_second: float


@dataclass(frozen=True, slots=True)
class _Wordings:
    """W different keys, and the sentences that have them."""

    keys: tuple[str, ...]
    of_rows: NDArray[np.int64]  # shape (N,), -1 where a sentence is left out
    document_of_rows: NDArray[np.int64]  # shape (N,)
    rows: sparse.csr_matrix  # shape (W, N)
    documents: sparse.csr_matrix  # shape (W, D)

    def rows_with(self, wording: int) -> NDArray[np.int64]:
        """The rows that have the wording, rising."""
        start, end = self.rows.indptr[wording : wording + 2]
        return np.asarray(self.rows.indices[start:end], dtype=np.int64)

    def rows_apart(self, pair: _JoinedPair) -> tuple[int, int] | None:
        """The first two rows of the pair that stand in different documents; None where there are none."""
        first, second = self.rows_with(pair.first), self.rows_with(pair.second)
        document = self.document_of_rows[first[0]]
        others = second[self.document_of_rows[second] != document]
        if len(others):
            return int(first[0]), int(others[0])
        others = first[self.document_of_rows[first] != self.document_of_rows[second[0]]]
        return (int(others[0]), int(second[0])) if len(others) else None

    def longest_run(self, pair: _JoinedPair) -> Match:
        """Where the keys of the pair are the same for longest."""
        first, second = self.keys[pair.first], self.keys[pair.second]
        return SequenceMatcher(None, first, second, autojunk=False).find_longest_match()


def find_reuse(corpus: CodedCorpus, rules: ReuseRules | None = None) -> TextReuse:
    """The sentences that stand in two documents of the corpus or more; copies within one do not count."""
    rules = rules or ReuseRules()
    wordings = _wordings(corpus, rules)
    shingles = _without_formulas(wordings, corpus, rules)
    is_kept = np.diff(shingles.indptr) >= rules.fewest_shingles
    similar = find_similar(shingles, share=rules.similarity, fewest=rules.fewest_shingles)
    pairs = _joined_pairs(wordings, similar, rules=rules, is_kept=is_kept)
    times = document_times(corpus.documents)
    is_compared = wordings.of_rows >= 0
    n_long = int(is_compared.sum())
    is_compared[is_compared] = is_kept[wordings.of_rows[is_compared]]
    return TextReuse(
        rules=rules,
        pairs=tuple(_reuse_pair(corpus, wordings, pair) for pair in pairs),
        clusters=_clusters(wordings, pairs, times=times, similarity=rules.similarity),
        times=times,
        is_compared=is_compared,
        found_in=_found_in(wordings, pairs, rules.similarity),
        n_short=len(corpus) - n_long,
        n_formula=n_long - int(is_compared.sum()),
    )


def _wordings(corpus: CodedCorpus, rules: ReuseRules) -> _Wordings:
    places: dict[str, int] = {}
    of_rows = np.full(len(corpus), -1, dtype=np.int64)
    for row in np.flatnonzero(~corpus.is_heading).tolist():
        key = text_key(corpus.texts[row]).text
        if len(key) >= rules.shortest:
            of_rows[row] = places.setdefault(key, len(places))
    rows = np.flatnonzero(of_rows >= 0)
    document_of_rows = corpus.document_of_rows()
    n_keys, n_documents = len(places), len(corpus.documents)
    return _Wordings(
        keys=tuple(places),
        of_rows=of_rows,
        document_of_rows=document_of_rows,
        rows=_incidence(of_rows[rows], rows, shape=(n_keys, len(corpus))),
        documents=_incidence(of_rows[rows], document_of_rows[rows], shape=(n_keys, n_documents)),
    )


def _incidence(
    rows: NDArray[np.int64], columns: NDArray[np.int64], *, shape: tuple[int, int]
) -> sparse.csr_matrix:
    """1 at each of the places, once."""
    matrix = sparse.csr_matrix((np.ones(len(rows), dtype=np.int32), (rows, columns)), shape=shape)
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix


def _without_formulas(wordings: _Wordings, corpus: CodedCorpus, rules: ReuseRules) -> sparse.csr_matrix:
    """Shape (W, shingles): the shingles of each wording that do not stand in many documents."""
    shingles = shingle_sets(wordings.keys)
    in_documents = (wordings.documents.T @ shingles).tocsr()
    n_documents = np.bincount(in_documents.indices, minlength=shingles.shape[1])
    most = max(rules.formula_documents, rules.formula_share * len(corpus.documents))
    return shingles[:, np.flatnonzero(n_documents <= most)].tocsr()


def _joined_pairs(
    wordings: _Wordings, similar: SimilarTexts, *, rules: ReuseRules, is_kept: NDArray[np.bool_]
) -> list[_JoinedPair]:
    """Pairs between documents: the same wording first, then by similarity."""
    same = np.flatnonzero(is_kept & (np.diff(wordings.documents.indptr) > 1))
    joined = [_JoinedPair(place, place, 1.0, 1.0) for place in same.tolist()]
    order = np.argsort(-similar.jaccard, kind="stable")
    columns = (similar.first, similar.second, similar.share_of_first, similar.share_of_second)
    joined += [_JoinedPair(*values) for values in zip(*(c[order].tolist() for c in columns), strict=True)]
    apart = [pair for pair in joined if wordings.rows_apart(pair) is not None]
    return [pair for pair in apart if wordings.longest_run(pair).size >= rules.shortest_run]


def _reuse_pair(corpus: CodedCorpus, wordings: _Wordings, pair: _JoinedPair) -> ReusePair:
    first_row, second_row = wordings.rows_apart(pair) or (0, 0)
    run = wordings.longest_run(pair)
    return ReusePair(
        first_row,
        second_row,
        pair.share_of_first,
        pair.share_of_second,
        first_run=_run_span(corpus, first_row, run.a, run.size),
        second_run=_run_span(corpus, second_row, run.b, run.size),
    )


def _run_span(corpus: CodedCorpus, row: int, start: int, size: int) -> Span:
    """Where a run of a sentence's key stands in the text of its document."""
    span = span_in_text(text_key(corpus.texts[row]), Span(start, start + size))
    offset = int(corpus.starts[row])
    return Span(offset + span.start, offset + span.end)


def _clusters(
    wordings: _Wordings, pairs: Sequence[_JoinedPair], *, times: DocumentTimes, similarity: float
) -> tuple[ReuseCluster, ...]:
    """Wordings that are mostly in each other, joined; a short one inside a longer one joins nothing."""
    mutual = [pair for pair in pairs if min(pair.share_of_first, pair.share_of_second) >= similarity]
    first = np.array([pair.first for pair in mutual], dtype=np.int64)
    second = np.array([pair.second for pair in mutual], dtype=np.int64)
    n_wordings = len(wordings.keys)
    _, component = connected_components(_incidence(first, second, shape=(n_wordings, n_wordings)))
    members: dict[int, set[int]] = {}
    for pair in mutual:
        members.setdefault(int(component[pair.first]), set()).update((pair.first, pair.second))
    clusters = [_cluster(wordings, sorted(places), times) for places in members.values()]
    return tuple(sorted(clusters, key=lambda one: (-len(one.documents), one.rows)))


def _cluster(wordings: _Wordings, places: Sequence[int], times: DocumentTimes) -> ReuseCluster:
    rows = sorted(int(row) for place in places for row in wordings.rows_with(place))
    documents = np.unique(wordings.document_of_rows[rows])
    n_undated = int((~times.is_known[documents]).sum())
    return ReuseCluster(tuple(rows), tuple(documents.tolist()), _find_source(documents, times), n_undated)


def _find_source(places: NDArray[np.int64], times: DocumentTimes) -> int | None:
    """The document that was surely issued before all others; None where none is known to be."""
    earliest = int(places[np.argmin(times.last_days[places])])
    others = places[places != earliest]
    return earliest if times.are_before(np.full(len(others), earliest), others).all() else None


def _found_in(wordings: _Wordings, pairs: Sequence[_JoinedPair], similarity: float) -> sparse.csr_matrix:
    """Shape (N, D): the other documents that hold the greater part of each sentence."""
    held = [(pair.first, pair.second) for pair in pairs if pair.share_of_first >= similarity]
    held += [(pair.second, pair.first) for pair in pairs if pair.share_of_second >= similarity]
    places = np.array(held, dtype=np.int64).reshape(-1, 2)
    n_wordings = len(wordings.keys)
    holds = _incidence(places[:, 0], places[:, 1], shape=(n_wordings, n_wordings))
    found = (wordings.rows.T @ holds @ wordings.documents).tocoo()
    is_other = found.col != wordings.document_of_rows[found.row]
    return _incidence(found.row[is_other], found.col[is_other], shape=found.shape)
