"""WordTable -> keywords: how often, in how many documents, since when, in which years suddenly more."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from policy_nlp.analysis.bursts import find_bursts
from policy_nlp.analysis.word_table import WordTable
from policy_nlp.errors import CorpusError

KeywordScore = Literal["tfidf", "textrank", "frequency"]

LEAST_YEARS = 3  # fewer show no burst
LEAST_DOCUMENTS = 5  # of a year, where its share of documents says something
TEXTRANK_WINDOW = 5  # keywords of one sentence that stand so near are linked


@dataclass(frozen=True, slots=True)
class KeywordLimits:
    """How common a keyword is at least; of one document, `min_documents` asks for no more than that one."""

    min_count: int = 3
    min_documents: int = 2


@dataclass(frozen=True, slots=True)
class Keyword:
    """One keyword.

    Attributes:
        place: its place in the vocabulary of the table.
        count: how often it stands in the texts.
        first_year: of the documents that have it; None where none of them is dated.
        strength: of its strongest burst; NaN where there is none.
        burst_years: first and last year of that burst.
    """

    text: str
    place: int
    count: int
    n_documents: int
    score: float
    first_year: int | None = None
    strength: float = math.nan
    burst_years: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class YearShare:
    """In how many documents of one year a keyword stands."""

    year: int
    n_with: int
    n_documents: int

    @property
    def is_known(self) -> bool:
        """Whether there are documents enough for a share."""
        return self.n_documents >= LEAST_DOCUMENTS


def rank_keywords(
    table: WordTable, years: Sequence[int | None], *, score: KeywordScore, n: int, limits: KeywordLimits
) -> tuple[Keyword, ...]:
    """The `n` keywords with the highest score; ties go to the commoner word, then by code point.

    Args:
        table: the words of all texts.
        years: one a document.
        score: `tfidf` is the sum over documents of (1 + ln count), times ln((1 + D) / (1 + documents with
            it)) + 1, which no document can carry by repeating a word;
            `textrank` is PageRank among keywords that stand near each other (Mihalcea & Tarau 2004);
            `frequency` is the count.
        n: how many.
        limits: rarer words are left out.

    Raises:
        CorpusError: no word is common enough.
    """
    counts = table.count_in_documents()
    totals = np.asarray(counts.sum(axis=0)).ravel()
    n_documents = np.asarray((counts > 0).sum(axis=0)).ravel()
    least = min(limits.min_documents, table.n_documents)
    places = np.flatnonzero((totals >= max(1, limits.min_count)) & (n_documents >= least))
    if not len(places):
        raise CorpusError(
            f"no word stands {limits.min_count} times in {least} documents. Lower --min-count.",
            n_words=len(table.word_ids),
        )
    scores = _scores(table, counts, n_documents, score=score)
    order = sorted(places.tolist(), key=lambda place: (-scores[place], -totals[place], place))
    return tuple(_keyword(table, counts, years, place=place, score=scores[place]) for place in order[:n])


def shares_by_year(table: WordTable, years: Sequence[int | None], *, place: int) -> tuple[YearShare, ...]:
    """In how many dated documents of each year a word stands; years without documents are left out."""
    return _year_shares(table.count_in_documents(), years, place=place)


def _scores(
    table: WordTable, counts: csr_matrix, n_documents: NDArray[np.int64], *, score: KeywordScore
) -> NDArray[np.float64]:
    if score == "frequency":
        return np.asarray(counts.sum(axis=0), dtype=np.float64).ravel()
    if score == "textrank":
        return _textrank(table)
    with_word = n_documents + 1.0
    weights: NDArray[np.float64] = np.log((table.n_documents + 1.0) / with_word) + 1.0
    damped = counts.astype(np.float64)
    damped.data = 1.0 + np.log(damped.data)
    return np.asarray(damped.sum(axis=0)).ravel() * weights


def _textrank(table: WordTable) -> NDArray[np.float64]:
    graph = nx.Graph()
    graph.add_nodes_from(range(len(table.vocabulary)))
    for step in range(1, TEXTRANK_WINDOW):
        near = table.rows[step:] == table.rows[:-step]
        pairs = zip(table.word_ids[:-step][near].tolist(), table.word_ids[step:][near].tolist(), strict=True)
        for first, second in pairs:
            if first == second:
                continue
            weight = graph.get_edge_data(first, second, {"weight": 0})["weight"]
            graph.add_edge(first, second, weight=weight + 1)
    ranks = nx.pagerank(graph, alpha=0.85)
    return np.array([ranks[place] for place in range(len(table.vocabulary))], dtype=np.float64)


def _keyword(
    table: WordTable, counts: csr_matrix, years: Sequence[int | None], *, place: int, score: float
) -> Keyword:
    column = counts[:, [place]].toarray().ravel()
    dated = [year for year, n in zip(years, column, strict=True) if n and year is not None]
    strength, burst_years = _strongest_burst(_year_shares(counts, years, place=place))
    return Keyword(
        text=table.vocabulary[place],
        place=place,
        count=int(column.sum()),
        n_documents=int((column > 0).sum()),
        score=float(score),
        first_year=min(dated, default=None),
        strength=strength,
        burst_years=burst_years,
    )


def _year_shares(counts: csr_matrix, years: Sequence[int | None], *, place: int) -> tuple[YearShare, ...]:
    has_word = counts[:, [place]].toarray().ravel() > 0
    found: dict[int, list[bool]] = {}
    for year, has in zip(years, has_word.tolist(), strict=True):
        if year is not None:
            found.setdefault(year, []).append(has)
    return tuple(YearShare(year, sum(found[year]), len(found[year])) for year in sorted(found))


def _strongest_burst(shares: Sequence[YearShare]) -> tuple[float, tuple[int, int] | None]:
    known = [share for share in shares if share.is_known]
    if len(known) < LEAST_YEARS:
        return math.nan, None
    bursts = find_bursts([one.n_with for one in known], [one.n_documents for one in known])
    if not bursts:
        return math.nan, None
    best = max(bursts, key=lambda burst: burst.strength)
    return best.strength, (known[best.first].year, known[best.last].year)
