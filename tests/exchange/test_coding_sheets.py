from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from policy_nlp.errors import ExchangeError
from policy_nlp.exchange.coding_sheets import SheetPlan, make_coding_sheet
from policy_nlp.exchange.sheet_layout import (
    CODEBOOK_PAGE,
    CODING_PAGE,
    GUIDE_PAGE,
    STATUS_WORDS,
    AnswerColumns,
)
from tests.exchange.sheets import (
    CODEBOOK,
    LABELS,
    SENTENCES,
    columns_of,
    make_sheet,
    rows_of,
    source_of,
)

CODES = {0: ("government_support",), 2: ("multi_actor_collaboration",)}


def coding_page(path: Path) -> Worksheet:
    return openpyxl.load_workbook(path)[CODING_PAGE]


def texts_of(path: Path, column: str) -> dict[str, object]:
    page = coding_page(path)
    number = columns_of(page)[column]
    return {unit_id: page.cell(row, number).value for unit_id, row in rows_of(page).items()}


def test_the_sheet_holds_the_sentences_and_no_code_of_the_source(tmp_path: Path) -> None:
    path = make_sheet(tmp_path / "a.xlsx", source_of(codes=CODES), is_stratified=True)
    assert texts_of(path, "句子") == {f"d-{i}": text for i, text in enumerate(SENTENCES)}
    for column in ("初始范畴1", "状态", "备注"):
        assert set(texts_of(path, column).values()) == {None}
    workbook = openpyxl.load_workbook(path)
    for page in workbook:
        cells = {str(cell.value) for row in page.iter_rows() for cell in row}
        if page.title != CODEBOOK_PAGE:
            assert not cells & {*CODEBOOK.code_ids, *LABELS.values(), "policy-zh"}


def test_sentences_around_are_shown_from_headings_too_but_never_beyond_the_document(tmp_path: Path) -> None:
    path = make_sheet(tmp_path / "a.xlsx", context=1)
    before, after = texts_of(path, "上文"), texts_of(path, "下文")
    assert (before["d-0"], after["d-0"]) == (None, SENTENCES[1])
    assert (before["d-4"], after["d-4"]) == (SENTENCES[3], None)
    assert "上文" not in columns_of(coding_page(make_sheet(tmp_path / "b.xlsx", context=0)))
    wide = texts_of(make_sheet(tmp_path / "c.xlsx", context=2), "上文")
    assert wide["d-2"] == SENTENCES[0] + SENTENCES[1]


def test_without_the_text_of_the_document_only_neighbours_that_touch_are_context(tmp_path: Path) -> None:
    source = source_of(with_texts=False)
    (coder,) = source.coders
    apart = source_of(with_texts=False)
    object.__setattr__(apart, "coders", (type(coder)(coder.coder, coder.units[::2]),))
    assert texts_of(make_sheet(tmp_path / "a.xlsx", source), "下文")["d-0"] == SENTENCES[1]
    assert texts_of(make_sheet(tmp_path / "b.xlsx", apart), "下文")["d-0"] is None


def test_only_answers_can_be_edited_and_lists_refer_to_the_page_of_codes(tmp_path: Path) -> None:
    page = coding_page(make_sheet(tmp_path / "a.xlsx"))
    columns = columns_of(page)
    assert page.protection.sheet
    unlocked = {name for name, column in columns.items() if not page.cell(2, column).protection.locked}
    assert unlocked == {
        "初始范畴1",
        "初始范畴2",
        "初始范畴3",
        "理论维度1",
        "理论维度2",
        "实践路径1",
        "实践路径2",
        "状态",
        "备注",
    }
    assert page.column_dimensions["A"].hidden
    assert page.column_dimensions["B"].hidden
    lists = {str(v.sqref).split(":")[0]: v.formula1 for v in page.data_validations.dataValidation}
    assert lists["H2"].split(" ")[0] == f"'{CODEBOOK_PAGE}'!$A$4:$A$22"
    assert f'"{",".join(STATUS_WORDS)}"' in lists.values()


