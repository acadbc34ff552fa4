"""A Python list as a scraper printed it (`str(tags)`) -> its items."""

from __future__ import annotations

import ast
import re

_LONGEST_LIST = 5_000_000  # characters of a Python list that are evaluated
_BLOCK = "(?:p|div|h[1-6]|li|tr|table|section|article)"
_LIST_COMMA = re.compile(rf"(?<=>),\s*(?=<{_BLOCK}\b)", re.IGNORECASE)


def without_list_brackets(text: str) -> str:
    """The items of a printed Python list (a scraper's `str(tags)`), one below the other; else `text`."""
    inner = text.strip("\ufeff \t\r\n")
    if inner.startswith("[<") and inner.endswith(">]"):
        return _LIST_COMMA.sub("\n", inner[1:-1])
    if inner[:2] not in ("['", '["') or inner[-2:] not in ("']", '"]') or len(inner) > _LONGEST_LIST:
        return text
    try:
        items = ast.literal_eval(inner)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text
    if isinstance(items, list) and all(isinstance(item, str) for item in items):
        return "\n".join(items)
    return text
