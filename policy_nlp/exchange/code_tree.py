"""A tree of codes of any depth, as other tools keep it -> Codebook of main, initial and concepts.

Codes that policy-nlp wrote say their id and level, and keep both where the tree still allows it. Otherwise:

- a code at the top that has codes in it is a main category, its codes are initial categories, what is deeper
  are concepts of their initial category, with the path between them in the name (`a / b`);
- a code at the top without codes in it is an initial category: of one main category with the codebook's name
  where the whole tree is flat, else of a main category of its own name;
- a main category that is itself applied to text gets an initial category of its name marked (general);
- names like `A::b` at the top (ATLAS.ti) are read as a tree;
- ids are made from names; a missing definition is marked as missing.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, cast

from policy_nlp.codebook import CODE_LEVELS, Code, Codebook, CodeLevel, is_code_id, nearest_id
from policy_nlp.errors import CodebookError
from policy_nlp.exchange.code_ids import CodeIds, id_of_name
from policy_nlp.exchange.code_inference import infer_from_children
from policy_nlp.exchange.code_references import drop_broken_references
from policy_nlp.exchange.code_texts import FoundCode, code_of_texts, is_missing_definition

GENERAL = "(general)"
PATH_SEPARATOR = "::"  # of ATLAS.ti
_STEP = " / "
_MOST_STEPS = 4  # of a path in a name; a longer one begins with an ellipsis
_MOST_TO_COMPARE = 2000  # codes among which the nearest is looked for
_SHOWN = 5
_HOME = "home of "  # begins the key of a main category that is made for codes without one
_GENERAL_OF = "general of "

_Level = CodeLevel | Literal["group"]


@dataclass(frozen=True, slots=True)
class BuiltCodebook:
    """The codebook of a tree, the id that each code of the tree got, and how it was read."""

    codebook: Codebook
    code_id_of_key: Mapping[str, str]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Tree:
    """The codes of a file by key, and which of them have codes in them."""

    path: Path
    name: str
    by_key: Mapping[str, FoundCode]
    keys_with_codes: Collection[str]

    def begins_family(self, code: FoundCode) -> bool:
        """Whether a code at the top is a main category."""
        says = code.texts.get("level", "")
        return says == "main" or (code.key in self.keys_with_codes and says not in CODE_LEVELS)

    @property
    def is_flat(self) -> bool:
        """Whether no code at the top is a main category."""
        return not any(self.begins_family(c) for c in self.by_key.values() if c.parent_key is None)

    def error(self, code: FoundCode, what: str) -> CodebookError:
        """CodebookError that names the file and the place in it."""
        place = f"{self.path}: {code.place}" if code.place else f"{self.path}"
        return CodebookError(f"{place}: {what}.", path=self.path, place=code.place, code=code.name)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A code with its level and the codes above it in the codebook; `group` is the level of codes in it."""

    found: FoundCode
    level: _Level
    name: str
    main_key: str | None = None
    initial_key: str | None = None
    group: CodeLevel | None = None
    wanted_id: str = ""

    @property
    def key(self) -> str:
        """The key of the code."""
        return self.found.key

    @property
    def parent_key(self) -> str | None:
        """The code of the level above."""
        return {"initial": self.main_key, "concepts": self.initial_key}.get(self.level)


def build_codebook(
    found: Sequence[FoundCode], *, name: str, path: Path, status: str = "", applied_keys: Collection[str] = ()
) -> BuiltCodebook:
    """The codebook of a tree of codes, by the rules above.

    Args:
        found: the codes in the order of the file.
        name: of the codebook.
        path: of the file, for errors.
        status: what the file says of where its names come from.
        applied_keys: codes that codings use.

    Raises:
        CodebookError: no codes, two of one key, a parent that is not there, or parents that go in a circle.
    """
    nested, n_paths = _nest_paths(infer_from_children(found))
    tree = _make_tree(nested, name, path)
    placed = _place_all(nested, tree)
    placed = [*placed, *_homes(placed, tree)]
    has_initial = any(code.level == "initial" for code in placed)
    placed += _general_of(placed, applied_keys if has_initial else [code.key for code in placed])
    if not any(code.level == "initial" for code in placed):
        message = f"{path}: found no code that can be an initial category. Give a file with codes."
        raise CodebookError(message, path=path)
    ids = _make_ids(placed)
    made = {code.key: _code_of(code, ids) for code in placed if code.level != "group"}
    codes, broken = drop_broken_references(list(made.values()))
    mended = dict(zip(made, codes, strict=True))
    main, initial, concepts, dimensions, paths = (_in_order(level, placed, mended) for level in CODE_LEVELS)
    codebook = Codebook(name, main, initial, concepts, dimensions, paths, status)
    code_ids = {code.key: ids.get(_GENERAL_OF + code.key) or ids[code.key] for code in nested}
    notes = (*_tree_notes(placed, tree, n_paths=n_paths), *_gap_notes(codes), *broken)
    return BuiltCodebook(codebook, {code.key: code_ids[code.key] for code in found if ids[code.key]}, notes)