@pytest.mark.parametrize(("level", "count"), [("initial", 19), ("dimensions", 3), ("paths", 5)])
def test_each_list_holds_the_codes_of_its_level(tmp_path: Path, level: str, count: int) -> None:
    workbook = openpyxl.load_workbook(make_sheet(tmp_path / "a.xlsx"))
    names = {"initial": "初始范畴1", "dimensions": "理论维度1", "paths": "实践路径1"}
    page = workbook[CODING_PAGE]
    place = page.cell(2, columns_of(page)[names[level]]).coordinate
    (source,) = [v.formula1 for v in page.data_validations.dataValidation if place in v.sqref]
    cells = workbook[CODEBOOK_PAGE][source.split("!")[1].replace("$", "")]
    assert len(cells) == count
    ids = {"initial": CODEBOOK.ids("initial"), "dimensions": CODEBOOK.ids("dimensions")}
    assert {row[0].value for row in cells} == {LABELS[i] for i in ids.get(level, CODEBOOK.ids("paths"))}  # type: ignore[call-overload]


def test_the_codebook_page_says_what_is_reconstructed(tmp_path: Path) -> None:
    page = openpyxl.load_workbook(make_sheet(tmp_path / "a.xlsx"))[CODEBOOK_PAGE]
    assert page["A2"].value == CODEBOOK.status
    assert page["C4"].value == CODEBOOK.main[0].name_zh


def test_the_guide_comes_first_and_names_the_coder(tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(make_sheet(tmp_path / "a.xlsx", coder="=王芳"))
    assert workbook.sheetnames[0] == GUIDE_PAGE
    assert (workbook[GUIDE_PAGE]["B3"].value, workbook[GUIDE_PAGE]["B3"].data_type) == ("=王芳", "s")
    assert [page.title for page in workbook if page.sheet_state == "hidden"] == ["_about", "_units"]


def test_a_text_that_looks_like_a_formula_stays_a_text(tmp_path: Path) -> None:
    path = make_sheet(tmp_path / "a.xlsx")
    page = coding_page(path)
    cell = page.cell(rows_of(page)["d-3"], columns_of(page)["句子"])
    assert (cell.value, cell.data_type, cell.quotePrefix) == (SENTENCES[3], "s", True)
    with zipfile.ZipFile(path) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet2.xml")  # the page of sentences


def test_one_seed_gives_every_coder_the_same_sentences_in_an_order_of_their_own(tmp_path: Path) -> None:
    source = source_of([f"第{i}条。" for i in range(60)])
    ids = {}
    for name, seed in (("甲", 1), ("乙", 1), ("丙", 2)):
        path = make_sheet(tmp_path / f"{name}.xlsx", source, coder=name, n_units=20, seed=seed)
        ids[name] = list(rows_of(coding_page(path)))
    assert set(ids["甲"]) == set(ids["乙"]) != set(ids["丙"])
    assert ids["甲"] != ids["乙"]


def test_headings_and_units_without_text_are_not_drawn_unless_asked_for(tmp_path: Path) -> None:
    heading = source_of(["总则", "附则"], stratum="heading")
    with pytest.raises(ExchangeError, match="no unit has a text"):
        make_sheet(tmp_path / "a.xlsx", heading)
    made = make_coding_sheet(tmp_path / "a.xlsx", heading, plan=SheetPlan("甲", 9, with_headings=True))
    assert (made.n_units, made.n_available, made.n_left_out) == (2, 2, 0)
    assert made.notes == ("the source has 2 sentences: all are in the sheet, not 9",)


def test_a_level_without_columns_has_none(tmp_path: Path) -> None:
    path = make_sheet(tmp_path / "a.xlsx", columns=AnswerColumns(1, 0, 0))
    assert [name for name in columns_of(coding_page(path)) if name[-1].isdigit()] == ["初始范畴1"]


@pytest.mark.parametrize("plan", [{"coder": " "}, {"n_units": 0}, {"context": -1}, {"n_units": 10**6}])
def test_a_plan_that_makes_no_sheet_is_refused(plan: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="a sheet needs"):
        SheetPlan(**{"coder": "甲", "n_units": 5, **plan})  # type: ignore[arg-type]
