"""Documents in groups: order, ranges of years, and what has no group."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policy_nlp.analysis.coded_corpus import CodedCorpus
from policy_nlp.analysis.groups import group_documents
from policy_nlp.codebook import Codebook
from policy_nlp.errors import CorpusError
from policy_nlp.records import DocumentMetadata
from policy_nlp.settings.compare import parse_year_ranges
from tests.analysis.small_corpora import make_corpus


def corpus_of(codebook: Codebook, *metadata: DocumentMetadata) -> CodedCorpus:
    corpus = make_corpus(codebook, {f"d{place}": [("句。", {})] for place in range(len(metadata))})
    documents = tuple(
        replace(document, metadata=own) for document, own in zip(corpus.documents, metadata, strict=True)
    )
    return replace(corpus, documents=documents)


def test_provinces_stand_in_their_official_order_and_others_after_them(shipped_codebook: Codebook) -> None:
    names = ["新疆", "长三角", "北京", "全国", "浙江"]
    corpus = corpus_of(shipped_codebook, *(DocumentMetadata(region=name) for name in names))
    assert group_documents(corpus, "region").names == ("全国", "北京", "浙江", "新疆", "长三角")


def test_a_document_without_the_property_is_listed_and_in_no_group(shipped_codebook: Codebook) -> None:
    corpus = corpus_of(
        shipped_codebook, DocumentMetadata(region="浙江"), DocumentMetadata(), DocumentMetadata(region="江苏")
    )
    grouping = group_documents(corpus, "region")
    assert grouping.left_out == (1,)
    assert grouping.group_of_documents().tolist() == [1, -1, 0]


def test_years_outside_every_range_are_left_out(shipped_codebook: Codebook) -> None:
    corpus = corpus_of(shipped_codebook, *(DocumentMetadata(year=year) for year in (2017, 2018, 2020, 2024)))
    grouping = group_documents(corpus, "year", year_ranges=parse_year_ranges("2018-2020,2024"))
    assert [(group.name, group.documents) for group in grouping.groups] == [
        ("2018–2020", (1, 2)),
        ("2024", (3,)),
    ]
    assert grouping.left_out == (0,)


def test_an_issuer_with_and_without_a_comma_is_one(shipped_codebook: Codebook) -> None:
    names = ["中共中央、国务院", "中共中央国务院", "科技部"]
    corpus = corpus_of(shipped_codebook, *(DocumentMetadata(issuer=name) for name in names))
    assert group_documents(corpus, "issuer").names == ("中共中央、国务院", "科技部")


def test_one_group_is_no_comparison_and_the_message_says_what_to_give(shipped_codebook: Codebook) -> None:
    corpus = corpus_of(shipped_codebook, DocumentMetadata(region="浙江"), DocumentMetadata())
    with pytest.raises(CorpusError, match=r"only '浙江'; 1 documents have none.*--metadata"):
        group_documents(corpus, "region")
