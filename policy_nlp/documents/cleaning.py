"""Text as a reader took it -> text as a Document keeps it. Done once, before a Document exists."""

from __future__ import annotations

import functools
import re
import unicodedata

# Between the cells of one table row. Visible, since a blank between two Han characters is removed.
CELL_SEPARATOR = " | "

_LINE_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KANA = "\u3040-\u30ff"
_CJK_PUNCTUATION = "\u3001-\u3004\u3008-\u3020\u3030\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
_SHARED_PUNCTUATION = "\u2014\u2018\u2019\u201c\u201d\u2026"  # Chinese and Latin text both write these
_CJK = f"[{_HAN}{_KANA}{_CJK_PUNCTUATION}{_SHARED_PUNCTUATION}]"

_PRIVATE_USE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_BLANKS = re.compile(" {2,}")
_BLANK_BETWEEN_CJK = re.compile(f"(?<={_CJK}) (?={_CJK})")
_LINE_ENDS = re.compile(" ?\n[ \n]*")

# Blank on paper, though Unicode calls them letters or symbols: Hangul fillers, the empty Braille cell.
_BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"
_PLACEHOLDERS = "\ufffc\u034f\u17b4\u17b5\u180b\u180c\u180d"
# Radicals that pdf fonts put in place of the character they look like; NFKC knows only 214 + 2 of them.
_RADICALS = (
    "⺀⺁⺆⺈⺊⺌⺍⺎⺓⺕⺗⺜⺝⺟⺠⺥⺩⺬⺭⺶⺷⺺⺻⺼⻁⻃⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻱"
)
_RADICALS_AS_CHARACTERS = (
    "冫厂冂刀卜小小兀幺彐心曰月母民爪王示示羊羊聿聿肉虎西西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙龟"
)


def clean_text(text: str) -> str:
    r"""`text` with one line feed between paragraphs and no blank that carries nothing; idempotent.

    - Every kind of line break becomes a line feed; empty lines go.
    - Characters without a mark on paper go: byte order marks, zero-width and other format characters,
      soft hyphens, controls, lone surrogates, variation selectors, noncharacters.
    - Every kind of blank becomes one space; none stays at a line's ends or between two CJK characters
      (`第 一 章` becomes `第一章`); one between CJK and Latin stays as written (`全国 2024`).
    - Private-use characters (bullets of symbol fonts, characters of one vendor's font) mean nothing
      outside their font: they become a blank. U+FFFD stays: it shows that a character was lost.
    - Radicals that pdf fonts put for characters (`⺠`, U+2F00 `⼀`) become those characters.
    - Full-width and half-width forms stay as written, and so do HTML entities.

    >>> clean_text("　　第 一 章\r\n\r\n全国 2024 年")
    '第一章\n全国 2024 年'
    """
    text = _LINE_BREAK.sub("\n", text)
    text = _PRIVATE_USE.sub(" ", text).translate(_character_table())
    text = _BLANKS.sub(" ", text)
    text = _BLANK_BETWEEN_CJK.sub("", text)
    return _LINE_ENDS.sub("\n", text).strip(" \n")


@functools.cache
def _character_table() -> dict[int, str | None]:
    """What becomes of each character that is not kept as written."""
    table: dict[int, str | None] = {}
    for code_point in (*range(0x20000), *range(0xE0000, 0xE0200)):  # no other plane holds such characters
        character = chr(code_point)
        category = unicodedata.category(character)
        if category == "Zs":
            table[code_point] = " "
        elif category in ("Cc", "Cf", "Cs", "Zl", "Zp") or _is_noncharacter(code_point):
            table[code_point] = None
        elif 0x2F00 <= code_point <= 0x2FD5:
            table[code_point] = unicodedata.normalize("NFKC", character)
    table |= {ord(character): " " for character in "\t" + _BLANK_LETTERS}
    table |= dict.fromkeys(map(ord, _PLACEHOLDERS), None)
    table |= dict.fromkeys((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)), None)
    table |= dict(zip(map(ord, _RADICALS), _RADICALS_AS_CHARACTERS, strict=True))
    del table[ord("\n")]
    return table


def _is_noncharacter(code_point: int) -> bool:
    return 0xFDD0 <= code_point <= 0xFDEF or code_point & 0xFFFE == 0xFFFE
