"""One page of a pdf -> its lines in reading order, with where they stand on the page."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from policy_nlp.documents.cleaning import CELL_SEPARATOR

LOST_CHARACTER = "\ufffd"
SOFT_HYPHEN = "\u00ad"

_GLYPH_NUMBER = re.compile(r"\(cid:\d+\)")  # what pdfminer writes for a glyph without a character
_CHARACTER_GAP = 0.15  # in ems; a wider gap between Latin characters is a blank
_RUN_GAP = 1.2  # in ems; a wider gap ends a run of text
_MIN_COLUMN_LINES = 5
_COLUMN_FILL = 0.55  # lines of a text column fill this share of its width; cells of a table do not
_MAX_CELL_SHARE = 0.5  # a frame around the running text is no table


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character on the page; lengths in points, `top` and `bottom` from the page's upper edge."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float


@dataclass(frozen=True, slots=True)
class PdfLine:
    """One line of text, or one row of a ruled table.

    Attributes:
        column: which text column of the page it is in: "0/1" is the first of one, "1/2" the second of two.
    """

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    page: int
    column: str = "0/1"
    is_table_row: bool = False


@dataclass(frozen=True, slots=True)
class PdfPage:
    """The lines of one page and what else is on it."""

    number: int  # from 1
    width: float
    height: float
    lines: tuple[PdfLine, ...]
    n_characters: int
    n_lost: int  # glyphs whose font does not say which character they are
    has_picture: bool


def read_page(page: Any, number: int) -> PdfPage:  # noqa: ANN401 - pdfplumber has no types
    """The lines of a pdfplumber page in reading order."""
    upright = [char for char in page.dedupe_chars(tolerance=1).chars if char["upright"]]
    glyphs = [_glyph_of(char) for char in upright if char["text"]]
    visible = [glyph for glyph in glyphs if glyph.text.strip()]
    table_lines, outside = _read_tables(page, glyphs, number)
    text_lines = _order_lines(_merge_runs(_runs_of(outside)), float(page.width), number)
    return PdfPage(
        number=number,
        width=float(page.width),
        height=float(page.height),
        lines=tuple(_insert_tables(text_lines, table_lines)),
        n_characters=len(visible),
        n_lost=sum(glyph.text == LOST_CHARACTER for glyph in visible),
        has_picture=bool(page.images),
    )


def _glyph_of(char: dict[str, Any]) -> Glyph:
    text = _GLYPH_NUMBER.sub(LOST_CHARACTER, char["text"]).replace("\0", LOST_CHARACTER)
    text = text.replace(SOFT_HYPHEN, "-")  # on a page it is always seen
    return Glyph(text, char["x0"], char["x1"], char["top"], char["bottom"], max(char["size"], 1.0))


def _runs_of(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Glyphs that follow each other in the file and on the page."""
    runs: list[list[Glyph]] = []
    for glyph in glyphs:
        if runs and _follows(runs[-1][-1], glyph):
            runs[-1].append(glyph)
        elif glyph.text.strip():
            runs.append([glyph])
    return runs


def _follows(before: Glyph, after: Glyph) -> bool:
    size = max(before.size, after.size)
    gap = after.x0 - before.x1
    return -0.5 * size <= gap <= _RUN_GAP * size and _share_height(before, after)


def _share_height(one: Glyph | PdfLine, other: Glyph | PdfLine) -> bool:
    """True where the lower of the two stands at least half beside the other."""
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared >= 0.5 * min(one.bottom - one.top, other.bottom - other.top)


def _merge_runs(runs: list[list[Glyph]]) -> list[list[Glyph]]:
    """Runs that stand side by side without a gutter joined, so that each is one line of one column."""
    merged: list[list[Glyph]] = []
    for run in sorted(runs, key=lambda run: (run[0].x0, run[0].top)):
        left = next((line for line in merged if _follows(line[-1], run[0])), None)
        if left is None:
            merged.append(list(run))
        else:
            left.extend(run)
    return merged


