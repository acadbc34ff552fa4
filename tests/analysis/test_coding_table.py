from __future__ import annotations

import math

import numpy as np
import pytest

from policy_nlp.analysis.coded_corpus import CodedCorpus
from policy_nlp.analysis.coding_table import CodingTable, document_labels, make_coding_table
from policy_nlp.codebook import Codebook, load_codebook, shipped_codebook_path
from tests.analysis.small_corpora import make_corpus

CODEBOOK = load_codebook(shipped_codebook_path())
FUND, PLAN = "省财政设立专项资金支持联合攻关。", "省里出台三年行动规划和改革指引。"
SCHOOL = "推进产教融合，建设产业学院培养人才。"
DOCUMENTS = {
    "a": (
        ("关于创新的意见", {}),
        (FUND, {"government_support": 0.9, "path_5": 0.7}),
        (PLAN, {"government_support": 0.6}),
        (SCHOOL, {"education_talent_integration": 0.8, "government_support": 0.5}),
    ),
    "b": ((FUND.replace("省", "市"), {"government_support": 0.8}), ("今天晴。", {"market_competition": 0.4})),
}


@pytest.fixture(scope="module")
def corpus() -> CodedCorpus:
    return make_corpus(CODEBOOK, DOCUMENTS)


@pytest.fixture(scope="module")
def table(corpus: CodedCorpus) -> CodingTable:
    return make_coding_table(corpus, n_examples=2)


def test_counts_are_those_of_the_corpus(corpus: CodedCorpus, table: CodingTable) -> None:
    documents = corpus.document_of_rows()
    counted = {c.counts.code_id: c.counts for main in table.main for c in main.categories}
    counted |= {one.code_id: one for one in (*table.dimensions, *table.paths)}
    for column, code_id in enumerate(CODEBOOK.code_ids):
        applies = corpus.applies[:, column]
        assert counted[code_id].n_sentences == applies.sum()
        assert counted[code_id].n_documents == len(set(documents[applies]))
    assert table.n_coded == 5


def test_a_sentence_counts_once_in_its_main_category(table: CodingTable) -> None:
    environment = next(main for main in table.main if main.counts.code_id == "innovation_environment")
    assert environment.counts.n_sentences == 5
    assert sum(category.counts.n_sentences for category in environment.categories) == 5
    assert environment.counts.n_documents == 2


def test_concepts_of_a_category_and_the_open_ones_sum_to_it(table: CodingTable) -> None:
    for main in table.main:
        for category in main.categories:
            assert sum(concept.n_sentences for concept in category.concepts) == category.counts.n_sentences


def test_concepts_are_suggested_by_what_a_sentence_says(table: CodingTable) -> None:
    by_label = {(one.label, one.category_id): one.concept_id for one in table.codings}
    assert by_label["A1-2", "government_support"] == "public_resource_organisation"
    assert by_label["A1-3", "government_support"] == "policy_planning_guidance"
    assert by_label["A2-2", "market_competition"] is None


def test_every_example_has_its_code_and_its_own_text(corpus: CodedCorpus, table: CodingTable) -> None:
    places = {code_id: place for place, code_id in enumerate(CODEBOOK.code_ids)}
    n_examples = 0
    for main in table.main:
        for category in main.categories:
            for counts in (category.counts, *category.concepts):
                for example in counts.examples:
                    assert corpus.applies[example.row, places[category.counts.code_id]]
                    assert example.text == corpus.texts[example.row]
                    n_examples += 1
    for one in (*table.dimensions, *table.paths):
        assert all(corpus.applies[example.row, places[one.code_id]] for example in one.examples)
    assert n_examples >= 3


def test_a_sentence_is_cited_by_its_document_and_its_place_in_it(table: CodingTable) -> None:
    assert next(one for one in table.paths if one.code_id == "path_5").examples[0].label == "A1-2"


def test_the_score_is_the_mean_of_the_sentences_that_have_the_code(table: CodingTable) -> None:
    support = next(
        c for main in table.main for c in main.categories if c.counts.code_id == "government_support"
    )
    assert support.counts.score == pytest.approx((0.9 + 0.6 + 0.5 + 0.8) / 4)
    unused = next(one for one in table.paths if one.code_id == "path_1")
    assert unused.n_sentences == 0
    assert math.isnan(unused.score)


def test_a_level_that_was_not_coded_is_left_out(corpus: CodedCorpus) -> None:
    table = make_coding_table(corpus, n_examples=1, coded_levels=("initial",))
    assert (table.levels, table.dimensions, table.paths) == (("initial", "main"), (), ())


def test_a_codebook_without_concepts_shows_sentences_for_its_categories() -> None:
    plain = Codebook("c", CODEBOOK.main, CODEBOOK.initial)
    table = make_coding_table(make_corpus(plain, {"a": ((FUND, {"government_support": 0.9}),)}), n_examples=2)
    support = next(
        c for main in table.main for c in main.categories if c.counts.code_id == "government_support"
    )
    assert support.concepts == ()
    assert [example.text for example in support.counts.examples] == [FUND]


def test_the_same_corpus_gives_the_same_table(corpus: CodedCorpus, table: CodingTable) -> None:
    assert repr(make_coding_table(corpus, n_examples=2)) == repr(table)


def test_documents_are_numbered_by_folder_with_numbers_of_one_width() -> None:
    many = {f"d{i}": ((f"第{i}句。", {}),) for i in range(12)}
    labels = document_labels(make_corpus(CODEBOOK, many))
    assert labels[0] == "A01"
    assert labels[-1] == "A12"
    assert len(set(labels)) == 12


def test_no_coded_sentence_is_missing_among_the_codings(corpus: CodedCorpus, table: CodingTable) -> None:
    initial = corpus.applies_at("initial")
    found = {(one.row, CODEBOOK.ids("initial").index(one.category_id)) for one in table.codings}
    assert found == {(int(row), int(column)) for row, column in zip(*np.nonzero(initial), strict=True)}
