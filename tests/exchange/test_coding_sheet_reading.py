from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from policy_nlp.codebook import shipped_codebook_path
from policy_nlp.errors import CodebookError, ExchangeError
from policy_nlp.exchange.coder_files import read_coder_file
from policy_nlp.exchange.coding_sheet_reading import read_coding_sheet, read_sheet_units
from policy_nlp.exchange.sheet_layout import (
    ABOUT_PAGE,
    CODED,
    CODING_PAGE,
    NOTHING_APPLIES,
    UNITS_PAGE,
    UNSURE,
    AnswerColumns,
)
from policy_nlp.records import CodedUnit, Coder, Span
from tests.exchange.sheets import (
    CODEBOOK,
    LABELS,
    SENTENCES,
    columns_of,
    fill_sheet,
    make_sheet,
    rows_of,
    source_of,
)

SUPPORT, LEADERS = "government_support", "leading_enterprise_leadership"


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return make_sheet(tmp_path / "王芳.xlsx")


def units_of(path: Path) -> dict[str, CodedUnit]:
    (coder,) = read_coder_file(path).coders
    return {unit.unit_id: unit for unit in coder.units}


def change(path: Path, edit: Callable[[Workbook], object]) -> Path:
    workbook = openpyxl.load_workbook(path)
    edit(workbook)
    workbook.save(path)
    return path


def test_a_row_with_codes_is_coded_at_every_level_that_has_columns(sheet: Path) -> None:
    fill_sheet(sheet, {"d-0": {"初始范畴2": LABELS[LEADERS], "初始范畴3": LABELS[SUPPORT]}})
    file = read_coder_file(sheet)
    (coder,) = file.coders
    assert coder.coder == Coder("王芳", source="王芳.xlsx")
    assert coder.units == (
        CodedUnit("d-0", SENTENCES[0], (SUPPORT, LEADERS), (), (), "d", "王芳", span=Span(0, 9)),
    )
    assert file.codebook.digest == CODEBOOK.digest
    assert file.documents[0].coder_ids == ("王芳",)


def test_seen_without_a_code_and_not_looked_at_are_different_things(sheet: Path) -> None:
    fill_sheet(
        sheet,
        {
            "d-0": {"状态": NOTHING_APPLIES},
            "d-1": {"状态": UNSURE},
            "d-2": {"状态": UNSURE, "实践路径1": LABELS["path_2"]},
            "d-3": {"状态": CODED, "理论维度1": LABELS["strategy_led"], "备注": "待讨论"},
        },
    )
    (coder,) = read_coder_file(sheet).coders
    assert {unit.unit_id: (unit.initial, unit.dimensions, unit.paths) for unit in coder.units} == {
        "d-0": ((), (), ()),
        "d-2": ((), (), ("path_2",)),
        "d-3": ((), ("strategy_led",), ()),
    }
    assert coder.notes == (
        "3 of 5 sentences are coded: 1 with codes, 1 without any, 1 unsure with codes",
        "not given: 1 sentences not looked at, 1 unsure without a code",
        "1 sentences have remarks, which are not read",
    )


def test_a_level_without_columns_was_not_coded(tmp_path: Path) -> None:
    path = make_sheet(tmp_path / "a.xlsx", columns=AnswerColumns(1, 0, 1))
    fill_sheet(path, {"d-0": {"状态": NOTHING_APPLIES}, "d-1": {"初始范畴1": LABELS[SUPPORT]}})
    unit = units_of(path)["d-1"]
    assert (unit.initial, unit.dimensions, unit.paths) == ((SUPPORT,), None, ())
    (coder,) = read_coder_file(path).coders
    assert coder.notes[-1] == "1 sentences fill all 1 columns of 初始范畴"


CHOSEN = st.tuples(
    st.sets(st.sampled_from(CODEBOOK.ids("initial")), max_size=3),
    st.sets(st.sampled_from(CODEBOOK.ids("paths")), max_size=2),
    st.booleans(),
)
ANSWERS = st.fixed_dictionaries({f"d-{i}": CHOSEN for i in range(5)})


