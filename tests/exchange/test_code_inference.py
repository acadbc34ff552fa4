"""A category whose description a tool dropped is known by what its codes say."""

from __future__ import annotations

from dataclasses import replace

from policy_nlp.codebook import CODE_LEVELS, Codebook
from policy_nlp.exchange.code_inference import infer_from_children
from policy_nlp.exchange.code_texts import FoundCode
from policy_nlp.exchange.project_codebook import codebook_of_project
from policy_nlp.exchange.refi_qda.codebook_codes import codes_of_codebook
from policy_nlp.exchange.refi_qda.project import QdaCode


def test_ids_of_main_categories_survive_a_tool_that_drops_their_descriptions_and_guids(
    shipped_codebook: Codebook,
) -> None:
    codes = codes_of_codebook(shipped_codebook)
    other = {code.guid: f"00000000-0000-0000-0000-{n:012d}" for n, code in enumerate(codes)}
    exported = [
        QdaCode(
            other[code.guid],
            code.name,
            other[code.parent_guid] if code.parent_guid else None,
            code.description if code.is_codable else "",
        )
        for code in codes
    ]
    made = codebook_of_project(exported, name="书", applied_guids=frozenset()).codebook
    assert {level: made.ids(level) for level in CODE_LEVELS} == {
        level: shipped_codebook.ids(level) for level in CODE_LEVELS
    }


CHILD = FoundCode("2", "政府", "1", {"id": "gov", "level": "initial", "parent": "env"})


def test_codes_that_do_not_agree_tell_nothing() -> None:
    moved = FoundCode("3", "市场", "1", {"id": "market", "level": "initial", "parent": "demand"})
    found = [FoundCode("1", "环境"), CHILD, moved]
    assert infer_from_children(found) == found


def test_an_id_that_another_code_says_is_not_given_twice() -> None:
    found = [FoundCode("1", "环境"), CHILD, FoundCode("3", "原处", None, {"id": "env", "level": "main"})]
    assert infer_from_children(found) == found


def test_two_parents_of_children_moved_apart_get_one_id_once() -> None:
    other = replace(CHILD, key="4", parent_key="3", texts={**CHILD.texts, "id": "market"})
    first, _, second, _ = infer_from_children([FoundCode("1", "环境"), CHILD, FoundCode("3", "新"), other])
    assert first.texts["id"] == "env"
    assert "id" not in second.texts


def test_a_code_that_says_its_own_id_keeps_it() -> None:
    own = FoundCode("1", "环境", None, {"id": "surroundings", "level": "main"})
    assert infer_from_children([own, CHILD])[0] == own
