"""Reasons of undefined measures -> Chinese; what is not known here stays in English."""

from __future__ import annotations

import re

# Pattern of the English reason -> the Chinese one; groups are filled in.
_REASONS: tuple[tuple[str, str], ...] = (
    (r"no interval: the bootstrap was switched off", "没有区间：未做 bootstrap"),
    (r"no interval: there is one document only", "没有区间：只有一份文件，无法重抽样"),
    (
        r"no interval: undefined in (\d+) of (\d+) bootstrap draws",
        r"没有区间：\2 次 bootstrap 中有 \1 次无法计算",
    ),
    (r"no interval: every bootstrap draw gives the same value", "没有区间：每次 bootstrap 得到同一数值"),
)


def reason_in_chinese(reason: str) -> str:
    """The reason in Chinese, or as it is.

    >>> reason_in_chinese("no interval: undefined in 600 of 1000 bootstrap draws")
    '没有区间：1000 次 bootstrap 中有 600 次无法计算'
    """
    matches = ((re.fullmatch(pattern, reason), words) for pattern, words in _REASONS)
    return next((match.expand(words) for match, words in matches if match), reason)