def _nest_paths(found: Sequence[FoundCode]) -> tuple[list[FoundCode], int]:
    """The codes with `A::b` at the top put into `A`, which is made where there is none; how many they are."""
    key_of_path: dict[tuple[str, ...], str] = {
        (code.name,): code.key for code in reversed(found) if code.parent_key is None
    }
    nested: list[FoundCode] = []
    n_paths = 0
    for code in found:
        steps = tuple(step.strip() for step in code.name.split(PATH_SEPARATOR))
        if code.parent_key is not None or "id" in code.texts or len(steps) == 1 or not all(steps):
            nested.append(code)
            continue
        n_paths += 1
        for n in range(1, len(steps)):
            if steps[:n] not in key_of_path:
                key_of_path[steps[:n]] = PATH_SEPARATOR.join(("path", *steps[:n]))
                above = key_of_path[steps[: n - 1]] if n > 1 else None
                nested.append(FoundCode(key_of_path[steps[:n]], steps[n - 1], above, place=code.place))
        key_of_path.setdefault(steps, code.key)
        nested.append(replace(code, name=steps[-1], parent_key=key_of_path[steps[:-1]]))
    return nested, n_paths


def _make_tree(found: Sequence[FoundCode], name: str, path: Path) -> _Tree:
    by_key: dict[str, FoundCode] = {}
    keys_with_codes = {code.parent_key for code in found if code.parent_key is not None}
    tree = _Tree(path, name, by_key, keys_with_codes)
    for code in found:
        first = by_key.setdefault(code.key, code)
        if first is not code:
            where = f" (first in {first.place})" if first.place else ""
            raise tree.error(code, f"id {code.key!r} is here a second time{where}. Give this code another id")
    return tree


def _place_all(found: Sequence[FoundCode], tree: _Tree) -> list[_Placed]:
    """Each code with its level, in the order of the file; a parent may come after its codes."""
    placed: dict[str, _Placed] = {}
    is_flat = tree.is_flat
    for code in found:
        for above in reversed(_way_up(code, tree, placed)):
            parent = placed[above.parent_key] if above.parent_key is not None else None
            if parent is None:
                placed[above.key] = _place_top(above, tree, is_flat=is_flat)
            else:
                placed[above.key] = _place_inside(above, parent)
    return [placed[code.key] for code in found]


def _way_up(code: FoundCode, tree: _Tree, placed: Mapping[str, _Placed]) -> list[FoundCode]:
    """The code and those above it that have no place yet, from it upwards."""
    way: dict[str, FoundCode] = {}
    at: FoundCode | None = code
    while at is not None and at.key not in placed:
        if at.key in way:
            keys = [*way, at.key]
            circle = " in ".join(repr(key) for key in keys[keys.index(at.key) :][:_SHOWN])
            raise tree.error(at, f"parents go in a circle: {circle}. Correct one of them")
        way[at.key] = at
        if at.parent_key is not None and at.parent_key not in tree.by_key:
            nearest = nearest_id(at.parent_key, tree.by_key) if len(tree.by_key) < _MOST_TO_COMPARE else None
            hint = f"; the nearest is {nearest!r}" if nearest else ""
            raise tree.error(at, f"the parent {at.parent_key!r} is no code of this file{hint}. Correct it")
        at = tree.by_key[at.parent_key] if at.parent_key is not None else None
    return list(way.values())


def _place_top(code: FoundCode, tree: _Tree, *, is_flat: bool) -> _Placed:
    name, says, group = _name_of(code), code.texts.get("level", ""), code.texts.get("group", "")
    if group in ("dimensions", "paths"):
        return _Placed(code, "group", name, group=cast(CodeLevel, group))
    if says in ("dimensions", "paths"):
        return _Placed(code, cast(CodeLevel, says), name, group=cast(CodeLevel, says))
    if tree.begins_family(code):
        return _Placed(code, "main", name, main_key=code.key)
    home = _HOME if is_flat else _HOME + code.key
    return _Placed(code, "initial", name, main_key=home, initial_key=code.key)


def _place_inside(code: FoundCode, parent: _Placed) -> _Placed:
    """The place of a code inside another: the level it says where the tree allows it, else by depth."""
    name, says = _name_of(code), code.texts.get("level", "")
    if says in ("dimensions", "paths"):
        return _Placed(code, cast(CodeLevel, says), name, group=cast(CodeLevel, says))
    if parent.group is not None:
        return _Placed(code, parent.group, _stepped(parent, name), group=parent.group)
    if says == "initial" or parent.initial_key is None:
        return _Placed(code, "initial", name, parent.main_key, initial_key=code.key)
    name = name if says == "concepts" else _stepped(parent, name)
    return _Placed(code, "concepts", name, parent.main_key, parent.initial_key)


