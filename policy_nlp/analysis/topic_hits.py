"""Documents and topics -> where each topic is named: title, heading, text, a list of names, a footer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from policy_nlp.analysis.text_keys import span_in_text, text_key
from policy_nlp.records import Sentence, Span
from policy_nlp.settings.screen import Topic

_WordKind = Literal["topic", "related", "excluded", "short"]
HitPlace = Literal["title", "heading", "first_third", "body", "list", "footer"]
COUNTED_PLACES: tuple[HitPlace, ...] = ("heading", "first_third", "body")

_TITLE_SENTENCES = 6  # among the first of a text: its printed title, not a heading of its own
_LONGER_ITEM = 6  # characters an item of a list may have beside the word
_FEWEST_ITEMS = 4
_SPLIT = re.compile(r"[,，。;；:：!！?？\n]")
_CELL = re.compile(r"\s\|\s")
# A line after which nothing is of the document itself: links, other articles, literature.
_END_MARK = re.compile(
    r"\s*[【\[<《]?(?:(?:相关|延伸|推荐|热门|更多|往期|精彩)(?:链接|阅读|新闻|报道|文章|推荐|信息|资讯|内容|稿件|回顾)"
    r"|上一篇|下一篇|友情链接|网站地图|猜你喜欢|参考文献)"
)
_LONGEST_MARK_LINE = 12
_SIGNATURE = re.compile(
    r"\s*[【\[（(]?(?:(?:信息|稿件|文章)?来源|责任编辑|责编|编辑|作者|供稿|审核|校对)[:：]"
)


@dataclass(frozen=True, slots=True)
class ScreenDocument:
    """A document to screen.

    Attributes:
        is_coded: whether some code applies to each sentence; None where no model coded the document.
    """

    document_id: str
    source: str  # the input it is of, as the user named it
    path: str
    title: str
    text: str
    sentences: tuple[Sentence, ...]
    is_coded: tuple[bool, ...] | None = None


@dataclass(frozen=True, slots=True)
class TopicHit:
    """One place where a topic is named.

    Attributes:
        topic: its place among the topics.
        is_related: a word of a neighbouring thing.
        sentence: its place in the document; None in a title that is no sentence.
        span: of the word, in the text of the document; None in such a title.
    """

    topic: int
    word: str
    is_related: bool
    place: HitPlace
    sentence: int | None = None
    span: Span | None = None

    @property
    def is_counted(self) -> bool:
        """Whether it stands in running text or a heading and names the topic itself."""
        return not self.is_related and self.place in COUNTED_PLACES


@dataclass(frozen=True, slots=True)
class _Word:
    topic: int
    word: str
    key: str
    kind: _WordKind


def find_hits(document: ScreenDocument, topics: Sequence[Topic]) -> tuple[TopicHit, ...]:
    """All hits of a document: in its title, then in its text in order; the longest word at a place counts."""
    words = _words(topics)
    hits = [
        TopicHit(word.topic, word.word, word.kind == "related", "title")
        for word, _ in _iter_words(text_key(document.title, without="quotes").text, words)
    ]
    title = text_key(document.title).text
    footer_from = _footer_start(document)
    for index, sentence in enumerate(document.sentences):
        if index < _TITLE_SENTENCES and len(sentence.text) > 3 and text_key(sentence.text).text in title:
            continue
        key = text_key(sentence.text, without="quotes")
        for word, part in _iter_words(key.text, words):
            inner = span_in_text(key, part)
            start = sentence.span.start
            place = _place(document, sentence, inner, word=word, footer_from=footer_from)
            span = Span(start + inner.start, start + inner.end)
            hits.append(TopicHit(word.topic, word.word, word.kind == "related", place, index, span))
    return tuple(_lists_of_names(document, _with_lone_short_forms_related(hits, topics)))


def _words(topics: Sequence[Topic]) -> tuple[_Word, ...]:
    """The words of all topics, the longest first."""
    words: list[_Word] = []
    for place, topic in enumerate(topics):
        groups: Mapping[_WordKind, tuple[str, ...]] = {
            "topic": (topic.name, *topic.variants),
            "related": topic.related,
            "excluded": topic.excluded,
            "short": topic.short_forms,
        }
        for kind, group in groups.items():
            words += [_Word(place, word, text_key(word, without="quotes").text, kind) for word in group]
    return tuple(sorted(words, key=lambda word: -len(word.key)))


def _iter_words(key: str, words: Sequence[_Word]) -> Iterator[tuple[_Word, Span]]:
    """The words in a key, none over a place that a longer one has."""
    taken: list[Span] = []
    found: list[tuple[_Word, Span]] = []
    for word in words:
        start = key.find(word.key) if word.key else -1
        while start >= 0:
            span = Span(start, start + len(word.key))
            if all(span.end <= other.start or other.end <= span.start for other in taken):
                taken.append(span)
                found.append((word, span))
            start = key.find(word.key, start + 1)
    found.sort(key=lambda item: item[1].start)
    return ((word, span) for word, span in found if word.kind != "excluded")


def _place(
    document: ScreenDocument, sentence: Sentence, inner: Span, *, word: _Word, footer_from: int
) -> HitPlace:
    if sentence.span.start >= footer_from or _SIGNATURE.match(sentence.text):
        return "footer"
    if sentence.kind == "heading":
        return "heading"
    if _is_list_item(sentence.text, inner, word):
        return "list"
    return "first_third" if sentence.span.start < len(document.text) / 3 else "body"


def _is_list_item(text: str, inner: Span, word: _Word) -> bool:
    """Whether the word is one of several short items: 甲中心、乙平台、创新联合体、丙基地."""
    for split, mark in ((_CELL, " | "), (_SPLIT, "、")):
        start = max((m.end() for m in split.finditer(text, 0, inner.start)), default=0)
        after = split.search(text, inner.end)
        part = text[start : after.start() if after else len(text)]
        if split is _CELL:
            if text.count(mark) + 1 >= _FEWEST_ITEMS and len(part) <= len(word.key) + 2 * _LONGER_ITEM:
                return True
            continue
        items = part.split(mark)
        own = next((item for item in items if text[inner.start : inner.end] in item), part)
        if len(items) >= _FEWEST_ITEMS and len(own) <= len(word.key) + _LONGER_ITEM:
            return True
    return False


def _with_lone_short_forms_related(hits: Sequence[TopicHit], topics: Sequence[Topic]) -> list[TopicHit]:
    """The hits; short forms are related words where the document calls the topic by no full name."""
    is_short = [hit.word in topics[hit.topic].short_forms for hit in hits]
    pairs = list(zip(hits, is_short, strict=True))
    named = {hit.topic for hit, short in pairs if not (short or hit.is_related)}
    return [
        replace(hit, is_related=hit.is_related or (short and hit.topic not in named)) for hit, short in pairs
    ]


def _lists_of_names(document: ScreenDocument, hits: Sequence[TopicHit]) -> Iterator[TopicHit]:
    """Headings with one topic that stand one below the other are a list of names, not headings."""
    headings = {(hit.topic, hit.sentence) for hit in hits if hit.place == "heading"}
    for hit in hits:
        if hit.place == "heading" and hit.sentence is not None:
            beside = {(hit.topic, hit.sentence - 1), (hit.topic, hit.sentence + 1)}
            if beside & headings:
                yield replace(hit, place="list")
                continue
        yield hit


def _footer_start(document: ScreenDocument) -> int:
    """Where the links and signatures below the text begin; the length of the text where there are none."""
    for sentence in document.sentences:
        in_later_half = sentence.span.start >= len(document.text) / 2
        if in_later_half and len(sentence.text) <= _LONGEST_MARK_LINE and _END_MARK.match(sentence.text):
            return sentence.span.start
    return len(document.text)
