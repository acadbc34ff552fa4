"""What the model reads of a segment: simplified characters, without the damage of copied text.

Three things are changed, and every character that stays keeps the index it came from:

* pinyin that a content farm put behind a character, `創(chuàng)新聯(lián)合體`, is dropped. Brackets that
  mean something, 人工智能(AI), stay: what is dropped must be a syllable of Mandarin in lower case whose
  tone is marked (`chuàng`) or whose accent was lost (`l?ng`); without either it must stand behind a
  traditional character in a segment that holds such a bracket elsewhere.
* characters that were lost (`?` where no question ends, U+FFFD) are dropped, because nobody knows what
  they were and a question mark would change the meaning.
* traditional characters become simplified ones (OpenCC t2s). A segment in simplified characters is not
  converted, so that 乾县 does not become 干县.

Nothing else is changed; full-width and half-width forms are kept as written.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import opencc

from policy_nlp.records import Reading
from policy_nlp.sentences import CJK, is_question_end

# Initials and the finals each takes in Mandarin; ü is written v. Source: the syllable table of
# GB/T 16159 (Basic rules of the Chinese phonetic alphabet orthography).
_FINALS_BY_INITIAL = {
    "": "a ai an ang ao e ei en eng er o ou",
    "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "f": "a an ang ei en eng o ou u",
    "d": "a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo",
    "t": "a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo",
    "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan un uo v ve ue",
    "l": "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu o ong ou u uan un uo v ve ue",
    "g": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "k": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "q": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "zh": "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo",
    "ch": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "r": "an ang ao e en eng i ong ou u ua uan ui un uo",
    "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "c": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "y": "a an ang ao e i in ing o ong ou u uan ue un",
    "w": "a ai an ang ei en eng o u",
}
_SYLLABLES = frozenset(
    initial + final for initial, finals in _FINALS_BY_INITIAL.items() for final in finals.split()
)
# The same syllables as they look after one vowel was lost: "l?ng" and "lng" for lǐng.
_DAMAGED = frozenset(
    syllable[:at] + mark + syllable[at + 1 :]
    for syllable in _SYLLABLES
    for at, letter in enumerate(syllable)
    for mark in ("?", "")
    if letter in "aeiouv" and len(syllable) > 1
)

_LETTERS = r"a-zA-Zɑɡ\u00c0-\u017f\u01cd-\u01dc\u0300-\u030c\u1e3e\u1e3f"
_BRACKET = re.compile(rf"(?<=[{CJK}])[（(]\s?([{_LETTERS}?\ufffd]{{1,10}})\s?[)）]")
_LOST = re.compile("[?\ufffd]+")
_TONES = frozenset("\u0300\u0301\u0304\u0306\u030c")  # grave, acute, macron, breve (a common slip), caron
_SUSPECT = re.compile(rf"[?\ufffd]|[（(]\s?[{_LETTERS}]{{1,10}}\s?[)）]")
_AFTER_LOST = re.compile(rf"[{CJK}，、；：。》《“（(]")
_SIMPLIFIED_TOO = frozenset("乾藉瞭徵昇覆夥麽薹坏餘濛吒拚捱摺榘菸袷醣麴崑")  # also written in simplified text
_IDENTITY = tuple(range(4096))


def read_segment(segment: str) -> Reading:
    """What the model reads, with the index in the segment of each character.

    Offsets increase strictly. A segment that holds none of the three troubles is read as it is.

    >>> read_segment("創(chuàng)新").text
    '创新'
    """
    is_traditional = _traditional_pattern().search(segment) is not None
    if not is_traditional and _SUSPECT.search(segment) is None:
        return Reading(segment, _offsets_of(segment))
    kept = _kept_offsets(segment)
    text = "".join([segment[index] for index in kept])
    return Reading(_simplify(text) if is_traditional else text, kept)


def _offsets_of(segment: str) -> tuple[int, ...]:
    """0 to the length of the segment, cut from one tuple because this is done for every sentence."""
    n_characters = len(segment)
    return _IDENTITY[:n_characters] if n_characters <= len(_IDENTITY) else tuple(range(n_characters))


def _kept_offsets(segment: str) -> tuple[int, ...]:
    """The indices that are left without inserted pinyin and lost characters."""
    dropped: set[int] = set()
    for start, end in _pinyin_brackets(segment):
        dropped.update(range(start, end))
    for match in _LOST.finditer(segment):
        dropped.update(index for index in range(*match.span()) if _is_lost(segment, index, match.end()))
    return tuple(index for index in range(len(segment)) if index not in dropped)


def _pinyin_brackets(segment: str) -> list[tuple[int, int]]:
    """Start and end of the brackets that hold inserted pinyin."""
    matches = list(_BRACKET.finditer(segment))
    sure = [match for match in matches if _is_surely_pinyin(match.group(1), segment[match.start() - 1])]
    weak = [match for match in matches if _is_maybe_pinyin(match.group(1), segment[match.start() - 1])]
    # Two such brackets behind traditional characters are evidence for each other; one is none.
    kept = {*sure, *weak} if sure or len(weak) > 1 else set()
    return [match.span() for match in matches if match in kept]


def _is_surely_pinyin(content: str, character: str) -> bool:
    """Whether the bracket itself shows that it is pinyin: a tone mark, or an accent that was lost."""
    letters = unicodedata.normalize("NFD", content.replace("\ufffd", "?"))
    if _TONES & set(letters):
        plain = _plain_letters(letters)
        return plain in _SYLLABLES and (len(plain) > 1 or _is_traditional(character))
    has_lost_accent = "?" in letters and re.search("[a-z]", letters) is not None
    is_credible = len(letters) > 2 or _is_traditional(character)
    return has_lost_accent and is_credible and re.sub(r"\?+", "?", letters) in _DAMAGED


def _is_maybe_pinyin(content: str, character: str) -> bool:
    """Whether the bracket would be pinyin where others are: behind a traditional character only."""
    letters = _plain_letters(unicodedata.normalize("NFD", content.replace("\ufffd", "?")))
    is_syllable = letters in _SYLLABLES or letters in _DAMAGED or set(letters) == {"?"}
    return is_syllable and _is_traditional(character)


def _plain_letters(letters: str) -> str:
    """Letters without tone marks, ü as v; the letters are in NFD."""
    plain = letters.replace("u\u0308", "v").replace("ɑ", "a").replace("ɡ", "g")
    plain = re.sub("u([\u0300-\u030c])\u0308", "v", plain)
    return re.sub("[\u0300-\u030c]", "", plain)


def _is_lost(segment: str, index: int, run_end: int) -> bool:
    """Whether the mark stands for a character that was lost: within Chinese text and asking nothing."""
    if segment[index] == "\ufffd":
        return True
    before, after = segment[index - 1 : index], segment[run_end : run_end + 1]
    if (before.isascii() and before.isalnum()) or not _AFTER_LOST.match(after):
        return False
    return not is_question_end(segment, run_end - 1)


def _simplify(text: str) -> str:
    """The text in simplified characters, of the same length; rare ones outside the basic block stay."""
    converted: list[str] = list(_converter().convert(text))
    if len(converted) != len(text):
        converted = [_converter().convert(character) for character in text]
    pairs = zip(converted, text, strict=True)
    return "".join([new if len(new) == 1 and new <= "\uffff" else old for new, old in pairs])


def _is_traditional(character: str) -> bool:
    return _traditional_pattern().match(character) is not None


@cache
def _converter() -> opencc.OpenCC:
    """OpenCC from traditional to simplified, made once; converting does not change it."""
    return opencc.OpenCC("t2s")


@cache
def _traditional_pattern() -> re.Pattern[str]:
    """Matches a character that only traditional text holds: one that OpenCC writes otherwise.

    Characters that become one outside the basic block (頫) are not in it: no model knows those.
    """
    characters = [chr(code) for code in range(0x4E00, 0xA000)]
    simplified = _converter().convert("\n".join(characters)).split("\n")
    traditional = [
        old
        for old, new in zip(characters, simplified, strict=True)
        if old != new and "\u4e00" <= new <= "\u9fff" and old not in _SIMPLIFIED_TOO
    ]
    return re.compile("[" + "".join(traditional) + "]")
