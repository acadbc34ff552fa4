"""Chinese sentence spans of a cleaned text.

A sentence ends at 。！？, at an ASCII `!` or `?` that really ends one, and at every line end. The end
takes the closing quotes, brackets and reference numbers that follow. Not an end: `；`, `：` (a list after
a colon stays with its lead), `……` (in policy text and newspapers it is mostly "and so on" within a
sentence), decimals, addresses, and `?` where it stands for a character that was lost.

Nothing is cut inside 《》, quotes or brackets that close on the same line. A mark without its partner is
no enclosure, and one longer than `LONGEST_ENCLOSURE` is a passage of its own, whose sentences are cut.
A segment longer than `LONGEST_SENTENCE` (tables, OCR without full stops) is parted at ；, else at ，or 、,
else at white space.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from policy_nlp.records import Document, Sentence, SentenceKind, Span

LONGEST_ENCLOSURE = 500  # code points; a longer quotation is cut like running text
LONGEST_SENTENCE = 1000
LONGEST_HEADING = 50
LONGEST_CHAIN = 5  # quotations one behind the other that are looked at together

CJK = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"

_LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
_SPACE = re.compile(r"\s*")
_PAIRS = ("“”", "‘’", "「」", "『』", "《》", "〈〉", "（）", "()", "【】", "〔〕", '""', "＂＂")
_MIXED = {"（": "(", "）": "(", '"': "“", "＂": "“"}  # OCR mixes widths: “一网通办", （试行)
_FAMILY = {mark: _MIXED.get(mark, pair[0]) for pair in _PAIRS for mark in pair}
_CLOSERS = frozenset(pair[1] for pair in _PAIRS)
_TOGGLES = frozenset('"＂')
_QUOTES = frozenset('“‘「『"＂')
_TITLES = frozenset("《〈")
_MARK = re.compile("[" + re.escape("".join(sorted({mark for pair in _PAIRS for mark in pair}))) + "]")

_TERMINAL = re.compile(r"[。！？｡!?]+|\.(?=[”’)\"]?\s)")
_TERMINAL_ENDING = re.compile(r"[。！？｡!?]\s*[”’」』）)】］\]\"＂]*\s*$")
_FULL_WIDTH = re.compile("[。！？｡]")
_AFTER_END = re.compile(
    r"(?:[ \u3000]{0,2}[”’」』》〉）)】］\]〕]|[。！？]|\[\d{1,3}(?:[-–,，~]\d{1,3})*\])*"
)
_GOES_ON = re.compile(r"[ \u3000]*(?:[，、；：,;:》]|的(?!确)|等(?=[^待候你我他她]))")
_ATTRIBUTION = re.compile(r"[ \u3000]*—")
_CJK_CHARACTER = re.compile(f"[{CJK}]")
_CLAUSE = re.compile(r"[^。！？!?，；：,;:]*$")
_ASKING_END = re.compile("(?:[吗呢吧嘛么谁]|什么|多少|哪[里儿些个]|如何|为何)$")
_ASKING = re.compile("[是能可会]否|为什么|怎[么样]|难道|谁|什么|如何|哪")
_PLAIN_NUMBER = re.compile(r"[（(]?(?:\d{1,3}|[一二三四五六七八九十]{1,3}|[①-⑳])[）)]?\s*")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_ABBREVIATION = re.compile(
    "(?:al|cf|co|dept|dr|eds?|eg|etc|fig|inc|jr|ltd|mrs?|ms|no|pp|prof|st|vol|vs)$", re.I
)

_NUMBERING = re.compile(
    r"\s*(?:[一二三四五六七八九十百]{1,4}[、.．]|[（(][一二三四五六七八九十百\d]{1,4}[）)]|[①-⑳]|[IVXⅠ-Ⅻ]{1,5}[.、．]"
    r"|\d{1,2}(?:[.．]\d{1,2}){0,3}(?:[、.．](?!\d)|\s+)|第[一二三四五六七八九十百零\d]{1,5}[条款项章节编篇部]分?[\s：:]?)"
)
_CHAPTER = re.compile(
    r"\s*(?:第[一二三四五六七八九十百零\d]{1,5}(?:章|节|编|篇|部分)|附件\s*\d*\s*[:：]?\s*$)"
)
_CLAUSE_MARK = re.compile("[。！？；，：,;:|\t]")
_DATE_OR_NUMBER = re.compile(r"[\d\s年月日〇○一二三四五六七八九十零.,，/%％:：\-—~～+()（）]*$")
_NO_TITLE = re.compile(
    r"[|\t]|(?:\s[-+]?\d[\d.,%％]*){2,}$|^[（(【].*[）)】]$|〔\d{4}〕.{0,4}号$"
)  # table rows, in a pdf without lines between the cells; remarks; document numbers
_PART_MARKS = ("；;", "，,、", None)  # None: white space


class _Enclosure(NamedTuple):
    """One pair of marks on a line: `line[start]` opens, `line[end]` closes."""

    start: int
    end: int


def split_sentences(text: str) -> list[Span]:
    """Spans of the sentences of `text` in their order.

    They do not overlap, have no white space at either end, are never empty, and every character that is
    not white space is in exactly one of them.

    >>> [(span.start, span.end) for span in split_sentences("加大投入。他说：“好。再接再厉。”会议强调创新。")]
    [(0, 5), (5, 17), (17, 24)]
    """
    spans: list[Span] = []
    for line in _LINE.finditer(text):
        offset, start = line.start(), 0
        for end in [*_iter_ends(line.group()), len(line.group())]:
            spans.extend(_iter_trimmed(text, offset + start, offset + end))
            start = end
    return spans


def sentences_of(document: Document) -> list[Sentence]:
    """The sentences of a document; ids are the document's id and the place in the document, from 0.

    The same text always gives the same ids.
    """
    return sentences_in(document.text, document.document_id)


def sentences_in(text: str, document_id: str) -> list[Sentence]:
    """The sentences of the cleaned text of one document."""
    spans = split_sentences(text)
    sentences = []
    for index, span in enumerate(spans):
        before = text[spans[index - 1].end : span.start] if index else "\n"
        after = text[span.end : spans[index + 1].start] if index + 1 < len(spans) else "\n"
        segment = text[span.start : span.end]
        kind = _kind_of(segment, begins_line=_breaks_line(before), ends_line=_breaks_line(after))
        sentence_id = f"{document_id}-{index:05d}"
        sentences.append(Sentence(document_id, sentence_id, span, segment, kind))
    return sentences


def is_question_end(text: str, at: int, *, since: int = 0) -> bool:
    """Whether the ASCII `?` at `text[at]` asks; False where it stands for a lost character or in an address.

    What is before index `since`, where the sentence begins, is not looked at.
    """
    before, after = text[max(since, at - 40) : at], text[at + 1 : at + 2]
    if not before or before[-1].isspace():
        return False  # no sentence begins with its question mark
    if (before[-1] + after).isascii() and before[-1].isalnum() and after.isalnum():
        return False  # an address, or pinyin that lost its accent: l?ng
    clause = _CLAUSE.search(before.rstrip("?"))
    asking = clause.group() if clause else ""
    if _CJK_CHARACTER.match(after):
        return bool(_ASKING_END.search(asking) or re.search("[是能可会]否|为什么|怎[么样]|难道|谁", asking))
    if not after or after.isspace():
        return True
    if after in _CLOSERS and after not in _TOGGLES:
        return True
    return bool(_ASKING.search(asking)) and after not in "，、；：。,;:"


def _iter_ends(line: str) -> Iterator[int]:
    """Where sentences of one line end, exclusive; the end of the line itself is not among them."""
    enclosures = _enclosures(line)
    nth = resume = 0
    start = _skip_space(line, 0)
    for terminal in _TERMINAL.finditer(line):
        at = terminal.start()
        if at < max(resume, start):
            continue  # in an enclosure, or in the marks that the last sentence took with it
        while nth < len(enclosures) and enclosures[nth].end < at:
            nth += 1
        if nth < len(enclosures) and enclosures[nth].start < at:
            end = _end_of_enclosed(line, enclosures[nth : nth + LONGEST_CHAIN], start)
            resume = enclosures[nth].end
        else:
            end = _end_of_plain(line, terminal, start)
        if end is not None:
            yield end
            start = _skip_space(line, end)


def _skip_space(line: str, index: int) -> int:
    """The next index that holds no white space."""
    match = _SPACE.match(line, index)
    return match.end() if match else index


def _enclosures(line: str) -> list[_Enclosure]:
    """The outermost pairs of marks that are not too long, in order; marks without a partner are left out."""
    kept: list[_Enclosure] = []
    for pair in sorted(_matched_pairs(line)):
        is_outside = not kept or pair.start > kept[-1].end
        if is_outside and pair.end - pair.start <= LONGEST_ENCLOSURE:
            kept.append(pair)
    return kept


def _matched_pairs(line: str) -> Iterator[_Enclosure]:
    """All pairs of marks; a closer without opener, and openers left inside a pair, are passed over."""
    opened: list[tuple[int, str]] = []
    n_open: Counter[str] = Counter()
    for match in _MARK.finditer(line):
        mark, family = match.group(), _FAMILY[match.group()]
        is_closer = mark in _CLOSERS and (mark not in _TOGGLES or n_open[family] > 0)
        if not is_closer:
            opened.append((match.start(), family))
            n_open[family] += 1
        elif n_open[family]:
            yield _Enclosure(_pop_until(family, opened, n_open), match.start())


def _pop_until(family: str, opened: list[tuple[int, str]], n_open: Counter[str]) -> int:
    """Index of the last opener of the family, taken off the stack with those above it."""
    while True:
        index, found = opened.pop()
        n_open[found] -= 1
        if found == family:
            return index


def _end_of_enclosed(line: str, chain: list[_Enclosure], sentence_start: int) -> int | None:
    """Where the sentence ends that the first enclosure closes; None when it goes on behind the closing mark.

    Args:
        line: the whole line.
        chain: the enclosure and some that follow it: “谁来干？”“怎么干？”的问题 goes on behind the second.
        sentence_start: index of the sentence's first character.
    """
    first = chain[0]
    opener, end = line[first.start], first.end + 1
    if opener in _TITLES or not _TERMINAL_ENDING.search(line[max(first.start, end - 8) : end]):
        return None
    if opener not in _QUOTES and first.start > sentence_start:
        return None  # a remark in brackets within a sentence
    chain_end = end
    for following in chain[1:]:
        if following.start == chain_end and line[chain_end] in _QUOTES:
            chain_end = following.end + 1
    goes_on = _GOES_ON.match(line, chain_end) or _ATTRIBUTION.match(line, end)
    return None if goes_on else _after_closers(line, end)


def _end_of_plain(line: str, terminal: re.Match[str], sentence_start: int) -> int | None:
    """Where the sentence ends at a terminal outside every enclosure; None when it does not end there."""
    at, end, run = terminal.start(), terminal.end(), terminal.group()
    if run == ".":
        return end if _is_english_end(line, at, sentence_start) else None
    if _FULL_WIDTH.search(run):
        is_number = at - sentence_start <= 8 and _PLAIN_NUMBER.fullmatch(line[sentence_start:at].strip())
        is_end = not is_number if run[-1] in "。｡" else not _GOES_ON.match(line, end)
    elif run[0] == "!":
        is_end = bool(_CJK_CHARACTER.match(line[at - 1 : at])) or not line[end : end + 1].strip()
    else:
        is_end = is_question_end(line, end - 1, since=sentence_start)
    return _after_closers(line, end) if is_end else None


def _after_closers(line: str, end: int) -> int:
    """The end moved behind closing marks and reference numbers such as [12]."""
    match = _AFTER_END.match(line, end)
    return match.end() if match else end


def _is_english_end(line: str, at: int, sentence_start: int) -> bool:
    """Whether the full stop at `at` ends a clear English sentence: four words or more, no abbreviation."""
    window = line[max(sentence_start, at - 200) : at]
    words = _WORD.findall(_CJK_CHARACTER.split(window)[-1])
    if len(words) < 4 or len(words[-1]) < 2 or _ABBREVIATION.match(words[-1]):
        return False
    following = line[at + 1 : at + 6].lstrip('”’)" \u3000')[:1]
    return following.isupper() or bool(_CJK_CHARACTER.match(following))


def _iter_trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    """The span without white space at its ends, parted where it is too long; nothing when it is blank."""
    while start < end:
        stop = end if end - start <= LONGEST_SENTENCE else _part_end(text, start)
        segment = text[start:stop]
        lead = len(segment) - len(segment.lstrip())
        if lead < len(segment):
            yield Span(start + lead, start + len(segment.rstrip()))
        start = stop


def _part_end(text: str, start: int) -> int:
    """Where to part an overlong segment: behind the last mark within the limit, else at the limit."""
    window = text[start : start + LONGEST_SENTENCE]
    for marks in _PART_MARKS:
        found = [mark.end() for mark in re.finditer(f"[{marks}]" if marks else r"\s", window)]
        if found:
            return start + found[-1]
    return start + LONGEST_SENTENCE


def _breaks_line(gap: str) -> bool:
    """Whether the white space between two sentences holds a line end."""
    return bool(gap) and _LINE.fullmatch(gap) is None


def _kind_of(segment: str, *, begins_line: bool, ends_line: bool) -> SentenceKind:
    """Heading or sentence, by length, numbering and punctuation."""
    if not begins_line or len(segment) > LONGEST_HEADING or _DATE_OR_NUMBER.match(segment):
        return "sentence"
    numbering = _NUMBERING.match(segment)
    if not ends_line:  # （一）加强基础研究。then the text on the same line
        return "heading" if numbering and segment.endswith("。") else "sentence"
    if _CHAPTER.match(segment):
        return "heading"
    body = segment[numbering.end() :] if numbering else segment
    is_title = _CJK_CHARACTER.search(body) and not _NO_TITLE.search(segment)
    if numbering:
        return "heading" if is_title and segment[-1] not in "。！？!?，、；：,;:…" else "sentence"
    return "heading" if is_title and not _CLAUSE_MARK.search(body) else "sentence"
