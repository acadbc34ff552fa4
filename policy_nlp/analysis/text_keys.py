"""Text -> its key: the form in which two wordings are held against each other, with the way back.

Simplified and repaired as the model reads it (`policy_nlp.reading`), full-width forms as half-width ones,
Latin letters small, and without the marks that do not change what is said.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Literal

from policy_nlp.reading import read_segment
from policy_nlp.records import Reading, Span

Marks = Literal["all", "quotes"]
"""Which marks a key leaves out: all that are neither letter nor digit, or only blanks and quotes."""

_QUOTES = frozenset("\"'“”‘’「」『』《》〈〉")


def text_key(text: str, *, without: Marks = "all") -> Reading:
    """The key of a text; its offsets are those of the characters in `text`.

    >>> text_key("加快“新质 生产力”、ＡＩ＋创新！").text
    '加快新质生产力ai创新'
    """
    reading = read_segment(text)
    folded = [(_folded(mark, without), at) for mark, at in zip(reading.text, reading.offsets, strict=True)]
    kept = [(part, at) for part, at in folded if part]
    offsets = tuple(at for part, at in kept for _ in part)
    return Reading("".join(part for part, _ in kept), offsets)


def span_in_text(key: Reading, part: Span) -> Span:
    """Where a part of a key, one character at least, stands in its text."""
    return Span(key.offsets[part.start], key.offsets[part.end - 1] + 1)


@lru_cache(maxsize=1 << 15)
def _folded(mark: str, without: Marks) -> str:
    folded = unicodedata.normalize("NFKC", mark).casefold()
    if without == "quotes":
        return "".join(one for one in folded if not one.isspace() and one not in _QUOTES)
    return "".join(one for one in folded if one.isalnum())
