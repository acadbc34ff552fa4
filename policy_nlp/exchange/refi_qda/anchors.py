"""Positions of a source's selections -> spans of its text, checked against what the selections quote.

The standard counts code points from 0, the end excluded, and says nothing of line ends. Programs count
otherwise: CR LF as two, the byte order mark as one, UTF-16 units, the last character included. Most write
the selected text (or its beginning) into a selection's name, so each way to count is tried on all
selections of a source, and one that explains the quotations better than the plain one is taken.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from policy_nlp.exchange.refi_qda.line_ends import NormalText, SqueezedText, drop_space, squeeze
from policy_nlp.records import Span

LEAST_QUOTATION = 6  # characters from which a text that is not the whole selection is taken for its part
LEAST_EVIDENCE = 4  # characters of quotations that another way to count must explain beyond the plain one
MOST_EVIDENCE = 10  # that one quotation can give
LEAST_SHARE = 0.25  # of the selections with a text, that another way to count must explain
SEARCH_RADIUS = 2000  # code points within which a quotation that is not at its place is looked for
SEARCHED_CHARACTERS = 1 << 30  # of whole texts, to say whether a quotation is elsewhere

LineEnds = Literal["one", "as written", "two"]

_ELLIPSIS = re.compile(r"\[?(?:\.{3,}|…+)\]?")


@dataclass(frozen=True, slots=True)
class Selection:
    """A selection as the file has it.

    Attributes:
        start: position of the first character.
        end: position after the last character, as the standard has it.
        texts: its name and its description, which may quote the selected text.
    """

    start: int
    end: int
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counting:
    """A way to count positions; the fields' defaults are the plain way.

    Attributes:
        line_ends: how much a line end counts: one, CR LF two and LF one, or always two.
        first: the position of the first character; 1 where a byte order mark counts.
        utf16: whether UTF-16 units are counted in place of code points.
        end_included: whether `end` is the last character and not the one after it.
    """

    line_ends: LineEnds = "one"
    first: Literal[0, 1] = 0
    utf16: bool = False
    end_included: bool = False

    def describe(self) -> str:
        """The way to count in words."""
        words = {"one": "", "as written": "CR LF counted as two", "two": "line ends counted as two"}
        parts = [
            words[self.line_ends],
            "positions counted from 1 (or with the byte order mark)" if self.first else "",
            "UTF-16 units counted" if self.utf16 else "",
            "the last character included" if self.end_included else "",
        ]
        return ", ".join(part for part in parts if part) or "code points counted, line ends as one"


PLAIN = Counting()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The way to count that explains a source's quotations best.

    Where no selection agrees with the text (none may quote it), one under which all lie inside the text.

    Attributes:
        n_quoting: selections that have a text at all.
        n_match: of them, how many agree with the text at their place.
        n_plain: how many would if the plain way were taken.
    """

    counting: Counting
    n_quoting: int
    n_match: int
    n_plain: int


@dataclass(frozen=True, slots=True)
class Anchored:
    """Where the selections of a source lie.

    Attributes:
        spans: one for each selection; None where it is outside the text or empty.
        n_match: selections whose text agrees.
        moved: those that were moved to the one place near by that has their text.
        mismatched: those that were left at their position although their text stands elsewhere.
        unchecked: those without a text, or with one that stands nowhere in the source, or in the middle of
            the selection (a title).
        reversed_: those whose end came before their start; the two were exchanged.
        clipped: those that went over the end of the text and were cut there.
    """

    spans: tuple[Span | None, ...]
    n_match: int
    moved: tuple[int, ...] = ()
    mismatched: tuple[int, ...] = ()
    unchecked: tuple[int, ...] = ()
    reversed_: tuple[int, ...] = ()
    clipped: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Quote:
    """What a selection's text says of the selected one: how it begins, how it ends; no white space."""

    head: str
    tail: str
    is_cut: bool  # whether an ellipsis stands for a part