@settings(max_examples=8, deadline=None)
@given(answers=ANSWERS)
def test_what_is_chosen_is_what_is_read(
    answers: Mapping[str, tuple[set[str], set[str], bool]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = make_sheet(tmp_path_factory.mktemp("sheet") / "a.xlsx")
    cells: dict[str, dict[str, str]] = {"d-0": {"状态": NOTHING_APPLIES}}
    expected: dict[str, tuple[set[str], set[str]]] = {"d-0": (set(), set())}
    for unit_id, (initial, paths, is_seen) in answers.items():
        if unit_id == "d-0" or not (initial or paths or is_seen):
            continue
        cells[unit_id] = {f"初始范畴{i}": LABELS[code] for i, code in enumerate(initial, start=1)}
        cells[unit_id] |= {f"实践路径{i}": LABELS[code] for i, code in enumerate(paths, start=1)}
        if is_seen:
            cells[unit_id]["状态"] = CODED if initial or paths else NOTHING_APPLIES
        expected[unit_id] = (initial, paths)
    read = units_of(fill_sheet(path, cells))
    assert {i: (set(u.initial or ()), set(u.paths or ())) for i, u in read.items()} == expected


def test_codes_typed_as_names_or_ids_are_understood(sheet: Path) -> None:
    code = CODEBOOK.find(SUPPORT)
    for typed in (SUPPORT, code.name_zh, code.name_en.upper(), f" {LABELS[SUPPORT]} "):
        fill_sheet(sheet, {"d-0": {"初始范畴1": typed}})
        assert units_of(sheet)["d-0"].initial == (SUPPORT,)


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"状态": NOTHING_APPLIES, "初始范畴1": SUPPORT}, r"O\d: '无代码适用', but the row has"),
        ({"状态": CODED}, r"O\d: '已编码', but the row has no code"),
        ({"状态": "看过"}, r"O\d: '看过' is no status; choose 已编码, 无代码适用, 不确定"),
        ({"初始范畴1": "政府支特"}, r"H\d: '政府支特' is no code.*nearest is\s+'2\.1 政府支持'"),
        ({"初始范畴2": LABELS["path_1"]}, r"I\d: .* Move it to a column of '实践路径'"),
        ({"初始范畴1": CODEBOOK.main[0].name_zh}, r"H\d: .* of level 'main'. Give its initial category"),
        ({"初始范畴1": "=H3"}, r"H\d: a formula \('=H3'\)"),
        ({"状态": '=IF(1,"已编码")'}, r"O\d: a formula"),
        ({"句子": "政府设立资金。"}, r"F\d: the sentence was changed"),
        ({"unit_id": "d-9"}, r"A\d: unit 'd-9' is not of this sheet"),
        ({"unit_id": "d-1", "句子": SENTENCES[1]}, r"A\d: a row that is there twice"),
        ({"unit_id": "", "初始范畴1": LABELS[SUPPORT]}, r"H\d: an answer in a row that has no sentence"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_cell(sheet: Path, answers: Mapping[str, str], message: str) -> None:
    fill_sheet(sheet, {"d-1": {"状态": UNSURE}, "d-0": answers})
    with pytest.raises(ExchangeError, match=message) as caught:
        read_coder_file(sheet)
    assert "cells to be mended first, 1:" in caught.value.message


def test_all_cells_to_be_mended_are_named_at_once_ten_at_most(tmp_path: Path) -> None:
    path = make_sheet(tmp_path / "a.xlsx", source_of([f"第{i}条。" for i in range(14)]), n_units=14)
    fill_sheet(path, {f"d-{i}": {"状态": CODED} for i in range(14)})
    with pytest.raises(ExchangeError, match="cells to be mended first, 14:") as caught:
        read_coder_file(path)
    assert caught.value.message.count("'已编码', but") == 10
    assert "and 4 more" in caught.value.message


def test_a_sheet_in_which_nothing_is_coded_is_refused(sheet: Path) -> None:
    with pytest.raises(ExchangeError, match="none of the 5 sentences is coded yet"):
        read_coder_file(sheet)


def sort_rows(workbook: Workbook) -> None:
    page = workbook[CODING_PAGE]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
    for place, values in enumerate(sorted(rows, key=lambda row: str(row[5])), start=2):
        for column, value in enumerate(values, start=1):
            page.cell(place, column).value = value


def move_answers(workbook: Workbook) -> None:
    """What a sort of one column only does."""
    page = workbook[CODING_PAGE]
    column = columns_of(page)["句子"]
    page.cell(2, column).value, page.cell(3, column).value = (
        page.cell(3, column).value,
        page.cell(2, column).value,
    )


def test_whole_rows_may_be_sorted_and_pages_moved_but_not_one_column(sheet: Path) -> None:
    fill_sheet(sheet, {f"d-{i}": {"初始范畴1": LABELS[SUPPORT]} for i in range(3)})
    before = units_of(sheet)
    change(sheet, sort_rows)
    change(sheet, lambda workbook: workbook.move_sheet("代码本", -2))
    change(sheet, lambda workbook: workbook[CODING_PAGE].insert_rows(1))
    assert units_of(sheet) == before
    with pytest.raises(ExchangeError, match="the sentence was changed, or sorted apart from its row"):
        read_coder_file(change(make_sheet(sheet.with_name("b.xlsx")), move_answers))


def test_a_deleted_row_is_not_given_and_counted(sheet: Path) -> None:
    fill_sheet(sheet, {"d-0": {"状态": NOTHING_APPLIES}})
    change(sheet, lambda workbook: workbook[CODING_PAGE].delete_rows(rows_of(workbook[CODING_PAGE])["d-4"]))
    (coder,) = read_coder_file(sheet).coders
    assert coder.notes[1] == "not given: 4 sentences not looked at, 0 unsure without a code"


def test_columns_of_answers_that_are_gone_are_told(sheet: Path) -> None:
    fill_sheet(sheet, {"d-0": {"状态": NOTHING_APPLIES}})

    def delete(workbook: Workbook) -> None:
        page = workbook[CODING_PAGE]
        page.delete_cols(columns_of(page)["实践路径1"], 2)
        page.delete_cols(columns_of(page)["初始范畴3"])

    (coder,) = read_coder_file(change(sheet, delete)).coders
    assert coder.units[0].paths is None
    assert coder.notes[-2:] == (
        "1 of 3 columns of 初始范畴 are gone: answers in them are lost",
        "2 of 2 columns of 实践路径 are gone: this level counts as not coded",
    )


def test_a_column_that_the_coder_added_is_used_where_its_name_is_one_of_ours(sheet: Path) -> None:
    def add(workbook: Workbook) -> None:
        page = workbook[CODING_PAGE]
        page.cell(1, 20).value, page.cell(2, 20).value = "初始范畴4", LABELS[SUPPORT]
        page.cell(1, 21).value, page.cell(2, 21).value = "我的笔记", "随便写"

    (unit,) = units_of(change(sheet, add)).values()
    assert unit.initial == (SUPPORT,)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda workbook: workbook.remove(workbook[ABOUT_PAGE]), "page '_about' of this coding sheet is"),
        (lambda workbook: workbook.remove(workbook[UNITS_PAGE]), "page '_units' of this coding sheet is"),
        (lambda workbook: workbook.remove(workbook[CODING_PAGE]), "page '编码' of this coding sheet is"),
        (lambda workbook: workbook[CODING_PAGE].delete_cols(1), "column 'unit_id' is gone"),
        (lambda workbook: workbook[CODING_PAGE].delete_cols(6), "column '句子' is gone"),
        (lambda workbook: workbook[CODING_PAGE].delete_cols(8, 7), "column '初始范畴' is gone"),
        (lambda workbook: workbook[CODING_PAGE].delete_rows(1), "row with the names of the columns is gone"),
        (lambda workbook: workbook[UNITS_PAGE].delete_cols(2), "hidden page of units is not as it was made"),
        (lambda workbook: workbook[ABOUT_PAGE].delete_rows(1), "a hidden page says None"),
        (lambda workbook: workbook[CODING_PAGE].merge_cells("H2:H4"), "H2: merged cells"),
    ],
)  # fmt: skip
def test_a_damaged_sheet_is_refused_and_says_what_is_gone(
    sheet: Path, edit: Callable[[Workbook], object], message: str
) -> None:
    fill_sheet(sheet, {"d-0": {"状态": NOTHING_APPLIES}})
    with pytest.raises(ExchangeError, match=message):
        read_coder_file(change(sheet, edit))


