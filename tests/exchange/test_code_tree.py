"""Trees of other tools become codebooks by the rules that the module states."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.codebook import CODE_LEVELS, Codebook, parse_codebook
from policy_nlp.errors import CodebookError
from policy_nlp.exchange.code_texts import FoundCode, is_missing_definition
from policy_nlp.exchange.code_tree import BuiltCodebook, build_codebook
from policy_nlp.exchange.codebook_yaml import codebook_yaml

PATH = Path("other.csv")


def build(*codes: tuple[str, str | None], applied: tuple[str, ...] = (), name: str = "手册") -> BuiltCodebook:
    """The codebook of codes given as (name, parent); names are keys."""
    found = [FoundCode(code, code, parent, {"definition": f"{code}的定义"}) for code, parent in codes]
    return build_codebook(found, name=name, path=PATH, applied_keys=applied)


def shape(codebook: Codebook) -> dict[str, list[tuple[str, str | None]]]:
    return {
        level: [(code.name_zh, code.parent_id) for code in codebook.codes(level)]
        for level in CODE_LEVELS
        if codebook.codes(level)
    }


def test_the_first_three_levels_are_main_initial_and_concepts() -> None:
    built = build(("环境", None), ("政府", "环境"), ("补贴", "政府"))
    assert shape(built.codebook) == {
        "main": [("环境", None)],
        "initial": [("政府", "环境")],
        "concepts": [("补贴", "政府")],
    }
    assert built.notes == ()


def test_deeper_codes_are_concepts_with_their_path_in_the_name() -> None:
    built = build(("a", None), ("b", "a"), ("c", "b"), ("d", "c"), ("e", "d"))
    assert shape(built.codebook)["concepts"] == [("c", "b"), ("c / d", "b"), ("c / d / e", "b")]
    assert built.code_id_of_key["e"] == "e"
    assert built.notes == ("made concepts with the path in their names (a / b): 2 that lie deeper",)


def test_a_flat_list_gets_one_main_category_of_the_codebooks_name() -> None:
    built = build(("政府", None), ("市场", None), name="我的手册")
    assert shape(built.codebook) == {
        "main": [("我的手册", None)],
        "initial": [("政府", "我的手册"), ("市场", "我的手册")],
    }


def test_a_code_alone_beside_a_tree_gets_a_main_category_of_its_own_name() -> None:
    built = build(("a", None), ("b", "a"), ("独", None))
    assert shape(built.codebook) == {
        "main": [("a", None), ("独", None)],
        "initial": [("b", "a"), ("独", "独_main")],
    }
    assert built.code_id_of_key["独"] == "独"


def test_codings_of_a_main_category_go_to_an_initial_one_marked_general() -> None:
    built = build(("a", None), ("b", "a"), applied=("a", "b"))
    assert shape(built.codebook)["initial"] == [("b", "a"), ("a (general)", "a")]
    assert built.code_id_of_key == {"a": "a_general", "b": "b"}
    assert "codings of their own: a" in built.notes[0]


def test_flat_names_of_atlas_are_read_as_a_tree() -> None:
    built = build(("Coke::diet", None), ("Coke::plain::cold", None), ("Coke", None))
    assert shape(built.codebook) == {
        "main": [("Coke", None)],
        "initial": [("diet", "coke"), ("plain", "coke")],
        "concepts": [("cold", "plain")],
    }
    assert built.code_id_of_key == {"Coke::diet": "diet", "Coke::plain::cold": "cold", "Coke": "coke"}


def test_a_code_that_says_its_id_and_level_keeps_both() -> None:
    found = [
        FoundCode("1", "环境", None, {"id": "env", "level": "main"}),
        FoundCode("2", "场景引领", None, {"id": "scene_led", "level": "dimensions"}),
        FoundCode("3", "政府", "1", {"id": "gov", "level": "initial"}),
    ]
    codebook = build_codebook(found, name="书", path=PATH).codebook
    assert {level: codebook.ids(level) for level in ("main", "initial", "dimensions")} == {
        "main": ("env",),
        "initial": ("gov",),
        "dimensions": ("scene_led",),
    }


def test_a_level_that_the_tree_does_not_allow_gives_way_and_is_told() -> None:
    found = [
        FoundCode("1", "环境", None, {"id": "env", "level": "main"}),
        FoundCode("2", "补贴", "1", {"id": "subsidy", "level": "concepts"}),
    ]
    built = build_codebook(found, name="书", path=PATH)
    assert built.codebook.ids("initial") == ("subsidy",)
    assert "put in the level that the tree gives, not the one they say: 补贴" in built.notes


def test_new_codes_inside_a_group_of_dimensions_are_dimensions() -> None:
    found = [
        FoundCode("g", "维度", None, {"group": "dimensions"}),
        FoundCode("1", "新维度", "g"),
        FoundCode("2", "政府", None),
    ]
    built = build_codebook(found, name="书", path=PATH)
    assert built.codebook.ids("dimensions") == ("新维度",)
    assert "g" not in built.code_id_of_key


def test_a_missing_definition_is_marked_counted_and_loads_as_yaml() -> None:
    built = build_codebook([FoundCode("1", "政府")], name="书", path=PATH)
    assert all(is_missing_definition(code.definition) for code in built.codebook.initial)
    assert "marked as without a definition: 2 of 2 codes: 政府, 书" in built.notes
    parse_codebook(codebook_yaml(built.codebook).encode(), PATH)


def test_names_that_several_codes_have_are_told_apart_by_ids() -> None:
    found = [FoundCode("1", "a"), FoundCode("2", "人才", "1"), FoundCode("3", "人才", "1")]
    built = build_codebook(found, name="书", path=PATH)
    assert built.codebook.ids("initial") == ("人才", "人才_2")
    assert "told apart by their ids, for several codes have the name: 人才" in built.notes


def test_a_parent_may_come_after_its_codes() -> None:
    built = build(("c", "b"), ("b", "a"), ("a", None))
    assert shape(built.codebook) == {"main": [("a", None)], "initial": [("b", "a")], "concepts": [("c", "b")]}


BROKEN = {
    "circle": ([("a", "b"), ("b", "a")], "parents go in a circle: 'a' in 'b' in 'a'"),
    "in itself": ([("a", "a")], "parents go in a circle: 'a' in 'a'"),
    "unknown parent": ([("demand", None), ("b", "demnd")], "the nearest is 'demand'"),
    "twice": ([("a", None), ("a", None)], "'a' is here a second time"),
    "nothing": ([], "no code that can be an initial category"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_tree_is_told(case: str) -> None:
    codes, said = BROKEN[case]
    with pytest.raises(CodebookError, match=said):
        build(*codes)


def test_a_thousand_levels_are_read_and_names_stay_short() -> None:
    codes = [(f"n{n}", f"n{n - 1}" if n else None) for n in range(1000)]
    concepts = build(*codes).codebook.concepts
    assert concepts[-1].name_zh == "… / n996 / n997 / n998 / n999"


@given(
    st.lists(st.tuples(st.text(max_size=6), st.integers(0, 8)), min_size=1, max_size=12),
    st.sets(st.integers(0, 11)),
)
def test_any_forest_is_a_codebook_that_loads(nodes: list[tuple[str, int]], applied: set[int]) -> None:
    found = []
    for i, (name, parent) in enumerate(nodes):
        found.append(FoundCode(str(i), name, str(parent) if parent < i else None))
    built = build_codebook(found, name="书", path=PATH, applied_keys={str(i) for i in applied})
    assert built.code_id_of_key.keys() == {code.key for code in found}
    loaded = parse_codebook(codebook_yaml(built.codebook).encode(), PATH)
    assert {level: loaded.ids(level) for level in CODE_LEVELS} == {
        level: built.codebook.ids(level) for level in CODE_LEVELS
    }
    predicted = {built.code_id_of_key[str(i)] for i in applied if i < len(nodes)}
    assert not predicted & set(built.codebook.ids("main"))
