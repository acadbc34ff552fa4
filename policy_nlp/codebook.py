"""Codebook file -> Codebook: codes, parents, definitions, checked against each other.

A codebook needs `main_categories` and `initial_categories`; `concepts`, `dimensions`, `paths` and
`rules` may be left out. Ids and their order are those of the file.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from policy_nlp.errors import CodebookError, UnknownCodeError
from policy_nlp.records import Level
from policy_nlp.shipped import shipped_path
from policy_nlp.yaml_maps import LinedText, YamlMap, error_at, parse_yaml_map

CodeLevel = Literal["main", "initial", "concepts", "dimensions", "paths"]

CODE_LEVELS: tuple[CodeLevel, ...] = ("main", "initial", "concepts", "dimensions", "paths")
FROM_PAPER = "from the paper's text"
RECONSTRUCTED = "reconstructed"
_LONGEST_SHOWN = 80  # characters of a wrong id in a message
NO_CODE = "NO_CODE"  # `exclude: use:` where nothing is to be coded

LEVEL_KEYS: Mapping[CodeLevel, str] = {
    "main": "main_categories",
    "initial": "initial_categories",
    "concepts": "concepts",
    "dimensions": "dimensions",
    "paths": "paths",
}
_PARENT_KEYS: Mapping[CodeLevel, tuple[str, CodeLevel]] = {
    "initial": ("main_category", "main"),
    "concepts": ("initial_category", "initial"),
}
# Lists of ids inside an entry, and the level they must be in.
_LIST_KEYS: Mapping[CodeLevel, tuple[tuple[str, CodeLevel], ...]] = {
    "main": (("initial_categories", "initial"),),
    "initial": (("dimensions", "dimensions"), ("paths", "paths"), ("concepts", "concepts")),
    "concepts": (),
    "dimensions": (("typical_categories", "initial"),),
    "paths": (("typical_categories", "initial"), ("requires", "initial")),
}
_READ_KEYS = (
    {"id", "name_zh", "name_en", "definition", "evidence_status", "include", "exclude", "code_if", "not_if"}
    | {"triggers", "example", "near_miss"}
    | {key for key, _ in _PARENT_KEYS.values()}
    | {key for keys in _LIST_KEYS.values() for key, _ in keys}
)
# Ids travel in lists joined with ";" and as column names, and must not start a spreadsheet formula.
_ID = re.compile(r"\w[\w.\-]*")


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A case in which a code does not apply, and the code (or NO_CODE) to use in its place."""

    when: str
    use: str


