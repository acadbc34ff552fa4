"""Coded corpus -> what is in it: sentences and documents of every code, codes that meet, years.

Headings count like other sentences, as in the manifest and in `compare`. Shares are of the sentences on which
the model decided (coded or uncoded); abstained and empty ones are counted apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policy_nlp.analysis.clusters import decided_sentences
from policy_nlp.analysis.coded_corpus import STATUSES, CodedCorpus
from policy_nlp.analysis.group_shares import GroupShares, LevelShares, measure_shares
from policy_nlp.analysis.groups import Group, Grouping
from policy_nlp.records import Level

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CorpusOverview:
    """Sizes of a corpus, in sentences where nothing else is said."""

    n_documents: int
    n_characters: int
    n_sentences: int
    n_coded: int
    n_uncoded: int
    n_abstained: int
    n_empty: int
    n_headings: int
    n_coded_headings: int
    n_coded_documents: int  # with one coded sentence or more

    @property
    def n_decided(self) -> int:
        """Sentences that shares are of."""
        return self.n_coded + self.n_uncoded


@dataclass(frozen=True, slots=True)
class Timeline:
    """Shares of one level year by year.

    Attributes:
        shares: a group a year, rising; None where fewer than two years are known.
        n_undated: documents of which no year is known; they are in no group.
        n_documents: all of the corpus.
    """

    shares: LevelShares | None
    n_undated: int
    n_documents: int


def measure_overview(corpus: CodedCorpus) -> CorpusOverview:
    """How much there is, and how much of it is coded."""
    counts = np.bincount(corpus.status, minlength=len(STATUSES)).tolist()
    n_of = dict(zip(STATUSES, counts, strict=True))
    is_coded = corpus.is_coded()
    return CorpusOverview(
        n_documents=len(corpus.documents),
        n_characters=sum(document.n_characters for document in corpus.documents),
        n_sentences=len(corpus),
        n_coded=n_of["coded"],
        n_uncoded=n_of["uncoded"],
        n_abstained=n_of["abstained"],
        n_empty=n_of["empty"],
        n_headings=int(corpus.is_heading.sum()),
        n_coded_headings=int((corpus.is_heading & is_coded).sum()),
        n_coded_documents=len(np.unique(corpus.document_of_rows()[is_coded])),
    )


def measure_frequencies(corpus: CodedCorpus, level: Level) -> GroupShares:
    """Sentences, documents and shares of every code of a level over the whole corpus.

    Intervals are over documents, as in `analysis.group_shares`; over passages where there is one document.
    """
    everything = Group("", tuple(range(len(corpus.documents))))
    return _measure(corpus, level, groups=(everything,)).groups[0]


def count_pairs(corpus: CodedCorpus, first: Level, *, second: Level) -> Counts:
    """Decided sentences with both codes, shape (first, second); all of a code on the diagonal."""
    decided = corpus.is_decided()
    rows = corpus.applies_at(first)[decided].astype(np.int64)
    return rows.T @ corpus.applies_at(second)[decided].astype(np.int64)


def measure_timeline(corpus: CodedCorpus, level: Level) -> Timeline:
    """Shares of every code of a level by the year of the documents."""
    members: dict[int, list[int]] = {}
    for place, document in enumerate(corpus.documents):
        if document.metadata.year is not None:
            members.setdefault(document.metadata.year, []).append(place)
    groups = [Group(str(year), tuple(members[year])) for year in sorted(members)]
    shares = _measure(corpus, level, groups=groups) if len(groups) >= 2 else None
    n_dated = sum(len(group.documents) for group in groups)
    return Timeline(shares, len(corpus.documents) - n_dated, len(corpus.documents))


def _measure(corpus: CodedCorpus, level: Level, *, groups: Sequence[Group]) -> LevelShares:
    grouping = Grouping("year", tuple(groups), (), len(corpus.documents))
    sentences = decided_sentences(corpus, grouping, level=level)
    return measure_shares(sentences, grouping, level=level, code_ids=corpus.codebook.ids(level))
