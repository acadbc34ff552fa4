"""How alike two codes are: pairs of neighbouring characters that their texts share, and words that changed.

A text counts as the set of its pairs of neighbouring characters, blanks and punctuation left out, full-width
forms and capitals folded. Similarity is Dice's: twice what both have over what each has. It is 1 for the same
text, 0 where no pair is shared, and needs no dictionary, so that it means the same for Chinese and English.
"""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from policy_nlp.codebook import Code
from policy_nlp.exchange.code_texts import is_missing_definition

_MOST_POSTINGS = 200  # codes with one pair: a pair that more have tells nothing apart
_MOST_ASKED = 40  # pairs of one code, the rarest, by which its like are looked for
_MOST_CANDIDATES = 12
_MOST_WORDS = 5000  # of a text whose changed words are looked for
_MOST_CHANGES = 12

Pairs = frozenset[str]


@dataclass(frozen=True, slots=True)
class ChangedWords:
    """Words that stand in one text and not, at that place, in the other."""

    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


def character_pairs(text: str) -> Pairs:
    """The pairs of neighbouring characters of a text; the character itself where it has only one."""
    folded = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())
    return frozenset(folded[i : i + 2] for i in range(max(len(folded) - 1, 1))) if folded else frozenset()


def dice(one: Pairs, other: Pairs) -> float:
    """Dice's similarity, 0 to 1; NaN where both are empty.

    >>> dice(character_pairs("政府支持"), character_pairs("政府的支持"))
    0.5714285714285714
    """
    n = len(one) + len(other)
    return 2 * len(one & other) / n if n else math.nan


def text_similarity(one: str, other: str) -> float:
    """Dice's similarity of two texts, 0 to 1; 1 where both are empty."""
    value = dice(character_pairs(one), character_pairs(other))
    return 1.0 if math.isnan(value) else value


@dataclass(frozen=True, slots=True)
class ComparedCode:
    """A code with what it is compared by.

    Attributes:
        meaning: pairs of what it says of itself: definition, inclusion rule, condition and trigger words.
            Exclusions are left out: they are in the words of other codes.
        name: pairs of its Chinese name.
        folded_name: as `fold_name` gives it.
    """

    code: Code
    meaning: Pairs
    name: Pairs
    folded_name: str

    @property
    def all_pairs(self) -> Pairs:
        """Those of its meaning and of its name."""
        return self.meaning | self.name


def compared(code: Code) -> ComparedCode:
    """The code with its pairs."""
    definition = "" if is_missing_definition(code.definition) else code.definition
    meaning = character_pairs("\n".join((definition, code.include, code.code_if, *code.triggers)))
    return ComparedCode(code, meaning, character_pairs(code.name_zh), fold_name(code.name_zh))


def fold_name(name: str) -> str:
    """A name as it is compared: without case, width and blanks.

    >>> fold_name("Ｇovernment  Support")
    'governmentsupport'
    """
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


class PairIndex:
    """Finds, among many codes, those that share most pairs with one."""

    def __init__(self, pairs_of: Mapping[str, Pairs]) -> None:
        postings: dict[str, list[str]] = defaultdict(list)
        for code_id, pairs in pairs_of.items():
            for pair in pairs:
                postings[pair].append(code_id)
        self._postings = {pair: ids for pair, ids in postings.items() if len(ids) <= _MOST_POSTINGS}

    def nearest(self, pairs: Pairs) -> list[str]:
        """At most a dozen ids, those that share most pairs first."""
        known = sorted((len(self._postings[pair]), pair) for pair in pairs if pair in self._postings)
        rarest = (self._postings[pair] for _, pair in known[:_MOST_ASKED])
        n_shared = Counter(chain.from_iterable(rarest))
        return [code_id for code_id, _ in n_shared.most_common(_MOST_CANDIDATES)]


def changed_words(old: str, new: str) -> ChangedWords:
    """The words, cut by jieba, that one text has in place of the other's; at most a dozen of each."""
    old_words, new_words = _words_of(old), _words_of(new)
    matcher = difflib.SequenceMatcher(a=old_words, b=new_words, autojunk=False)
    changes = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    removed = ("".join(old_words[start:end]) for _, start, end, _, _ in changes)
    added = ("".join(new_words[start:end]) for _, _, _, start, end in changes)
    return ChangedWords(_first(removed), _first(added))


def _words_of(text: str) -> Sequence[str]:
    import jieba  # its dictionary takes half a second: only a changed definition needs it

    jieba.setLogLevel("WARNING")
    return list(jieba.cut(text[:_MOST_WORDS]))


def _first(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for word in words if word.strip())[:_MOST_CHANGES]