@dataclass(frozen=True, slots=True)
class OtherField:
    """A field of a code that is kept and not used; `value` is as `yaml_maps.plain_text` writes it."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Code:
    """One category of a codebook; texts are empty and `line` is 0 where the file has nothing."""

    code_id: str
    level: CodeLevel
    name_zh: str
    name_en: str
    parent_id: str | None  # main category of an initial one, initial category of a concept
    definition: str
    evidence_status: str = ""  # "from the paper's text" or "reconstructed" in the shipped codebook
    line: int = 0
    include: str = ""
    exclude: tuple[Exclusion, ...] = ()
    code_if: str = ""
    not_if: str = ""
    triggers: tuple[str, ...] = ()
    example: str = ""
    near_miss: str = ""
    near_miss_use: str = ""  # the code that `near_miss` is an example of
    dimension_ids: tuple[str, ...] = ()  # `dimensions` of an initial category
    path_ids: tuple[str, ...] = ()  # `paths` of an initial category
    typical_ids: tuple[str, ...] = ()  # `typical_categories` of a dimension or path
    required_ids: tuple[str, ...] = ()  # `requires` of a path: it applies only with one of these categories
    others: tuple[OtherField, ...] = ()  # what else the entry says, by key


@dataclass(frozen=True, slots=True)
class Codebook:
    """Codes of one codebook file, each level in the order of the file.

    Attributes:
        status: what the file says of where its names come from; empty when it says nothing.
        digest: sha256 of the file's bytes, hexadecimal.
    """

    name: str
    main: tuple[Code, ...]
    initial: tuple[Code, ...]
    concepts: tuple[Code, ...] = ()
    dimensions: tuple[Code, ...] = ()
    paths: tuple[Code, ...] = ()
    status: str = ""
    digest: str = ""
    _by_id: Mapping[str, Code] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_id = {code.code_id: code for code in self.all_codes}
        object.__setattr__(self, "_by_id", by_id)

    @property
    def code_ids(self) -> tuple[str, ...]:
        """Ids of what a model predicts (the C axis): initial categories, dimensions, paths."""
        return self.ids("initial") + self.ids("dimensions") + self.ids("paths")

    @property
    def all_codes(self) -> tuple[Code, ...]:
        """The codes of every level, level by level."""
        return tuple(code for level in CODE_LEVELS for code in self.codes(level))

    def codes(self, level: CodeLevel) -> tuple[Code, ...]:
        """The codes of one level."""
        by_level: Mapping[CodeLevel, tuple[Code, ...]] = {
            "main": self.main,
            "initial": self.initial,
            "concepts": self.concepts,
            "dimensions": self.dimensions,
            "paths": self.paths,
        }
        return by_level[level]

    def ids(self, level: Level) -> tuple[str, ...]:
        """The code ids of one level."""
        return tuple(code.code_id for code in self.codes(level))

    def find(self, code_id: str) -> Code:
        """The code of this id.

        Raises:
            UnknownCodeError: no code has it; the message names the nearest id.
        """
        code = self._by_id.get(code_id)
        if code is None:
            nearest = nearest_id(code_id, self._by_id)
            shown = code_id if len(code_id) <= _LONGEST_SHOWN else f"{code_id[:_LONGEST_SHOWN]}…"
            raise UnknownCodeError(
                f"code {shown!r} is not in codebook {self.name!r}; the nearest is {nearest!r}. "
                f"Correct the id or add the code.",
                code_id=code_id,
                nearest=nearest,
            )
        return code

    def level_of(self, code_id: str) -> CodeLevel:
        """The level of a code; raises UnknownCodeError."""
        return self.find(code_id).level

    def main_of(self, initial_ids: Iterable[str]) -> tuple[str, ...]:
        """The main categories that apply when these initial ones do, in codebook order, each once."""
        parents = {self.find(code_id).parent_id for code_id in initial_ids}
        return tuple(code.code_id for code in self.main if code.code_id in parents)


def derive_main(initial: NDArray[np.bool_], codebook: Codebook) -> NDArray[np.bool_]:
    """Which main categories apply, shape (N, main); one does exactly when an initial one of it does.

    Args:
        initial: shape (N, initial), which initial categories apply; columns in codebook order.
        codebook: gives the main category of each initial one.
    """
    is_child = np.array(
        [[code.parent_id == main_id for main_id in codebook.ids("main")] for code in codebook.initial],
        dtype=np.bool_,
    )
    return initial @ is_child


def drop_unsupported_paths(applies: NDArray[np.bool_], codebook: Codebook) -> NDArray[np.bool_]:
    """Which codes apply, shape (N, C), without paths that require a category where none of theirs applies.

    Args:
        applies: shape (N, C), columns as `codebook.code_ids`.
        codebook: its paths say what they require (`requires`); those that say nothing are left.
    """
    column = {code_id: index for index, code_id in enumerate(codebook.code_ids)}
    kept = applies.copy()
    for path in codebook.paths:
        if path.required_ids:
            needed = [column[code_id] for code_id in path.required_ids]
            kept[:, column[path.code_id]] &= applies[:, needed].any(axis=1)
    return kept


def shipped_codebook_path() -> Path:
    """Path of the codebook that comes with the package."""
    return shipped_path("configs/codebook.yaml")


def load_codebook(path: Path) -> Codebook:
    """The codebook of a YAML file.

    Raises:
        CodebookError: the file cannot be read or breaks a rule; the message starts with `file:line:`.
    """
    try:
        content = path.read_bytes()
    except OSError as err:
        message = f"{path}: the codebook cannot be read ({err.strerror}). Give the path of a YAML file."
        raise CodebookError(message, path=path) from err
    return parse_codebook(content, path)


def parse_codebook(content: bytes, path: Path) -> Codebook:
    """The codebook in these bytes; `path` is named in errors. Raises CodebookError as `load_codebook`."""
    root = parse_yaml_map(content, path)
    entries = {level: root.maps(LEVEL_KEYS[level]) for level in CODE_LEVELS}
    for level in ("main", "initial"):
        if not entries[level]:
            raise root.error(f"no {LEVEL_KEYS[level]!r}. A codebook needs at least one.", LEVEL_KEYS[level])
    codes = {level: tuple(_read_code(entry, level) for entry in entries[level]) for level in CODE_LEVELS}
    _check_unique(codes, path)
    ids = {level: dict.fromkeys(code.code_id for code in codes[level]) for level in CODE_LEVELS}
    for level in CODE_LEVELS:
        for entry in entries[level]:
            _check_references(entry, level, ids=ids)
    _check_families(entries["main"], codes["initial"])
    name, status = _read_name(root)
    return Codebook(
        name=name,
        main=codes["main"],
        initial=codes["initial"],
        concepts=codes["concepts"],
        dimensions=codes["dimensions"],
        paths=codes["paths"],
        status=status,
        digest=hashlib.sha256(content).hexdigest(),
    )


def is_code_id(text: str) -> bool:
    """Whether a text may be the id of a code: letters of any script, digits, `_`, `-` and `.` inside it."""
    return _ID.fullmatch(text) is not None


def nearest_id(code_id: str, known_ids: Iterable[str]) -> str | None:
    """The known id most like this one; None when there are none."""
    return next(iter(difflib.get_close_matches(code_id, list(known_ids), n=1, cutoff=0.0)), None)


def _read_name(root: YamlMap) -> tuple[str, str]:
    rules = root.optional_map("rules")
    meta = rules.optional_map("meta") if rules else None
    title = meta.optional_text("title") if meta else ""
    return title or root.path.stem, meta.optional_text("status") if meta else ""


def _read_code(entry: YamlMap, level: CodeLevel) -> Code:
    code_id = entry.text("id")
    if not is_code_id(code_id):
        message = f"id {code_id!r} may hold letters, digits, `_`, `-` and `.` only, and starts with a letter."
        raise entry.error(message, "id")
    near_miss = entry.optional_map("near_miss")
    parent_key = _PARENT_KEYS.get(level)
    return Code(
        code_id=code_id,
        level=level,
        name_zh=entry.text("name_zh"),
        name_en=entry.optional_text("name_en"),
        parent_id=entry.text(parent_key[0]) if parent_key else None,
        definition=entry.text("definition"),
        evidence_status=entry.optional_text("evidence_status"),
        line=entry.line,
        include=entry.optional_text("include"),
        exclude=tuple(Exclusion(e.text("when"), e.text("use")) for e in entry.maps("exclude")),
        code_if=entry.optional_text("code_if"),
        not_if=entry.optional_text("not_if"),
        triggers=tuple(trigger.text for trigger in entry.texts("triggers")),
        example=entry.optional_text("example"),
        near_miss=near_miss.text("text") if near_miss else "",
        near_miss_use=near_miss.optional_text("use") if near_miss else "",
        dimension_ids=_ids_under(entry, "dimensions"),
        path_ids=_ids_under(entry, "paths"),
        typical_ids=_ids_under(entry, "typical_categories"),
        required_ids=_ids_under(entry, "requires"),
        others=tuple(
            OtherField(key, entry.plain_text(key)) for key in sorted(entry.fields.keys() - _READ_KEYS)
        ),
    )


def _ids_under(entry: YamlMap, key: str) -> tuple[str, ...]:
    return tuple(item.text for item in entry.texts(key))


def _check_unique(codes: Mapping[CodeLevel, tuple[Code, ...]], path: Path) -> None:
    seen: dict[str, Code] = {}
    for code in (code for level in CODE_LEVELS for code in codes[level]):
        first = seen.setdefault(code.code_id, code)
        if first is not code:
            message = f"id {code.code_id!r} is already used on line {first.line}. Give this code another id."
            raise error_at(message, path=path, line=code.line)


def _check_references(entry: YamlMap, level: CodeLevel, *, ids: Mapping[CodeLevel, Collection[str]]) -> None:
    """Raise CodebookError where an entry names an id that its level does not have."""
    if parent := _PARENT_KEYS.get(level):
        _check_known(entry, (entry.lined(parent[0]),), key=parent[0], wanted=parent[1], known=ids[parent[1]])
    for key, wanted in _LIST_KEYS[level]:
        _check_known(entry, entry.texts(key), key=key, wanted=wanted, known=ids[wanted])
    near_miss = entry.optional_map("near_miss")
    for case in (*entry.maps("exclude"), *((near_miss,) if near_miss else ())):
        if case.has("use") and case.text("use") != NO_CODE:
            _check_known(case, (case.lined("use"),), key="use", wanted="initial", known=ids["initial"])


def _check_known(
    entry: YamlMap, named: Iterable[LinedText], *, key: str, wanted: CodeLevel, known: Collection[str]
) -> None:
    for item in named:
        if item.text in known:
            continue
        nearest = nearest_id(item.text, known)
        hint = f"the nearest is {nearest!r}" if nearest else f"this file has no {LEVEL_KEYS[wanted]}"
        message = (
            f"{key!r} names {item.text!r}, which is not in {LEVEL_KEYS[wanted]}; {hint}. Correct the id."
        )
        raise error_at(message, path=entry.path, line=item.line)


def _check_families(mains: Iterable[YamlMap], initial: Iterable[Code]) -> None:
    """Raise CodebookError where a main category's list and its children's parents differ."""
    children = {code.code_id: code for code in initial}
    for main in mains:
        if main.has("initial_categories"):
            _check_family(main, children)


def _check_family(main: YamlMap, initial: Mapping[str, Code]) -> None:
    main_id, listed = main.text("id"), main.texts("initial_categories")
    for child in listed:
        parent_id = initial[child.text].parent_id
        if parent_id != main_id:
            message = f"{main_id!r} lists {child.text!r}, whose main_category is {parent_id!r}. Correct one."
            raise error_at(message, path=main.path, line=child.line)
    listed_ids = {child.text for child in listed}
    for code in initial.values():
        if code.parent_id == main_id and code.code_id not in listed_ids:
            message = f"{main_id!r}, the main_category of {code.code_id!r}, does not list it. Add it there."
            raise error_at(message, path=main.path, line=code.line)
