"""YAML bytes -> mappings that know the line of every value, so that an error can name it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from policy_nlp.errors import CodebookError

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where the wheel has it: 10 times as fast
_MOST_NODES = 2000  # of a field that is only kept: aliases can make a small file a huge value
_MOST_DIGITS = 18
_TAG = "tag:yaml.org,2002:"
_KINDS = {
    "int": "a number",
    "float": "a number",
    "bool": "yes/no",
    "timestamp": "a date",
    "null": "nothing",
    "merge": "a merge key",
}


@dataclass(frozen=True, slots=True)
class LinedText:
    """A text and the line it stands on, counted from 1."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class YamlMap:
    """One YAML mapping; its methods give typed values or raise CodebookError with file and line."""

    path: Path
    line: int
    fields: Mapping[str, Node]

    def error(self, message: str, key: str | None = None) -> CodebookError:
        """CodebookError that names the file and the line of `key` (of the mapping itself if None)."""
        line = _line(self.fields[key]) if key is not None and key in self.fields else self.line
        return error_at(message, path=self.path, line=line)

    def has(self, key: str) -> bool:
        """Whether the key is there with a value."""
        node = self.fields.get(key)
        return node is not None and node.tag != f"{_TAG}null"

    def text(self, key: str) -> str:
        """The text under a key that must be there and must not be empty."""
        if key not in self.fields:
            raise self.error(f"the key {key!r} is missing. Add `{key}: ...` to this entry.")
        value = _scalar(self.fields[key], self.path, key=key)
        if not value.strip():
            raise self.error(f"{key!r} is empty. Write a text after `{key}:`.", key)
        return value.strip()

    def lined(self, key: str) -> LinedText:
        """The text under a key, as `text` gives it, with its line."""
        return LinedText(self.text(key), _line(self.fields[key]))

    def optional_text(self, key: str) -> str:
        """The text under a key, empty when the key is not there."""
        return _scalar(self.fields[key], self.path, key=key).strip() if self.has(key) else ""

    def texts(self, key: str) -> tuple[LinedText, ...]:
        """The texts of a list, with their lines; empty when the key is not there."""
        return tuple(LinedText(_scalar(n, self.path, key=key), _line(n)) for n in self._items(key))

    def maps(self, key: str) -> tuple[YamlMap, ...]:
        """The mappings of a list; empty when the key is not there."""
        return tuple(_as_map(node, self.path, what=f"an entry of {key!r}") for node in self._items(key))

    def optional_map(self, key: str) -> YamlMap | None:
        """The mapping under a key, None when the key is not there."""
        return _as_map(self.fields[key], self.path, what=repr(key)) if self.has(key) else None

    def plain_text(self, key: str) -> str:
        """What is under a key, of any kind, as `plain_text` writes it; "" where it is too large to keep."""
        try:
            return plain_text(_value_of(self.fields[key], budget=[_MOST_NODES]))
        except (OverflowError, RecursionError):
            return ""

    def _items(self, key: str) -> Iterator[Node]:
        if not self.has(key):
            return
        node = self.fields[key]
        if not isinstance(node, SequenceNode):
            raise self.error(
                f"{key!r} must be a list (lines that start with `- `), found {_kind(node)}.", key
            )
        yield from node.value


def plain_text(value: object) -> str:
    """A value as one text that `parse_plain_text` reads back: a text as it is, anything else as JSON.

    A text that is JSON itself, or has blanks around it, gets JSON's quotes.

    >>> plain_text("前因"), plain_text(1), plain_text("1"), plain_text({"loc": "3.1"})
    ('前因', '1', '"1"', '{"loc": "3.1"}')
    """
    if isinstance(value, str) and value == value.strip() and parse_plain_text(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False)


def parse_plain_text(text: str) -> object:
    """The value that `plain_text` wrote; JSON that it would have written otherwise is a text."""
    try:
        value = json.loads(text, parse_float=_float_or_text, parse_int=_int_or_text, parse_constant=str)
        return value if json.dumps(value, ensure_ascii=False) == text else text
    except (ValueError, RecursionError):
        return text


