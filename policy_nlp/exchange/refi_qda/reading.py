"""REFI-QDA projects (.qdpx, .qde) -> QdaProject, with what was mended and what was left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args

from lxml.etree import _Element

from policy_nlp.documents.xml_reading import child, local_name
from policy_nlp.errors import ExchangeError
from policy_nlp.exchange.refi_qda.archive import ProjectFiles, open_project
from policy_nlp.exchange.refi_qda.codes_reading import read_codes
from policy_nlp.exchange.refi_qda.codings_reading import read_codings
from policy_nlp.exchange.refi_qda.findings import Findings
from policy_nlp.exchange.refi_qda.guids import make_guid
from policy_nlp.exchange.refi_qda.project import (
    QdaProject,
    QdaSet,
    QdaSource,
    QdaUser,
    QdaVariable,
    ReadProject,
    VariableKind,
)
from policy_nlp.exchange.refi_qda.sources_reading import RawSource, SourcesReader, values_of
from policy_nlp.exchange.refi_qda.xml_reading import (
    attribute,
    children,
    description_of,
    guid_of,
    line_of,
    parse_root,
    shorten,
)

_PARTS = frozenset(
    {"Users", "CodeBook", "Variables", "Cases", "Sources", "Notes", "Links", "Sets", "Graphs", "Description"}
)


def read_project(path: Path) -> ReadProject:
    """The project in a .qdpx archive or a bare .qde file.

    Raises:
        ExchangeError: the file cannot be read, is no project, or says two things at once (one GUID for two
            codes); the message names the file, the line and what to do.
    """
    with open_project(path) as files:
        findings = Findings()
        for line in files.repairs:
            findings.mend(line)
        sources = SourcesReader(files, findings)
        root = parse_root(files.xml, files.xml_name, on_part=sources.add)
        if local_name(root) != "Project":
            raise ExchangeError(
                f"{files.xml_name}:1: the root element is {shorten(local_name(root))!r}, expected 'Project'. "
                "A codebook (.qdc) is read by `policy-nlp codebook convert`.",
                path=path,
                line=1,
            )
        return _read_root(root, files, sources=sources.sources, findings=findings)


def _read_root(
    root: _Element, files: ProjectFiles, *, sources: Sequence[RawSource], findings: Findings
) -> ReadProject:
    users = _read_users(root, files.xml_name, findings)
    codes = read_codes(child(root, "CodeBook", "Codes"), files.xml_name)
    for line in codes.repairs:
        findings.mend(line)
    for line in codes.losses:
        n_lost, _, what = line.partition(" ")
        findings.lose(what, int(n_lost))
    codings = read_codings(
        sources,
        codes=codes.codes,
        users=users,
        default_user=guid_of(root, "modifyingUserGUID", "creatingUserGUID", "modifyingUser", "creatingUser"),
        findings=findings,
    )
    variables = _read_variables(root, findings)
    project = QdaProject(
        name=attribute(root, "name") or "",
        users=codings.users,
        codes=codes.codes,
        sources=_sources_with_values(root, sources, variables=variables, findings=findings),
        codings=codings.codings,
        sets=tuple(_iter_sets(root, {code.guid for code in codes.codes}, sources=sources, findings=findings)),
        origin=attribute(root, "origin") or "",
        variables=tuple(variables.values()),
        description=description_of(root),
    )
    _lose_rest(root, findings)
    return ReadProject(project, findings.repairs, findings.losses)


def _read_users(root: _Element, shown_path: str, findings: Findings) -> dict[str, QdaUser]:
    users: dict[str, QdaUser] = {}
    for element in _items(root, "Users", "User"):
        name = attribute(element, "name") or attribute(element, "id") or f"user {len(users) + 1}"
        guid = guid_of(element)
        if not guid:
            guid = make_guid("user without a GUID", len(users), name)
            findings.mend(f"user {shorten(name)!r} has no GUID, so that no coding can be theirs")
        known = users.get(guid)
        if known is not None and known.name != name:
            line = line_of(element)
            raise ExchangeError(
                f"{shown_path}:{line}: GUID {guid} stands for two users, {shorten(known.name)!r} and "
                f"{shorten(name)!r}, so that coders cannot be told apart. Give each user their own GUID.",
                path=shown_path,
                line=line,
                guid=guid,
            )
        users[guid] = QdaUser(guid, name, attribute(element, "id") or "")
    return users


def _read_variables(root: _Element, findings: Findings) -> dict[str, QdaVariable]:
    """By GUID; classifications of one program may have variables of one name."""
    kinds = {kind.lower(): kind for kind in get_args(VariableKind)}
    names: set[str] = set()
    variables: dict[str, QdaVariable] = {}
    for element in _items(root, "Variables", "Variable"):
        guid = guid_of(element)
        if not guid or guid in variables:
            findings.lose("variables without a GUID of their own")
            continue
        name = unique = attribute(element, "name") or guid
        number = 1
        while unique in names:
            number += 1
            unique = f"{name} ({number})"
        if unique != name:
            findings.mend(f"two variables are called {shorten(name)!r}; the later is {shorten(unique)!r}")
        names.add(unique)
        kind = kinds.get((attribute(element, "typeOfVariable") or "").lower(), "Text")
        variables[guid] = QdaVariable(unique, kind, description_of(element), guid)
    return variables


def _sources_with_values(
    root: _Element, sources: Sequence[RawSource], *, variables: dict[str, QdaVariable], findings: Findings
) -> tuple[QdaSource, ...]:
    """The sources with their own values of variables, then those of the cases they belong to."""
    values = {source.guid: dict(source.values) for source in sources}
    for case in _items(root, "Cases", "Case"):
        own = values_of(case)
        members = [guid_of(node, "targetGUID", "guid") for node in children(case, "SourceRef")]
        members = [guid for guid in members if guid in values]
        findings.lose("cases as such (their values went to their sources)" if own and members else "cases")
        if not members:
            findings.lose("values of variables of cases without a text", len(own))
        for guid in members:
            n_other = sum(values[guid].get(key, value) != value for key, value in own.items())
            findings.lose(
                "values of cases where the source, or another case of it, has another value", n_other
            )
            values[guid] = own | values[guid]
    n_unknown = sum(guid not in variables for own in values.values() for guid in own)
    findings.lose("values of variables that the project does not define", n_unknown)
    return tuple(
        QdaSource(
            source.guid,
            source.name,
            source.text.text,
            {variables[guid].name: value for guid, value in values[source.guid].items() if guid in variables},
        )
        for source in sources
    )


def _iter_sets(
    root: _Element, code_guids: set[str], *, sources: Sequence[RawSource], findings: Findings
) -> Iterator[QdaSet]:
    source_guids = {source.guid for source in sources}
    for number, element in enumerate(_items(root, "Sets", "Set")):
        name = attribute(element, "name") or f"set {number + 1}"
        codes = [guid_of(node, "targetGUID", "guid") for node in children(element, "MemberCode")]
        members = [guid_of(node, "targetGUID", "guid") for node in children(element, "MemberSource")]
        kept_codes = tuple(dict.fromkeys(guid for guid in codes if guid in code_guids))
        kept_sources = tuple(dict.fromkeys(guid for guid in members if guid in source_guids))
        n_missing = len(set(codes)) + len(set(members)) - len(kept_codes) - len(kept_sources)
        findings.lose("members of sets that are no code or source that was kept", n_missing)
        findings.lose("notes in sets", sum(1 for _ in children(element, "MemberNote")))
        findings.lose("descriptions of sets", bool(description_of(element)))
        guid = guid_of(element) or make_guid("set without a GUID", number, name)
        yield QdaSet(guid, name, kept_codes, kept_sources)


def _lose_rest(root: _Element, findings: Findings) -> None:
    """Note what of a project has no place in the records."""
    for parent, name, what in (
        ("Notes", "Note", "notes (memos)"),
        ("Links", "Link", "links"),
        ("Graphs", "Graph", "graphs (networks)"),
    ):
        findings.lose(what, sum(1 for _ in _items(root, parent, name)))
    n_codings = sum(1 for group in children(root, "Notes") for _ in group.iter("{*}Coding"))
    findings.lose("codings of notes", n_codings)
    findings.lose("links of the project to notes", sum(1 for _ in children(root, "NoteRef")))
    for element in root:
        name = local_name(element)
        if name and name not in _PARTS and name != "NoteRef":
            findings.lose(f"unknown elements {shorten(name)!r}")


def _items(root: _Element, parent: str, name: str) -> Iterator[_Element]:
    """The elements of one list of the project."""
    return (node for group in children(root, parent) for node in children(group, name))