def test_a_span_that_is_no_number_is_a_damaged_page(sheet: Path) -> None:
    def spoil(workbook: Workbook) -> None:
        workbook[UNITS_PAGE]["C2"].value = "三"

    with pytest.raises(ExchangeError, match="the hidden page of units is damaged"):
        read_coder_file(change(sheet, spoil))


def test_a_hundred_thousand_blank_rows_do_not_matter(sheet: Path) -> None:
    fill_sheet(sheet, {"d-0": {"状态": NOTHING_APPLIES}})

    def touch_the_end(workbook: Workbook) -> None:
        workbook[CODING_PAGE].cell(100_000, 3).value = " "
        workbook[CODING_PAGE].cell(2, 16_000).value = "远"

    change(sheet, touch_the_end)
    started = time.monotonic()
    assert list(units_of(sheet)) == ["d-0"]
    assert time.monotonic() - started < 20


def test_a_sheet_of_another_codebook_asks_for_it(sheet: Path) -> None:
    fill_sheet(sheet, {"d-0": {"状态": NOTHING_APPLIES}})

    def rename(workbook: Workbook) -> None:
        (row,) = [row for row in workbook[ABOUT_PAGE].iter_rows() if row[0].value == "codebook_sha256"]
        row[1].value = "f" * 64

    with pytest.raises(CodebookError, match="--codebook"):
        read_coding_sheet(change(sheet, rename))
    assert read_coding_sheet(sheet, codebook_path=shipped_codebook_path()).coders


