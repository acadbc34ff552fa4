from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document
from docx.oxml.ns import qn

from policy_nlp.reports.agreement_document import agreement_document
from policy_nlp.reports.render_docx import render_docx
from policy_nlp.reports.report_blocks import Paragraph, ReportDocument, TableBlock
from tests.reports.agreement_examples import HOSTILE, result

# The order of ECMA-376, CT_TblPr: Word calls a file with another one damaged.
TABLE_PROPERTIES = ("tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblCellMar", "tblLook")


@pytest.fixture(scope="module")
def content() -> bytes:
    return render_docx(agreement_document(result(), n_listed=5))


def test_every_table_of_the_report_is_a_table_with_the_same_cells(content: bytes) -> None:
    wanted = [b for b in agreement_document(result(), n_listed=5).blocks if isinstance(b, TableBlock)]
    found = Document(io.BytesIO(content)).tables
    assert len(found) == len(wanted)
    for table, block in zip(found, wanted, strict=True):
        assert [cell.text for cell in table.rows[0].cells] == list(block.header)
        assert len(table.rows) == 1 + len(block.rows)


def test_a_hostile_sentence_stands_as_it_is_without_its_control_character(content: bytes) -> None:
    table = Document(io.BytesIO(content)).tables[-2]
    assert table.rows[1].cells[1].text == HOSTILE.replace("\x0b", " ")


def test_chinese_text_has_a_chinese_font(content: bytes) -> None:
    styles = Document(io.BytesIO(content)).styles
    fonts = {
        name: styles[name].element.rPr.rFonts.get(qn("w:eastAsia"))
        for name in ("Normal", "Heading 1", "Title")
    }
    assert fonts == {"Normal": "宋体", "Heading 1": "黑体", "Title": "黑体"}


def test_table_properties_stand_in_the_order_that_word_asks_for(content: bytes) -> None:
    for table in Document(io.BytesIO(content)).tables:
        names = [child.tag.rpartition("}")[2] for child in table._tbl.tblPr]
        assert names == [name for name in TABLE_PROPERTIES if name in names]
        assert {"tblBorders", "tblCellMar"} <= set(names)


def test_the_header_of_a_table_is_repeated_on_each_page(content: bytes) -> None:
    for table in Document(io.BytesIO(content)).tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_the_heat_map_is_inside(content: bytes) -> None:
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert [name for name in names if name.startswith("word/media/")] == ["word/media/image1.png"]


def test_what_the_author_must_fill_in_is_marked(content: bytes) -> None:
    marked = [
        run.text
        for paragraph in Document(io.BytesIO(content)).paragraphs
        for run in paragraph.runs
        if run.font.highlight_color is not None
    ]
    assert len(marked) == 3
    assert all("待作者填写" in text for text in marked)


def test_the_same_report_gives_the_same_content() -> None:
    document = ReportDocument("题", (Paragraph("文"), TableBlock("表", ("a",), (("1",),))), "p 0")
    first, second = (zipfile.ZipFile(io.BytesIO(render_docx(document))) for _ in range(2))
    assert {n: first.read(n) for n in first.namelist()} == {n: second.read(n) for n in second.namelist()}


def merging_table(*rows: tuple[str, ...]) -> TableBlock:
    return TableBlock("表", ("主", "初", "n"), rows, n_text_columns=2, n_merged_columns=2)


def test_equal_cells_below_each_other_are_one_cell_where_those_left_of_them_are() -> None:
    block = merging_table(("甲", "子", "1"), ("甲", "子", "1"), ("乙", "子", "2"))
    table = Document(io.BytesIO(render_docx(ReportDocument("题", (block,), "p 0")))).tables[0]
    main, initial, numbers = ([row.cells[column]._tc for row in table.rows[1:]] for column in range(3))
    assert main[0] is main[1] is not main[2]
    assert initial[0] is initial[1] is not initial[2]  # the same word, under another main one
    assert len(set(numbers)) == 3
    assert [cell.text for cell in table.column_cells(0)] == ["主", "甲", "甲", "乙"]


def test_a_wide_report_lies_across_and_its_tables_fill_the_page() -> None:
    block = TableBlock("表", ("a", "b"), (("长" * 300, "1"),))
    wide, upright = (
        Document(io.BytesIO(render_docx(ReportDocument("题", (block,), "p 0", is_landscape=across))))
        for across in (True, False)
    )
    assert (wide.sections[0].page_width, wide.sections[0].page_height) == (
        upright.sections[0].page_height,
        upright.sections[0].page_width,
    )
    widths = [sum(column.width.cm for column in one.tables[0].columns) for one in (wide, upright)]
    assert widths == pytest.approx([25.7, 17.0], abs=0.05)
