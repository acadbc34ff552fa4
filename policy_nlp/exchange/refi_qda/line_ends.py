"""Texts of sources as policy-nlp holds them (LF line ends, no byte order mark), with the way back."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BYTE_ORDER_MARK = "\ufeff"
_CR, _LF = 13, 10
_BEYOND_16_BITS = 0xFFFF
_UNSEEN = "\u200b\ufeff"  # a zero-width space and the byte order mark inside a text


def _is_space_table() -> NDArray[np.bool_]:
    table = np.zeros(0x110000, dtype=np.bool_)
    table[[point for point in range(0x3001) if chr(point).isspace()]] = True
    table[[ord(character) for character in _UNSEEN]] = True
    return table


_IS_SPACE = _is_space_table()
_UNSEEN_MARKS = re.compile(f"[{_UNSEEN}]")


@dataclass(frozen=True, slots=True)
class NormalText:
    """A text with LF line ends and no byte order mark.

    Attributes:
        line_ends: the indices of all line ends in `text`, ascending.
        crlf: the indices of those that were CR LF.
        beyond_16_bits: the indices of characters that take two units in UTF-16.
        has_mark: whether there was a byte order mark.
    """

    text: str
    line_ends: NDArray[np.int64]
    crlf: NDArray[np.int64]
    beyond_16_bits: NDArray[np.int64]
    has_mark: bool


@dataclass(frozen=True, slots=True)
class SqueezedText:
    """A text without its white space; `indices[i]` is where character i of it stands in the text."""

    text: str
    indices: NDArray[np.int32]

    def places(self, positions: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many characters that are not white space stand before each position; those are in the text."""
        # of one type: otherwise the indices of a whole text are converted at each call
        return np.searchsorted(self.indices, positions.astype(np.int32)).astype(np.int64)


def normalize_line_ends(raw: str, *, has_mark: bool = False) -> NormalText:
    r"""The text with CR LF and lone CR as LF, without a byte order mark.

    Args:
        raw: the decoded text; a byte order mark at its start is taken off.
        has_mark: whether one was taken off before.

    >>> normalize_line_ends("一\r\n二\r三\n").text
    '一\n二\n三\n'
    """
    if raw.startswith(BYTE_ORDER_MARK):
        raw, has_mark = raw.removeprefix(BYTE_ORDER_MARK), True
    points = _code_points(raw)
    crlf = np.zeros(0, dtype=np.int64)
    if "\r" in raw:
        is_first = np.zeros(len(points), dtype=np.bool_)  # the CR of a CR LF
        is_first[:-1] = (points[:-1] == _CR) & (points[1:] == _LF)
        crlf = np.flatnonzero(is_first)
        crlf = crlf - np.arange(len(crlf))
        points = points[~is_first]
        points[points == _CR] = _LF
    return NormalText(
        text=_text_of(points) if "\r" in raw else raw,
        line_ends=np.flatnonzero(points == _LF),
        crlf=crlf,
        beyond_16_bits=np.flatnonzero(points > _BEYOND_16_BITS),
        has_mark=has_mark,
    )


def squeeze(text: str) -> SqueezedText:
    """The text without white space, in which quotations are looked for."""
    points = _code_points(text)
    indices = np.flatnonzero(~_IS_SPACE[points])
    return SqueezedText(_text_of(points[indices]), indices.astype(np.int32))


def drop_space(text: str) -> str:
    """The text without what `squeeze` drops."""
    text = "".join(text.split())
    return _UNSEEN_MARKS.sub("", text)


def _code_points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).copy()


def _text_of(points: NDArray[np.uint32]) -> str:
    return points.tobytes().decode("utf-32-le", "surrogatepass")
