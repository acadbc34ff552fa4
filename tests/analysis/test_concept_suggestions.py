from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.analysis.concept_suggestions import LEAST_MARGIN, UNDECIDED, ConceptSuggester
from policy_nlp.codebook import Codebook, load_codebook, shipped_codebook_path

CODEBOOK = load_codebook(shipped_codebook_path())
SUGGESTER = ConceptSuggester(CODEBOOK)
CATEGORIES = CODEBOOK.ids("initial")


@pytest.mark.parametrize("concept", CODEBOOK.concepts, ids=lambda concept: concept.code_id)
def test_the_definition_of_a_concept_is_nearest_to_that_concept(concept) -> None:
    suggested = SUGGESTER.suggest(concept.parent_id, [f"{concept.name_zh}：{concept.definition}"])
    assert suggested.at(0) == concept.code_id


@given(st.sampled_from(CATEGORIES), st.text(max_size=40))
def test_only_concepts_of_the_category_are_suggested(category_id: str, text: str) -> None:
    suggested = SUGGESTER.suggest(category_id, [text])
    own = {concept.code_id for concept in CODEBOOK.concepts if concept.parent_id == category_id}
    assert suggested.at(0) is None or suggested.at(0) in own
    assert 0 <= suggested.similarity[0] <= 1 + 1e-9


def test_a_sentence_that_is_like_no_concept_gets_none() -> None:
    suggested = SUGGESTER.suggest("government_support", ["zzzz"])
    assert suggested.at(0) is None
    assert suggested.similarity[0] == 0


def test_two_concepts_that_are_equally_near_leave_it_open() -> None:
    first, second = (c for c in CODEBOOK.concepts if c.parent_id == "government_support")
    same = replace(second, name_zh=first.name_zh, definition=first.definition, triggers=first.triggers)
    others = tuple(c for c in CODEBOOK.concepts if c not in (first, second))
    twins = Codebook("c", CODEBOOK.main, CODEBOOK.initial, concepts=(first, same, *others))
    assert ConceptSuggester(twins).suggest("government_support", [first.definition]).at(0) is None
    assert SUGGESTER.suggest("government_support", [first.definition]).at(0) == first.code_id


def test_a_sentence_gets_the_same_concept_alone_and_among_others() -> None:
    texts = ["设立专项资金支持企业。", "出台三年行动规划。", "天气晴好。"]
    together = SUGGESTER.suggest("government_support", texts)
    alone = [SUGGESTER.suggest("government_support", [text]).at(0) for text in texts]
    assert [together.at(row) for row in range(3)] == alone


def test_a_category_with_one_concept_gets_it_for_every_sentence() -> None:
    suggested = SUGGESTER.suggest("education_talent_integration", ["天气。", "建设产业学院。"])
    assert [suggested.at(0), suggested.at(1)] == ["industry_education_talent"] * 2


def test_a_codebook_without_concepts_suggests_nothing() -> None:
    plain = Codebook("c", CODEBOOK.main, CODEBOOK.initial)
    suggested = ConceptSuggester(plain).suggest("government_support", ["设立专项资金。"])
    assert suggested.concept_ids == ()
    assert suggested.chosen.tolist() == [UNDECIDED]
    assert np.isnan(suggested.similarity).all()


def test_traditional_characters_are_read_as_simplified_ones() -> None:
    simplified, traditional = (
        SUGGESTER.suggest("government_support", [text])
        for text in ("政府设立财政专项资金。", "政府設立財政專項資金。")
    )
    assert simplified.at(0) == traditional.at(0) == "public_resource_organisation"
    assert simplified.similarity[0] > LEAST_MARGIN
