"""Dates as Chinese documents write them -> ISO 8601."""

from __future__ import annotations

import datetime
import re

_DIGITS = str.maketrans("〇○Ｏ零一二三四五六七八九０１２３４５６７８９", "0000123456789" + "0123456789")
_NUMERALS = "〇○Ｏ零一二三四五六七八九十廿卅元"
_YEAR = f"(?:(?:19|20)\\d\\d|[一二][九〇○Ｏ零][{_NUMERALS}]{{2}})"
_NUMBER = f"(?:\\d{{1,2}}|[{_NUMERALS}]{{1,3}})"
DATE = re.compile(
    f"(?<!\\d)(?P<year>{_YEAR})(?:年(?:(?P<month>{_NUMBER})月(?:(?P<day>{_NUMBER})[日号])?)?"
    f"|(?P<mark>[-./])(?P<month2>\\d{{1,2}})(?:(?P=mark)(?P<day2>\\d{{1,2}}))?(?!\\d))"
)


def iso_date(found: re.Match[str]) -> str | None:
    """ISO form of a match of DATE, as exact as it is written; None if there is no such day.

    >>> iso_date(DATE.search("二〇二四年三月五日"))
    '2024-03-05'
    """
    year = int(found["year"].translate(_DIGITS))
    month = _number(found["month"] or found["month2"])
    day = _number(found["day"] or found["day2"])
    try:
        datetime.date(year, month or 1, day or 1)
    except ValueError:
        return None
    if month is None:
        return str(year)
    return f"{year}-{month:02d}" if day is None else f"{year}-{month:02d}-{day:02d}"


def find_date(text: str) -> str | None:
    """The first date in `text`, blanks inside it allowed (OCR: `2 0 0 1年2月`); None without one."""
    written = _first_date(text)
    closed_up = _first_date("".join(text.split()))
    return max((written, closed_up), key=lambda date: len(date or ""))


def _first_date(text: str) -> str | None:
    return next((date for found in DATE.finditer(text) if (date := iso_date(found))), None)


def _number(written: str | None) -> int | None:
    """The number a month or day is written as: 3, 03, 三, 十二, 廿一, 三十一; 0 where it is none."""
    if written is None:
        return None
    if written.isascii() and written.isdigit():
        return int(written)
    written = written.replace("廿", "二十").replace("卅", "三十").replace("元", "一")
    tens, ten, ones = written.rpartition("十")
    if not ten:
        digits = written.translate(_DIGITS)
        return int(digits) if digits.isdigit() else 0
    return int(tens.translate(_DIGITS) or "1") * 10 + int(ones.translate(_DIGITS) or "0")
