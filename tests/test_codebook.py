"""The shipped codebook loads, and a broken one is told with file, line and mend."""

from __future__ import annotations

import hashlib
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_nlp.codebook import (
    NO_CODE,
    Codebook,
    derive_main,
    drop_unsupported_paths,
    load_codebook,
    nearest_id,
    parse_codebook,
    shipped_codebook_path,
)
from policy_nlp.errors import CodebookError, UnknownCodeError

SMALL = """\
main_categories:
- id: demand
  name_zh: 需求
  definition: 创新的缘由。
  initial_categories:
  - market_demand
initial_categories:
- id: market_demand
  name_zh: 市场需求
  main_category: demand
  definition: 需要由市场提出。
"""


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "own.yaml"
    path.write_bytes(text.encode(encoding))
    return path


def message_for(folder: Path, text: str) -> str:
    path = write(folder, text)
    with pytest.raises(CodebookError) as caught:
        load_codebook(path)
    assert caught.value.message.startswith(f"{path}:{caught.value.place['line']}: ")
    return caught.value.message.removeprefix(f"{path}:")


@pytest.fixture(scope="module")
def shipped() -> Codebook:
    return load_codebook(shipped_codebook_path())


def test_a_codebook_of_two_levels_is_enough(tmp_path: Path) -> None:
    codebook = load_codebook(write(tmp_path, SMALL))
    assert codebook.code_ids == ("market_demand",)
    assert codebook.name == "own"
    assert codebook.dimensions == codebook.paths == codebook.concepts == ()


def test_ids_and_order_are_those_of_the_file(shipped: Codebook) -> None:
    lines = shipped_codebook_path().read_text(encoding="utf-8").splitlines()
    ids = [line.removeprefix("- id: ") for line in lines if line.startswith("- id: ")]
    levels = (shipped.main, shipped.initial, shipped.concepts, shipped.dimensions, shipped.paths)
    assert [code.code_id for level in levels for code in level] == ids


def test_the_axis_of_codes_is_initial_then_dimensions_then_paths(shipped: Codebook) -> None:
    assert shipped.code_ids == shipped.ids("initial") + shipped.ids("dimensions") + shipped.ids("paths")


def test_a_code_knows_its_line(shipped: Codebook) -> None:
    lines = shipped_codebook_path().read_text(encoding="utf-8").splitlines()
    code = shipped.find("government_support")
    assert lines[code.line - 1] == "- id: government_support"


def test_main_categories_come_once_and_in_codebook_order(shipped: Codebook) -> None:
    initial = ("multi_actor_collaboration", "government_support", "market_competition")
    assert shipped.main_of(initial) == ("innovation_environment", "iur_deep_integration")
    assert shipped.main_of(()) == ()


def test_main_categories_of_many_sentences_are_those_of_each() -> None:
    shipped = load_codebook(shipped_codebook_path())
    applies = np.random.default_rng(0).random((50, len(shipped.initial))) < 0.1
    derived = derive_main(applies, shipped)
    for row, mains in zip(applies, derived, strict=True):
        initial = [code_id for code_id, is_on in zip(shipped.ids("initial"), row, strict=True) if is_on]
        assert tuple(np.array(shipped.ids("main"))[mains]) == shipped.main_of(initial)


def test_a_code_has_a_level_and_a_parent(shipped: Codebook) -> None:
    assert shipped.level_of("path_1") == "paths"
    assert shipped.level_of("national_mission_tasks") == "concepts"
    assert shipped.find("national_mission_tasks").parent_id == "national_strategic_demand"


def test_an_unknown_code_is_told_with_the_nearest(shipped: Codebook) -> None:
    with pytest.raises(UnknownCodeError, match="nearest is 'government_support'"):
        shipped.find("goverment_suport")


def test_a_codebook_survives_a_worker_process(shipped: Codebook) -> None:
    again = pickle.loads(pickle.dumps(shipped))
    assert again == shipped
    assert again.find("path_2") == shipped.find("path_2")


def test_the_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    assert load_codebook(write(tmp_path, SMALL)).digest == hashlib.sha256(SMALL.encode("utf-8")).hexdigest()


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    text = SMALL.replace("\n", "\r\n")
    assert load_codebook(write(tmp_path, text, "utf-8-sig")).main[0].line == 2


def test_exclusions_may_say_that_nothing_is_to_be_coded(tmp_path: Path) -> None:
    text = SMALL + f"  exclude:\n  - when: 只有名词\n    use: {NO_CODE}\n"
    assert load_codebook(write(tmp_path, text)).initial[0].exclude[0].use == NO_CODE


OTHER_MAIN = "- id: other\n  name_zh: 他\n  definition: 他。\n"
NOT_LISTED = "- id: b\n  name_zh: 乙\n  main_category: demand\n  definition: 乙。\n"
NO_INITIAL = "main_categories:\n- id: demand\n  name_zh: 需求\n  definition: 缘由。\n"