def _int_or_text(text: str) -> int | str:
    return int(text) if len(text) < _MOST_DIGITS else text


def _float_or_text(text: str) -> float | str:
    return float(text) if re.fullmatch(r"-?[0-9]{1,15}\.[0-9]{1,15}", text) else text


def error_at(message: str, *, path: Path, line: int) -> CodebookError:
    """CodebookError whose message starts with `file:line:`."""
    return CodebookError(f"{path}:{line}: {message}", path=path, line=line)


def parse_yaml_map(content: bytes, path: Path) -> YamlMap:
    """The top mapping of a YAML file.

    Raises:
        CodebookError: not UTF-8, not YAML, empty, or the top is no mapping.
    """
    try:
        root = yaml.compose(content.decode("utf-8-sig"), Loader=_LOADER)
    except UnicodeDecodeError as err:
        line = content[: err.start].count(b"\n") + 1
        raise error_at("this is not UTF-8 text. Save the file as UTF-8.", path=path, line=line) from err
    except yaml.YAMLError as err:
        message = f"not valid YAML: {_problem(err)}. Correct the line."
        raise error_at(message, path=path, line=_mark_line(err)) from err
    except RecursionError as err:
        raise error_at(
            "nested too deeply to be a codebook. Give a codebook file.", path=path, line=1
        ) from err
    if root is None:
        message = "the file is empty. Expected a codebook: main_categories, initial_categories."
        raise error_at(message, path=path, line=1)
    return _as_map(root, path, what="the file")


def _as_map(node: Node, path: Path, *, what: str) -> YamlMap:
    if not isinstance(node, MappingNode):
        message = f"{what} must be `key: value` lines, found {_kind(node)}."
        raise error_at(message, path=path, line=_line(node))
    fields: dict[str, Node] = {}
    for key_node, value in node.value:
        key = _scalar(key_node, path, key="a key")
        if key in fields:
            message = (
                f"the key {key!r} is here a second time (first on line {_line(fields[key])}). Remove one."
            )
            raise error_at(message, path=path, line=_line(key_node))
        fields[key] = value
    return YamlMap(path, _line(node), fields)


def _scalar(node: Node, path: Path, *, key: str) -> str:
    if isinstance(node, ScalarNode) and node.tag == f"{_TAG}str":
        return str(node.value)
    if isinstance(node, ScalarNode) and node.tag == f"{_TAG}null":
        return ""
    mend = f' Put quotes around it: "{node.value}".' if isinstance(node, ScalarNode) else " Write one text."
    message = f"{key!r} must be a text, found {_kind(node)}.{mend}"
    raise error_at(message, path=path, line=_line(node))


def _value_of(node: Node, *, budget: list[int]) -> object:
    """The node as texts, numbers, lists and mappings; OverflowError beyond the budget of nodes (aliases!)."""
    budget[0] -= 1
    if budget[0] < 0:
        raise OverflowError
    if isinstance(node, MappingNode):
        return {
            str(_value_of(key, budget=budget)): _value_of(value, budget=budget) for key, value in node.value
        }
    if isinstance(node, SequenceNode):
        return [_value_of(item, budget=budget) for item in node.value]
    return _scalar_value(node.tag.removeprefix(_TAG), str(node.value))


def _scalar_value(kind: str, text: str) -> str | int | float | bool | None:
    """Numbers, yes/no and nothing as such where JSON writes them the same; any other scalar as its text."""
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() in ("yes", "true", "on")
    if kind == "int" and re.fullmatch("0|-?[1-9][0-9]*", text):
        return _int_or_text(text)
    return _float_or_text(text) if kind == "float" else text


def _kind(node: Node) -> str:
    if isinstance(node, ScalarNode):
        return _KINDS.get(node.tag.removeprefix(_TAG), "a text")
    return "a list" if isinstance(node, SequenceNode) else "a mapping"


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _mark_line(err: yaml.YAMLError) -> int:
    mark = getattr(err, "problem_mark", None)
    return mark.line + 1 if mark is not None else 1


def _problem(err: yaml.YAMLError) -> str:
    return str(getattr(err, "problem", None) or getattr(err, "reason", None) or err)