def _name_of(code: FoundCode) -> str:
    return code.name.strip() or "未命名 unnamed"


def _stepped(parent: _Placed, name: str) -> str:
    """The name with the way to it, where its parent is a concept, dimension or path."""
    if parent.level not in ("concepts", "dimensions", "paths"):
        return name
    steps = f"{parent.name}{_STEP}{name}".split(_STEP)
    return _STEP.join(steps if len(steps) <= _MOST_STEPS else ["…", *steps[-_MOST_STEPS:]])


def _homes(placed: Sequence[_Placed], tree: _Tree) -> Iterator[_Placed]:
    """A main category for the codes that stand alone at the top, or one for each."""
    seen = set()
    for code in placed:
        key = code.main_key or ""
        if key.startswith(_HOME) and key not in seen:
            seen.add(key)
            name = tree.name if key == _HOME else code.name
            wanted = id_of_name(name) if key == _HOME else f"{_wanted_id(code)}_main"
            yield _Placed(FoundCode(key, name, place=code.found.place), "main", name, key, wanted_id=wanted)


def _general_of(placed: Sequence[_Placed], applied_keys: Collection[str]) -> list[_Placed]:
    """An initial category for each main one that codings use."""
    return [
        _Placed(
            replace(code.found, key=_GENERAL_OF + code.key, texts=_definition_of(code)),
            "initial",
            f"{code.name} {GENERAL}",
            code.key,
            initial_key=_GENERAL_OF + code.key,
            wanted_id=f"{_wanted_id(code)}_general",
        )
        for code in placed
        if code.level == "main" and code.key in applied_keys
    ]


def _definition_of(code: _Placed) -> dict[str, str]:
    return {"definition": code.found.texts.get("definition", "")}


def _wanted_id(code: _Placed) -> str:
    said = code.found.texts.get("id", "")
    return code.wanted_id or (said if is_code_id(said) else id_of_name(code.found.name))


def _make_ids(placed: Sequence[_Placed]) -> dict[str, str]:
    """The id of each code by its key, empty for groups; ids that the file says come before those made."""
    ids = CodeIds()
    in_turn = sorted(placed, key=lambda code: "id" not in code.found.texts)
    return {code.key: "" if code.level == "group" else ids.take(_wanted_id(code)) for code in in_turn}


def _code_of(placed: _Placed, ids: Mapping[str, str]) -> Code:
    level = cast(CodeLevel, placed.level)
    code = code_of_texts(placed.found.texts, code_id=ids[placed.key], level=level, name=placed.name)
    parent_id = ids[placed.parent_key] if placed.parent_key is not None else None
    return replace(code, parent_id=parent_id)


def _in_order(level: CodeLevel, placed: Sequence[_Placed], codes: Mapping[str, Code]) -> tuple[Code, ...]:
    """The codes of a level in the order of the file, or in that which they say themselves."""
    of_level = [code for code in placed if code.level == level]
    of_level.sort(key=lambda code: _number(code.found.texts.get("position", "")))
    return tuple(codes[code.key] for code in of_level)


def _number(text: str) -> float:
    return int(text) if text.isdecimal() and len(text) < 10 else math.inf


def _tree_notes(placed: Sequence[_Placed], tree: _Tree, *, n_paths: int) -> Iterator[str]:
    if n_paths:
        yield f"read as a tree: {n_paths} names with {PATH_SEPARATOR} (A{PATH_SEPARATOR}b is b in A)"
    n_lone = sum(c.level == "initial" and (c.main_key or "").startswith(_HOME) for c in placed)
    if n_lone:
        home = f"one main category, {tree.name!r}" if tree.is_flat else "main categories of their own names"
        yield f"made initial categories of {home}: {n_lone} at the top that hold no codes"
    n_deep = sum(_STEP in c.name and _STEP not in c.found.name and c.level == "concepts" for c in placed)
    if n_deep:
        yield f"made concepts with the path in their names (a{_STEP}b): {n_deep} that lie deeper"
    general = [code.found.name for code in placed if code.key.startswith(_GENERAL_OF)]
    if general:
        yield f"given an initial category marked {GENERAL}, for codings of their own: {_some(general)}"
    moved = [c.name for c in placed if c.found.texts.get("level", c.level) != c.level]
    if moved:
        yield f"put in the level that the tree gives, not the one they say: {_some(moved)}"


def _gap_notes(codes: Sequence[Code]) -> Iterator[str]:
    missing = [code.name_zh for code in codes if is_missing_definition(code.definition)]
    if missing:
        yield f"marked as without a definition: {len(missing)} of {len(codes)} codes: {_some(missing)}"
    names = Counter((code.level, code.name_zh) for code in codes)
    twice = [name for (_, name), n in names.items() if n > 1]
    if twice:
        yield f"told apart by their ids, for several codes have the name: {_some(twice)}"


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
