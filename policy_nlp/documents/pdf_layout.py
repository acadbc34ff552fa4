"""Lines of a pdf -> its paragraphs: running heads and page numbers go, broken lines become whole."""

from __future__ import annotations

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from policy_nlp.documents.pdf_glyphs import is_chinese, join_texts
from policy_nlp.documents.pdf_lines import PdfLine, PdfPage

_MARGIN = 0.15  # running heads and feet stand in this share of the page's height, above or below
_NUMBER_MARGIN = 0.1
_EDGE_LINES = 3  # so many lines from the edge of a page may be a head or foot
_SAME_HEIGHT = 4.0  # points

_DASHES = r"\-\u2010-\u2015\u2212\uff0d~～_·•.|"
_PAGE_NUMBER = re.compile(
    rf"[\s{_DASHES}]*(\d{{1,3}}|[ivxlIVXL]{{1,6}})[\s{_DASHES}]*|[\s{_DASHES}]+\d{{1,4}}[\s{_DASHES}]+"
    r"|(第|page|p\.?)\s*\d+\s*页?|第?\s*\d+\s*页?\s*([/／,，、]|共|of)+\s*\d+\s*页?"
    r"|第\s*\d+\s*页.{0,4}共\s*\d+\s*页",
    re.IGNORECASE,
)
_PRINT_FOOT = re.compile(r"(https?|file)://\S+.{0,12}\d+\s*/\s*\d+")
_CONTENTS_LINE = re.compile(r"(?:\.\s?|…|·\s?|．|‥){4,}\s*[\divxIVX]{1,4}$")
_NUMBERED = re.compile(
    r"(第[一二三四五六七八九十百零〇\d]+[章节条编篇]|[一二三四五六七八九十]+[、．.]|[（(][一二三四五六七八九十\d]+[）)]"
    r"|\d{1,2}[、．.](?!\d)|[①-⑳●■◆▪•]|附件)"
)
_SENTENCE_END = re.compile(r"[。！？；：!?;:…][”’）」』)\"']*$")

_FULL_LINE_SLACK = 2.3  # ems; punctuation that may not begin a line can leave two empty places
_INDENT = (1.2, 6.0)  # ems
_SIZE_CHANGE = 1.12
_TITLE_SIZE = 1.15  # lines so much larger than the body are titles


@dataclass(frozen=True, slots=True)
class Layout:
    """What is usual in one document; lengths in points."""

    size: float
    gap: float  # between the lines of a paragraph
    edges: dict[tuple[str, int], tuple[float, float]]  # (column, page parity) -> left, right

    def edges_of(self, line: PdfLine) -> tuple[float, float]:
        """Left and right edge of the text column a line is in."""
        return self.edges.get((line.column, line.page % 2), (line.x0, line.x1))


@dataclass(frozen=True, slots=True)
class PdfText:
    """Paragraphs of a pdf and how many lines were left out of them."""

    paragraphs: tuple[str, ...]
    n_contents_lines: int


def join_pages(pages: Sequence[PdfPage]) -> PdfText:
    """The paragraphs of a document, also those that run over the end of a page."""
    lines = _body_lines(pages)
    body = [line for line in lines if _CONTENTS_LINE.search(line.text) is None]
    if not body:
        return PdfText((), len(lines))
    layout = _measure_layout(body)
    paragraphs: list[list[PdfLine]] = []
    for line in body:
        if paragraphs and not _starts_paragraph(paragraphs[-1], line, layout):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    texts = tuple(join_texts([line.text for line in paragraph]) for paragraph in paragraphs)
    return PdfText(texts, len(lines) - len(body))


def _body_lines(pages: Sequence[PdfPage]) -> list[PdfLine]:
    repeated = _find_repeated(pages)
    body: list[PdfLine] = []
    for page in pages:
        edge = {id(line) for line in _edge_lines(page)}
        body += [
            line
            for line in page.lines
            if id(line) not in edge or not (_is_repeated(line, repeated) or _is_page_number(line, page))
        ]
    return body


def _edge_lines(page: PdfPage) -> list[PdfLine]:
    """The uppermost and lowest lines, where they stand in the margins."""
    ordered = sorted((line for line in page.lines if not line.is_table_row), key=lambda line: line.top)
    upper = [line for line in ordered[:_EDGE_LINES] if line.bottom < _MARGIN * page.height]
    lower = [line for line in ordered[-_EDGE_LINES:] if line.top > (1 - _MARGIN) * page.height]
    return upper + [line for line in lower if line not in upper]


def _find_repeated(pages: Sequence[PdfPage]) -> dict[str, list[float]]:
    """Texts that stand at the same height of several pages -> those heights."""
    heights: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for page in pages:
        for line in _edge_lines(page):
            heights[_shape(line.text)].append((line.top, page.number))
    n_needed = 2 if len(pages) <= 3 else 3
    repeated: dict[str, list[float]] = defaultdict(list)
    for text, places in heights.items():
        for height, _ in places:
            on_pages = {number for top, number in places if abs(top - height) <= _SAME_HEIGHT}
            if len(on_pages) >= n_needed:
                repeated[text].append(height)
    return repeated


