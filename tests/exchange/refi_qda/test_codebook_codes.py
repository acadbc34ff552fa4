from __future__ import annotations

from policy_nlp.codebook import CODE_LEVELS, Codebook
from policy_nlp.exchange.refi_qda.codebook_codes import ROOT_NAMES, codes_of_codebook, root_guid
from policy_nlp.exchange.refi_qda.guids import code_guid


def test_concepts_are_in_initial_and_these_in_main_categories(shipped_codebook: Codebook) -> None:
    by_guid = {code.guid: code for code in codes_of_codebook(shipped_codebook)}
    for level in CODE_LEVELS:
        for code in shipped_codebook.codes(level):
            found = by_guid[code_guid(code.code_id)]
            assert found.name == code.name_zh
            if code.parent_id:
                assert found.parent_guid == code_guid(code.parent_id)
            elif level == "main":
                assert found.parent_guid is None
            else:
                assert found.parent_guid == root_guid(level)
            assert found.description.startswith(code.definition)
    assert len(by_guid) == 6 + 19 + 33 + 3 + 5 + 2


def test_a_parent_stands_before_its_codes(shipped_codebook: Codebook) -> None:
    before: set[str | None] = {None}
    for code in codes_of_codebook(shipped_codebook):
        assert code.parent_guid in before
        before.add(code.guid)


def test_only_what_is_never_applied_is_not_codable(shipped_codebook: Codebook) -> None:
    codes = codes_of_codebook(shipped_codebook)
    mains = {code.name_zh for code in shipped_codebook.main}
    assert {code.name for code in codes if not code.is_codable} == mains | set(ROOT_NAMES.values())


def test_names_are_unique_and_main_categories_have_colours_of_their_own(shipped_codebook: Codebook) -> None:
    codes = codes_of_codebook(shipped_codebook)
    assert len({code.name for code in codes}) == len(codes)
    top = [code.color for code in codes if code.parent_guid is None]
    assert len(set(top)) == len(top) == 8
    assert all(code.color for code in codes)


def test_a_codebook_without_dimensions_has_no_root_for_them(shipped_codebook: Codebook) -> None:
    small = Codebook("x", shipped_codebook.main, shipped_codebook.initial)
    assert root_guid("dimensions") not in {code.guid for code in codes_of_codebook(small)}
