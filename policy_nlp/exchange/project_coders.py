"""Users of a QDA project -> its coders: whose codings, in which sources, of which levels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from policy_nlp.codebook import Codebook
from policy_nlp.exchange.refi_qda.codebook_codes import SEEN_ONLY_GUID
from policy_nlp.exchange.refi_qda.project import SEEN_PREFIX, QdaCoding, QdaProject, QdaSet
from policy_nlp.records import PREDICTED_LEVELS, Level, Span
from policy_nlp.settings.commands import SeenRule

NO_USER = "no user"  # the coder of codings for which a project names nobody
_MOST_NAMED = 5  # codes that a note names


@dataclass(frozen=True, slots=True)
class AppliedCode:
    """A coding of a project with the code of the codebook that it applies."""

    coding: QdaCoding
    code_id: str
    level: Level


@dataclass(frozen=True, slots=True)
class AppliedCodes:
    """The codings of a project that say something in terms of a codebook.

    Attributes:
        levels: of the project's code with this GUID.
        notes: what codings were left out.
    """

    applied: tuple[AppliedCode, ...]
    levels: Mapping[str, Level]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProjectCoder:
    """A coder of a project.

    Attributes:
        applied: their codings by the GUID of the source.
        source_guids: of the sources they were given, whole or in part; none: no coder at all.
        spans_in_part: of the sources they were given in part, what they were given of it.
        levels: those they coded.
        note: how it was settled which sources they were given.
    """

    name: str
    is_model: bool
    applied: Mapping[str, tuple[AppliedCode, ...]]
    source_guids: frozenset[str]
    levels: frozenset[Level]
    note: str
    spans_in_part: Mapping[str, tuple[Span, ...]]
    model_sha256: str = ""


def find_applied_codes(
    project: QdaProject, codebook: Codebook, *, code_id_of_guid: Mapping[str, str]
) -> AppliedCodes:
    """The project's codings in terms of the codebook, and which were left out.

    A code of a main category says nothing of the initial ones and is left out; a concept stands for its
    initial category.
    """
    code_ids: dict[str, str] = {}
    levels: dict[str, Level] = {}
    kinds: dict[str, str] = {}
    for qda_code in project.codes:
        code = codebook.find(code_id_of_guid[qda_code.guid]) if qda_code.guid in code_id_of_guid else None
        kinds[qda_code.guid] = code.level if code is not None else "unknown"
        if qda_code.guid == SEEN_ONLY_GUID:
            kinds[qda_code.guid] = "seen only"
        if code is not None and code.level == "concepts" and code.parent_id is not None:
            code = codebook.find(code.parent_id)
        if code is not None and code.level in PREDICTED_LEVELS:
            code_ids[qda_code.guid], levels[qda_code.guid] = code.code_id, code.level
    applied = [
        AppliedCode(coding, code_ids[coding.code_guid], levels[coding.code_guid])
        for coding in project.codings
        if coding.code_guid in code_ids
    ]
    return AppliedCodes(tuple(applied), levels, tuple(_iter_left_out(project, kinds)))


def iter_project_coders(
    project: QdaProject, codes: AppliedCodes, *, seen: SeenRule
) -> Iterator[ProjectCoder]:
    """The project's users in its order, then the coder of codings without a user.

    Which sources a user was given is what the set `seen by NAME` says, else the rule `seen`; a user without
    a set who coded nothing was given none. A user coded a level where they used one of its codes anywhere in
    the project, or where the set says so.
    """
    applied: dict[str | None, list[AppliedCode]] = {user.guid: [] for user in project.users}
    for one in codes.applied:
        applied.setdefault(one.coding.user_guid, []).append(one)
    sets = {found.name: found for found in project.sets if found.name.startswith(SEEN_PREFIX)}
    users = {user.guid: user for user in project.users}
    n_of_name = Counter(user.name for user in project.users)
    for guid, own in applied.items():
        user = users.get(guid or "")
        name = user.name if user else NO_USER
        seen_set = sets.get(SEEN_PREFIX + name) if n_of_name[name] <= 1 else None
        in_part = _spans_in_part(project, guid, seen_set=seen_set)
        given = _given_sources(project, own, seen_set=seen_set, seen=seen) | in_part.keys()
        yield ProjectCoder(
            name=f"{name} ({user.guid[:8]})" if user and n_of_name[name] > 1 else name,
            is_model=user is not None and user.is_model,
            applied=_by_source(own),
            source_guids=given,
            levels=_levels_of(own, codes, seen_set),
            note=_given_note(len(given), len(project.sources), seen_set=seen_set, seen=seen)
            + (f"; {len(in_part):,} of them in part" if in_part else ""),
            spans_in_part=in_part,
            model_sha256=user.model_sha256 if user is not None else "",
        )


def _iter_left_out(project: QdaProject, kinds: Mapping[str, str]) -> Iterator[str]:
    """What codings are not in units as they are: `kinds` are levels by GUID, `unknown` for no code."""
    what = {
        "main": "codings with main categories were left out (a main category applies where one of its "
        "initial categories does)",
        "concepts": "codings with concepts count for the concepts' initial categories",
        "unknown": "codings with codes that are not in the codebook were left out",
    }
    names = {code.guid: code.name for code in project.codes}
    counts = {kind: Counter[str]() for kind in what}
    for coding in project.codings:
        kind = kinds[coding.code_guid]
        if kind in counts:
            counts[kind][names[coding.code_guid]] += 1
    for kind, counted in counts.items():
        if counted:
            named = ", ".join(f"{name} {n}" for name, n in counted.most_common(_MOST_NAMED))
            yield f"{counted.total()} {what[kind]}: {named}"


def _by_source(applied: Sequence[AppliedCode]) -> dict[str, tuple[AppliedCode, ...]]:
    found: dict[str, list[AppliedCode]] = {}
    for one in applied:
        found.setdefault(one.coding.source_guid, []).append(one)
    return {guid: tuple(own) for guid, own in found.items()}


def _given_sources(
    project: QdaProject, own: Sequence[AppliedCode], *, seen_set: QdaSet | None, seen: SeenRule
) -> frozenset[str]:
    coded = frozenset(one.coding.source_guid for one in own)
    if seen_set is not None:
        return coded | frozenset(seen_set.source_guids)
    if own and seen == "all-documents":
        return frozenset(source.guid for source in project.sources)
    return coded


def _spans_in_part(
    project: QdaProject, user_guid: str | None, *, seen_set: QdaSet | None
) -> dict[str, tuple[Span, ...]]:
    """By source, what a user was given of sources they were given in part.

    In a project with the code for `seen, no code applies` these are the sources that a user has codings in
    and that are not in the set `seen by NAME`; given are the characters with a coding of theirs.
    """
    if seen_set is None or SEEN_ONLY_GUID not in {code.guid for code in project.codes}:
        return {}
    whole = frozenset(seen_set.source_guids)
    spans: dict[str, list[Span]] = {}
    for coding in project.codings:
        if coding.user_guid == user_guid and coding.source_guid not in whole:
            spans.setdefault(coding.source_guid, []).append(coding.span)
    return {guid: tuple(own) for guid, own in spans.items()}


def _given_note(n_given: int, n_sources: int, *, seen_set: QdaSet | None, seen: SeenRule) -> str:
    if seen_set is not None:
        how = f"those of the project's set {seen_set.name!r}"
    elif seen == "all-documents":
        how = "all of the project (--seen all-documents)"
    else:
        how = "those in which the coder coded a passage (--seen coded-documents)"
    return f"given {n_given:,} of {n_sources:,} documents: {how}"


def _levels_of(own: Sequence[AppliedCode], codes: AppliedCodes, seen_set: QdaSet | None) -> frozenset[Level]:
    used = frozenset(one.level for one in own)
    if seen_set is None:
        return used
    if not seen_set.code_guids:
        return frozenset(PREDICTED_LEVELS)
    return used | {codes.levels[guid] for guid in seen_set.code_guids if guid in codes.levels}
