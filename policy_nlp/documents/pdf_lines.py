"""One page of a pdf -> its lines in reading order, with where they stand on the page."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from policy_nlp.documents.cleaning import CELL_SEPARATOR
from policy_nlp.documents.pdf_glyphs import (
    LOST_CHARACTER,
    Glyph,
    is_chinese,
    join_glyphs,
    join_texts,
    merge_runs,
    read_glyphs,
    runs_of,
    share_height,
)

_MIN_COLUMN_LINES = 5
_COLUMN_FILL = 0.55  # lines of a text column fill this share of its width; cells of a table do not
_MAX_CELL_SHARE = 0.5  # a frame around the running text is no table


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
    glyphs, turn = read_glyphs(page)
    visible = [glyph for glyph in glyphs if glyph.text.strip()]
    table_lines, outside = _read_tables(page, glyphs, number) if turn == 0 else ([], glyphs)
    width, height = float(page.width), float(page.height)
    if turn != 0:
        width, height = height, width
    text_lines = _order_lines(merge_runs(runs_of(outside)), width, number)
    return PdfPage(
        number=number,
        width=width,
        height=height,
        lines=tuple(_insert_tables(text_lines, table_lines)),
        n_characters=len(visible),
        n_lost=sum(glyph.text == LOST_CHARACTER for glyph in visible),
        has_picture=bool(page.images),
    )


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
        if rows and share_height(rows[-1][0], line):
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
    return share_height(last, first) and first.x0 - last.x1 < 0.3 * first.size


def _cell_text(glyphs: list[Glyph], number: int) -> str:
    lines = _join_rows([_line_of(run, number) for run in merge_runs(runs_of(glyphs))])
    return join_texts([line.text for line in lines])


def _insert_tables(lines: list[PdfLine], rows: list[PdfLine]) -> list[PdfLine]:
    """Rows of tables put before the first line that stands below them."""
    ordered = list(lines)
    for row in rows:
        below = (index for index, line in enumerate(ordered) if line.top > row.top and not line.is_table_row)
        ordered.insert(next(below, len(ordered)), row)
    return ordered
