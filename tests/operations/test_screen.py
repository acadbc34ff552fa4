"""Screening of files and result folders, its tables, and a person's decisions on the way back."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from policy_nlp.errors import DocumentError, OutputError
from policy_nlp.exchange.screen_decisions import ANSWER_COLUMN
from policy_nlp.operations.code import code_documents
from policy_nlp.operations.screen import screen
from policy_nlp.settings.commands import CodeSettings
from policy_nlp.settings.screen import ScreenSettings

FILLER = "全市粮食播种面积稳定在八百万亩以上，重点河流断面水质优良比例明显提高。"
HIT = "支持龙头企业牵头组建创新联合体，承担重大科技项目。"
TEXTS = {
    "about.txt": f"关于组建创新联合体的意见\n{HIT}\n{FILLER}",
    "both.txt": "\n".join([FILLER] * 40 + [HIT, "发展新质生产力，建设现代化产业体系。"]),
    "copy.txt": f"关于组建创新联合体的意见\n{HIT}\n{FILLER}",
    "formula.txt": f"情况通报\n=HYPERLINK(1)组建创新联合体\n{FILLER}\n{HIT}",
    "none.txt": f"农业工作总结\n{FILLER}",
    "empty.txt": "",
}


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_every_input_is_in_one_place_of_the_flow(inputs: Path) -> None:
    counts = screen(ScreenSettings((inputs,))).counts
    assert (counts.n_found, counts.n_unreadable, counts.n_duplicates, counts.n_screened) == (6, 1, 1, 4)
    assert counts.n_kept + counts.n_borderline + counts.n_dropped == counts.n_screened
    assert (counts.n_kept, counts.n_dropped, counts.n_person) == (1, 1, 0)


def test_inputs_of_which_none_can_be_read_are_refused_with_their_reasons(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="gone"):
        screen(ScreenSettings((tmp_path / "gone",)))


@pytest.mark.parametrize("name", ["table.xlsx", "table.csv"])
def test_decisions_of_a_person_come_back_and_count(inputs: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    settings = ScreenSettings((inputs,), out=out)
    before = screen(settings)
    (borderline, *_) = [one for one in before.documents if one.final == "borderline"]
    fill_in(out, {borderline.document_id: "保留"})
    after = screen(replace(settings, decisions_path=out, out=tmp_path / f"final-{name}"))
    decided = next(one for one in after.documents if one.document_id == borderline.document_id)
    assert (decided.decision, decided.final) == ("borderline", "keep")
    assert (after.counts.n_person, after.counts.n_kept) == (1, before.counts.n_kept + 1)
    assert after.counts.n_borderline == before.counts.n_borderline - 1
    again = screen(replace(settings, decisions_path=tmp_path / f"final-{name}", out=None))
    assert again.counts == after.counts  # the new table holds the decision too


def fill_in(path: Path, answers: dict[str, str]) -> None:
    """Write answers as a person does, in the program the file is for."""
    if path.suffix == ".xlsx":
        workbook = openpyxl.load_workbook(path)
        sheet = workbook.worksheets[0]
        columns = {cell.value: cell.column for cell in sheet[1]}
        for row in range(2, sheet.max_row + 1):
            answer = answers.get(str(sheet.cell(row, columns["文档编号"]).value))
            if answer:
                sheet.cell(row, columns[ANSWER_COLUMN]).value = answer
        workbook.save(path)
        return
    with path.open(encoding="utf-8-sig", newline="") as stream:
        header, *rows = csv.reader(stream)
    for row in rows:
        row[header.index(ANSWER_COLUMN)] = answers.get(row[header.index("文档编号")], "")
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])


def test_decisions_on_other_documents_are_said_and_not_used(inputs: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("文档编号,人工决定\nffff,保留\n", encoding="utf-8")
    result = screen(ScreenSettings((inputs,), decisions_path=table))
    assert "1 of 1 decisions" in result.notes[0]
    assert result.counts.n_person == 0


def test_no_cell_of_the_tables_begins_a_formula(inputs: Path, tmp_path: Path) -> None:
    for name in ("t.xlsx", "t.csv"):
        screen(ScreenSettings((inputs,), out=tmp_path / name))
    cells = [
        cell
        for sheet in openpyxl.load_workbook(tmp_path / "t.xlsx")
        for row in sheet.iter_rows()
        for cell in row
    ]
    assert any("=HYPERLINK" in str(cell.value) for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert not any(cell.startswith("=") for row in csv.reader(stream) for cell in row)


def test_a_table_that_is_there_is_not_overwritten_unless_forced(inputs: Path, tmp_path: Path) -> None:
    settings = ScreenSettings((inputs,), out=tmp_path / "t.csv")
    screen(settings)
    with pytest.raises(OutputError, match="--force"):
        screen(settings)
    screen(replace(settings, is_forced=True))


def test_a_result_folder_gives_the_same_decisions_and_coded_shares(
    inputs: Path, tmp_path: Path, tiny_model_path: Path
) -> None:
    plain = screen(ScreenSettings((inputs,)))
    code_documents(CodeSettings((inputs,), tmp_path / "out", model=str(tiny_model_path)))
    coded = screen(ScreenSettings((tmp_path / "out",)))
    assert {one.document_id for one in plain.documents} == {one.document_id for one in coded.documents}
    named = {one.document_id: one.rule for one in plain.documents if one.rule != "absent"}
    assert named == {one.document_id: one.rule for one in coded.documents if one.document_id in named}
    assert all(0 <= one.share_coded <= 1 for one in coded.documents)
