"""Paragraphs and tables of a Word document as lines of text, in document order.

Kept: inserted text, field results, content controls, text boxes (once), rendered list numbers, notes at the
end. Dropped: deleted and hidden text, field codes, comments, the table of contents.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.etree import _Element

from policy_nlp.documents.cleaning import CELL_SEPARATOR
from policy_nlp.documents.docx_numbering import Numbering
from policy_nlp.documents.xml_reading import attribute, child, child_value, is_on, local_name

CONTENTS = "lines of the table of contents"
PICTURES = "pictures"

_WRAPPERS = frozenset(
    {"ins", "moveTo", "smartTag", "customXml", "hyperlink", "dir", "bdo", "sdtContent", "Choice", "Fallback"}
)
_SIMPLE_TEXT = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_SYMBOLS = {
    ("wingdings", 0xA8): "□",
    ("wingdings", 0xFE): "☑",
    ("wingdings", 0xFD): "☒",
    ("wingdings", 0xFC): "✓",
    ("wingdings 2", 0xA3): "□",
    ("wingdings 2", 0x52): "☑",
    ("wingdings 2", 0x50): "✓",
    ("symbol", 0xB3): "≥",
    ("symbol", 0xA3): "≤",
    ("symbol", 0xB4): "×",
    ("symbol", 0xB1): "±",
    ("symbol", 0xB0): "°",
    ("symbol", 0xB7): "·",
}


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph or character style says that changes the text."""

    list_id: str | None = None
    level: int | None = None
    is_hidden: bool = False
    is_contents: bool = False  # lines of a table of contents
    is_title: bool = False


