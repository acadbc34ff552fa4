"""The page of sentences of a coding sheet, with its drop-down lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Protection
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from policy_nlp.codebook import Codebook
from policy_nlp.exchange import sheet_styles as style
from policy_nlp.exchange.sheet_guide import CODEBOOK_FIRST_ROW
from policy_nlp.exchange.sheet_layout import (
    AFTER,
    BEFORE,
    CHECKSUM,
    CODEBOOK_PAGE,
    CODED,
    CODING_PAGE,
    DOCUMENT,
    ENGLISH_NAMES,
    FIRST_ROW,
    LEVEL_NAMES,
    NOTHING_APPLIES,
    NUMBER,
    REMARK,
    SENTENCE,
    STATUS,
    STATUS_WORDS,
    UNIT_ID,
    SheetColumns,
    text_checksum,
)

_WIDTHS = {NUMBER: 6, DOCUMENT: 16, BEFORE: 26, SENTENCE: 52, AFTER: 26, STATUS: 13, REMARK: 22}
_CODE_WIDTH = 22
_FEWEST_LINES = 2  # high enough for the name of a code in two lines


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One sentence as the coder sees it; `before` and `after` are empty where they are not known."""

    unit_id: str
    number: int
    title: str
    before: str
    text: str
    after: str


def write_coding_page(
    workbook: Workbook, rows: Sequence[SheetRow], *, columns: SheetColumns, codebook: Codebook
) -> None:
    """Add the page of sentences; everything but the answers is protected."""
    sheet = workbook.create_sheet(CODING_PAGE)
    _write_header(sheet, columns)
    for place, row in enumerate(rows, start=FIRST_ROW):
        _write_row(sheet, row, place, columns)
    last_row = FIRST_ROW + len(rows) - 1
    _add_lists(sheet, columns, codebook, last_row)
    _add_colours(sheet, columns, last_row)
    sheet.freeze_panes = f"{columns.letter(DOCUMENT)}{FIRST_ROW}"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns.names))}{last_row}"
    sheet.print_title_rows = "1:1"
    style.finish(sheet)


def _write_header(sheet: Worksheet, columns: SheetColumns) -> None:
    answers = {STATUS, REMARK, *(name for _, name in columns.answers.iter_names())}
    for name in columns.names:
        letter, stem = columns.letter(name), name.rstrip("0123456789")
        english = f"{ENGLISH_NAMES[stem]} {name[len(stem) :]}".rstrip() if stem in ENGLISH_NAMES else ""
        shown = f"{name}\n{english}" if english else name
        cell = style.put(sheet[f"{letter}1"], shown, font=style.HEAD, alignment=style.CENTRED)
        cell.fill = style.ANSWER_HEAD if name in answers else style.DARK
        sheet.column_dimensions[letter].width = _WIDTHS.get(name, _CODE_WIDTH)
        sheet.column_dimensions[letter].hidden = name in (UNIT_ID, CHECKSUM)
    sheet.row_dimensions[1].height = 34


def _write_row(sheet: Worksheet, row: SheetRow, place: int, columns: SheetColumns) -> None:
    texts: Mapping[str, str | int] = {
        UNIT_ID: row.unit_id,
        CHECKSUM: text_checksum(row.text),
        NUMBER: row.number,
        DOCUMENT: row.title,
        BEFORE: row.before,
        SENTENCE: row.text,
        AFTER: row.after,
    }
    for name in columns.names:
        font = style.GREY if name in texts and name != SENTENCE else style.TEXT
        alignment = style.CENTRED if name in (NUMBER, STATUS) else style.WRAPPED
        cell = style.put(
            sheet[f"{columns.letter(name)}{place}"], texts.get(name), font=font, alignment=alignment
        )
        cell.border = style.BORDER
        if name not in texts:
            cell.fill = style.ANSWER
            cell.protection = Protection(locked=False)
            cell.number_format = "@"  # what is typed is never taken for a number or a date
        elif name == SENTENCE:
            cell.fill = style.SENTENCE
    shown = {name: str(texts[name]) for name in columns.names if name in texts and name in _WIDTHS}
    n_lines = max(style.count_lines(text, _text_width(name)) for name, text in shown.items())
    sheet.row_dimensions[place].height = style.row_height(max(_FEWEST_LINES, n_lines))


def _text_width(name: str) -> float:
    """Half-width characters of a text in one line of a column; all but the sentence is in small print."""
    return _WIDTHS[name] - 2 if name == SENTENCE else 1.15 * _WIDTHS[name] - 1


def _add_lists(sheet: Worksheet, columns: SheetColumns, codebook: Codebook, last_row: int) -> None:
    """Drop-down lists that refer to the page of codes, and that of the status."""
    first = CODEBOOK_FIRST_ROW
    for level in LEVEL_NAMES:
        n_codes = len(codebook.codes(level))
        source = f"{quote_sheetname(CODEBOOK_PAGE)}!$A${first}:$A${first + n_codes - 1}"
        names = [name for answer_level, name in columns.answers.iter_names() if answer_level == level]
        _add_list(
            sheet,
            source,
            "请从下拉列表中选择代码。Choose a code from the list.",
            _ranges(columns, names, last_row),
        )
        first += n_codes
    words = ",".join(STATUS_WORDS)
    _add_list(
        sheet, f'"{words}"', f"请选择:{words}。Choose one of these.", _ranges(columns, [STATUS], last_row)
    )


def _ranges(columns: SheetColumns, names: Sequence[str], last_row: int) -> list[str]:
    return [f"{columns.letter(name)}{FIRST_ROW}:{columns.letter(name)}{last_row}" for name in names]


def _add_list(sheet: Worksheet, source: str, error: str, ranges: Sequence[str]) -> None:
    validation = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True)
    validation.errorTitle, validation.error = "代码 Code", error
    for one in ranges:
        validation.add(one)
    if ranges:
        sheet.add_data_validation(validation)


def _add_colours(sheet: Worksheet, columns: SheetColumns, last_row: int) -> None:
    """Green numbers where a row is done; a red status where it contradicts the codes."""
    n_codes = f"COUNTA(${columns.first_code}{FIRST_ROW}:${columns.last_code}{FIRST_ROW})"
    status = f"${columns.letter(STATUS)}{FIRST_ROW}"
    wrong = f'OR(AND({status}="{NOTHING_APPLIES}",{n_codes}>0),AND({status}="{CODED}",{n_codes}=0))'
    done = f'OR({n_codes}>0,{status}<>"")'
    (statuses,) = _ranges(columns, [STATUS], last_row)
    (numbers,) = _ranges(columns, [NUMBER], last_row)
    sheet.conditional_formatting.add(statuses, FormulaRule(formula=[wrong], fill=style.WRONG))
    sheet.conditional_formatting.add(numbers, FormulaRule(formula=[done], fill=style.DONE))
