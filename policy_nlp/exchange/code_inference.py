"""What the codes inside a code tell of it, where a tool dropped its description (its id and level).

Each code we write says the id of its parent. Tools that keep categories apart from codes may lose what a
category says of itself, but not what its codes say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from policy_nlp.exchange.code_texts import FoundCode

_LEVEL_ABOVE = {"initial": "main", "concepts": "initial"}


def infer_from_children(found: Sequence[FoundCode]) -> list[FoundCode]:
    """The codes, those that say no id with the id and level that all their codes with ids agree on.

    A code at the top whose codes all are dimensions, or all paths, is the group of these.
    """
    inside: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for code in found:
        if code.parent_key is not None and "id" in code.texts:
            inside[code.parent_key].append(code.texts)
    taken = {code.texts["id"] for code in found if "id" in code.texts}
    result: list[FoundCode] = []
    for code in found:
        texts = {} if code.key not in inside else _told_by(inside[code.key], taken)
        is_silent = "id" not in code.texts and "group" not in code.texts
        if is_silent and texts and ("group" not in texts or code.parent_key is None):
            taken.add(texts.get("id", ""))
            code = replace(code, texts={**code.texts, **texts})
        result.append(code)
    return result


def _told_by(children: Sequence[Mapping[str, str]], taken: set[str]) -> dict[str, str]:
    levels = {texts.get("level", "") for texts in children}
    parents = {texts.get("parent", "") for texts in children}
    if len(levels) != 1 or len(parents) != 1:
        return {}
    level, parent_id = levels.pop(), parents.pop()
    if level in ("dimensions", "paths"):
        return {"group": level}
    if level not in _LEVEL_ABOVE or not parent_id or parent_id in taken:
        return {}
    return {"id": parent_id, "level": _LEVEL_ABOVE[level]}