def is_chinese(text: str) -> bool:
    """True where `text` holds a Chinese character: they, not Latin words, set the size of a line."""
    return any("\u2e80" <= character <= "\u9fff" or character >= "\U00020000" for character in text)


def _line_of(run: Sequence[Glyph], page_number: int) -> PdfLine:
    typical = [glyph for glyph in run if is_chinese(glyph.text)] or [
        glyph for glyph in run if glyph.text.strip()
    ]
    return PdfLine(
        text=join_glyphs(run),
        x0=min(glyph.x0 for glyph in run),
        x1=max(glyph.x1 for glyph in run if glyph.text.strip()),
        top=statistics.median_low([glyph.top for glyph in typical]),
        bottom=statistics.median_high([glyph.bottom for glyph in typical]),
        size=round(statistics.median_low([glyph.size for glyph in typical]), 1),
        page=page_number,
    )


def join_glyphs(run: Sequence[Glyph]) -> str:
    """Text of a run; a gap between Latin characters becomes a blank."""
    text = run[0].text
    for before, after in pairwise(run):
        gap = (after.x0 - before.x1) / max(before.size, after.size)
        if gap > _CHARACTER_GAP and not before.text.isspace() and not after.text.isspace():
            text += " "
        text += after.text
    return text.strip()


def _order_lines(runs: list[list[Glyph]], width: float, page_number: int) -> list[PdfLine]:
    """Lines from top to bottom; where the page has two text columns, the left one first."""
    lines = [_line_of(run, page_number) for run in runs]
    gutter = _find_gutter(lines, width)
    if gutter is None:
        return _join_rows(lines)
    ordered: list[PdfLine] = []
    band: list[PdfLine] = []
    for line in sorted(lines, key=lambda line: (line.top, line.x0)):
        if line.x0 < gutter < line.x1:  # over both columns: what stands above it is read before it
            ordered += _read_band(band, gutter)
            ordered.append(line)
            band = []
        else:
            band.append(line)
    return ordered + _read_band(band, gutter)


def _read_band(lines: list[PdfLine], gutter: float) -> list[PdfLine]:
    left = [replace(line, column="0/2") for line in lines if line.x1 <= gutter]
    right = [replace(line, column="1/2") for line in lines if line.x1 > gutter]
    return _join_rows(left) + _join_rows(right)


