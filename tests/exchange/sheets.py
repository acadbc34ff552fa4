"""Coding sheets for the tests: made of a few sentences, and filled in as a person or a program would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from policy_nlp.codebook import load_codebook, shipped_codebook_path
from policy_nlp.exchange.coder_file import CoderFile, SourceText
from policy_nlp.exchange.coding_sheets import SheetPlan, make_coding_sheet
from policy_nlp.exchange.sheet_layout import CODING_PAGE, option_labels
from policy_nlp.records import CodedUnit, Coder, CoderUnits, Span

CODEBOOK = load_codebook(shipped_codebook_path())
LABELS = option_labels(CODEBOOK)
SENTENCES = (
    "政府设立专项资金。",
    "鼓励企业牵头攻关。",
    "支持高校参加。",
    "=1+1是一个公式吗？",
    "本意见自发布之日起施行。",
)


def source_of(
    texts: Sequence[str] = SENTENCES,
    *,
    codes: Mapping[int, tuple[str, ...]] | None = None,
    with_texts: bool = True,
    stratum: str | None = "sentence",
) -> CoderFile:
    """A model's codings of one document that has these sentences, a line feed between them."""
    units, start = [], 0
    for i, text in enumerate(texts):
        span = Span(start, start + len(text))
        initial = (codes or {}).get(i, ())
        units.append(CodedUnit(f"d-{i}", text, initial, (), (), "d", "policy-zh", stratum, span))
        start = span.end + 1
    return CoderFile(
        path=Path("out"),
        sha256="5" * 64,
        codebook=CODEBOOK,
        coders=(CoderUnits(Coder("policy-zh", is_model=True), tuple(units)),),
        texts=(SourceText("d", "组建创新联合体的意见", "\n".join(texts)),) if with_texts else (),
    )


def make_sheet(path: Path, source: CoderFile | None = None, **plan: object) -> Path:
    """A sheet of all sentences for 王芳, unless the plan says otherwise."""
    make_coding_sheet(path, source or source_of(), plan=SheetPlan(**{"coder": "王芳", "n_units": 5, **plan}))  # type: ignore[arg-type]
    return path


def columns_of(page: Worksheet) -> dict[str, int]:
    """The number of each column of the page of sentences."""
    return {str(cell.value).split("\n")[0]: int(cell.column or 0) for cell in page[1] if cell.value}


def rows_of(page: Worksheet) -> dict[str, int]:
    """The row of each unit on the page of sentences."""
    column = columns_of(page)["unit_id"]
    ids = ((page.cell(row, column).value, row) for row in range(2, page.max_row + 1))
    return {str(unit_id): row for unit_id, row in ids if unit_id}


def fill_sheet(path: Path, answers: Mapping[str, Mapping[str, str]]) -> Path:
    """Writes answers into the sheet: unit id -> column -> what is chosen or typed."""
    workbook = openpyxl.load_workbook(path)
    page = workbook[CODING_PAGE]
    columns, rows = columns_of(page), rows_of(page)
    for unit_id, cells in answers.items():
        for column, text in cells.items():
            page.cell(rows[unit_id], columns[column]).value = text
    workbook.save(path)
    return path