def test_weights_of_the_sample_are_read_back(tmp_path: Path) -> None:
    source = source_of([f"第{i}条。" for i in range(40)], codes={3: (SUPPORT,)})
    path = make_sheet(tmp_path / "a.xlsx", source, n_units=10, is_stratified=True)
    units = read_sheet_units(path)
    assert sum(1 / unit.probability for unit in units) == pytest.approx(40)
    (rare,) = [unit for unit in units if unit.unit_id == "d-3"]
    assert (rare.probability, rare.stratum == SUPPORT) == (1.0, False)


def test_ids_that_look_like_numbers_survive(tmp_path: Path) -> None:
    source = source_of()
    (coder,) = source.coders
    units = tuple(
        CodedUnit(f"00{i}", one.text, (), (), (), "d", "m", None, one.span)
        for i, one in enumerate(coder.units)
    )
    object.__setattr__(source, "coders", (type(coder)(coder.coder, units),))
    path = fill_sheet(make_sheet(tmp_path / "a.xlsx", source), {"001": {"状态": NOTHING_APPLIES}})
    assert list(units_of(path)) == ["001"]


def test_an_ordinary_workbook_is_no_coding_sheet(tmp_path: Path) -> None:
    workbook = Workbook()
    for row in (("unit", "coder", "code"), ("1", "甲", "path_1")):
        workbook.worksheets[0].append(row)
    workbook.save(tmp_path / "a.xlsx")
    assert list(units_of(tmp_path / "a.xlsx")) == ["1"]
