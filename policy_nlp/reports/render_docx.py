"""ReportDocument -> a Word file with real tables (three rules, repeated header) and Chinese fonts."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from policy_nlp.reports.report_blocks import (
    PORTRAIT_ROOM,
    Block,
    BulletList,
    Figure,
    Heading,
    Paragraph,
    ReportDocument,
    TableBlock,
    column_shares,
    number_captions,
    printable,
)

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_BODY_FONTS = ("Times New Roman", "宋体")  # Latin, East Asian
_HEADING_FONTS = ("Arial", "黑体")
_PAGE_CM = (21.0, 29.7)
_MARGIN_CM = 2.0
_BODY_PT, _TABLE_PT, _NOTE_PT = 10.5, 7.5, 8.5
_CELL_STYLE = "Table Text"
_HEADING_PT = {"Title": 18.0, "Heading 1": 14.0, "Heading 2": 11.5}
_THICK, _THIN = "12", "4"  # eighths of a point
# A file's properties would else hold the moment of writing, and no two files would be the same.
_FIXED_MOMENT = dt.datetime(2000, 1, 1)


def render_docx(document: ReportDocument) -> bytes:
    """The bytes of the Word file."""
    from docx import Document

    word = Document()
    _set_up(word, document)
    word.add_heading(printable(document.title), 0)
    for block, caption in number_captions(document.blocks):
        _add_block(word, block, caption)
    stream = io.BytesIO()
    word.save(stream)
    return stream.getvalue()


def _set_up(word: WordDocument, document: ReportDocument) -> None:
    """Page, fonts of every style, properties of the file."""
    from docx.enum.section import WD_ORIENT
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Cm, Pt, RGBColor

    section = word.sections[0]
    width, height = reversed(_PAGE_CM) if document.is_landscape else _PAGE_CM
    section.page_width, section.page_height = Cm(width), Cm(height)
    section.orientation = WD_ORIENT.LANDSCAPE if document.is_landscape else WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(_MARGIN_CM)
    _set_fonts(word.styles["Normal"], _BODY_FONTS, _BODY_PT)
    _set_fonts(word.styles["List Bullet"], _BODY_FONTS, _BODY_PT)
    word.styles["Normal"].paragraph_format.space_after = Pt(6)
    cells = word.styles.add_style(_CELL_STYLE, WD_STYLE_TYPE.PARAGRAPH)
    cells.base_style = word.styles["Normal"]
    cells.font.size = Pt(_TABLE_PT)
    cells.paragraph_format.space_after = Pt(0)
    for name, size_pt in _HEADING_PT.items():
        _set_fonts(word.styles[name], _HEADING_FONTS, size_pt)
        word.styles[name].font.color.rgb = RGBColor(0, 0, 0)
    properties = word.core_properties
    properties.title = printable(document.title)
    properties.author = printable(document.signature)
    properties.comments = ""
    properties.created = properties.modified = _FIXED_MOMENT


def _set_fonts(style: Any, fonts: tuple[str, str], size_pt: float) -> None:  # noqa: ANN401 docx has no types
    """Latin and East Asian font: Word picks by character, and without the second one it picks any."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    latin, east_asian = fonts
    style.font.name = latin
    style.font.size = Pt(size_pt)
    names = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        names.attrib.pop(qn(f"w:{theme}"), None)
    names.set(qn("w:eastAsia"), east_asian)


def _add_block(word: WordDocument, block: Block, caption: str) -> None:
    match block:
        case Heading(text, level):
            word.add_heading(printable(text), level)
        case Paragraph(text, style):
            _add_paragraph(word, text, style)
        case BulletList(items):
            for item in items:
                word.add_paragraph(printable(item), style="List Bullet").paragraph_format.space_after = 0
        case Figure(png, _, alt):
            _add_figure(word, png, alt)
            _add_caption(word, caption, is_above=False)
        case TableBlock():
            _add_caption(word, caption, is_above=True)
            _add_table(word, block)
            _add_notes(word, block.notes)


def _add_paragraph(word: WordDocument, text: str, style: str) -> None:
    from docx.enum.text import WD_COLOR_INDEX
    from docx.shared import Pt

    run = word.add_paragraph().add_run(printable(text))
    if style == "to_fill_in":
        run.font.highlight_color = WD_COLOR_INDEX.YELLOW
    elif style == "note":
        run.font.size = Pt(_NOTE_PT)


