"""The other pages of a coding sheet: how to fill it in, the codebook, and what it was made of (hidden)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.worksheet import Worksheet

from policy_nlp.codebook import Code, Codebook
from policy_nlp.exchange import sheet_styles as style
from policy_nlp.exchange.sheet_layout import (
    ABOUT_PAGE,
    CODEBOOK_PAGE,
    CODED,
    CODING_PAGE,
    FIRST_ROW,
    GUIDE_PAGE,
    GUIDE_TITLE,
    LEVEL_NAMES,
    NOTHING_APPLIES,
    REMARK,
    STATUS,
    UNITS_HEADER,
    UNITS_PAGE,
    UNSURE,
    SheetColumns,
    SheetUnit,
    codes_in_sheet_order,
    option_labels,
)

CODEBOOK_FIRST_ROW = 4  # of the codes; the drop-down lists refer to them

_CODEBOOK_WIDTHS = {
    "选项 Option": 30,
    "层次 Level": 11,
    "上级 Main category": 22,
    "中文名 Name": 20,
    "English name": 22,
    "定义 Definition": 44,
    "适用 Include": 44,
    "不适用 Exclude": 40,
    "例句 Example": 38,
    "id": 38,
}
_GUIDE_WIDTHS = {"A": 20, "B": 104}
_TOP = Alignment(vertical="top", wrap_text=True)


def write_guide_page(
    workbook: Workbook, about: Mapping[str, str | int], *, columns: SheetColumns, n_rows: int
) -> None:
    """Add the page that says, in Chinese and English, how to fill the sheet in; the first to be seen."""
    sheet = workbook.create_sheet(GUIDE_PAGE, 0)
    for letter, width in _GUIDE_WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    sheet.sheet_view.showGridLines = False
    style.put(sheet["A1"], GUIDE_TITLE, font=style.TITLE)
    style.put(sheet["A3"], "编码员 Coder", font=style.BOLD)
    style.put(sheet["B3"], str(about["coder"]))
    style.put(sheet["A4"], "句子 Sentences", font=style.BOLD)
    style.put(sheet["B4"], f"{about['n_units']} 句，随机抽自 drawn at random from {about['source']}")
    style.put(sheet["A5"], "进度 Done", font=style.BOLD)
    sheet["B5"] = _progress_formula(columns, n_rows)
    sheet["B5"].font = style.TEXT
    row = 7
    for heading, line in _iter_guide(columns):
        style.put(sheet[f"A{row}"], heading, font=style.BOLD, alignment=_TOP)
        style.put(sheet[f"B{row}"], line, alignment=_TOP)
        sheet.row_dimensions[row].height = style.row_height(style.count_lines(line, _GUIDE_WIDTHS["B"] + 10))
        row += 1
    sheet.row_dimensions[1].height = 26
    style.finish(sheet)
    sheet.page_setup.fitToHeight = 1  # on one page
    workbook.active = 0


def write_codebook_page(workbook: Workbook, codebook: Codebook) -> None:
    """Add the page of codes; its first column is what the drop-down lists show, a block a level."""
    sheet = workbook.create_sheet(CODEBOOK_PAGE)
    style.put(sheet["A1"], codebook.name, font=style.TITLE)
    style.put(sheet["A2"], codebook.status, font=style.WARNING, alignment=_TOP)
    sheet.merge_cells("A2:F2")
    sheet.row_dimensions[2].height = style.row_height(style.count_lines(codebook.status, 140))
    for number, (name, width) in enumerate(_CODEBOOK_WIDTHS.items(), start=1):
        letter = get_column_letter(number)
        cell = style.put(sheet[f"{letter}3"], name, font=style.HEAD, alignment=style.CENTRED)
        cell.fill = style.DARK
        sheet.column_dimensions[letter].width = width
    labels = option_labels(codebook)
    codes = [code for level in LEVEL_NAMES for code in codes_in_sheet_order(codebook, level)]
    for row, code in enumerate(codes, start=CODEBOOK_FIRST_ROW):
        _write_code(sheet, row, _code_texts(code, codebook, labels[code.code_id]))
    sheet.row_dimensions[1].height = 26
    sheet.freeze_panes = f"B{CODEBOOK_FIRST_ROW}"
    sheet.print_title_rows = "3:3"
    style.finish(sheet)


def write_hidden_pages(
    workbook: Workbook, about: Mapping[str, str | int], *, units: Sequence[SheetUnit]
) -> None:
    """Add the pages with what the sheet was made of, and each unit's place and chance of being drawn."""
    about_page, units_page = workbook.create_sheet(ABOUT_PAGE), workbook.create_sheet(UNITS_PAGE)
    for row, (key, value) in enumerate(about.items(), start=1):
        style.put(about_page[f"A{row}"], key)
        style.put(about_page[f"B{row}"], value)
    for number, name in enumerate(UNITS_HEADER, start=1):
        style.put(units_page[f"{get_column_letter(number)}1"], name)
    for row, unit in enumerate(units, start=2):
        for number, item in enumerate(_unit_values(unit), start=1):
            style.put(units_page[f"{get_column_letter(number)}{row}"], item)
    for page in (about_page, units_page):
        page.sheet_state = "hidden"
        style.finish(page)


