"""Codes of projects are known again by GUID, id and name, and make a codebook of their own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from policy_nlp.codebook import Codebook
from policy_nlp.exchange.project_codebook import codebook_of_project, match_codes
from policy_nlp.exchange.refi_qda.codebook_codes import ROOT_NAMES, codes_of_codebook, root_guid
from policy_nlp.exchange.refi_qda.guids import code_guid
from policy_nlp.exchange.refi_qda.project import QdaCode
from tests.exchange.codebooks import codebooks, without_lines


@settings(max_examples=20)
@given(codebooks())
def test_the_codes_of_a_codebook_make_the_codebook_again(codebook: Codebook) -> None:
    made = codebook_of_project(codes_of_codebook(codebook), name=codebook.name, applied_guids=frozenset())
    assert without_lines(replace(made.codebook, status=codebook.status)) == without_lines(codebook)


def test_every_shipped_code_is_matched_and_groups_are_not_missed(shipped_codebook: Codebook) -> None:
    matched = match_codes(codes_of_codebook(shipped_codebook), shipped_codebook)
    assert len(matched.code_id_of_guid) == 66
    assert matched.unmatched == ()


def test_codes_with_our_guids_and_no_description_keep_what_we_know_of_them(
    shipped_codebook: Codebook,
) -> None:
    bare = [replace(code, description="") for code in codes_of_codebook(shipped_codebook)]
    made = codebook_of_project(bare, name=shipped_codebook.name, applied_guids=frozenset())
    assert without_lines(replace(made.codebook, status=shipped_codebook.status)) == without_lines(
        shipped_codebook
    )


def test_new_guids_do_no_harm_while_the_descriptions_are_there(shipped_codebook: Codebook) -> None:
    codes = codes_of_codebook(shipped_codebook)
    other = {code.guid: f"00000000-0000-0000-0000-{n:012d}" for n, code in enumerate(codes)}
    given_anew = [
        replace(
            code, guid=other[code.guid], parent_guid=other[code.parent_guid] if code.parent_guid else None
        )
        for code in codes
    ]
    made = codebook_of_project(given_anew, name=shipped_codebook.name, applied_guids=frozenset())
    assert without_lines(replace(made.codebook, status=shipped_codebook.status)) == without_lines(
        shipped_codebook
    )
    assert match_codes(given_anew, shipped_codebook).unmatched == ()


def test_a_name_changed_in_another_tool_is_the_new_name(shipped_codebook: Codebook) -> None:
    codes = [
        replace(code, name="政府的支持") if code.name == "政府支持" else code
        for code in codes_of_codebook(shipped_codebook)
    ]
    made = codebook_of_project(codes, name="书", applied_guids=frozenset())
    assert made.codebook.find("government_support").name_zh == "政府的支持"


MATCHES = {
    "by GUID": (QdaCode(code_guid("government_support"), "其他"), "government_support"),
    "by the id in its description": (
        QdaCode("g", "其他", description="定义\n\nid: path_1\nlevel: paths"),
        "path_1",
    ),
    "by id as name": (QdaCode("g", "market_competition"), "market_competition"),
    "by Chinese name": (QdaCode("g", " 政府 支持"), "government_support"),
    "by English name without case and width": (QdaCode("g", "ＧOVERNMENT support"), "government_support"),
    "by the last part of a path": (QdaCode("g", "创新环境::政府支持"), "government_support"),
}


@pytest.mark.parametrize("case", MATCHES)
def test_a_code_is_matched(case: str, shipped_codebook: Codebook) -> None:
    code, expected = MATCHES[case]
    assert match_codes([code], shipped_codebook).code_id_of_guid == {code.guid: expected}


def test_a_name_of_two_codes_of_a_level_matches_neither(shipped_codebook: Codebook) -> None:
    first, second, *rest = shipped_codebook.initial
    twins = replace(shipped_codebook, initial=(first, replace(second, name_zh=first.name_zh), *rest))
    code = QdaCode("g", first.name_zh)
    assert match_codes([code], twins).unmatched == (code,)


def test_a_foreign_code_is_unmatched(shipped_codebook: Codebook) -> None:
    code = QdaCode("g", "天气")
    assert match_codes([code], shipped_codebook).unmatched == (code,)


def test_groups_have_no_id_in_the_codebook(shipped_codebook: Codebook) -> None:
    made = codebook_of_project(codes_of_codebook(shipped_codebook), name="书", applied_guids=frozenset())
    assert not made.code_id_of_guid.keys() & {root_guid(level) for level in ROOT_NAMES}
    assert len(made.code_id_of_guid) == 66


def test_a_main_category_of_ours_that_is_applied_gets_an_initial_one(shipped_codebook: Codebook) -> None:
    guid = code_guid("demand_pull")
    made = codebook_of_project(codes_of_codebook(shipped_codebook), name="书", applied_guids={guid})
    general = made.codebook.find(made.code_id_of_guid[guid])
    assert (general.code_id, general.level, general.parent_id) == (
        "demand_pull_general",
        "initial",
        "demand_pull",
    )
    assert general.definition == shipped_codebook.find("demand_pull").definition
