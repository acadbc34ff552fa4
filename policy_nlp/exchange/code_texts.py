"""The fields of a code as texts by name: cells of a table, labelled lines in the description of a QDA code.

The names are those of the YAML file. A description starts with the definition; each further field starts a
line with its name and a colon, and goes on to the next such line:

    把国家层面的战略目标说成创新的缘由。

    id: national_strategic_demand
    level: initial
    parent: demand_pull
    exclude: 写的是政府采取的动作 -> government_support
    写的是竞争态势 -> market_competition
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from policy_nlp.codebook import CODE_LEVELS, Code, Codebook, CodeLevel, Exclusion, OtherField, is_code_id

LIST_SEPARATOR = ";"
_USE_INSTEAD = " -> "
# Fields that are not in the record of a code, or are told otherwise by each format.
RESERVED_NAMES = ("id", "level", "parent", "position", "name", "definition", "group", "codebook", "status")
FIELD_NAMES = (
    *("name_en", "evidence_status", "include", "exclude", "code_if", "not_if", "triggers", "example"),
    *("near_miss", "near_miss_use", "dimensions", "paths", "typical_categories", "requires"),
)
_LABEL = re.compile(r"(\\*)(\w[\w.\-]*):(?: (.*))?", re.DOTALL)
_MISSING = "(原文件没有定义 no definition in the source file)"


@dataclass(frozen=True, slots=True)
class FoundCode:
    """One code as a file has it, before its id and its level in a codebook are settled.

    Attributes:
        key: unique in the file.
        texts: `id`, `level`, `definition` and the fields of `FIELD_NAMES`, where the file has them.
            place: where in the file, for messages: `row 12`.
    """

    key: str
    name: str
    parent_key: str | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    place: str = ""


def texts_of_code(code: Code) -> dict[str, str]:
    """The fields of a code that hold something, in a fixed order; not its id, level, parent, Chinese name."""
    texts = {
        "definition": "" if is_missing_definition(code.definition) else code.definition,
        "name_en": code.name_en,
        "evidence_status": code.evidence_status,
        "include": code.include,
        "exclude": join_items((f"{e.when}{_USE_INSTEAD}{e.use}" for e in code.exclude), "\n"),
        "code_if": code.code_if,
        "not_if": code.not_if,
        "triggers": join_items(code.triggers, LIST_SEPARATOR),
        "example": code.example,
        "near_miss": code.near_miss,
        "near_miss_use": code.near_miss_use,
        "dimensions": join_items(code.dimension_ids, LIST_SEPARATOR),
        "paths": join_items(code.path_ids, LIST_SEPARATOR),
        "typical_categories": join_items(code.typical_ids, LIST_SEPARATOR),
        "requires": join_items(code.required_ids, LIST_SEPARATOR),
    }
    texts |= {other.key: other.value for other in code.others if can_carry(other.key)}
    return {name: text for name, text in texts.items() if text}


def can_carry(key: str) -> bool:
    """Whether a field that policy-nlp does not use can be told by this name in tables and descriptions."""
    return is_code_id(key) and key not in (*RESERVED_NAMES, *FIELD_NAMES)


def code_of_texts(texts: Mapping[str, str], *, code_id: str, level: str, name: str) -> Code:
    """The code, without a parent; what `texts_of_code` left out is empty, a missing definition is marked."""

    def text(key: str) -> str:
        return texts.get(key, "").strip()

    def items(key: str) -> tuple[str, ...]:
        return split_items(texts.get(key, ""), LIST_SEPARATOR)

    return Code(
        code_id=code_id,
        level=cast(CodeLevel, level),
        name_zh=name,
        name_en=text("name_en"),
        parent_id=None,
        definition=text("definition") or missing_definition(name),
        evidence_status=text("evidence_status"),
        include=text("include"),
        exclude=tuple(_exclusion(item) for item in split_items(texts.get("exclude", ""), "\n")),
        code_if=text("code_if"),
        not_if=text("not_if"),
        triggers=items("triggers"),
        example=text("example"),
        near_miss=text("near_miss"),
        near_miss_use=text("near_miss_use"),
        dimension_ids=items("dimensions"),
        path_ids=items("paths"),
        typical_ids=items("typical_categories"),
        required_ids=items("requires"),
        others=tuple(OtherField(key, texts[key]) for key in sorted(texts) if can_carry(key) and texts[key]),
    )


def missing_definition(name: str) -> str:
    """What stands in place of a definition that a foreign codebook does not give; ours demands one.

    >>> is_missing_definition(missing_definition("政府支持"))
    True
    """
    return f"{name}{_MISSING}"


def is_missing_definition(definition: str) -> bool:
    """Whether a definition is only the mark of a missing one."""
    return definition.endswith(_MISSING)


def join_items(items: Iterable[str], separator: str) -> str:
    r"""A list as one text that `split_items` reads back; a separator inside an item gets a backslash.

    >>> join_items(["补贴", "a;b"], ";")
    '补贴;a\\;b'
    """
    return separator.join(_escaped(item, separator) for item in items if item)


def split_items(text: str, separator: str) -> tuple[str, ...]:
    """The items of a list; blanks around them are dropped, and items that are empty."""
    parts = re.findall(rf"(?:\\.|[^\\{separator}]|\\$)+", text, re.DOTALL)
    return tuple(item for part in parts if (item := _unescaped(part)))


def _escaped(item: str, separator: str) -> str:
    """The item with a backslash before backslashes, separators, and blanks at its two ends."""
    ends = (0, len(item) - 1)
    return "".join(
        f"\\{c}" if c in ("\\", separator) or (i in ends and c.isspace()) else c for i, c in enumerate(item)
    )


def _unescaped(part: str) -> str:
    """The item without blanks around it and without backslashes; a blank behind a backslash stays."""
    text = part.lstrip()
    kept = text.rstrip()
    if (len(kept) - len(kept.rstrip("\\"))) % 2:
        kept = text[: len(kept) + 1]
    return re.sub(r"\\(.)", r"\1", kept, flags=re.DOTALL)


def _exclusion(item: str) -> Exclusion:
    when, arrow, use = item.rpartition(_USE_INSTEAD)
    return Exclusion(when.strip(), use.strip()) if arrow else Exclusion(item.strip(), "")


def write_description(texts: Mapping[str, str]) -> str:
    """The description of a QDA code: the definition, then the other fields as labelled lines."""
    definition = _guarded(texts.get("definition", ""))
    labelled = [f"{name}: {_guarded_rest(text)}" for name, text in texts.items() if name != "definition"]
    return "\n\n".join(part for part in (definition, "\n".join(labelled)) if part)


def describe_codes(codebook: Codebook) -> Mapping[str, str]:
    """The description of each code by its id: all its fields, so that `read_description` gives them back.

    Its parent is in it because tools may drop what a category says of itself (`code_inference`); its name
    where another code has the same, for tools want names to be unique; its place in its level where the
    tree of the codes does not show it.
    """
    n_of_name = Counter(code.name_zh.casefold() for code in codebook.all_codes)
    is_ordered = keeps_order_as_tree(codebook)
    descriptions = {}
    for level in CODE_LEVELS:
        for place, code in enumerate(codebook.codes(level)):
            texts = texts_of_code(code)
            head = {"definition": texts.pop("definition", ""), "id": code.code_id, "level": level}
            if code.parent_id:
                head["parent"] = code.parent_id
            if not is_ordered:
                head["position"] = str(place)
            if n_of_name[code.name_zh.casefold()] > 1:
                head["name"] = code.name_zh
            descriptions[code.code_id] = write_description(head | texts)
    return descriptions


def keeps_order_as_tree(codebook: Codebook) -> bool:
    """Whether reading the codes main by main, initial by initial, gives each level in its own order."""
    place = {code.code_id: i for i, code in enumerate((*codebook.main, *codebook.initial))}
    of_initial = [place.get(code.parent_id or "", -1) for code in codebook.initial]
    of_concepts = [place.get(code.parent_id or "", -1) for code in codebook.concepts]
    return of_initial == sorted(of_initial) and of_concepts == sorted(of_concepts)


def read_description(description: str) -> dict[str, str]:
    """The fields that `write_description` wrote; of any other description, all of it as the definition.

    Ours are known by their `id` and `level`, or by `group` or `codebook`.
    """
    texts: dict[str, list[str]] = {"definition": []}
    name = "definition"
    for line in description.replace("\r\n", "\n").split("\n"):
        label = _LABEL.fullmatch(line)
        if label and not label[1] and label[2] not in texts:
            name = label[2]
            texts[name] = [label[3] or ""]
        else:
            texts[name].append(line.removeprefix("\\") if label and label[1] else line)
    if not ({"id", "level"} <= texts.keys() or {"group", "codebook"} & texts.keys()):
        return {"definition": description.strip()}
    joined = {name: "\n".join(lines) for name, lines in texts.items()}
    return {name: text.strip("\n") for name, text in joined.items() if text.strip()}


def _guarded(text: str) -> str:
    """The text with a backslash before each line that would read as a label."""
    return "\n".join(f"\\{line}" if _LABEL.fullmatch(line) else line for line in text.split("\n"))


def _guarded_rest(text: str) -> str:
    first, *rest = text.split("\n", 1)
    return "\n".join((first, *(_guarded(lines) for lines in rest)))
