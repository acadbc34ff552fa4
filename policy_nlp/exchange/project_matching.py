"""Two QDA projects -> which users, codes and sources of one are those of the other, each one once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from policy_nlp.exchange.code_similarity import fold_name
from policy_nlp.exchange.code_texts import read_description
from policy_nlp.exchange.refi_qda.project import (
    DOCUMENT_ID_VARIABLE,
    QdaCode,
    QdaProject,
    QdaSource,
    QdaUser,
)
from policy_nlp.exchange.refi_qda.safe_text import plain_text

_Thing = TypeVar("_Thing", QdaUser, QdaCode, QdaSource)
_Mark = Callable[[_Thing], Hashable | None]  # what a thing is known by; None: not by this


@dataclass(frozen=True, slots=True)
class MatchedProject:
    """The GUID in one project of each thing of another that both have."""

    users: Mapping[str, str]
    codes: Mapping[str, str]
    sources: Mapping[str, str]


def match_projects(own: QdaProject, known: QdaProject) -> MatchedProject:
    """Which users, codes and sources of `own` are in `known`.

    Users: the same GUID, else a name that one user of each project has. Codes: the same GUID, else the same
    id of policy-nlp in their descriptions, else a name that one code of each has. Sources, only with the same
    text: the same GUID, else the same document id of policy-nlp, else their name, else the text alone.
    """
    return MatchedProject(
        users=_match(own.users, known.users, marks=(_guid, _name)),
        codes=_match(own.codes, known.codes, marks=(_guid, _code_id, _name)),
        sources=_match(
            own.sources,
            known.sources,
            marks=(_guid_and_text, _id_and_text, _name_and_text, _text),
            is_in_order=True,  # of equal texts each is as good as the other
        ),
    )


def _match(
    own: Sequence[_Thing],
    known: Sequence[_Thing],
    *,
    marks: Sequence[_Mark[_Thing]],
    is_in_order: bool = False,
) -> dict[str, str]:
    """One mark after the other; several things with one mark are paired in their order, or not at all."""
    matched: dict[str, str] = {}
    for mark in marks:
        taken = set(matched.values())
        left = _by_mark([one for one in own if one.guid not in matched], mark)
        right = _by_mark([one for one in known if one.guid not in taken], mark)
        for key, guids in left.items():
            others = right.get(key, [])
            if is_in_order or len(guids) == len(others) == 1:
                matched.update(zip(guids, others, strict=False))
    return matched


def _by_mark(things: Sequence[_Thing], mark: _Mark[_Thing]) -> dict[Hashable, list[str]]:
    found: dict[Hashable, list[str]] = {}
    for thing in things:
        key = mark(thing)
        if key is not None:
            found.setdefault(key, []).append(thing.guid)
    return found


def _guid(thing: QdaUser | QdaCode) -> str:
    return thing.guid


def _name(thing: QdaUser | QdaCode) -> str | None:
    return fold_name(thing.name) or None


def _code_id(code: QdaCode) -> str | None:
    return read_description(code.description).get("id") or None


def _text(source: QdaSource) -> str:
    """As files hold it: a project that was read has no control characters left."""
    return plain_text(source.text)


def _guid_and_text(source: QdaSource) -> Hashable:
    return source.guid, _text(source)


def _id_and_text(source: QdaSource) -> Hashable | None:
    document_id = source.variables.get(DOCUMENT_ID_VARIABLE)
    return (document_id, _text(source)) if document_id else None


def _name_and_text(source: QdaSource) -> Hashable:
    return source.name.strip(), _text(source)