@dataclass(slots=True)
class WordReader:
    """One walk through a document; holds what goes on from paragraph to paragraph."""

    styles: dict[str, Style]
    numbering: Numbering
    note_ids: list[tuple[str, str]] = field(default_factory=list)  # (footnote or endnote, id) as met
    left_out: Counter[str] = field(default_factory=Counter)
    titles: list[str] = field(default_factory=list)
    _fields: list[_Field] = field(default_factory=list)
    _carried: str = ""  # text of a paragraph whose end mark was deleted

    def iter_lines(self, container: _Element) -> Iterator[str]:
        """Lines of text under a body, cell, text box or note."""
        for node in container:
            name = local_name(node)
            if name == "p":
                yield from self._iter_paragraph(node)
            elif name == "tbl":
                yield from self._iter_table(node)
            elif name == "sdt":
                yield from self._iter_control(node)
            elif name == "AlternateContent":
                yield from self.iter_lines(_chosen(node))
            elif name == "altChunk":
                self.left_out["embedded files"] += 1
            elif name in _WRAPPERS:
                yield from self.iter_lines(node)

    def _iter_control(self, control: _Element) -> Iterator[str]:
        gallery = child_value(control, "sdtPr", "docPartObj", "docPartGallery")
        content = child(control, "sdtContent")
        if content is None:
            return
        if gallery == "Table of Contents":
            self.left_out[CONTENTS] += sum(1 for _ in self.iter_lines(content))
            return
        yield from self.iter_lines(content)

    def _iter_paragraph(self, paragraph: _Element) -> Iterator[str]:
        style = self.styles.get(child_value(paragraph, "pPr", "pStyle") or "", Style())
        was_contents = self._is_in_contents()
        boxes: list[_Element] = []
        text = "".join(self._iter_inline(paragraph, boxes))
        if style.is_contents or was_contents or self._is_in_contents():
            self.left_out[CONTENTS] += bool(text.strip())
        elif not style.is_hidden:
            yield from self._finish_paragraph(paragraph, style, text)
        for box in boxes:
            yield from self.iter_lines(box)

    def _finish_paragraph(self, paragraph: _Element, style: Style, text: str) -> Iterator[str]:
        """The paragraph with its number; where its end mark was deleted, it is kept for the next to join."""
        if is_on(paragraph, "pPr", "rPr", "del") or is_on(paragraph, "pPr", "rPr", "moveFrom"):
            self._carried += text
            return
        label = self._label(paragraph, style)  # empty paragraphs count too, as in Word
        text = self._carried + text
        self._carried = ""
        if text.strip():
            self.titles += [text.strip()] * style.is_title
            yield label + text

    def _is_in_contents(self) -> bool:
        return any(part.is_contents for part in self._fields)

    def _label(self, paragraph: _Element, style: Style) -> str:
        properties = child(paragraph, "pPr", "numPr")
        list_id, level = style.list_id, style.level
        if properties is not None:
            list_id = child_value(properties, "numId") or list_id
            own_level = child_value(properties, "ilvl")
            level = int(own_level) if own_level is not None and own_level.isdecimal() else level
        if list_id is None or list_id == "0":
            return ""
        if level is None:
            level = self.numbering.level_of_style(list_id, child_value(paragraph, "pPr", "pStyle") or "")
        return self.numbering.next_label(list_id, level)

    def _iter_inline(self, parent: _Element, boxes: list[_Element]) -> Iterator[str]:
        for node in parent:
            name = local_name(node)
            if name == "r":
                yield from self._iter_run(node, boxes)
            elif name == "fldSimple":
                yield from self._iter_simple_field(node, boxes)
            elif name == "sdt":
                content = child(node, "sdtContent")
                yield from () if content is None else self._iter_inline(content, boxes)
            elif name == "AlternateContent":
                yield from self._iter_inline(_chosen(node), boxes)
            elif name in ("oMath", "oMathPara"):
                yield "".join(part.text or "" for part in node.iter() if local_name(part) == "t")
            elif name in _WRAPPERS:
                yield from self._iter_inline(node, boxes)

    def _iter_simple_field(self, node: _Element, boxes: list[_Element]) -> Iterator[str]:
        if _is_contents_code(attribute(node, "instr") or ""):
            self.left_out[CONTENTS] += 1
            return
        yield from self._iter_inline(node, boxes)

    def _iter_run(self, run: _Element, boxes: list[_Element]) -> Iterator[str]:
        style = self.styles.get(child_value(run, "rPr", "rStyle") or "", Style())
        if is_on(run, "rPr", "vanish") or (style.is_hidden and child(run, "rPr", "vanish") is None):
            return
        yield from self._iter_run_content(run, boxes)

    def _iter_run_content(self, parent: _Element, boxes: list[_Element]) -> Iterator[str]:
        for node in parent:
            name = local_name(node)
            if name == "fldChar":
                self._step_field(attribute(node, "fldCharType"))
            elif name == "instrText":
                self._note_field_code(node.text or "")
            elif any(part.is_code for part in self._fields):
                continue
            elif name == "AlternateContent":
                yield from self._iter_run_content(_chosen(node), boxes)
            elif name == "ruby":
                base = child(node, "rubyBase")
                yield from () if base is None else self._iter_inline(base, boxes)
            elif name in ("drawing", "pict", "object"):
                boxes.extend(self._text_boxes(node))
            else:
                yield self._characters(node, name)

    def _characters(self, node: _Element, name: str) -> str:
        if name == "t":
            return node.text or ""
        if name == "sym":
            return self._symbol(node)
        if name in ("footnoteReference", "endnoteReference"):
            self.note_ids.append((name.removesuffix("Reference"), attribute(node, "id") or ""))
        return _SIMPLE_TEXT.get(name, "")

    def _text_boxes(self, drawing: _Element) -> Iterator[_Element]:
        """Contents of the text boxes in a drawing, each once."""
        for node in drawing:
            name = local_name(node)
            if name == "txbxContent":
                yield node
            elif name == "AlternateContent":
                yield from self._text_boxes(_chosen(node))
            elif name in ("blip", "imagedata"):
                self.left_out[PICTURES] += 1
            elif name in ("chart", "relIds"):
                self.left_out["charts or diagrams"] += 1
            else:
                yield from self._text_boxes(node)

    def _step_field(self, kind: str | None) -> None:
        if kind == "begin":
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].is_code = False
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _note_field_code(self, code: str) -> None:
        if self._fields:
            self._fields[-1].code += code
            self._fields[-1].is_contents = _is_contents_code(self._fields[-1].code)

    def _symbol(self, node: _Element) -> str:
        font = (attribute(node, "font") or "").lower()
        try:
            code = int(attribute(node, "char") or "", 16)
        except ValueError:
            return ""
        known = _SYMBOLS.get((font, code & 0xFF)) if code < 0x100 or code >= 0xF000 else None
        if known is None and 0x20 <= code < 0xD800:
            known = chr(code)
        if known is None:
            self.left_out["symbols of a picture font"] += 1
        return known or ""

    def _iter_table(self, table: _Element) -> Iterator[str]:
        for row in _iter_parts(table, "tr"):
            if not is_on(row, "trPr", "del"):
                yield from join_cells([list(self._iter_cell(cell)) for cell in _iter_parts(row, "tc")])

    def _iter_cell(self, cell: _Element) -> Iterator[str]:
        for merge in ("vMerge", "hMerge"):
            found = child(cell, "tcPr", merge)
            if found is not None and attribute(found, "val") in (None, "continue"):
                return
        for text in self.iter_lines(cell):
            yield from (line for line in text.split("\n") if line.strip())


@dataclass(slots=True)
class _Field:
    """One open field: HYPERLINK, TOC, PAGEREF ..."""

    code: str = ""
    is_code: bool = True  # until its result begins
    is_contents: bool = False


def join_cells(cells: list[list[str]]) -> list[str]:
    """Lines of one table row: single-line cells joined, a cell of several lines keeps them."""
    lines: list[str] = []
    row: list[str] = []
    for cell in cells:
        if len(cell) == 1:
            row.append(cell[0].strip())
        elif cell:
            lines += [CELL_SEPARATOR.join(row)] * bool(row) + cell
            row = []
    return lines + [CELL_SEPARATOR.join(row)] * bool(row)


def _is_contents_code(code: str) -> bool:
    return code.split()[:1] == ["TOC"]


def _chosen(alternate: _Element) -> _Element:
    """The branch of an AlternateContent to read: its choice where that holds anything, else its fallback."""
    choice, fallback = child(alternate, "Choice"), child(alternate, "Fallback")
    if choice is None or (fallback is not None and len(choice) == 0):
        return alternate[:0] if fallback is None else fallback
    return choice


def _iter_parts(parent: _Element, name: str) -> Iterator[_Element]:
    """Rows of a table or cells of a row, also those inside content controls."""
    for node in parent:
        tag = local_name(node)
        if tag == name:
            yield node
        elif tag == "sdt" or tag in _WRAPPERS:
            yield from _iter_parts(node, name)
