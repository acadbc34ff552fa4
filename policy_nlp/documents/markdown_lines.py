"""Markdown -> its text without the marks (markdown-it-py reads the marks)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from policy_nlp.documents.cleaning import CELL_SEPARATOR
from policy_nlp.documents.dates import find_date
from policy_nlp.documents.html import text_of_fragment
from policy_nlp.documents.line_wrapping import join_wrapped_lines
from policy_nlp.records import DocumentMetadata

_LONGEST_PARSED = 3_000_000  # characters; a longer file is kept as it is written
_TOP_CHARACTERS = 20_000  # in which the main heading stands
_FRONT_MATTER = re.compile(
    r"\ufeff?---[ \t]*\r?\n(?P<fields>.{0,5000}?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)", re.DOTALL
)
_LEFT_MARKS = re.compile(
    r"\*\*|__(?=\S)|(?<=\S)__"
)  # CommonMark does not close ** beside Chinese punctuation
_LINE_BREAK_TAG = re.compile(r"<br\s*/?>|</?(?:p|div|li|tr|h[1-6])\b[^>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the YAML block above a Markdown text states."""

    title: str | None = None
    metadata: DocumentMetadata = field(default_factory=DocumentMetadata)


def split_front_matter(text: str) -> tuple[FrontMatter, str]:
    """The front matter and the text below it; an empty one where there is none or it is no YAML mapping."""
    found = _FRONT_MATTER.match(text)
    if not found:
        return FrontMatter(), text
    try:
        fields = yaml.safe_load(found["fields"])
    except (yaml.YAMLError, ValueError, RecursionError):
        return FrontMatter(), text
    if not isinstance(fields, dict):
        return FrontMatter(), text
    title, date = fields.get("title"), fields.get("date")
    iso = find_date(str(date)) if date else None
    metadata = DocumentMetadata(date=iso, year=int(iso[:4]) if iso else None)
    return FrontMatter(str(title) if title else None, metadata), text[found.end() :]


def text_of_markdown(text: str) -> str:
    r"""The text, one line a block: heading, list item (its number kept), paragraph, table row, code.

    >>> text_of_markdown("# 第一章\n\n1. **加强**[领导](a)\n\n| 序号 | 举措 |\n|--|--|\n| 1 | 减税 |")
    '第一章\n1. 加强领导\n序号 | 举措\n1 | 减税'
    """
    if len(text) > _LONGEST_PARSED:
        return text
    return "\n".join(line for line in _iter_lines(_reader().parse(text)) if line.strip())


def find_heading(text: str) -> str | None:
    """The first main heading (`# X` or underlined with `=`); None where there is none near the top."""
    tokens = _reader().parse(text[:_TOP_CHARACTERS])
    for token, following in itertools.pairwise(tokens):
        if token.type == "heading_open" and token.tag == "h1":
            return _inline_text(following.children or ()).strip() or None
    return None


def _reader() -> MarkdownIt:
    # Indented Chinese paragraphs are no code.
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("code")


def _iter_lines(tokens: Sequence[Token]) -> Iterator[str]:
    marker = ""
    cells: list[str] | None = None
    for token in tokens:
        if token.type == "list_item_open":
            marker = f"{token.info}{token.markup} " if token.info else ""
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            yield CELL_SEPARATOR.join(cell for cell in cells or () if cell)
            cells = None
        elif token.type == "inline":
            line = _inline_text(token.children or ())
            if cells is not None:
                cells.append(line.replace("\n", " ").strip())
                continue
            yield marker + join_wrapped_lines(line)
            marker = ""
        elif token.type == "html_block":
            yield text_of_fragment(token.content)
        elif token.type in ("fence", "code_block"):
            yield token.content


def _inline_text(tokens: Sequence[Token]) -> str:
    """The text of a paragraph; tags inside it go, a line break tag is a line feed."""
    pieces = []
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            pieces.append("\n")
        elif token.type == "html_inline":
            pieces.append("\n" if _LINE_BREAK_TAG.match(token.content) else "")
        elif token.type in ("text", "code_inline"):
            pieces.append(token.content)
    return _LEFT_MARKS.sub("", "".join(pieces))
