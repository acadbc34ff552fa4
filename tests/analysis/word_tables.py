"""Word tables written by hand, for the tests of what is counted from them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from policy_nlp.analysis.word_table import WordTable


def make_table(documents: Sequence[Sequence[str]]) -> WordTable:
    """The table of documents that are lists of sentences, `创新 企业` the words of one."""
    sentences = [sentence.split() for document in documents for sentence in document]
    vocabulary = tuple(sorted({word for sentence in sentences for word in sentence}))
    return WordTable(
        vocabulary=vocabulary,
        word_ids=np.array([vocabulary.index(word) for own in sentences for word in own], dtype=np.int64),
        rows=np.repeat(np.arange(len(sentences)), [len(own) for own in sentences]),
        document_of_rows=np.repeat(np.arange(len(documents)), [len(own) for own in documents]),
        n_documents=len(documents),
    )