class SourceAnchors:
    """The selections of one source against its text."""

    def __init__(self, text: NormalText, selections: Sequence[Selection]) -> None:
        self._text = text
        self._squeezed: SqueezedText = squeeze(text.text)
        self._quotes = [tuple(_iter_quotes(selection.texts)) for selection in selections]
        starts = np.array([selection.start for selection in selections], dtype=np.int64)
        ends = np.array([selection.end for selection in selections], dtype=np.int64)
        self._reversed = tuple(np.flatnonzero(starts > ends).tolist())
        self._starts, self._ends = np.minimum(starts, ends), np.maximum(starts, ends)
        self._n_searched = 0

    def judge(self) -> Verdict:
        """The way to count that explains the quotations best; the plain one where none does better."""
        n_quoting = sum(bool(quotes) for quotes in self._quotes)
        plain = best = self._evidence(PLAIN)
        counting = PLAIN
        for candidate in self._iter_countings():
            if best.n_match == n_quoting:
                break
            found = self._evidence(candidate)
            if (
                found.n_characters > best.n_characters
                and found.n_characters >= plain.n_characters + LEAST_EVIDENCE
            ):
                best, counting = found, candidate
        if best.n_match < LEAST_SHARE * n_quoting:
            counting, best = PLAIN, plain
        if best.n_match == 0:
            counting = self._fitting_counting()
        return Verdict(counting, n_quoting, best.n_match, plain.n_match)

    def apply(self, counting: Counting) -> Anchored:
        """The spans of all selections under one way to count, each checked by itself."""
        starts, ends = self._indices(counting)
        length = len(self._text.text)
        clipped_starts, clipped_ends = np.clip(starts, 0, length), np.clip(ends, 0, length)
        agrees = self._agreeing(clipped_starts, clipped_ends)
        moved, mismatched, unchecked = [], [], []
        for index in np.flatnonzero(~agrees).tolist():
            span = Span(int(clipped_starts[index]), int(clipped_ends[index]))
            if self._is_inside(index, span):
                unchecked.append(index)
            elif (place := self._find_near(index, span)) is not None:
                clipped_starts[index], clipped_ends[index] = place.start, place.end
                moved.append(index)
            elif self._stands_elsewhere(index):
                mismatched.append(index)
            else:
                unchecked.append(index)
        spans = tuple(
            Span(start, end) if start < end else None
            for start, end in zip(clipped_starts.tolist(), clipped_ends.tolist(), strict=True)
        )
        is_cut = ((starts != clipped_starts) | (ends != clipped_ends)) & (clipped_starts < clipped_ends)
        clipped = set(np.flatnonzero(is_cut).tolist()) - set(moved)
        return Anchored(
            spans=spans,
            n_match=int(agrees.sum()),
            moved=tuple(moved),
            mismatched=tuple(index for index in mismatched if spans[index]),
            unchecked=tuple(index for index in unchecked if spans[index]),
            reversed_=self._reversed,
            clipped=tuple(sorted(clipped)),
        )

    def _iter_countings(self) -> Iterator[Counting]:
        """The ways to count that can differ on this text, the likeliest first."""
        text = self._text
        line_ends: list[LineEnds] = ["one"]
        if len(text.crlf):
            line_ends.append("as written")
        if len(text.line_ends) > len(text.crlf):
            line_ends.append("two")
        firsts: tuple[Literal[0, 1], ...] = (0, 1)
        utf16 = (False, True) if len(text.beyond_16_bits) else (False,)
        product = [Counting(*ways) for ways in itertools.product(line_ends, firsts, utf16, (False, True))]
        yield from sorted(product, key=lambda counting: _strangeness(counting, has_mark=text.has_mark))

    def _fitting_counting(self) -> Counting:
        """The likeliest way to count under which no selection goes beyond the text; else the plain one.

        Only what the file itself shows is tried: its CR LF, its byte order mark, its wide characters.
        """
        for candidate in (PLAIN, *self._iter_countings()):
            if candidate.line_ends == "two" or candidate.first > self._text.has_mark:
                continue
            starts, ends = self._indices(candidate)
            if starts.min(initial=0) >= 0 and ends.max(initial=0) <= len(self._text.text):
                return candidate
        return PLAIN

    def _indices(self, counting: Counting) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Starts and ends as indices of the text, not yet held within it."""
        wide = self._wide_characters(counting)
        starts = _index_of(self._starts - counting.first, wide, round_up=False)
        ends = self._ends - counting.first
        if counting.end_included:
            return starts, _index_of(ends, wide, round_up=False) + 1
        return starts, _index_of(ends, wide, round_up=True)

    def _wide_characters(self, counting: Counting) -> NDArray[np.int64]:
        """The indices of the characters that count two."""
        text = self._text
        line_ends = {"one": text.line_ends[:0], "as written": text.crlf, "two": text.line_ends}
        beyond = text.beyond_16_bits if counting.utf16 else text.beyond_16_bits[:0]
        return np.sort(np.concatenate([line_ends[counting.line_ends], beyond]))

    def _evidence(self, counting: Counting) -> _Evidence:
        starts, ends = self._indices(counting)
        length = len(self._text.text)
        agrees = self._agreeing(np.clip(starts, 0, length), np.clip(ends, 0, length))
        weights = [
            min(max(len(quote.head) + len(quote.tail) for quote in self._quotes[index]), MOST_EVIDENCE)
            for index in np.flatnonzero(agrees).tolist()
        ]
        return _Evidence(len(weights), sum(weights))

    def _agreeing(self, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which selections quote the text at their place."""
        firsts, lasts = self._squeezed.places(starts), self._squeezed.places(ends)
        return np.array(
            [
                any(self._quotes_text(quote, first, last) for quote in quotes)
                for quotes, first, last in zip(self._quotes, firsts.tolist(), lasts.tolist(), strict=True)
            ],
            dtype=np.bool_,
        )

    def _quotes_text(self, quote: _Quote, first: int, last: int) -> bool:
        text, n_quoted, n_selected = self._squeezed.text, len(quote.head) + len(quote.tail), last - first
        if n_quoted > n_selected or not text.startswith(quote.head, first):
            return False
        if quote.is_cut:
            return text.endswith(quote.tail, first, last)
        return n_quoted == n_selected or n_quoted >= LEAST_QUOTATION

    def _is_inside(self, index: int, span: Span) -> bool:
        """Whether the text of a selection stands in the middle of `span`: a title taken from it, perhaps."""
        first, last = self._squeezed.places(np.array([span.start, span.end], dtype=np.int64)).tolist()
        find = self._squeezed.text.find
        return any(quote.head and find(quote.head, first, last) >= 0 for quote in self._quotes[index])

    def _find_near(self, index: int, span: Span) -> Span | None:
        """The one place near `span` that has the selection's text; None where there is none, or more."""
        for quote in self._quotes[index]:
            if len(quote.head) < LEAST_QUOTATION:
                continue
            bounds = np.array(
                [max(span.start - SEARCH_RADIUS, 0), span.start + SEARCH_RADIUS], dtype=np.int64
            )
            low, high = self._squeezed.places(bounds).tolist()
            text, high = self._squeezed.text, high + len(quote.head)
            first = text.find(quote.head, low, high)
            if first < 0 or text.find(quote.head, first + 1, high) >= 0:
                continue
            place = self._whole_place(quote, span, first)
            if place is not None:
                return place
        return None

    def _whole_place(self, quote: _Quote, span: Span, first: int) -> Span | None:
        """The selection that begins with the squeezed character `first`.

        It ends where the quotation does, if that is about as long as `span`; else it is as long as `span`.
        """
        start = int(self._squeezed.indices[first])
        bounds = np.array([span.start, span.end, start + len(span)], dtype=np.int64)
        low, high, last = self._squeezed.places(bounds).tolist()
        n_quoted = len(quote.head)
        if not quote.is_cut and abs(high - low - n_quoted) <= max(2, n_quoted // 10):
            return Span(start, int(self._squeezed.indices[first + n_quoted - 1]) + 1)
        is_whole = last - first > n_quoted and self._squeezed.text.endswith(quote.tail, first, last)
        return Span(start, min(start + len(span), len(self._text.text))) if is_whole else None

    def _stands_elsewhere(self, index: int) -> bool:
        """Whether the text that a selection quotes stands in the source, so that it cannot be a title."""
        for quote in self._quotes[index]:
            is_quotation = len(quote.head) >= LEAST_QUOTATION
            if is_quotation and self._n_searched > SEARCHED_CHARACTERS:
                return True  # a source that is wrong throughout: not looked for any more
            if is_quotation:
                self._n_searched += len(self._squeezed.text)
                if quote.head in self._squeezed.text:
                    return True
        return False


@dataclass(frozen=True, slots=True)
class _Evidence:
    """How many selections agree with the text, and by how many characters."""

    n_match: int
    n_characters: int


def _strangeness(counting: Counting, *, has_mark: bool) -> int:
    """How unlikely a way to count is before anything is checked; it decides where two explain the same.

    Programs that count CR LF as two are known, then UTF-16 units and byte order marks; the rest is rarer.
    """
    return (
        {"one": 0, "as written": 10, "two": 14}[counting.line_ends]
        + 11 * counting.utf16
        + (12 if has_mark else 15) * counting.first
        + 13 * counting.end_included
    )


def _index_of(positions: NDArray[np.int64], wide: NDArray[np.int64], *, round_up: bool) -> NDArray[np.int64]:
    """Indices of the characters at positions that count the characters at `wide` as two.

    A position in the middle of such a character goes to its beginning or its end.
    """
    places = wide + np.arange(len(wide))  # of the wide characters, in the positions' own count
    n_before = np.searchsorted(places, positions, side="left")
    indices = positions - n_before
    if len(wide) == 0:
        return indices
    last = np.maximum(n_before - 1, 0)
    is_inside = (n_before > 0) & (positions == places[last] + 1)
    return np.where(is_inside, wide[last] + round_up, indices)


def _iter_quotes(texts: Sequence[str]) -> Iterator[_Quote]:
    """A text as a quotation; one with an ellipsis also as a beginning and an end with a gap between."""
    for text in texts:
        if whole := drop_space(text):
            yield _Quote(whole, "", is_cut=False)
        parts = [drop_space(part) for part in _ELLIPSIS.split(text)] if _ELLIPSIS.search(text) else []
        if len(parts) > 1 and len(parts[0]) + len(parts[-1]) >= LEAST_QUOTATION:
            yield _Quote(parts[0], parts[-1], is_cut=True)
