"""What a written report consists of, as frozen records: one content, rendered as docx, html, md or tex."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from unicodedata import east_asian_width

ParagraphStyle = Literal["body", "note", "to_fill_in"]

PORTRAIT_ROOM = 125.0
"""Half-width characters in a line of a table on upright A4."""
_GAP = 1.5  # between two columns
_LEAST_NAME = 9  # of a column of numbers, whose name may break over lines
_LEAST_WORDS = 12  # a column of words, however many columns of numbers there are
# What neither XML nor LaTeX can hold: control characters, halves of characters, non-characters.
_UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is that of sections, the title of the report stands above it."""

    text: str
    level: int = 1

    def __post_init__(self) -> None:
        if self.level not in (1, 2):
            raise ValueError(f"headings are of level 1 or 2, found {self.level}")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `to_fill_in` marks what only the author can know."""

    text: str
    style: ParagraphStyle = "body"


@dataclass(frozen=True, slots=True)
class BulletList:
    """Points of one line each."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table; a line feed in a cell begins a second line.

    Attributes:
        n_text_columns: columns from the left that hold words; the others hold numbers.
        notes: printed below the table.
        n_merged_columns: columns from the left in which equal cells below each other are one, where those
            left of them are one too; Word shows them so, the other forms repeat the cell.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    n_text_columns: int = 1
    n_merged_columns: int = 0

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.header):
                raise ValueError(f"{self.caption}: {len(row)} cells under {len(self.header)} columns")


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture; `alt` says in words what it shows."""

    png: bytes
    caption: str
    alt: str


Block = Heading | Paragraph | BulletList | TableBlock | Figure


@dataclass(frozen=True, slots=True)
class ReportDocument:
    """A whole report; at most one figure, which md and tex keep in a file of its own."""

    title: str
    blocks: tuple[Block, ...]
    signature: str  # program and version, for the file's properties
    is_landscape: bool = False  # in Word: wide tables

    @property
    def figure(self) -> Figure | None:
        """The picture, where there is one."""
        return next((block for block in self.blocks if isinstance(block, Figure)), None)


def number_captions(blocks: Sequence[Block]) -> Iterator[tuple[Block, str]]:
    """Each block with its caption, numbered where it has one: `表 1　各层级的一致性`; else empty."""
    n_tables = n_figures = 0
    for block in blocks:
        if isinstance(block, TableBlock):
            n_tables += 1
            yield block, f"表 {n_tables}　{block.caption}"
        elif isinstance(block, Figure):
            n_figures += 1
            yield block, f"图 {n_figures}　{block.caption}"
        else:
            yield block, ""


def printable(text: str) -> str:
    r"""The text with a blank for what no document can hold; line feeds stay.

    >>> printable("创新\x00联合体")
    '创新 联合体'
    """
    return _UNPRINTABLE.sub(" ", text)


def text_width(text: str) -> int:
    """Width of the longest line in half-width characters: a Chinese character takes two."""
    lines = text.split("\n")
    return max(sum(2 if east_asian_width(mark) in "WF" else 1 for mark in line) for line in lines)


def column_shares(table: TableBlock, *, room: float = PORTRAIT_ROOM) -> tuple[float, ...]:
    """Share of the table's width that each column gets; they sum to 1. `room` is in half-width characters.

    Words may break over lines, numbers may not: where there is not room for all, columns of numbers get what
    their numbers need, and what is left goes to those that want more (words, headings).
    """
    n_columns = len(table.header)
    bodies = [max((text_width(row[i]) for row in table.rows), default=0) for i in range(n_columns)]
    wants = [max(4, body, text_width(name)) for body, name in zip(bodies, table.header, strict=True)]
    needs = [
        min(want, _LEAST_WORDS) if i < table.n_text_columns else max(body, min(want, _LEAST_NAME))
        for i, (want, body) in enumerate(zip(wants, bodies, strict=True))
    ]
    room -= _GAP * n_columns
    extras = [want - need for want, need in zip(wants, needs, strict=True)]
    left = max(0.0, room - sum(needs))
    given = min(1.0, left / sum(extras)) if sum(extras) else 0.0
    widths = [need + extra * given + _GAP for need, extra in zip(needs, extras, strict=True)]
    return tuple(width / sum(widths) for width in widths)
