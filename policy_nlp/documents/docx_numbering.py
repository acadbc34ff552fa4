"""Automatic numbers of Word lists as the reader of the document sees them: 一、 （一） 1. 第三条."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lxml.etree import _Element

from policy_nlp.documents.xml_reading import attribute, child_value, is_on, local_name

MAX_LEVELS = 9

_DIGITS = "〇一二三四五六七八九"
_LEGAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"


@dataclass(frozen=True, slots=True)
class NumberLevel:
    """How one level of a list counts and looks."""

    start: int
    number_format: str
    text: str  # "（%1）": %1 to %9 are the counters of the levels
    suffix: str  # tab, space or nothing
    restarts: bool
    is_legal: bool  # every counter in it is shown in Arabic numerals
    style_id: str | None


@dataclass(slots=True)
class Numbering:
    """The lists of one document and how far each has counted."""

    levels: dict[str, dict[int, NumberLevel]]  # abstract list -> level -> look
    lists: dict[str, str]  # list id -> abstract list
    overrides: dict[tuple[str, int], int]  # (list id, level) -> start
    _counters: dict[str, list[int | None]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def next_label(self, list_id: str, level: int) -> str:
        """The number of the next paragraph of a list, with what parts it from the text; "" for bullets."""
        abstract_id = self.lists.get(list_id)
        if abstract_id is None or level not in self.levels.get(abstract_id, {}):
            return ""
        self._count(abstract_id, list_id, level)
        return self._render(abstract_id, level)

    def level_of_style(self, list_id: str, style_id: str) -> int:
        """The level a list ties to a paragraph style, else 0."""
        levels = self.levels.get(self.lists.get(list_id, ""), {})
        return next((index for index, look in levels.items() if look.style_id == style_id), 0)

    def _count(self, abstract_id: str, list_id: str, level: int) -> None:
        counters = self._counters.setdefault(abstract_id, [None] * MAX_LEVELS)
        looks = self.levels[abstract_id]
        is_overridden = (list_id, level) in self.overrides and (list_id, level) not in self._begun
        self._begun.add((list_id, level))
        last = counters[level]
        if is_overridden:
            counters[level] = self.overrides[list_id, level]
        else:
            counters[level] = looks[level].start if last is None else last + 1
        for upper in range(level):
            if counters[upper] is None and upper in looks:
                counters[upper] = looks[upper].start
        for lower in range(level + 1, MAX_LEVELS):
            if lower in looks and looks[lower].restarts:
                counters[lower] = None

    def _render(self, abstract_id: str, level: int) -> str:
        looks, counters = self.levels[abstract_id], self._counters[abstract_id]
        look = looks[level]
        if look.number_format == "bullet":
            return ""

        def shown(match: re.Match[str]) -> str:
            index = int(match.group(1)) - 1
            count = counters[index]
            if count is None or index not in looks:
                return ""
            return format_number(count, "decimal" if look.is_legal else looks[index].number_format)

        label = re.sub(r"%([1-9])", shown, look.text)
        return label + _gap_after(label, look.suffix)


def _gap_after(label: str, suffix: str) -> str:
    """What parts a number from its text: nothing after 、 or ）, an ideographic space after 第一条."""
    if not label or suffix == "nothing" or label[-1] in "、．。）】」)":
        return ""
    return " " if label[-1].isascii() else "\u3000"


def read_numbering(root: _Element | None) -> Numbering:
    """The lists that numbering.xml defines; none where the document has no such part."""
    numbering = Numbering({}, {}, {})
    if root is None:
        return numbering
    style_links: dict[str, str] = {}
    for node in root:
        if local_name(node) == "abstractNum":
            _read_abstract(node, numbering, style_links)
    for node in root:
        if local_name(node) == "num":
            _read_list(node, numbering)
    linked = {name: abstract_id for abstract_id, name in style_links.items() if numbering.levels[abstract_id]}
    for abstract_id, name in style_links.items():  # numStyleLink: the levels are kept in another list
        if not numbering.levels[abstract_id] and name in linked:
            numbering.levels[abstract_id] = numbering.levels[linked[name]]
    return numbering


def _read_abstract(node: _Element, numbering: Numbering, style_links: dict[str, str]) -> None:
    abstract_id = attribute(node, "abstractNumId") or ""
    numbering.levels[abstract_id] = dict(_iter_levels(node))
    link = child_value(node, "numStyleLink") or child_value(node, "styleLink")
    if link is not None:
        style_links[abstract_id] = link


def _read_list(node: _Element, numbering: Numbering) -> None:
    list_id = attribute(node, "numId") or ""
    abstract_id = child_value(node, "abstractNumId") or ""
    numbering.lists[list_id] = abstract_id
    for override in node:
        if local_name(override) != "lvlOverride":
            continue
        level = _whole_number(attribute(override, "ilvl"), 0)
        start = child_value(override, "startOverride")
        if start is not None:
            numbering.overrides[list_id, level] = _whole_number(start, 1)
        own_levels = dict(_iter_levels(override))
        if own_levels:  # a look of its own makes it a list of its own
            merged = {**numbering.levels.get(numbering.lists[list_id], {}), **own_levels}
            numbering.lists[list_id] = f"num:{list_id}"
            numbering.levels[f"num:{list_id}"] = merged


def _iter_levels(node: _Element) -> Iterator[tuple[int, NumberLevel]]:
    for level in node:
        if local_name(level) != "lvl":
            continue
        index = _whole_number(attribute(level, "ilvl"), 0)
        if not 0 <= index < MAX_LEVELS:
            continue
        yield (
            index,
            NumberLevel(
                start=_whole_number(child_value(level, "start"), 0),
                number_format=child_value(level, "numFmt") or "decimal",
                text=child_value(level, "lvlText") or "",
                suffix=child_value(level, "suff") or "tab",
                restarts=child_value(level, "lvlRestart") != "0",
                is_legal=is_on(level, "isLgl"),
                style_id=child_value(level, "pStyle"),
            ),
        )


def _whole_number(value: str | None, default: int) -> int:
    return int(value) if value is not None and re.fullmatch(r"-?\d{1,9}", value) else default


def format_number(number: int, number_format: str) -> str:
    """`number` in one of Word's numbering formats; Arabic numerals where the format is not known.

    >>> format_number(12, "chineseCounting")
    '十二'
    """
    formatter = _FORMATTERS.get(number_format, str)
    return formatter(number) if number >= 0 else str(number)


def chinese_number(number: int) -> str:
    """0 to 9999 as 一百二十三; larger numbers digit by digit.

    >>> chinese_number(105)
    '一百零五'
    """
    if number > 9999:
        return _spell(_DIGITS, number)
    if number == 0:
        return "零"
    parts, is_gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit == 0:
            is_gap = bool(parts)
            continue
        parts += ("零" if is_gap else "") + _DIGITS[digit] + name
        is_gap = False
    return parts.removeprefix("一") if parts.startswith("一十") else parts


def _spell(digits: str, number: int) -> str:
    return "".join(digits[int(digit)] for digit in str(number))


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    values = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
    names = ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I")
    written = ""
    for value, name in zip(values, names, strict=True):
        written += name * (number // value)
        number %= value
    return written


def _letter(number: int) -> str:
    """A to Z, then AA, BB ... as Word counts."""
    if not 0 < number <= 780:
        return str(number)
    return chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _one_of(characters: str) -> Callable[[int], str]:
    return lambda number: characters[number - 1] if 0 < number <= len(characters) else str(number)


def _characters_from(first: str, n_characters: int) -> str:
    return "".join(chr(ord(first) + index) for index in range(n_characters))


_CIRCLED = _one_of(_characters_from("①", 20))
_FORMATTERS: dict[str, Callable[[int], str]] = {
    "none": lambda _: "",
    "bullet": lambda _: "",
    "decimalZero": lambda number: f"{number:02d}",
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": _letter,
    "lowerLetter": lambda number: _letter(number).lower(),
    "chineseCounting": chinese_number,
    "chineseCountingThousand": chinese_number,
    "taiwaneseCounting": chinese_number,
    "taiwaneseCountingThousand": chinese_number,
    "japaneseCounting": chinese_number,
    "ideographDigital": lambda number: _spell(_DIGITS, number),
    "japaneseDigitalTenThousand": lambda number: _spell(_DIGITS, number),
    "taiwaneseDigital": lambda number: _spell(_DIGITS, number),
    "chineseLegalSimplified": lambda number: _one_of(_LEGAL_DIGITS[1:])(number),
    "ideographLegalTraditional": lambda number: _one_of("壹貳參肆伍陸柒捌玖")(number),
    "ideographTraditional": _one_of(_STEMS),
    "ideographZodiac": _one_of(_BRANCHES),
    "ideographEnclosedCircle": _one_of(_characters_from("㊀", 10)),
    "decimalEnclosedCircle": _CIRCLED,
    "decimalEnclosedCircleChinese": _CIRCLED,
    "decimalEnclosedParen": _one_of(_characters_from("⑴", 20)),
    "decimalEnclosedFullstop": _one_of(_characters_from("⒈", 20)),
    "decimalFullWidth": lambda number: "".join(chr(ord("０") + int(digit)) for digit in str(number)),
    "decimalFullWidth2": lambda number: "".join(chr(ord("０") + int(digit)) for digit in str(number)),
}