def _add_caption(word: WordDocument, caption: str, *, is_above: bool) -> None:
    from docx.shared import Pt

    paragraph = word.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(10 if is_above else 0)
    paragraph.paragraph_format.space_after = Pt(3)
    paragraph.paragraph_format.keep_with_next = is_above
    run = paragraph.add_run(printable(caption))
    run.bold = True
    run.font.size = Pt(_BODY_PT - 1)


def _add_notes(word: WordDocument, notes: tuple[str, ...]) -> None:
    from docx.shared import Pt

    for note in notes:
        paragraph = word.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(1)
        paragraph.add_run(printable(note)).font.size = Pt(_NOTE_PT - 1)
    word.add_paragraph().paragraph_format.space_after = Pt(0)


def _add_figure(word: WordDocument, png: bytes, alt: str) -> None:
    from docx.shared import Cm

    shape = word.add_picture(io.BytesIO(png), width=Cm(_text_cm(word)))
    shape._inline.docPr.set("descr", printable(alt))


def _add_table(word: WordDocument, table: TableBlock) -> None:
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.shared import Cm

    shown = word.add_table(rows=1 + len(table.rows), cols=len(table.header))
    shown.alignment = WD_TABLE_ALIGNMENT.CENTER
    shown.autofit = False
    _set_rules(shown)
    text_cm = _text_cm(word)
    room = PORTRAIT_ROOM * text_cm / (_PAGE_CM[0] - 2 * _MARGIN_CM)
    widths = [Cm(share * text_cm) for share in column_shares(table, room=room)]
    for column, width in zip(shown.columns, widths, strict=True):
        column.width = width
    for number, (row, texts) in enumerate(zip(shown.rows, (table.header, *table.rows), strict=True)):
        cells = row.cells  # asked once: docx searches the whole table each time
        for column, (cell, text) in enumerate(zip(cells, texts, strict=True)):
            cell.width = widths[column]
            is_number = column >= table.n_text_columns
            if number and column < table.n_merged_columns and _merge(cell, table.rows, (number - 1, column)):
                text = ""
            _fill_cell(cell, text, is_number=is_number, is_header=number == 0)
        row._tr.get_or_add_trPr().append(_element("w:cantSplit", val="true"))
    _mark_header(shown.rows[0])


def _merge(cell: Any, rows: Sequence[tuple[str, ...]], place: tuple[int, int]) -> bool:  # noqa: ANN401
    """Makes the cell part of the one above or below it that is equal; whether its text stands above."""
    row, column = place
    own = rows[row][: column + 1]
    is_begun = row > 0 and rows[row - 1][: column + 1] == own
    goes_on = row + 1 < len(rows) and rows[row + 1][: column + 1] == own
    if is_begun or goes_on:
        cell._tc.get_or_add_tcPr().append(_element("w:vMerge", val="continue" if is_begun else "restart"))
    return is_begun


def _text_cm(word: WordDocument) -> float:
    """Width between the margins, which are the same on all sides."""
    width = word.sections[0].page_width
    return (width.cm if width is not None else _PAGE_CM[0]) - 2 * _MARGIN_CM


def _fill_cell(cell: Any, text: str, *, is_number: bool, is_header: bool) -> None:  # noqa: ANN401
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = cell.paragraphs[0]
    paragraph.style = _CELL_STYLE
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if is_number else WD_ALIGN_PARAGRAPH.LEFT
    run = paragraph.add_run(printable(text))
    run.bold = is_header


def _set_rules(shown: Any) -> None:  # noqa: ANN401
    """A thick rule above and below, as in Chinese journals; the thin one is the header's."""
    borders = _element("w:tblBorders")
    for side in ("top", "bottom"):
        borders.append(_element(f"w:{side}", val="single", sz=_THICK, space="0", color="000000"))
    margins = _element("w:tblCellMar")
    for side, width in (("top", "30"), ("left", "50"), ("bottom", "20"), ("right", "50")):
        margins.append(_element(f"w:{side}", w=width, type="dxa"))
    # Word takes these in one order only, and calls a file with another one damaged.
    properties = shown._tbl.tblPr
    properties.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    properties.insert_element_before(margins, "w:tblLook")


def _mark_header(row: Any) -> None:  # noqa: ANN401
    """The header is repeated on each page and has a thin rule below."""
    properties = row._tr.get_or_add_trPr()
    properties.append(_element("w:tblHeader", val="true"))
    for cell in row.cells:
        borders = _element("w:tcBorders")
        borders.append(_element("w:bottom", val="single", sz=_THIN, space="0", color="000000"))
        cell._tc.get_or_add_tcPr().append(borders)


def _element(name: str, **attributes: str) -> Any:  # noqa: ANN401
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element
