"""What a written report consists of, as frozen records: one content, rendered as docx, html, md or tex."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from unicodedata import east_asian_width

ParagraphStyle = Literal["body", "note", "to_fill_in"]

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
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    n_text_columns: int = 1

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


def column_shares(table: TableBlock) -> tuple[float, ...]:
    """Share of the table's width that each column gets, by its widest cell; they sum to 1.

    Words may break over lines, numbers may not, so a column of words never gets more than its part.
    """
    columns = list(zip(table.header, *table.rows, strict=True))
    widths = [float(max(4, *(text_width(cell) for cell in column))) for column in columns]
    n_numbers = sum(widths[table.n_text_columns :])
    room = max(60, 110 - n_numbers) / max(1, table.n_text_columns)
    widths = [min(w, room) if i < table.n_text_columns else w for i, w in enumerate(widths)]
    return tuple(width / sum(widths) for width in widths)
