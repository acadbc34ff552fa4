"""Codebook -> the text of a YAML file that `load_codebook` reads back."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from policy_nlp.codebook import CODE_LEVELS, LEVEL_KEYS, Code, Codebook
from policy_nlp.yaml_maps import parse_plain_text

_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # libyaml where the wheel has it: 10 times as fast
_HEAD = "# Codebook written by `policy-nlp codebook convert`.\n"
_TAG = "tag:yaml.org,2002:"
_WIDEST = 1 << 30  # characters of a line: texts are not folded
# Line ends other than a line feed are folded away, and controls are not allowed, outside of double quotes.
_NEEDS_ESCAPES = re.compile(
    "[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_BLANK_AT_LINE_END = re.compile(r"[ \t](\n|\Z)|\A\s|\n\Z")

_Entry = dict[str, object]


def codebook_yaml(codebook: Codebook) -> str:
    """The YAML text of a codebook: every code with all its fields, in order."""
    root: _Entry = {}
    children: dict[str, list[str]] = defaultdict(list)
    for code in (*codebook.initial, *codebook.concepts):
        children[code.parent_id or ""].append(code.code_id)
    for level in CODE_LEVELS:
        if codes := codebook.codes(level):
            root[LEVEL_KEYS[level]] = [_entry(code, children) for code in codes]
    root["rules"] = {"meta": _filled({"title": codebook.name, "status": codebook.status})}
    text = yaml.serialize(_node(root), Dumper=_DUMPER, allow_unicode=True, width=_WIDEST)
    return f"{_HEAD}{text}"


def _entry(code: Code, children: Mapping[str, list[str]]) -> _Entry:
    entry: _Entry = {"id": code.code_id, "name_zh": code.name_zh, "name_en": code.name_en}
    if code.level == "initial":
        entry["main_category"] = code.parent_id
    if code.level == "concepts":
        entry["initial_category"] = code.parent_id
    entry |= {
        "evidence_status": code.evidence_status,
        "definition": code.definition,
        "include": code.include,
        "exclude": [{"when": case.when, "use": case.use} for case in code.exclude],
        "code_if": code.code_if,
        "not_if": code.not_if,
        "triggers": list(code.triggers),
        "dimensions": list(code.dimension_ids),
        "paths": list(code.path_ids),
        "typical_categories": list(code.typical_ids),
        "requires": list(code.required_ids),
        "example": code.example,
        "near_miss": _filled({"text": code.near_miss, "use": code.near_miss_use}) if code.near_miss else "",
    }
    entry = _filled(entry) | {o.key: parse_plain_text(o.value) for o in code.others if o.value}
    if code.level == "main":
        entry["initial_categories"] = children.get(code.code_id, [])
    if code.level == "initial":
        entry["concepts"] = children.get(code.code_id, [])
    return entry


def _filled(entry: _Entry) -> _Entry:
    return {key: value for key, value in entry.items() if value}


def _node(value: object) -> Node:
    """A value of texts, numbers, lists and mappings as YAML nodes that read back as the same."""
    if isinstance(value, Mapping):
        pairs = [(_text_node(str(key)), _node(item)) for key, item in value.items()]
        return MappingNode(f"{_TAG}map", pairs, flow_style=False)
    if isinstance(value, list):
        return SequenceNode(f"{_TAG}seq", [_node(item) for item in value], flow_style=False)
    if isinstance(value, str):
        return _text_node(value)
    kind = {bool: "bool", int: "int", float: "float"}.get(type(value), "null")
    return ScalarNode(f"{_TAG}{kind}", json.dumps(value))


def _text_node(text: str) -> ScalarNode:
    style = None
    if _NEEDS_ESCAPES.search(text):
        style = '"'
    elif "\n" in text:
        style = '"' if _BLANK_AT_LINE_END.search(text) else "|"
    return ScalarNode(f"{_TAG}str", text, style=style)