def _unit_values(unit: SheetUnit) -> tuple[str | float | None, ...]:
    """The values of a unit in the order of UNITS_HEADER."""
    start, end = (unit.span.start, unit.span.end) if unit.span is not None else (None, None)
    place = (unit.unit_id, unit.document_id, start, end)
    return (*place, unit.checksum, unit.stratum, unit.probability, 1 / unit.probability)


def _progress_formula(columns: SheetColumns, n_rows: int) -> str:
    """`12 / 200`: rows with a code or a status, of all rows."""
    page, last_row = quote_sheetname(CODING_PAGE), FIRST_ROW + n_rows - 1
    answers = [*(name for _, name in columns.answers.iter_names()), STATUS]
    letters = [columns.letter(name) for name in answers]
    filled = "+".join(f'({page}!${a}${FIRST_ROW}:${a}${last_row}<>"")' for a in letters)
    return f'=SUMPRODUCT(--(({filled})>0))&" / {n_rows}"'


def _iter_guide(columns: SheetColumns) -> Iterator[tuple[str, str]]:
    """Heading (empty where it goes on) and line."""
    counts = [(name, columns.answers.count(level)) for level, name in LEVEL_NAMES.items()]
    most = "、".join(f"{name}至多{n}个" for name, n in counts if n)
    for heading, lines in (
        ("怎样填写", _chinese_steps(most)),
        ("规则", _CHINESE_RULES),
        ("How to fill it in", _ENGLISH_STEPS),
        ("Rules", _ENGLISH_RULES),
    ):
        for number, line in enumerate(lines):
            yield "" if number else heading, line


def _chinese_steps(most: str) -> tuple[str, ...]:
    return (
        f"1. 打开“{CODING_PAGE}”页，逐行阅读“句子”列；灰色的上文、下文只帮助理解，不编码。",
        f"2. 在黄色单元格的下拉列表中选择适用的代码（{most}）；代码的含义见“{CODEBOOK_PAGE}”页。",
        f"3. 看过而没有代码适用：代码列留空，“{STATUS}”选“{NOTHING_APPLIES}”。",
        f"4. 拿不准：“{STATUS}”选“{UNSURE}”。已选的代码照算；一个代码也没选的句子按“未编码”处理。",
        f"5. 选了代码的行，“{STATUS}”可留空或选“{CODED}”。整行留空表示还没有看，不算“{NOTHING_APPLIES}”。",
        f"6. 代码列不够用时，选最主要的几个，并在“{REMARK}”中写明其余代码。",
        "7. 不要修改句子，不要增删行列。可以筛选，可以分几次填。填好的行序号变绿，自相矛盾的状态变红。",
    )


_CHINESE_RULES = (
    "独立编码：编码期间不与其他编码员讨论，也不看模型或他人的结果。只看句子自己写了什么，不作推断。",
    "主范畴由初始范畴推出，不需要填写。",
)
_ENGLISH_STEPS = (
    f"1. On page “{CODING_PAGE}”, read each sentence; the grey text around it only helps to understand it.",
    f"2. Choose the codes that apply from the drop-down lists; page “{CODEBOOK_PAGE}” defines them.",
    f"3. Looked at, and no code applies: leave the codes empty and set the status “{NOTHING_APPLIES}”.",
    f"4. Not sure: set “{UNSURE}”. Codes chosen count; without any, the sentence counts as not coded.",
    f"5. With codes, the status may stay empty or be “{CODED}”. An empty row means: not looked at yet.",
    f"6. More codes than columns: choose the main ones and name the others under “{REMARK}”.",
    "7. Do not change sentences, rows or columns. Filter, save and go on as you like.",
)
_ENGLISH_RULES = (
    "Code alone: do not talk with other coders, and look at nobody's codes, nor a model's.",
    "Main categories follow from the initial ones and are not filled in.",
)


def _code_texts(code: Code, codebook: Codebook, label: str) -> tuple[str, ...]:
    """The texts of a code in the order of the page's columns."""
    level = next(name for key, name in LEVEL_NAMES.items() if code.level == key)
    parent = codebook.find(code.parent_id).name_zh if code.parent_id else ""
    include = code.include or code.code_if
    exclude = "；".join(one.when for one in code.exclude) or code.not_if
    names = (label, level, parent, code.name_zh, code.name_en)
    return (*names, code.definition, include, exclude, code.example, code.code_id)


def _write_code(sheet: Worksheet, row: int, texts: Sequence[str]) -> None:
    for number, text in enumerate(texts, start=1):
        cell = style.put(sheet[f"{get_column_letter(number)}{row}"], text, alignment=style.WRAPPED)
        cell.border = style.BORDER
    widths = _CODEBOOK_WIDTHS.values()
    n_lines = max(style.count_lines(text, width - 2) for text, width in zip(texts, widths, strict=True))
    sheet.row_dimensions[row].height = style.row_height(n_lines)
