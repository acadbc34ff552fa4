"""Tree of an HTML page -> its text: one line a block, one line a table row."""

from __future__ import annotations

import html
import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

from policy_nlp.documents.cleaning import CELL_SEPARATOR

# fmt: off
NEVER_TEXT = frozenset(
    {
        "script", "style", "noscript", "template", "iframe", "frame", "svg", "canvas", "object", "embed",
        "applet", "audio", "video", "map", "select", "textarea", "button", "input", "datalist", "rt", "rp",
        "del", "head", "title", "meta", "link",
    }
)
_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog",
        "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3",
        "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol",
        "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "td", "th", "ul", "br",
    }
)
# fmt: on
_HTML_BLANKS = re.compile("[ \t\r\n\f]+")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:]*)[^<>]*>|<!--|<![^<>]*>|<\?[^<>]*>")
_SENTENCE_MARK = re.compile("[。；！？]")
_LONGEST_BROKEN_CELL = 60  # characters; a longer cell of several lines is no cell but part of the layout


@dataclass(slots=True)
class _Row:
    """One table row while it is read: the lines of each cell."""

    cells: list[list[str]] = field(default_factory=list)
    holds_table: bool = False


@dataclass(slots=True)
class _Page:
    """Lines finished so far, and what is open: words of the line, rows, first line of each open cell."""

    lines: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    rows: list[_Row] = field(default_factory=list)
    cell_starts: list[int] = field(default_factory=list)
    n_open_pre: int = 0

    def add(self, text: str | None) -> None:
        """Take the text of one node; its line feeds count only in preformatted text."""
        if not text:
            return
        if not self.n_open_pre:
            self.words.append(_HTML_BLANKS.sub(" ", text))
            return
        for n, line in enumerate(text.split("\n")):
            if n:
                self.end_line()
            self.words.append(line)

    def end_line(self) -> None:
        """Finish the open line; a blank one is dropped."""
        line = "".join(self.words).strip(" ")
        if line.strip():
            self.lines.append(line)
        self.words.clear()


def lines_of(root: HtmlElement, *, dropped: AbstractSet[HtmlElement] = frozenset()) -> list[str]:
    """The lines of text under `root` without the elements in `dropped` and those that are never text.

    Inline elements break no word. The cells of a row stand on one line, parted by CELL_SEPARATOR; where
    a table only lays out a page (a cell of several paragraphs or with a table in it), every paragraph is
    a line of its own.
    """
    page = _Page()
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        is_left_out = element in dropped or element.tag in NEVER_TEXT
        if event == "start" and is_left_out:
            walker.skip_subtree()
        elif event == "start":
            _open(page, element)
        else:
            if not is_left_out:
                _close(page, element.tag)
            if element is not root:
                page.add(element.tail)
    page.end_line()
    return page.lines


def _open(page: _Page, element: HtmlElement) -> None:
    tag = element.tag
    if tag in _BLOCKS:
        page.end_line()
    if tag == "tr":
        page.rows.append(_Row())
    elif tag in ("td", "th"):
        page.cell_starts.append(len(page.lines))
    elif tag == "pre":
        page.n_open_pre += 1
    page.add(element.text)


def _close(page: _Page, tag: str) -> None:
    if tag in _BLOCKS:
        page.end_line()
    if tag == "pre":
        page.n_open_pre -= 1
    elif tag in ("td", "th"):
        start = page.cell_starts.pop()
        if page.rows:
            page.rows[-1].cells.append(page.lines[start:])
            del page.lines[start:]
    elif tag == "tr":
        page.lines.extend(_row_lines(page.rows.pop()))
        if page.rows:
            page.rows[-1].holds_table = True


def _row_lines(row: _Row) -> list[str]:
    cells = [cell for cell in row.cells if cell]
    if row.holds_table or not all(map(_is_cell, cells)):
        return [line for cell in cells for line in cell]
    return [CELL_SEPARATOR.join(" ".join(cell) for cell in cells)] if cells else []


def _is_cell(lines: list[str]) -> bool:
    """Whether these lines are one entry broken for its width, not paragraphs of a page."""
    if len(lines) == 1:
        return True
    text = "".join(lines)
    return len(text) <= _LONGEST_BROKEN_CELL and not _SENTENCE_MARK.search(text)


def lines_without_tree(page: str) -> list[str]:
    """The lines of a page nested too deep for a tree: tags taken out one by one, in linear time."""
    pieces: list[str] = []
    position, skipped_until = 0, ""
    for tag in _TAG.finditer(page):
        if not skipped_until and position <= tag.start():
            pieces.append(_HTML_BLANKS.sub(" ", page[position : tag.start()]))
        position = tag.end()
        name = (tag[2] or "").lower()
        if skipped_until:
            skipped_until = "" if tag[1] and name == skipped_until else skipped_until
        elif name in ("script", "style") and not tag[1]:
            skipped_until = name
        elif name in _BLOCKS:
            pieces.append("\n")
    if not skipped_until:
        pieces.append(_HTML_BLANKS.sub(" ", page[position:]))
    return [line.strip() for line in html.unescape("".join(pieces)).split("\n") if line.strip()]