def changed(old: str, new: str) -> str:
    assert old in SMALL
    return SMALL.replace(old, new)


OTHER_PARENT = changed("initial_categories:\n- id", f"{OTHER_MAIN}initial_categories:\n- id").replace(
    "main_category: demand", "main_category: other"
)
# case: the file, the line that must be named, what must be said
BROKEN = {
    "unknown parent": (changed("category: demand", "category: demnd"), 10, "nearest is 'demand'"),
    "duplicate id": (changed("id: market_demand", "id: demand"), 8, "already used on line 2"),
    "empty definition": (changed("创新的缘由。", ""), 4, "'definition' is empty"),
    "blank definition": (changed("创新的缘由。", "'  '"), 4, "'definition' is empty"),
    "missing key": (changed("  name_zh: 市场需求\n", ""), 8, "'name_zh' is missing"),
    "number for an id": (changed("id: market_demand", "id: 12"), 8, 'quotes around it: "12"'),
    "yes for a name": (changed("市场需求", "yes"), 9, "found yes/no"),
    "list for a text": (changed("需要由市场提出。", "[a]"), 11, "found a list"),
    "text for a list": (changed("\n  - market_demand", " market_demand"), 5, "must be a list"),
    "text for an entry": (SMALL + "dimensions:\n- led\n", 13, "found a text"),
    "id with a separator": (changed("id: demand", "id: a;b"), 2, "id 'a;b' may hold"),
    "same key twice": (SMALL + "  definition: 又一次。\n", 12, "second time (first on line 11)"),
    "unknown dimension": (SMALL + "  dimensions: [led]\n", 12, "this file has no dimensions"),
    "unknown code in use": (SMALL + "  exclude:\n  - {when: 甲, use: x}\n", 13, "initial_categories"),
    "child of another": (OTHER_PARENT, 6, "whose main_category is 'other'"),
    "child that is not listed": (SMALL + NOT_LISTED, 12, "does not list it"),
    "no initial categories": (NO_INITIAL, 1, "no 'initial_categories'"),
    "empty file": ("", 1, "is empty"),
    "comment only": ("# 空\n", 1, "is empty"),
    "not YAML": ("main_categories: [\n", 2, "not valid YAML"),
    "a control character": ("a: \x01\n", 1, "not valid YAML"),
    "a text file": ("省科技厅印发了通知\n", 1, "must be `key: value` lines, found a text"),
    "an object of Python": (SMALL + "rules: !!python/object/apply:os.getcwd []\n", 12, "'rules' must be"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_rule_is_told_with_its_line(case: str, tmp_path: Path) -> None:
    text, line, said = BROKEN[case]
    message = message_for(tmp_path, text)
    assert message.startswith(f"{line}: ")
    assert said in message


def test_bytes_of_another_encoding_are_told_with_their_line(tmp_path: Path) -> None:
    with pytest.raises(CodebookError, match=r"own\.yaml:3: .*UTF-8"):
        load_codebook(write(tmp_path, SMALL, "gb18030"))


def test_a_file_that_is_not_there_and_a_folder_are_told(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(CodebookError, match="cannot be read"):
            load_codebook(path)


@settings(deadline=None)
@given(content=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_raise_anything_but_a_codebook_error(content: bytes) -> None:
    with pytest.raises(CodebookError):
        parse_codebook(content, Path("any.yaml"))


def test_deep_nesting_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, "a: " + "[" * 5000)
    with pytest.raises(CodebookError):
        load_codebook(path)


@settings(deadline=None)
@given(st.text(), st.lists(st.text(), min_size=1))
def test_there_is_always_a_nearest_id(wanted: str, known: list[str]) -> None:
    assert nearest_id(wanted, known) in known


def _with_requires(wanted: str) -> bytes:
    content = shipped_codebook_path().read_text(encoding="utf-8")
    return content.replace("- id: path_1\n", f"- id: path_1\n  requires: [{wanted}]\n", 1).encode("utf-8")


def test_path_without_any_category_it_requires_is_dropped_and_no_other_code_changes() -> None:
    content = _with_requires("basic_research_original_innovation, frontier_disruptive_technology")
    codebook = parse_codebook(content, Path("codebook.yaml"))
    ids = codebook.code_ids
    applies = np.ones((3, len(ids)), dtype=np.bool_)
    applies[0, ids.index("basic_research_original_innovation")] = False  # the other one is left
    applies[1:, [ids.index(code_id) for code_id in codebook.find("path_1").required_ids]] = False
    kept = drop_unsupported_paths(applies, codebook)
    assert kept[:, ids.index("path_1")].tolist() == [True, False, False]
    others = [column for column, code_id in enumerate(ids) if code_id != "path_1"]
    assert (kept[:, others] == applies[:, others]).all()


def test_path_that_requires_an_unknown_category_is_refused() -> None:
    with pytest.raises(CodebookError, match=r"requires.*'basic_resarch'"):
        parse_codebook(_with_requires("basic_resarch"), Path("codebook.yaml"))
