"""Characters of a pdf page: which way they stand, which belong together, and the text they spell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

LOST_CHARACTER = "\ufffd"
SOFT_HYPHEN = "\u00ad"

_GLYPH_NUMBER = re.compile(r"\(cid:\d+\)")  # what pdfminer writes for a glyph without a character
_CHARACTER_GAP = 0.15  # in ems; a wider gap between Latin characters is a blank
_RUN_GAP = 1.2  # in ems; a wider gap ends a run of text


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character on the page; lengths in points, `top` and `bottom` from the page's upper edge."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float


class _Placed(Protocol):
    """Anything with a height on the page: a glyph or a line."""

    @property
    def top(self) -> float:
        """Points from the upper edge of the page."""

    @property
    def bottom(self) -> float:
        """Points from the upper edge of the page."""


def read_glyphs(page: Any) -> tuple[list[Glyph], int]:  # noqa: ANN401 - pdfplumber has no types
    """The glyphs of a pdfplumber page as it is held for reading, and by how many quarter turns to the left.

    Glyphs that stand another way than most are left out: watermarks, stamps, words at the side of a figure.
    """
    turn = _main_turn(page.chars)
    turned = (
        _turn(_glyph_of(char), turn, page) for char in page.chars if _turn_of(char) == turn and char["text"]
    )
    return _without_doubles(turned), turn


def _glyph_of(char: dict[str, Any]) -> Glyph:
    text = _GLYPH_NUMBER.sub(LOST_CHARACTER, char["text"]).replace("\0", LOST_CHARACTER)
    text = text.replace(SOFT_HYPHEN, "-")  # on a page it is always seen
    return Glyph(text, char["x0"], char["x1"], char["top"], char["bottom"], max(char["size"], 1.0))


def _turn_of(char: dict[str, Any]) -> int | None:
    """Quarter turns of a glyph to the left, -1 to 1; None where it stands aslant, as watermarks do."""
    across, up = char["matrix"][0], char["matrix"][1]
    if abs(up) <= 0.1 * abs(across):
        return 0 if across > 0 else None
    if abs(across) <= 0.1 * abs(up):
        return 1 if up > 0 else -1
    return None


def _main_turn(chars: Sequence[dict[str, Any]]) -> int:
    """How most glyphs of the page stand: wide tables are often printed sideways."""
    turns = Counter(turn for char in chars if (turn := _turn_of(char)) is not None and char["text"].strip())
    return max((0, 1, -1), key=lambda turn: turns[turn])


def _turn(glyph: Glyph, turn: int, page: Any) -> Glyph:  # noqa: ANN401
    """The glyph where it stands when the page is held so that it can be read."""
    if turn == 0:
        return glyph
    size = max(glyph.x1 - glyph.x0, 1.0)
    if turn == 1:
        height = float(page.height)
        return Glyph(glyph.text, height - glyph.bottom, height - glyph.top, glyph.x0, glyph.x1, size)
    width = float(page.width)
    return Glyph(glyph.text, glyph.top, glyph.bottom, width - glyph.x1, width - glyph.x0, size)


def _without_doubles(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """Glyphs without those printed twice in one place, as some programs do for bold type."""
    single: list[Glyph] = []
    taken: set[tuple[str, int, int]] = set()
    for glyph in glyphs:
        x, y = round(glyph.x0), round(glyph.top)
        near = ((glyph.text, x + right, y + down) for right in (-1, 0, 1) for down in (-1, 0, 1))
        if glyph.text.isspace() or not any(place in taken for place in near):
            single.append(glyph)
            taken.add((glyph.text, x, y))
    return single


def merge_runs(runs: list[list[Glyph]]) -> list[list[Glyph]]:
    """Runs that stand side by side without a gutter joined, so that each is one line of one column."""
    merged: list[list[Glyph]] = []
    for run in sorted(runs, key=lambda run: (run[0].x0, run[0].top)):
        left = next((line for line in merged if _follows(line[-1], run[0])), None)
        if left is None:
            merged.append(list(run))
        else:
            left.extend(run)
    return merged


def runs_of(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
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
    return -0.5 * size <= gap <= _RUN_GAP * size and share_height(before, after)


def share_height(one: _Placed, other: _Placed) -> bool:
    """True where the lower of the two stands at least half beside the other."""
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared >= 0.5 * min(one.bottom - one.top, other.bottom - other.top)


def join_glyphs(run: Sequence[Glyph]) -> str:
    """Text of a run; a gap between Latin characters becomes a blank."""
    text = run[0].text
    for before, after in pairwise(run):
        gap = (after.x0 - before.x1) / max(before.size, after.size)
        if gap > _CHARACTER_GAP and not before.text.isspace() and not after.text.isspace():
            text += " "
        text += after.text
    return text.strip()


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


def is_chinese(text: str) -> bool:
    """True where `text` holds a Chinese character: they, not Latin words, set the size of a line."""
    return any("\u2e80" <= character <= "\u9fff" or character >= "\U00020000" for character in text)
