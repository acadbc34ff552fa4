"""Text -> words by jieba and a domain dictionary, each with its true place in the text.

The dictionary of jieba is read into a tokenizer of our own: nothing of the `jieba` module is changed, nothing
is logged, and no cache is written to, or trusted from, a temporary folder that others can write to. jieba's
guessing of unknown words (HMM) is off: it gives fragments. Unknown words come from the codebook, from the
user, and from the corpus itself (`new_words`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from policy_nlp.analysis.policy_terms import NOT_NAMES, POLICY_TERMS
from policy_nlp.analysis.stop_words import STOP_WORDS
from policy_nlp.codebook import Codebook
from policy_nlp.reading import read_segment

if TYPE_CHECKING:
    from jieba import Tokenizer

DOMAIN_TAG = "x"  # of a word that jieba does not know and no dictionary gives a part of speech
LONGEST_NAME = 6  # characters of a code's name that is a term
LONGEST_TRIGGER = 8

# What jieba can hold in one word: characters, letters, digits and these marks.
_WORD = re.compile(r"[\u4e00-\u9fd5a-zA-Z0-9+#&._%-]+")
_HAN_WORD = re.compile(r"[\u4e00-\u9fd5]{2,}")
_LATIN_WORD = re.compile(r"(?=.*[A-Z])[A-Z0-9][A-Za-z0-9+&.-]+")
_NUMERIC = re.compile(
    r"[零〇一二三四五六七八九十百千万亿两几数第]+[年月日号天个项条批次家亿万元届期级类大位]*"
)

# Parts of speech of jieba's dictionary whose words can name a subject: nouns, verbs, abbreviations, idioms.
_CONTENT_TAGS = frozenset({"n", "nz", "nt", "vn", "v", "an", "j", "l", "i", "vi", DOMAIN_TAG})


@dataclass(frozen=True, slots=True)
class DictionaryWord:
    """A word of a dictionary; without a count it gets the least that keeps it whole.

    Attributes:
        tag: part of speech as jieba names it (n, v, ns, ...); empty where none is given.
    """

    text: str
    count: int | None = None
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """A word in simplified characters, at `[start, end)` in code points of the segment it was cut from."""

    text: str
    start: int
    end: int
    tag: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What decides which words a text has.

    Attributes:
        words: added to jieba's dictionary; they count as keywords whatever their part of speech.
        stop_words: never counted.
        synonyms: a word -> the word it is counted as.
    """

    words: tuple[DictionaryWord, ...] = ()
    stop_words: frozenset[str] = STOP_WORDS
    synonyms: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _BaseDictionary:
    """The dictionary of jieba: counts of words and of their beginnings (0), and parts of speech."""

    counts: Mapping[str, int]
    tags: Mapping[str, str]
    total: int


class Segmenter:
    """Cuts texts into words with one dictionary; built once, it never changes."""

    def __init__(self, lexicon: Lexicon) -> None:
        base = _base_dictionary()
        self._lexicon = lexicon
        self._domain = frozenset(word.text for word in lexicon.words) | frozenset(POLICY_TERMS)
        self._tokenizer = _tokenizer(base)
        self._tags = dict(base.tags)
        own = tuple(DictionaryWord(text) for text in POLICY_TERMS)
        for word in sorted(
            join_dictionaries(lexicon.words, own), key=lambda word: (len(word.text), word.text)
        ):
            self._add(word)

    def cut(self, segment: str) -> tuple[Word, ...]:
        """All words and marks of a segment, in order; together they cover what `read_segment` keeps of it."""
        reading = read_segment(segment)
        words: list[Word] = []
        at = 0
        for text in self._tokenizer.cut(reading.text, HMM=False):
            start, end = reading.offsets[at], reading.offsets[at + len(text) - 1] + 1
            words.append(Word(text, start, end, self._tags.get(text, DOMAIN_TAG)))
            at += len(text)
        return tuple(words)

    def content_words(self, segment: str) -> tuple[Word, ...]:
        """The words that can be keywords; synonyms under the name that they are counted as."""
        words: list[Word] = []
        for word in self.cut(segment):
            name = self._lexicon.synonyms.get(word.text, word.text)
            is_merged = name != word.text
            if name not in self._lexicon.stop_words and (is_merged or self._can_be_keyword(word)):
                words.append(Word(name, word.start, word.end, word.tag))
        return tuple(words)

    def tag_of(self, text: str) -> str:
        """The part of speech of a word as jieba's dictionary has it."""
        return self._tags.get(text, DOMAIN_TAG)

    def _can_be_keyword(self, word: Word) -> bool:
        if word.text in self._lexicon.stop_words:
            return False
        if word.text in self._domain or word.text in NOT_NAMES or _LATIN_WORD.fullmatch(word.text):
            return True
        if not _HAN_WORD.fullmatch(word.text) or word.tag not in _CONTENT_TAGS:
            return False
        return _NUMERIC.fullmatch(word.text) is None

    def _add(self, word: DictionaryWord) -> None:
        if word.count is None:
            self._tokenizer.add_word(word.text, self._tokenizer.suggest_freq(word.text))
        else:
            self._tokenizer.add_word(word.text, max(1, word.count))
        if word.tag:
            self._tags[word.text] = word.tag


def is_one_word(text: str) -> bool:
    """Whether jieba can keep this text as one word: characters, letters and digits, no blanks, no marks."""
    return _WORD.fullmatch(text) is not None


def codebook_words(codebook: Codebook) -> tuple[DictionaryWord, ...]:
    """Names and triggers of all codes that are terms, in the order of the codebook, each once.

    Long ones are phrases (领军企业牵头组建): kept whole, they would hide the terms they are made of.
    """
    texts: dict[str, None] = {}
    for code in codebook.all_codes:
        names = [code.name_zh] if len(code.name_zh) <= LONGEST_NAME else []
        triggers = [text for text in code.triggers if len(text) <= LONGEST_TRIGGER]
        texts.update(dict.fromkeys(names + triggers))
    return tuple(
        DictionaryWord(text) for text in texts if _HAN_WORD.fullmatch(text) and text not in STOP_WORDS
    )


def join_dictionaries(*sources: Sequence[DictionaryWord]) -> tuple[DictionaryWord, ...]:
    """The words of all sources, each once; the first source that has a word decides its count and tag."""
    joined: dict[str, DictionaryWord] = {}
    for source in sources:
        for word in source:
            joined.setdefault(word.text, word)
    return tuple(joined.values())


def _tokenizer(base: _BaseDictionary) -> Tokenizer:
    """A tokenizer of jieba with a copy of the dictionary, filled by hand so that no cache file is made."""
    import jieba

    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ = dict(base.counts)
    tokenizer.total = base.total
    tokenizer.initialized = True
    return tokenizer


@cache
def _base_dictionary() -> _BaseDictionary:
    """The dictionary of jieba, read once: half a second, and nobody changes it."""
    import jieba

    counts: dict[str, int] = {}
    tags: dict[str, str] = {}
    total = 0
    with Path(jieba.__file__).with_name("dict.txt").open(encoding="utf-8") as lines:
        for line in lines:
            word, count, tag = line.split()
            counts[word] = int(count)
            tags[word] = tag
            total += int(count)
            for end in range(1, len(word)):
                counts.setdefault(word[:end], 0)
    return _BaseDictionary(counts, tags, total)
