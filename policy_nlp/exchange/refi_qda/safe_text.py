"""Text and names that every reader of a project takes as they are: no character moves, no name repeats."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping

from policy_nlp.exchange.refi_qda.project import QdaCode, VariableKind

REPLACEMENT = "\ufffd"  # stands for one character that XML 1.0 may not hold
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)


def xml_safe(text: str) -> str:
    """The text with each character that XML 1.0 may not hold (controls, half characters) as U+FFFD."""
    return _FORBIDDEN.sub(REPLACEMENT, text)


def plain_text(text: str) -> str:
    """The text as its .txt file holds it: of the same length, so that every position stays true.

    Readers drop a byte order mark and count CRLF as one or two: a mark at the beginning becomes U+FFFD, and
    the carriage return of a CRLF a blank, one alone a line feed.
    """
    safe = xml_safe(text)
    if safe.startswith("\ufeff"):
        safe = REPLACEMENT + safe[1:]
    return safe.replace("\r\n", " \n").replace("\r", "\n") if "\r" in safe else safe


class UniqueNames:
    """Gives names that differ from all before, whatever the case of their letters."""

    def __init__(self, reserved: Iterable[str] = ()) -> None:
        self._taken = {_key(name) for name in reserved}

    def take(self, *candidates: str) -> str:
        """The first candidate that is free, else the last one with a number."""
        for candidate in candidates:
            if self._is_new(candidate):
                return candidate
        number = 2
        while not self._is_new(name := f"{candidates[-1]} ({number})"):
            number += 1
        return name

    def _is_new(self, name: str) -> bool:
        is_new = _key(name) not in self._taken
        self._taken.add(_key(name))
        return is_new


def unique_code_names(codes: Iterable[QdaCode]) -> Mapping[str, str]:
    """The name of each code by its GUID; a name that is there already gets the path of its parents.

    QualCoder keeps one code of each name in a project and drops the others.

    >>> unique_code_names([QdaCode("g1", "人才"), QdaCode("g2", "场景"), QdaCode("g3", "人才", "g2")])["g3"]
    '人才 (场景)'
    """
    by_guid = {code.guid: code for code in codes}
    first_of: dict[str, str] = {}
    for guid, code in by_guid.items():
        first_of.setdefault(_key(xml_safe(code.name)), guid)
    names = UniqueNames(xml_safe(code.name) for code in by_guid.values())
    chosen: dict[str, str] = {}
    for guid, code in by_guid.items():
        name = xml_safe(code.name)
        if first_of[_key(name)] == guid:
            chosen[guid] = name
        else:
            path = "/".join(xml_safe(parent.name) for parent in _parents(code, by_guid))
            chosen[guid] = names.take(f"{name} ({path})" if path else f"{name} (2)")
    return chosen


def is_date_time(text: str) -> bool:
    """Whether a text is a date and time as XML Schema writes it."""
    return _DATE_TIME.fullmatch(text) is not None and _parses(dt.datetime.fromisoformat, text)


def is_of_kind(value: str, kind: VariableKind) -> bool:
    """Whether the format may hold a value as one of this kind."""
    patterns: Mapping[VariableKind, str] = {
        "Text": r"[\s\S]*",
        "Boolean": "true|false|1|0",
        "Integer": r"[+-]?\d+",
        "Float": r"[+-]?(\d+(\.\d*)?|\.\d+)",
        "Date": r"\d{4}-\d\d-\d\d",
        "DateTime": _DATE_TIME.pattern,
    }
    if re.fullmatch(patterns[kind], value, re.ASCII) is None:
        return False
    parsers = {"Date": dt.date.fromisoformat, "DateTime": dt.datetime.fromisoformat}
    return kind not in parsers or _parses(parsers[kind], value)


def _parses(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


def _parents(code: QdaCode, by_guid: Mapping[str, QdaCode]) -> list[QdaCode]:
    """From the top down; a circle ends where it closes."""
    path: list[QdaCode] = []
    parent = by_guid.get(code.parent_guid or "")
    while parent is not None and parent not in path and parent is not code:
        path.insert(0, parent)
        parent = by_guid.get(parent.parent_guid or "")
    return path


def _key(name: str) -> str:
    return name.strip().casefold()