def _shape(text: str) -> str:
    """Text without its blanks and with every number alike, since heads carry page numbers."""
    return re.sub(r"\d+", "#", re.sub(r"\s", "", text))


def _is_repeated(line: PdfLine, repeated: dict[str, list[float]]) -> bool:
    return any(abs(line.top - height) <= _SAME_HEIGHT for height in repeated.get(_shape(line.text), ()))


def _is_page_number(line: PdfLine, page: PdfPage) -> bool:
    is_outside = line.bottom < _NUMBER_MARGIN * page.height or line.top > (1 - _NUMBER_MARGIN) * page.height
    return is_outside and (
        _PAGE_NUMBER.fullmatch(line.text) is not None or _PRINT_FOOT.search(line.text) is not None
    )


def _measure_layout(lines: Sequence[PdfLine]) -> Layout:
    size = _most_text(lines)
    body = [line for line in lines if abs(line.size - size) <= 0.05 * size and not line.is_table_row] or list(
        lines
    )
    gaps = [
        after.top - before.bottom
        for before, after in pairwise(body)
        if before.page == after.page
        and before.column == after.column
        and 0 <= after.top - before.bottom < 2 * size
    ]
    groups: dict[tuple[str, int], list[PdfLine]] = defaultdict(list)
    for line in body:
        groups[line.column, line.page % 2].append(line)
    edges = {key: _column_edges(group) for key, group in groups.items()}
    return Layout(size=size, gap=statistics.median_low(gaps) if gaps else 0.5 * size, edges=edges)


def _most_text(lines: Sequence[PdfLine]) -> float:
    """The font size that most characters have."""
    weights: Counter[float] = Counter()
    for line in [line for line in lines if is_chinese(line.text)] or lines:
        weights[line.size] += len(line.text)
    return min(weights, key=lambda size: (-weights[size], size))


def _column_edges(lines: Sequence[PdfLine]) -> tuple[float, float]:
    """Left edge: where most lines begin. Right edge: which few lines pass."""
    lefts = Counter(round(line.x0) for line in lines if len(line.text) > 8) or Counter(
        round(line.x0) for line in lines
    )
    n_most = max(lefts.values())
    left = min(x for x, count in lefts.items() if count >= 0.5 * n_most)
    rights = sorted(line.x1 for line in lines)
    return float(left), rights[int(0.97 * (len(rights) - 1))]


def _starts_paragraph(paragraph: Sequence[PdfLine], line: PdfLine, layout: Layout) -> bool:
    """True where `line` begins a new paragraph rather than going on with `paragraph`."""
    last = paragraph[-1]
    if line.is_table_row or last.is_table_row:
        return True
    if max(last.size, line.size) > _SIZE_CHANGE * min(last.size, line.size) or _is_apart(last, line, layout):
        return True
    if _is_title_line(last, layout) and _is_title_line(line, layout):
        return False
    if not _is_full(last, line, layout):
        return True
    if _NUMBERED.match(line.text) and _SENTENCE_END.search(last.text):
        return True
    return _is_indented(paragraph, line, layout)


def _is_apart(last: PdfLine, line: PdfLine, layout: Layout) -> bool:
    """True where more than the usual gap parts two lines of one page and column."""
    if last.page != line.page or last.column != line.column:
        return False
    gap = line.top - last.bottom
    stays_open = _is_full(last, line, layout) and _SENTENCE_END.search(last.text) is None
    return gap > 1.5 * layout.gap + (0.6 if stays_open else 0.2) * layout.size or gap < -last.size


def _is_title_line(line: PdfLine, layout: Layout) -> bool:
    """True for a large line in the middle: a title may take several."""
    left, right = layout.edges_of(line)
    is_centred = abs((line.x0 - left) - (right - line.x1)) < 2 * line.size
    return line.size >= _TITLE_SIZE * layout.size and is_centred


def _is_full(last: PdfLine, line: PdfLine, layout: Layout) -> bool:
    """True where the first word of `line` had no place any more at the end of `last`."""
    _, right = layout.edges_of(last)
    word = re.match(r"[!-~]+", line.text)
    slack = _FULL_LINE_SLACK * last.size
    if word is not None and line.text:
        slack += len(word.group()) * (line.x1 - line.x0) / len(line.text)
    return right - last.x1 <= slack


def _is_indented(paragraph: Sequence[PdfLine], line: PdfLine, layout: Layout) -> bool:
    """True where a line is set in like the first of a paragraph, not like the rest of a list entry."""
    last = paragraph[-1]
    left, _ = layout.edges_of(line)
    indent = (line.x0 - left) / line.size
    if not _INDENT[0] < indent < _INDENT[1]:
        return False
    hangs = len(paragraph) > 1 and abs(last.x0 - line.x0) < 0.5 * line.size
    begins_hanging = (
        len(paragraph) == 1
        and last.x0 < line.x0 - 0.5 * line.size
        and _NUMBERED.match(last.text) is not None
        and _SENTENCE_END.search(last.text) is None
    )
    return not (hangs or begins_hanging)
