"""Blocks of a sample's text -> a Word file, a PDF or a web page, the same bytes each time."""

from __future__ import annotations

import html
import io
import re
import string
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path

from docx import Document as open_docx
from docx.document import Document as DocxDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph as DocxParagraph
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate

FIXED_TIME = datetime(2025, 1, 1)
REVISION = re.compile(r"\[-(?P<deleted>.*?)-\]|\[\+(?P<inserted>.*?)\+\]")
HEADING_KINDS = {"h1": 1, "h2": 2}
CENTRED_KINDS = {"issuer", "number", "title", "caption"}
RIGHT_KINDS = {"sign", "date"}
TEXT_BOX = """
<w:r {w} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
 xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
 xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml">
<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>
<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="5200000" cy="620000"/>
<wp:docPr id="7" name="提示框"/><wp:cNvGraphicFramePr/>
<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>
<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="5200000" cy="620000"/></a:xfrm>
<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:ln w="9525"><a:solidFill><a:srgbClr val="C00000"/>
</a:solidFill></a:ln></wps:spPr>
<wps:txbx><w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent></wps:txbx><wps:bodyPr/>
</wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>
<mc:Fallback><w:pict><v:rect style="width:410pt;height:49pt"><v:textbox>
<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent>
</v:textbox></v:rect></w:pict></mc:Fallback></mc:AlternateContent></w:r>"""


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading or table row of a sample; `kind` is the word after `@` in its source."""

    kind: str
    text: str


def first_text(blocks: Sequence[Block], kind: str) -> str:
    """Text of the first block of this kind; empty when there is none."""
    return next((block.text for block in blocks if block.kind == kind), "")


def freeze_zip(content: bytes) -> bytes:
    """The same zip (docx, xlsx) with fixed time stamps, so that rebuilding gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2025-01-01T00:00:00Z", data)
            member = zipfile.ZipInfo(name, date_time=FIXED_TIME.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, data)
    return out.getvalue()


