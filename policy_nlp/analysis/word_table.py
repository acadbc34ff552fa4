"""Sentences -> the words that count in them, as columns: what keywords and vocabularies count from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from policy_nlp.analysis.new_words import NewWord, NewWordRules, find_new_words
from policy_nlp.analysis.words import DictionaryWord, Lexicon, Segmenter, join_dictionaries


@dataclass(frozen=True, slots=True)
class WordTable:
    """The T words that count in N texts of D documents, in order.

    Attributes:
        vocabulary: V words in code point order.
        word_ids: shape (T,), places in the vocabulary.
        rows: shape (T,), the text that each stands in; never falls.
        document_of_rows: shape (N,), the document of each text.
        n_documents: D.
        new_words: terms that the corpus itself gave.
    """

    vocabulary: tuple[str, ...]
    word_ids: NDArray[np.int64]
    rows: NDArray[np.int64]
    document_of_rows: NDArray[np.int64]
    n_documents: int
    new_words: tuple[NewWord, ...] = ()

    def count_in_documents(self) -> csr_matrix:
        """Shape (D, V): how often each word stands in each document."""
        return self.count_in_groups(self.document_of_rows, self.n_documents)

    def count_in_groups(self, group_of_rows: NDArray[np.int64], n_groups: int) -> csr_matrix:
        """Shape (n_groups, V): how often each word stands in the texts of each group; -1 is of no group."""
        groups = group_of_rows[self.rows]
        kept = groups >= 0
        shape = (n_groups, len(self.vocabulary))
        ones = np.ones(int(kept.sum()), dtype=np.int64)
        counts = csr_matrix((ones, (groups[kept], self.word_ids[kept])), shape=shape)
        counts.sum_duplicates()
        return counts

    def select(self, is_kept: NDArray[np.bool_]) -> WordTable:
        """The same texts with the words of the kept ones alone; documents keep their places."""
        kept = is_kept[self.rows]
        return replace(self, word_ids=self.word_ids[kept], rows=self.rows[kept])


def build_word_table(
    texts: Sequence[str],
    document_of_rows: NDArray[np.int64],
    *,
    n_documents: int,
    lexicon: Lexicon,
    rules: NewWordRules | None = None,
) -> WordTable:
    """The words of all texts.

    Args:
        texts: N sentences.
        document_of_rows: shape (N,), the document of each.
        n_documents: D; some may have no text.
        lexicon: the user's and the codebook's words, stop words and synonyms.
        rules: how terms are found in the texts themselves; None: none are looked for.
    """
    new_words = _find(texts, document_of_rows, lexicon=lexicon, rules=rules) if rules else ()
    found = tuple(DictionaryWord(word.text) for word in new_words)
    segmenter = Segmenter(replace(lexicon, words=join_dictionaries(lexicon.words, found)))
    words: list[str] = []
    lengths: list[int] = []
    for text in texts:
        own = segmenter.content_words(text)
        words.extend(word.text for word in own)
        lengths.append(len(own))
    vocabulary = tuple(sorted(set(words)))
    place_of = {word: place for place, word in enumerate(vocabulary)}
    return WordTable(
        vocabulary=vocabulary,
        word_ids=np.array([place_of[word] for word in words], dtype=np.int64),
        rows=np.repeat(np.arange(len(texts)), lengths),
        document_of_rows=np.asarray(document_of_rows, dtype=np.int64),
        n_documents=n_documents,
        new_words=new_words,
    )


def _find(
    texts: Sequence[str], document_of_rows: NDArray[np.int64], *, lexicon: Lexicon, rules: NewWordRules
) -> tuple[NewWord, ...]:
    segmenter = Segmenter(lexicon)
    sentences = [tuple(word.text for word in segmenter.cut(text)) for text in texts]
    tags = {word: segmenter.tag_of(word) for sentence in sentences for word in sentence}
    return find_new_words(sentences, document_of_rows.tolist(), tags=tags, rules=rules)
