"""Sentences in documents in groups, made of counts, for the tests of shares and of their differences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from policy_nlp.analysis.clusters import DecidedSentences
from policy_nlp.analysis.groups import Group, Grouping

Document = tuple[int, int]  # sentences, and how many of them have the code: the first ones


def make_sentences(groups: Sequence[Sequence[Document]]) -> DecidedSentences:
    """One code; the documents of each group, given as counts."""
    applies, document_of, group_of = [], [], []
    n_documents = 0
    for group, documents in enumerate(groups):
        for n, n_with in documents:
            applies += [place < n_with for place in range(n)]
            document_of += [n_documents] * n
            group_of += [group] * n
            n_documents += 1
    columns = np.array(applies, dtype=np.bool_)[:, np.newaxis]
    return DecidedSentences(np.arange(len(applies)), columns, np.array(document_of), np.array(group_of))


def make_grouping(groups: Sequence[Sequence[Document]]) -> Grouping:
    """The grouping of the same documents; groups are called a, b, c ..."""
    found, n_documents = [], 0
    for place, documents in enumerate(groups):
        found.append(Group(chr(97 + place), tuple(range(n_documents, n_documents + len(documents)))))
        n_documents += len(documents)
    return Grouping("region", tuple(found), (), n_documents)