def _find_gutter(lines: list[PdfLine], width: float) -> float | None:
    """Where two text columns part, or None for one column or a table without rules."""
    if not lines:
        return None
    positions = [width * step / 100 for step in range(35, 66)]
    crossings = [sum(line.x0 < x < line.x1 for line in lines) for x in positions]
    fewest = min(crossings)
    best = [x for x, crossed in zip(positions, crossings, strict=True) if crossed == fewest]
    gutter = best[len(best) // 2]
    left = [line for line in lines if line.x1 <= gutter]
    right = [line for line in lines if line.x0 >= gutter]
    if min(len(left), len(right)) < _MIN_COLUMN_LINES or fewest > 0.3 * len(lines):
        return None
    return gutter if _is_text_column(left) and _is_text_column(right) else None


def _is_text_column(lines: list[PdfLine]) -> bool:
    width = max(line.x1 for line in lines) - min(line.x0 for line in lines)
    usual = statistics.median(line.x1 - line.x0 for line in lines)
    return usual >= _COLUMN_FILL * width and width > 10 * lines[0].size


def _join_rows(lines: list[PdfLine]) -> list[PdfLine]:
    """Lines of one column from top to bottom; those at the same height joined from left to right."""
    rows: list[list[PdfLine]] = []
    for line in sorted(lines, key=lambda line: (line.top, line.x0)):
        if rows and _share_height(rows[-1][0], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [_join_row(sorted(row, key=lambda line: line.x0)) for row in rows]


def _join_row(row: list[PdfLine]) -> PdfLine:
    if len(row) == 1:
        return row[0]
    widest = max(row, key=lambda line: line.x1 - line.x0)
    return replace(
        widest,
        text=(CELL_SEPARATOR if _has_cells(row) else " ").join(line.text for line in row),
        x0=row[0].x0,
        x1=max(line.x1 for line in row),
    )


def _has_cells(row: list[PdfLine]) -> bool:
    """True where the parts of a row stand apart like cells; a number before its text does not."""
    return any(after.x0 - before.x1 > 2.5 * before.size for before, after in pairwise(row))


def _read_tables(page: Any, glyphs: list[Glyph], number: int) -> tuple[list[PdfLine], list[Glyph]]:  # noqa: ANN401
    """The rows of the page's ruled tables, and the glyphs outside them."""
    rows: list[PdfLine] = []
    outside = glyphs
    for table in page.find_tables():
        cells = [[cell for cell in row.cells if cell is not None] for row in table.rows]
        if max(map(len, cells), default=0) < 2 or len(cells) < 2:
            continue
        inside = [glyph for glyph in outside if _is_inside(glyph, table.bbox)]
        largest = max(sum(_is_inside(glyph, cell) for glyph in inside) for row in cells for cell in row)
        if not inside or largest > max(_MAX_CELL_SHARE * len(glyphs), 200):
            continue
        rows += [line for row in cells if (line := _row_line(row, inside, number)) is not None]
        outside = [glyph for glyph in outside if not _is_inside(glyph, table.bbox)]
    return rows, outside


def _is_inside(glyph: Glyph, box: tuple[float, float, float, float]) -> bool:
    x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _row_line(
    cells: list[tuple[float, float, float, float]], glyphs: list[Glyph], number: int
) -> PdfLine | None:
    groups: list[list[Glyph]] = []
    for cell in sorted(cells, key=lambda cell: cell[0]):
        inside = [glyph for glyph in glyphs if _is_inside(glyph, cell)]
        if not any(glyph.text.strip() for glyph in inside):
            continue
        if groups and _touch(groups[-1], inside):
            groups[-1] += inside
        else:
            groups.append(inside)
    if not groups:
        return None
    texts = [_cell_text(group, number) for group in groups]
    whole = _line_of([glyph for group in groups for glyph in group], number)
    return replace(whole, text=CELL_SEPARATOR.join(texts), is_table_row=True)


def _touch(left: list[Glyph], right: list[Glyph]) -> bool:
    """True where a text runs through a vertical rule, as it does over the grey boxes of program listings."""
    last, first = max(left, key=lambda glyph: glyph.x1), min(right, key=lambda glyph: glyph.x0)
    return _share_height(last, first) and first.x0 - last.x1 < 0.3 * first.size


def _cell_text(glyphs: list[Glyph], number: int) -> str:
    lines = _join_rows([_line_of(run, number) for run in _merge_runs(_runs_of(glyphs))])
    return join_texts([line.text for line in lines])


def join_texts(texts: Sequence[str]) -> str:
    """Lines of one paragraph as one text: Latin words are parted by a blank, hyphenated ones made whole.

    >>> join_texts(["推进科技成果转", "化，加强 inno-", "vation policy", "research"])
    '推进科技成果转化，加强 innovation policy research'
    """
    joined = ""
    for text in texts:
        if not joined or not text:
            joined += text
        elif re.search(r"[a-z]-$", joined) and text[0].islower() and text[0].isascii():
            joined = joined[:-1] + text
        elif _is_latin(joined[-1]) and _is_latin(text[0]):
            joined += " " + text
        else:
            joined += text
    return joined


def _is_latin(character: str) -> bool:
    """True for letters and digits that are parted by blanks, and the marks that belong to them."""
    return ord(character) < 0x2000 and not character.isspace()


def _insert_tables(lines: list[PdfLine], rows: list[PdfLine]) -> list[PdfLine]:
    """Rows of tables put before the first line that stands below them."""
    ordered = list(lines)
    for row in rows:
        below = (index for index, line in enumerate(ordered) if line.top > row.top and not line.is_table_row)
        ordered.insert(next(below, len(ordered)), row)
    return ordered
