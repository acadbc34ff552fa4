from __future__ import annotations

import numpy as np

from policy_nlp.analysis.keyword_texts import KeywordDocument, KeywordTexts, join_texts, number_paragraphs


def texts_of(name: str, *texts: str) -> KeywordTexts:
    return KeywordTexts(
        documents=(KeywordDocument(name, f"{name}.txt", name, 2024),),
        texts=texts,
        document_of_rows=np.zeros(len(texts), dtype=np.int64),
        paragraph_of_rows=np.arange(len(texts), dtype=np.int64),
        is_counted=np.ones(len(texts), dtype=np.bool_),
    )


def test_sentences_of_one_line_are_one_paragraph() -> None:
    text = "甲。乙。\n丙。\n\n丁。"
    starts = np.array([text.index(mark) for mark in "甲乙丙丁"])
    assert number_paragraphs(text, starts).tolist() == [0, 0, 1, 3]


def test_joined_texts_keep_documents_and_paragraphs_apart() -> None:
    joined = join_texts(texts_of("a", "甲。", "乙。"), texts_of("b", "丙。"))
    assert joined.document_of_rows.tolist() == [0, 0, 1]
    assert len(set(joined.paragraph_of_rows.tolist())) == 3
    assert joined.years == (2024, 2024)
    assert joined.n_characters == 6
