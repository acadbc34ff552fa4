"""What changed between two codebooks is said by kind, with its evidence, and nothing is said without."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_nlp.codebook import Code, Codebook, OtherField
from policy_nlp.exchange.codebook_diff import ChangeKind, CodeChange, diff_codebooks
from tests.exchange.codebooks import codebooks

MAINS = (
    Code("env", "main", "创新环境", "", None, "联合体之外的条件。"),
    Code("demand", "main", "需求牵引", "", None, "创新的缘由。"),
)
SUPPORT = Code(
    "support",
    "initial",
    "政府支持",
    "Government support",
    "env",
    "政府以财政资金补贴企业研发,以税收优惠减轻负担,并布局公共技术平台和中试基地供企业共用。",
    triggers=("财政补贴", "专项资金", "税收优惠", "公共平台", "中试基地"),
)
MARKET = Code(
    "market",
    "initial",
    "市场竞争",
    "",
    "env",
    "对手的压力迫使企业加快推出新产品。",
    triggers=("竞争", "对手"),
)
NEED = Code(
    "need", "initial", "国家需求", "", "demand", "国家把安全和使命说成选题的依据。", triggers=("使命", "安全")
)
CONCEPT = Code("tax", "concepts", "税收减免", "", "support", "减免企业所得税。")
FUNDS = Code(
    "funds", "initial", "资金支持", "", "env", "政府以财政资金补贴企业研发,以税收优惠减轻负担。",
    triggers=("财政补贴", "专项资金", "税收优惠"),
)  # fmt: skip
PLATFORMS = Code(
    "platforms", "initial", "平台支持", "", "env", "政府布局公共技术平台和中试基地供企业共用。",
    triggers=("公共平台", "中试基地"),
)  # fmt: skip


def book(*initial: Code, concepts: tuple[Code, ...] = (), mains: tuple[Code, ...] = MAINS) -> Codebook:
    return Codebook("书", mains, initial, concepts)


OLD = book(SUPPORT, MARKET, NEED, concepts=(CONCEPT,))


def changes_to(*initial: Code, concepts: tuple[Code, ...] = (CONCEPT,)) -> list[CodeChange]:
    return list(diff_codebooks(OLD, book(*initial, concepts=concepts)).changes)


def only(changes: list[CodeChange], kind: ChangeKind) -> CodeChange:
    (change,) = changes
    assert change.kind == kind
    return change


def test_the_same_codebook_has_no_change() -> None:
    diff = diff_codebooks(OLD, OLD)
    assert diff.changes == ()
    assert diff.n_same == 6


def test_another_name_under_one_id_is_a_renaming() -> None:
    change = only(changes_to(replace(SUPPORT, name_zh="政府的支持"), MARKET, NEED), "renamed")
    assert change.what == "政府支持 -> 政府的支持"
    assert change.why == "the id is the same"
    assert change.similarity == pytest.approx(4 / 7)  # 政府, 支持 of 3 + 4 pairs


def test_another_english_name_is_a_renaming() -> None:
    change = only(changes_to(replace(SUPPORT, name_en="State aid"), MARKET, NEED), "renamed")
    assert change.what == "Government support -> State aid"


def test_another_id_with_the_same_name_is_a_renaming() -> None:
    change = only(changes_to(SUPPORT, replace(MARKET, code_id="rivalry"), NEED), "renamed")
    assert (change.old_ids, change.new_ids) == (("market",), ("rivalry",))
    assert change.why == "the same name, texts alike 1.00"


def test_another_id_and_name_with_a_like_text_is_a_renaming_with_its_figures() -> None:
    other = replace(
        MARKET, code_id="rivalry", name_zh="同业压力", definition="对手的压力迫使企业加快推出产品。"
    )
    change, definition = changes_to(SUPPORT, other, NEED)
    assert (change.kind, definition.kind) == ("renamed", "definition")
    assert change.new_ids == ("rivalry",)
    assert change.similarity > 0.8
    assert "names alike 0.00" in change.why


def test_another_id_name_and_text_is_a_removal_and_an_addition() -> None:
    other = Code("weather", "initial", "天气", "", "env", "今天下雨。")
    changes = changes_to(SUPPORT, other, NEED)
    assert [(change.kind, change.old_ids, change.new_ids) for change in changes] == [
        ("removed", ("market",), ()),
        ("added", (), ("weather",)),
    ]


def test_an_id_given_to_another_code_is_doubted() -> None:
    other = replace(MARKET, name_zh="天气", definition="今天下雨。")
    renamed, definition = changes_to(SUPPORT, other, NEED)
    assert "was the id given to another code?" in renamed.why
    assert definition.similarity == 0.0


def test_another_parent_is_a_move() -> None:
    change = only(changes_to(SUPPORT, replace(MARKET, parent_id="demand"), NEED), "moved")
    assert change.what == "env -> demand"


def test_another_level_is_a_move() -> None:
    raised = replace(CONCEPT, level="initial", parent_id="env")
    change = only(changes_to(SUPPORT, MARKET, NEED, raised, concepts=()), "moved")
    assert change.what == "level concepts -> initial"


def test_codes_of_a_parent_with_a_new_id_have_not_moved() -> None:
    new = book(
        *(replace(c, parent_id="surroundings") if c.parent_id == "env" else c for c in OLD.initial),
        concepts=(CONCEPT,),
        mains=(replace(MAINS[0], code_id="surroundings"), MAINS[1]),
    )
    (change,) = diff_codebooks(OLD, new).changes
    assert (change.kind, change.level) == ("renamed", "main")


def test_a_code_whose_text_two_new_ones_share_out_is_split() -> None:
    changes = changes_to(FUNDS, PLATFORMS, MARKET, NEED, concepts=(replace(CONCEPT, parent_id="funds"),))
    split = next(change for change in changes if change.kind == "split")
    assert (split.old_ids, split.new_ids) == (("support",), ("funds", "platforms"))
    assert "funds shares 0.9" in split.why
    assert "公共平台、中试基地 (1.00 of its own)" in split.why
    assert {change.kind for change in changes} == {"split", "moved"}


def test_a_code_that_gives_a_part_away_and_keeps_its_id_is_split() -> None:
    narrower = replace(FUNDS, code_id="support", name_zh="政府支持", name_en="Government support")
    changes = changes_to(narrower, PLATFORMS, MARKET, NEED)
    split = next(change for change in changes if change.kind == "split")
    assert (split.old_ids, split.new_ids) == (("support",), ("support", "platforms"))
    assert "added" not in {change.kind for change in changes}


def test_a_new_code_that_only_copies_a_code_that_stays_is_added_not_split() -> None:
    change = only(changes_to(SUPPORT, MARKET, NEED, PLATFORMS), "added")
    assert change.new_ids == ("platforms",)


def test_two_codes_whose_texts_one_new_one_holds_are_merged() -> None:
    old = book(FUNDS, PLATFORMS, MARKET)
    merged = next(c for c in diff_codebooks(old, book(SUPPORT, MARKET)).changes if c.kind == "merged")
    assert (merged.old_ids, merged.new_ids) == (("funds", "platforms"), ("support",))
    assert merged.what == "资金支持 + 平台支持 -> 政府支持"


def test_a_code_that_takes_another_in_under_its_own_id_is_merged() -> None:
    old = book(replace(FUNDS, code_id="support", name_zh="政府支持"), PLATFORMS, MARKET)
    changes = diff_codebooks(old, book(replace(SUPPORT, name_en=""), MARKET)).changes
    merged = next(change for change in changes if change.kind == "merged")
    assert (merged.old_ids, merged.new_ids) == (("support", "platforms"), ("support",))
    assert "removed" not in {change.kind for change in changes}


def test_a_changed_definition_says_which_words() -> None:
    other = replace(MARKET, definition="对手的压力迫使企业加快推出新服务。")
    change = only(changes_to(SUPPORT, other, NEED), "definition")
    assert "产品" in change.what
    assert "服务" in change.what
    assert 0.7 < change.similarity < 1.0


def test_changed_trigger_words_are_rules_and_named() -> None:
    change = only(changes_to(SUPPORT, replace(MARKET, triggers=("竞争", "份额")), NEED), "rules")
    assert change.what == "triggers -对手 +份额"


def test_changed_notes_are_named_by_field() -> None:
    other = replace(MARKET, example="例句。", others=(OtherField("备注", "核对过"),))
    assert only(changes_to(SUPPORT, other, NEED), "notes").what == "example; 备注"


def test_another_order_alone_is_said_once_with_the_fewest_movers() -> None:
    change = only(changes_to(MARKET, NEED, SUPPORT), "order")
    assert change.old_ids == ("support",)
    assert change.why == "2 of 3 codes follow each other as before"


def test_renamed_ids_that_other_codes_name_are_told_once() -> None:
    dimension = Code("scene", "dimensions", "场景", "", None, "场景出题。", typical_ids=("market",))
    old = replace(OLD, dimensions=(dimension,))
    rivalry = replace(MARKET, code_id="rivalry")
    new = replace(
        book(SUPPORT, rivalry, NEED, concepts=(CONCEPT,)),
        dimensions=(replace(dimension, typical_ids=("rivalry",)),),
    )
    assert [change.kind for change in diff_codebooks(old, new).changes] == ["renamed"]


@settings(max_examples=15)
@given(codebooks())
def test_any_codebook_is_the_same_as_itself(codebook: Codebook) -> None:
    assert diff_codebooks(codebook, codebook).changes == ()


@settings(max_examples=15)
@given(codebooks(), codebooks())
def test_no_code_is_lost_between_two_codebooks(old: Codebook, new: Codebook) -> None:
    diff = diff_codebooks(old, new)
    told = {code_id for change in diff.changes if change.kind != "order" for code_id in change.old_ids}
    n_old = sum(len(old.codes(level)) for level in ("main", "initial", "concepts", "dimensions", "paths"))
    assert len(told) + diff.n_same == n_old
    gone = {code.code_id for code in old.initial} - {code.code_id for code in new.initial}
    assert gone <= told


@given(st.permutations(range(12)))
def test_codes_in_any_order_have_movers_exactly_when_the_order_changed(order: list[int]) -> None:
    codes = [Code(f"c{n}", "initial", f"名{n}", "", "env", f"定义{n}。") for n in range(12)]
    diff = diff_codebooks(book(*codes), book(*(codes[n] for n in order)))
    assert bool(diff.changes) == (order != sorted(order))


def halves(code: Code) -> tuple[Code, Code]:
    """The code as two with new ids and names, each with half of its texts."""
    of_definition, of_include, of_triggers = (
        len(t) // 2 for t in (code.definition, code.include, code.triggers)
    )
    first = replace(
        code, code_id="first", name_zh="甲名", definition=code.definition[:of_definition],
        include=code.include[:of_include], triggers=code.triggers[:of_triggers],
    )  # fmt: skip
    second = replace(
        code, code_id="second", name_zh="乙名", definition=code.definition[of_definition:],
        include=code.include[of_include:], triggers=code.triggers[of_triggers:],
    )  # fmt: skip
    return first, second


def families(old: Codebook, new: Codebook) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    changes = diff_codebooks(old, new).changes
    return [(c.kind, c.old_ids, c.new_ids) for c in changes if c.kind in ("split", "merged", "renamed")]


@pytest.mark.parametrize("place", range(19))
def test_each_shipped_category_is_seen_to_be_split_merged_or_removed_and_nothing_else(
    place: int, shipped_codebook: Codebook
) -> None:
    initial = shipped_codebook.initial
    before, code, after = initial[:place], initial[place], initial[place + 1 :]
    parts = ("first", "second")
    apart = replace(shipped_codebook, initial=(*before, *halves(code), *after))
    assert families(shipped_codebook, apart) == [("split", (code.code_id,), parts)]
    assert families(apart, shipped_codebook) == [("merged", parts, (code.code_id,))]
    assert families(shipped_codebook, replace(shipped_codebook, initial=(*before, *after))) == []
