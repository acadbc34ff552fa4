"""QDA projects -> one: all of the first as it is, and the users, codes, sources and codings others add."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from policy_nlp.exchange.project_matching import MatchedProject, match_projects
from policy_nlp.exchange.refi_qda.codebook_codes import SEEN_ONLY_GUID
from policy_nlp.exchange.refi_qda.guids import make_guid
from policy_nlp.exchange.refi_qda.project import (
    SEEN_PREFIX,
    QdaCode,
    QdaCoding,
    QdaProject,
    QdaSet,
    QdaSource,
    QdaUser,
    QdaVariable,
)
from policy_nlp.records import Span

_MOST_NAMED = 5  # things that a note names
_What = tuple[str, Span, str, str | None]  # source, characters, code, user


@dataclass(frozen=True, slots=True)
class MergedProject:
    """A project made of several, and what of the further ones is otherwise in it than they had it."""

    project: QdaProject
    notes: tuple[str, ...] = ()


def merge_projects(first: QdaProject, *others: QdaProject) -> MergedProject:
    """The first project with all that the others have and it has not.

    Nothing of the first is changed: where both have a thing (`match_projects`), its name, place in the tree,
    colour, description and values stay; sources gain variables that they have not. A coding is added unless
    the same user has the same code on the same characters. GUIDs stay; one that stands for another thing in
    the first project is replaced.
    """
    merging = _Merging(first)
    for other in others:
        merging.add(other)
    return MergedProject(merging.finished(), tuple(merging.notes))


class _Merging:
    """The project so far; all it holds is by GUID."""

    def __init__(self, first: QdaProject) -> None:
        self.notes: list[str] = []
        self._first = first
        self._users = {user.guid: user for user in first.users}
        self._codes = {code.guid: code for code in first.codes}
        self._sources = {source.guid: source for source in first.sources}
        self._variables = {variable.name: variable for variable in first.variables}
        self._codings = list(first.codings)
        self._sets = list(first.sets)
        self._added = ""  # the project that is being added, as notes call it

    def finished(self) -> QdaProject:
        """All of it."""
        return replace(
            self._first,
            users=tuple(self._users.values()),
            codes=tuple(self._codes.values()),
            sources=tuple(self._sources.values()),
            codings=tuple(self._codings),
            sets=tuple(self._sets),
            variables=tuple(self._variables.values()),
        )

    def add(self, other: QdaProject) -> None:
        """Take what the other has and this has not."""
        self._added = f"project {other.name!r}"
        before = self.finished()
        matched = match_projects(other, before)
        places = MatchedProject(
            users=self._add_users(other.users, matched.users),
            codes=self._add_codes(other.codes, matched.codes),
            sources=self._add_sources(other.sources, matched.sources),
        )
        self._add_variables(other.variables)
        self._add_sets(other, places)
        self._list_seen_in_whole(before, other, places)
        self._add_codings(other.codings, places)

    def _add_users(self, users: Iterable[QdaUser], matched: Mapping[str, str]) -> dict[str, str]:
        places: dict[str, str] = {}
        by_name: list[str] = []
        for user in users:
            places[user.guid] = matched.get(user.guid) or self._free_guid(user.guid, "user", user.name)
            known = self._users.setdefault(places[user.guid], replace(user, guid=places[user.guid]))
            if known.guid != user.guid and user.guid in matched:
                by_name.append(user.name)
            if user.is_model and not known.user_id:  # tools drop the mark by which we know a model
                self._users[known.guid] = replace(known, user_id=user.user_id)
        self._tell("users are taken for those of the same name", by_name)
        return places

    def _add_codes(self, codes: Iterable[QdaCode], matched: Mapping[str, str]) -> dict[str, str]:
        """Parents come first, in the others as here."""
        places: dict[str, str] = {}
        by_name, renamed = [], []
        for code in codes:
            places[code.guid] = matched.get(code.guid) or self._free_guid(code.guid, "code", code.name)
            if code.guid in matched:
                known = self._codes[places[code.guid]]
                if known.guid != code.guid:
                    by_name.append(code.name)
                elif known.name != code.name:
                    renamed.append(f"{code.name} is {known.name}")
                continue
            parent_guid = places[code.parent_guid] if code.parent_guid else None
            self._codes[places[code.guid]] = replace(code, guid=places[code.guid], parent_guid=parent_guid)
        self._tell("codes are taken for those of the same id or name", by_name)
        self._tell("codes have another name in the first project, which stays", renamed)
        return places

    def _add_sources(self, sources: Iterable[QdaSource], matched: Mapping[str, str]) -> dict[str, str]:
        places: dict[str, str] = {}
        other_texts, other_values = [], []
        for source in sources:
            guid = matched.get(source.guid) or self._free_guid(source.guid, "source", source.text)
            places[source.guid] = guid
            known = self._sources.get(guid)
            if known is None:
                self._sources[guid] = replace(source, guid=guid)
                other_texts += [source.name] if guid != source.guid else []
                continue
            self._sources[guid] = replace(known, variables={**source.variables, **known.variables})
            shared = source.variables.keys() & known.variables.keys()
            if any(source.variables[name] != known.variables[name] for name in shared):
                other_values.append(known.name)
        self._tell(
            "sources have another text than the source of the same GUID and are kept apart", other_texts
        )
        self._tell("sources have other values of variables in the first project, which stay", other_values)
        return places

    def _add_variables(self, variables: Iterable[QdaVariable]) -> None:
        guids = {variable.guid for variable in self._variables.values()}
        for variable in variables:
            new = replace(variable, guid="") if variable.guid in guids else variable
            self._variables.setdefault(variable.name, new)

    def _add_codings(self, codings: Iterable[QdaCoding], places: MatchedProject) -> None:
        known = {_what(coding) for coding in self._codings}
        n_before, n_own = len(self._codings), 0
        for coding in codings:
            user_guid = coding.user_guid and places.users[coding.user_guid]
            moved = replace(
                coding,
                source_guid=places.sources[coding.source_guid],
                code_guid=places.codes[coding.code_guid],
                user_guid=user_guid,
            )
            n_own += 1
            if _what(moved) not in known:
                known.add(_what(moved))
                self._codings.append(moved)
        n_added = len(self._codings) - n_before
        self.notes.append(
            f"{self._added}: {n_added:,} codings are added, {n_own - n_added:,} were there already (same "
            "user, code and characters)"
        )

    def _add_sets(self, other: QdaProject, places: MatchedProject) -> None:
        """Sets of one GUID and name are one, and so are those that list what one user was given."""
        names = {SEEN_PREFIX + user.name: self._seen_name(places.users[user.guid]) for user in other.users}
        for own in other.sets:
            moved = replace(
                own,
                name=names.get(own.name, own.name),
                code_guids=tuple(dict.fromkeys(places.codes[guid] for guid in own.code_guids)),
                source_guids=tuple(dict.fromkeys(places.sources[guid] for guid in own.source_guids)),
            )
            place = next((at for at, known in enumerate(self._sets) if _is_same_set(known, moved)), None)
            if place is not None:
                self._sets[place] = _joined_set(self._sets[place], moved)
            else:
                guid = self._free_guid(own.guid, "set", moved.name)
                self._sets.append(replace(moved, guid=guid))

    def _list_seen_in_whole(self, before: QdaProject, other: QdaProject, places: MatchedProject) -> None:
        """Lists, in the sets of who was given what, the sources coded in whole.

        With the code for `seen, no code applies` in a project, a source that a user coded and that is not in
        their set was given in part; projects without that code mean the whole source.
        """
        is_marked = [any(code.guid == SEEN_ONLY_GUID for code in one.codes) for one in (before, other)]
        if is_marked[0] == is_marked[1]:
            return
        whole = other if is_marked[0] else before
        coded: dict[str, dict[str, None]] = {}
        for one in whole.codings:
            if one.user_guid is not None:
                is_own = whole is before
                user_guid = one.user_guid if is_own else places.users[one.user_guid]
                source_guid = one.source_guid if is_own else places.sources[one.source_guid]
                coded.setdefault(self._seen_name(user_guid), {})[source_guid] = None
        self._sets = [
            replace(one, source_guids=tuple(dict.fromkeys((*one.source_guids, *coded.get(one.name, ())))))
            for one in self._sets
        ]

    def _seen_name(self, user_guid: str) -> str:
        return SEEN_PREFIX + self._users[user_guid].name

    def _free_guid(self, guid: str, kind: str, name: str) -> str:
        """The GUID, where nothing has it yet, else one that follows from it."""
        taken = (self._users, self._codes, self._sources, {one.guid for one in self._sets})
        number = 1
        free = guid
        while any(free in guids for guids in taken):
            number += 1
            free = make_guid(f"further {kind}", guid, name, number)
        return free

    def _tell(self, what: str, names: list[str]) -> None:
        if names:
            more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
            shown = ", ".join(name[:60] for name in names[:_MOST_NAMED])
            self.notes.append(f"{self._added}: {len(names):,} {what}: {shown}{more}")


def _what(coding: QdaCoding) -> _What:
    return coding.source_guid, coding.span, coding.code_guid, coding.user_guid


def _is_same_set(known: QdaSet, other: QdaSet) -> bool:
    return known.name == other.name and (known.guid == other.guid or known.name.startswith(SEEN_PREFIX))


def _joined_set(known: QdaSet, other: QdaSet) -> QdaSet:
    """The members of both; a set of who was given what that names no codes means all of them."""
    codes = tuple(dict.fromkeys((*known.code_guids, *other.code_guids)))
    if known.name.startswith(SEEN_PREFIX) and not (known.code_guids and other.code_guids):
        codes = ()
    sources = tuple(dict.fromkeys((*known.source_guids, *other.source_guids)))
    return replace(known, code_guids=codes, source_guids=sources)