def add_field(paragraph: DocxParagraph, instruction: str, shown: str) -> None:
    """Append a Word field: its code is no text of the document, its shown result is."""
    begin, code, separate, result, end = (paragraph.add_run() for _ in range(5))
    for run, kind in ((begin, "begin"), (separate, "separate"), (end, "end")):
        run._r.append(parse_xml(f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>'))
    code._r.append(
        parse_xml(f'<w:instrText {nsdecls("w")} xml:space="preserve"> {instruction} </w:instrText>')
    )
    result.text = shown


def add_revisions(paragraph: DocxParagraph, text: str) -> None:
    """Append text whose `[-...-]` is a tracked deletion and whose `[+...+]` is a tracked insertion."""
    position = 0
    for number, match in enumerate(REVISION.finditer(text)):
        paragraph.add_run(text[position : match.start()])
        tag, inner = ("del", "delText") if match["deleted"] else ("ins", "t")
        changed = match["deleted"] or match["inserted"]
        paragraph._p.append(
            parse_xml(
                f'<w:{tag} {nsdecls("w")} w:id="{900 + number}" w:author="审核"'
                f' w:date="2024-06-01T09:00:00Z">'
                f"<w:r><w:{inner}>{changed}</w:{inner}></w:r></w:{tag}>"
            )
        )
        position = match.end()
    paragraph.add_run(text[position:])


def add_table(document: DocxDocument, rows: Sequence[Block]) -> None:
    """Append one table with a cell for each part between `｜`."""
    cells = [row.text.split("｜") for row in rows]
    table = document.add_table(rows=0, cols=len(cells[0]), style="Table Grid")
    for row in cells:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


def add_docx_block(document: DocxDocument, block: Block) -> None:
    """Append one block that is no table row."""
    paragraph = document.add_paragraph(style="List Number" if block.kind == "list" else None)
    if block.kind == "toc":
        add_field(paragraph, 'TOC \\o "1-2" \\h \\z', "（目录在打开文件后更新）")
    elif block.kind == "box":
        paragraph._p.append(parse_xml(TEXT_BOX.format(w=nsdecls("w"), text=block.text)))
    elif block.kind == "pagebreak":
        paragraph.add_run().add_break(WD_BREAK.PAGE)
    else:
        add_revisions(paragraph, block.text)
    style_docx_paragraph(paragraph, block.kind)


def style_docx_paragraph(paragraph: DocxParagraph, kind: str) -> None:
    """Set alignment, size and colour as Chinese official papers have them."""
    if kind in CENTRED_KINDS:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif kind in RIGHT_KINDS:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    elif kind in {"para", "h1", "h2"}:
        paragraph.paragraph_format.first_line_indent = Pt(28)
    for run in paragraph.runs:
        run.bold = kind in {"issuer", "title", "h1", "caption"} or None
        if kind in {"issuer", "title"}:
            run.font.size = Pt(30 if kind == "issuer" else 20)
        if kind == "issuer":
            run.font.color.rgb = RGBColor(0xC0, 0, 0)


def build_docx(blocks: Sequence[Block], *, running_head: str) -> bytes:
    """Bytes of a Word file with header, page numbers and the given blocks."""
    document = open_docx()
    normal = document.styles["Normal"]
    normal.font.size = Pt(14)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "仿宋")
    section = document.sections[0]
    section.header.paragraphs[0].text = running_head
    footer = section.footer.paragraphs[0]
    footer.add_run("第")
    add_field(footer, "PAGE", "1")
    footer.add_run("页")
    for is_row, group in groupby(blocks, key=lambda block: block.kind == "row"):
        if is_row:
            add_table(document, list(group))
            continue
        for block in group:
            add_docx_block(document, block)
    properties = document.core_properties
    properties.title, properties.author = first_text(blocks, "title"), "policy-nlp"
    properties.created = properties.modified = FIXED_TIME
    out = io.BytesIO()
    document.save(out)
    return freeze_zip(out.getvalue())


def pdf_styles() -> dict[str, ParagraphStyle]:
    """Paragraph style of each block kind in the PDF."""
    base = ParagraphStyle("para", fontName="STSong-Light", fontSize=14, leading=26, wordWrap="CJK")
    body = ParagraphStyle("body", parent=base, firstLineIndent=28)
    title = ParagraphStyle("title", parent=base, fontSize=21, leading=36, alignment=TA_CENTER)
    number = ParagraphStyle("number", parent=base, alignment=TA_CENTER)
    h1 = ParagraphStyle("h1", parent=number, fontSize=17, spaceBefore=14, spaceAfter=8)
    h2 = ParagraphStyle("h2", parent=number, fontSize=15, spaceBefore=8)
    date = ParagraphStyle("date", parent=base, alignment=TA_RIGHT)
    return {"para": body, "title": title, "number": number, "note": number, "h1": h1, "h2": h2, "date": date}


def build_pdf(blocks: Sequence[Block]) -> bytes:
    """Bytes of a PDF with a running head and a page number on every page."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    running_head = first_text(blocks, "running")

    def draw_margins(canvas: Canvas, template: SimpleDocTemplate) -> None:
        canvas.setFont("STSong-Light", 10)
        canvas.drawCentredString(A4[0] / 2, A4[1] - 45, running_head)
        canvas.drawCentredString(A4[0] / 2, 40, f"— {template.page} —")

    styles = pdf_styles()
    story = [Paragraph(block.text, styles[block.kind]) for block in blocks if block.kind != "running"]
    out = io.BytesIO()
    template = SimpleDocTemplate(
        out,
        pagesize=A4,
        title=first_text(blocks, "title"),
        author="policy-nlp",
        invariant=1,
        leftMargin=78,  # with these margins every page ends within a paragraph
        rightMargin=78,
        topMargin=80,
        bottomMargin=80,
    )
    template.build(story, onFirstPage=draw_margins, onLaterPages=draw_margins)
    return out.getvalue()


def html_body(blocks: Sequence[Block]) -> str:
    """Headings, paragraphs and tables of the article as HTML."""
    shown = {"h1", "h2", "para", "row", "to", "annex", "sign", "date", "note"}
    lines: list[str] = []
    for is_row, group in groupby((b for b in blocks if b.kind in shown), key=lambda b: b.kind == "row"):
        if is_row:
            rows = ["".join(f"<td>{html.escape(cell)}</td>" for cell in b.text.split("｜")) for b in group]
            lines += ['<table border="1">', *(f"<tr>{row}</tr>" for row in rows), "</table>"]
            continue
        lines += [html_paragraph(block) for block in group]
    return "\n".join(lines)


def html_paragraph(block: Block) -> str:
    """One paragraph with the ideographic indent and inline styles of real pages."""
    text = html.escape(block.text, quote=False)
    if block.kind in HEADING_KINDS:
        return f"<p>　　<strong>{text}</strong></p>"
    if block.kind in RIGHT_KINDS:
        return f'<p style="text-align: right;">{text}&nbsp;&nbsp;</p>'
    if block.kind == "to":
        return f"<p>{text}</p>"
    return f'<p>　　<span style="font-family: 宋体;">{text}</span></p>'


def build_html(blocks: Sequence[Block], template: Path) -> str:
    """A whole web page: the template's navigation and footer around the article."""
    values = {
        kind: html.escape(first_text(blocks, kind), quote=False)
        for kind in ("site", "crumb", "title", "number", "meta", "footer")
    }
    related = (f'<li><a href="#">{b.text}</a></li>' for b in blocks if b.kind == "related")
    page = string.Template(template.read_text(encoding="utf-8"))
    return page.substitute(values, body=html_body(blocks), related="\n".join(related))
