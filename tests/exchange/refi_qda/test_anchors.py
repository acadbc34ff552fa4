"""Positions of any program's counting end on the same characters, or a report says that they cannot."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_nlp.exchange.refi_qda.anchors import PLAIN, SEARCH_RADIUS, Selection, SourceAnchors
from policy_nlp.exchange.refi_qda.anchors import Counting as Found
from policy_nlp.exchange.refi_qda.line_ends import normalize_line_ends
from tests.exchange.refi_qda.examples import LINES, TEXT, Counting

QUOTATIONS = ("支持中试平台建设", "校区的成果转化给予补助", "鼓励企业牵头组织联合攻关")


def anchor(raw: str, selections: list[Selection]):
    anchors = SourceAnchors(normalize_line_ends(raw), selections)
    verdict = anchors.judge()
    return verdict, anchors.apply(verdict.counting)


def slices(anchored, text: str = TEXT) -> list[str | None]:
    return [text[span.start : span.end] if span else None for span in anchored.spans]


COUNTINGS = [
    (Counting(), TEXT, PLAIN),
    (Counting(), TEXT.replace("\n", "\r\n"), PLAIN),
    (Counting(line_end="\r\n"), TEXT.replace("\n", "\r\n"), Found(line_ends="as written")),
    (Counting(line_end="\r\n"), TEXT, Found(line_ends="two")),
    (Counting(first=1), "\ufeff" + TEXT, Found(first=1)),
    (Counting(utf16=True), TEXT, Found(utf16=True)),
    (Counting(end_included=True), TEXT, Found(end_included=True)),
    (
        Counting("\r\n", first=1, utf16=True, end_included=True),
        TEXT.replace("\n", "\r\n"),
        Found("as written", 1, utf16=True, end_included=True),
    ),
]


@pytest.mark.parametrize(("counting", "raw", "expected"), COUNTINGS)
def test_each_way_to_count_is_found_and_ends_on_the_quoted_characters(
    counting: Counting, raw: str, expected: Found
) -> None:
    selections = [Selection(*counting.span(TEXT, quoted), (quoted,)) for quoted in QUOTATIONS]
    verdict, anchored = anchor(raw, selections)
    assert slices(anchored) == list(QUOTATIONS)
    assert verdict.counting == expected
    assert (anchored.n_match, anchored.moved, anchored.mismatched) == (3, (), ())


@given(
    lines=st.lists(st.text("试点补贴攻关𠮷林，a。 ", min_size=1, max_size=12), min_size=2, max_size=8),
    counting=st.builds(
        Counting,
        line_end=st.sampled_from(["\n", "\r\n"]),
        first=st.sampled_from([0, 1]),
        utf16=st.booleans(),
        end_included=st.booleans(),
    ),
    seed=st.integers(0, 2**32),
)
@settings(max_examples=150, deadline=None)
def test_whatever_is_chosen_explains_at_least_as_many_quotations_as_the_true_counting(
    lines: list[str], counting: Counting, seed: int
) -> None:
    text = "\n".join(lines)
    choose = random.Random(seed)
    selections = []
    for _ in range(6):
        start = choose.randrange(len(text))
        end = choose.randrange(start + 1, len(text) + 1)
        positions = (counting.position(text, start), counting.position(text, end) - counting.end_included)
        selections.append(Selection(*positions, (text[start:end],)))
    verdict, anchored = anchor(text.replace("\n", counting.line_end), selections)
    quoted = ["".join(selection.texts[0].split()) for selection in selections]
    found = ["".join((part or "").split()) for part in slices(anchored, text)]
    agree = sum(bool(quote) and part.startswith(quote) for quote, part in zip(quoted, found, strict=True))
    assert anchored.n_match >= verdict.n_plain
    assert agree >= anchored.n_match


def test_without_quotations_positions_are_taken_as_the_standard_has_them() -> None:
    verdict, anchored = anchor(TEXT.replace("\n", "\r\n"), [Selection(4, 12), Selection(22, 30, ("备注一",))])
    assert verdict.counting == PLAIN
    assert [(span.start, span.end) for span in anchored.spans if span] == [(4, 12), (22, 30)]
    assert anchored.unchecked == (0, 1)


def test_without_quotations_a_selection_beyond_the_text_shows_how_line_ends_count() -> None:
    counting = Counting("\r\n")
    selections = [Selection(*counting.span(TEXT, quoted)) for quoted in (LINES[2] + "\n", QUOTATIONS[1])]
    verdict, anchored = anchor(TEXT.replace("\n", "\r\n"), selections)
    assert verdict.counting == Found(line_ends="as written")
    assert slices(anchored) == [LINES[2] + "\n", QUOTATIONS[1]]


def test_one_short_name_that_fits_by_chance_does_not_change_the_counting() -> None:
    start = TEXT.index("补助")
    verdict, anchored = anchor(TEXT, [Selection(start + 1, start + 3, ("补助",)), Selection(0, 3)])
    assert verdict.counting == PLAIN
    assert anchored.spans[0] is not None
    assert anchored.spans[0].start == start + 1


@pytest.mark.parametrize(
    "name",
    ["支持中试平台…", "支持中试平台...", "支持中试平台[…]", "支持 中试\u3000平台建设", "支持中…平台建设"],
)
def test_a_name_cut_short_or_with_other_blanks_still_quotes(name: str) -> None:
    start = TEXT.index("支持中试平台建设")
    _, anchored = anchor(TEXT, [Selection(start, start + 8, (name,))])
    assert anchored.n_match == 1


def test_a_name_over_several_lines_quotes_across_line_ends() -> None:
    joined = f"{LINES[0]} {LINES[1]}"
    _, anchored = anchor(
        TEXT.replace("\n", "\r\n"), [Selection(0, len(LINES[0]) + 1 + len(LINES[1]), (joined,))]
    )
    assert anchored.n_match == 1
    assert slices(anchored) == [f"{LINES[0]}\n{LINES[1]}"]


def test_one_selection_that_lies_elsewhere_is_moved_to_the_only_place_of_its_text() -> None:
    selections = [Selection(*Counting().span(TEXT, quoted), (quoted,)) for quoted in QUOTATIONS]
    wrong = Selection(selections[1].start - 5, selections[1].end - 5, selections[1].texts)
    _, anchored = anchor(TEXT, [selections[0], wrong, selections[2]])
    assert anchored.moved == (1,)
    assert slices(anchored) == list(QUOTATIONS)


def test_a_truncated_quotation_keeps_the_length_of_its_selection_when_it_is_moved() -> None:
    start = TEXT.index("鼓励企业牵头组织联合攻关")
    _, anchored = anchor(
        TEXT, [Selection(start - 7, start + 5, ("鼓励企业牵头…",)), Selection(0, 4, (TEXT[:4],))]
    )
    assert anchored.moved == (0,)
    assert slices(anchored)[0] == "鼓励企业牵头组织联合攻关"


def test_a_text_that_stands_twice_is_never_moved_but_reported() -> None:
    text = "加大财政投入力度。\n" * 2 + "优化营商环境。\n"
    quoted = "加大财政投入力度。"
    selections = [Selection(3, 12, (quoted,)), Selection(20, 27, ("优化营商环境。",))]
    _, anchored = anchor(text, selections)
    assert anchored.mismatched == (0,)
    assert [(span.start, span.end) for span in anchored.spans if span] == [(3, 12), (20, 27)]


def test_a_name_taken_from_the_middle_of_its_selection_moves_nothing() -> None:
    selections = [Selection(0, len(LINES[0]), (QUOTATIONS[0],)), Selection(0, 4, (TEXT[:4],))]
    _, anchored = anchor(TEXT, selections)
    assert slices(anchored) == [LINES[0], TEXT[:4]]
    assert (anchored.moved, anchored.mismatched, anchored.unchecked) == ((), (), (0,))


def test_a_quotation_far_away_is_reported_and_not_followed() -> None:
    far = SEARCH_RADIUS + 50
    text = "一" * far + "鼓励企业牵头组织联合攻关"
    _, anchored = anchor(text, [Selection(5, 17, ("鼓励企业牵头组织联合攻关",))])
    assert anchored.mismatched == (0,)
    assert anchored.spans[0] is not None
    assert anchored.spans[0].start == 5


def test_reversed_ends_are_exchanged_and_positions_outside_are_cut_or_lost() -> None:
    length = len(TEXT)
    _, anchored = anchor(
        TEXT,
        [Selection(9, 4), Selection(length - 3, length + 9), Selection(length, length + 4), Selection(-4, 3)],
    )
    assert [span and (span.start, span.end) for span in anchored.spans] == [
        (4, 9),
        (length - 3, length),
        None,
        (0, 3),
    ]
    assert (anchored.reversed_, anchored.clipped) == ((0,), (1, 3))


def test_positions_beyond_32_bits_are_outside_and_cost_nothing() -> None:
    _, anchored = anchor(TEXT, [Selection(2**31, 2**31 + 5), Selection(0, 10**15, ("第一条",))])
    assert anchored.spans[0] is None
    assert anchored.spans[1] is not None
    assert anchored.spans[1].end == len(TEXT)


def test_an_empty_text_has_no_place_for_any_selection() -> None:
    _, anchored = anchor("", [Selection(0, 0), Selection(0, 4, ("支持中试平台",))])
    assert anchored.spans == (None, None)
