"""Plain text whose lines were broken at a fixed width -> one line a paragraph. In doubt nothing is joined."""

from __future__ import annotations

import re
import unicodedata

_FEWEST_LINES = 8
_NARROWEST, _WIDEST = 30, 200  # columns; a Han character takes two
_PLAY = 4  # columns by which full lines differ: a mark may not begin a line, a Latin word is not cut
_SHARE_FULL = 0.5  # of all lines, from which a text counts as wrapped
_SHARE_OPEN = 0.6  # of the full lines, that do not end a sentence
_LONG_LINE = 20  # characters from which a line before a stray mark is a broken paragraph

_SENTENCE_END = re.compile("[。！？；：!?;:…”』」）)]\\s*$")
_PARAGRAPH_START = re.compile(
    r"[\s\u3000]|[（(]?(?:[一二三四五六七八九十百]{1,4}|\d{1,3})[、）)．.]|第.{1,5}[章节条编篇]|[①-⑳●○◆■·*#-]"
)
_STRAY_MARK = re.compile(
    "\\s?[，。、；：！？）》」』,;](?![，。、；：！？,;·])"
)  # no paragraph begins with one
_HAN = re.compile("[一-龥]")
_FEWEST_HAN = 4  # in a line that a stray mark begins; below that it is noise of OCR
_LATIN = re.compile("[A-Za-z0-9]")
_LINE_BREAK = re.compile("\r\n|\r|\n")


def join_wrapped_lines(text: str) -> str:
    """`text` with the lines of one paragraph joined where the text is clearly wrapped at a fixed width.

    A line is joined to the one before it when that one is as wide as lines get here, ends no sentence, and
    this one is not indented, numbered or empty; and, in any text, when it begins with a mark that can
    only stand inside a paragraph. Other text comes back with its line breaks as line feeds.
    """
    lines = _LINE_BREAK.split(text)
    full_width = _wrapping_width(lines)
    joined: list[str] = []
    for n, line in enumerate(lines):
        previous = lines[n - 1] if n else ""
        if joined and _goes_on(previous, line, full_width=full_width):
            joined[-1] = joined[-1].rstrip() + _seam(previous, line) + line.strip()
        else:
            joined.append(line)
    return "\n".join(joined)


def _goes_on(previous: str, line: str, *, full_width: int | None) -> bool:
    if not line.strip() or not previous.strip() or _SENTENCE_END.search(previous):
        return False
    if len(previous) >= _LONG_LINE and _STRAY_MARK.match(line) and len(_HAN.findall(line)) >= _FEWEST_HAN:
        return True
    return (
        full_width is not None and _width(previous) >= full_width - _PLAY and not _PARAGRAPH_START.match(line)
    )


def _wrapping_width(lines: list[str]) -> int | None:
    """Columns at which the lines were broken; None where they were not clearly broken at one width."""
    filled = [line for line in lines if line.strip()]
    if len(filled) < _FEWEST_LINES:
        return None
    widths = sorted(map(_width, filled))
    full_width = widths[int(len(widths) * 0.95)]
    full = [line for line in filled if full_width - _PLAY <= _width(line) <= full_width]
    is_wrapped = (
        _NARROWEST <= full_width <= _WIDEST
        and widths[-1] <= full_width + _PLAY
        and len(full) >= _SHARE_FULL * len(filled)
        and sum(not _SENTENCE_END.search(line) for line in full) >= _SHARE_OPEN * len(full)
    )
    return full_width if is_wrapped else None


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in line.rstrip())


def _seam(previous: str, line: str) -> str:
    """A space between two Latin words, nothing elsewhere."""
    return " " if _LATIN.match(previous.rstrip()[-1:]) and _LATIN.match(line.lstrip()) else ""
