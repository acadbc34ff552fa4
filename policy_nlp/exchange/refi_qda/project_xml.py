"""The XML of a QDA project, written element by element in the order that the schema wants."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import IO, Any

from lxml import etree

from policy_nlp import __version__
from policy_nlp.errors import ExchangeError
from policy_nlp.exchange.refi_qda.guids import GUID_FORM, make_guid
from policy_nlp.exchange.refi_qda.project import (
    QdaCode,
    QdaCoding,
    QdaProject,
    QdaSet,
    QdaSource,
    VariableKind,
)
from policy_nlp.exchange.refi_qda.safe_text import (
    UniqueNames,
    is_date_time,
    is_of_kind,
    unique_code_names,
    xml_safe,
)

NAMESPACE = "urn:QDA-XML:project:1.0"
UNDATED = "1980-01-01T00:00:00Z"  # where no time is known: some readers end at an element without one
LONGEST_NAME = 1000  # code points of a selection's text in its name; readers anchor by how it begins
DEEPEST_CODE = 100  # levels of codes; readers end at deeper XML
_COLOR = re.compile(r"#([0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})")

Attributes = Mapping[str, str | None]
CodingKey = tuple[int, int, int, int]  # start, end, place of the user, place of the code


@dataclass(frozen=True, slots=True)
class CodedSource:
    """One source with all the codings on it."""

    source: QdaSource
    codings: tuple[QdaCoding, ...]


class ProjectXml:
    """One project being written.

    Args:
        stream: takes the bytes.
        project: its name, users, codes, variables and description are written.
        keeps_names: writes names that repeat as they are; otherwise they are made unique.

    Attributes:
        n_repeated: codings left out whose user, code and characters are those of another, though not the
            description or time.
    """

    def __init__(self, stream: IO[bytes], project: QdaProject, *, keeps_names: bool = False) -> None:
        self.n_repeated = 0
        self._stream = stream
        self._project = project
        self._keeps_names = keeps_names
        self._guids: set[str] = set()
        self._source_guids: set[str] = set()
        self._user_places = {user.guid: place for place, user in enumerate(project.users)}
        self._code_places = {code.guid: place for place, code in enumerate(project.codes)}
        self._variable_guids = {
            variable.name: variable.guid or make_guid("variable", variable.name)
            for variable in project.variables
        }
        self._file: Any = None  # lxml's incremental writer, which has no types

    @contextmanager
    def root(self) -> Iterator[ProjectXml]:
        """Writes what stands before the sources, and after the block what stands behind the sets."""
        project = self._project
        first_user = project.users[0].guid if project.users else None
        attributes = {
            "name": project.name,
            "origin": f"policy-nlp {__version__}",
            "creatingUserGUID": first_user,
            "creationDateTime": UNDATED,
        }
        with etree.xmlfile(self._stream, encoding="utf-8") as self._file:
            self._file.write_declaration()
            with self._file.element(_tag("Project"), _safe(attributes), nsmap={None: NAMESPACE}):
                self._line()
                self._write_users()
                self._write_codes()
                self._write_variables()
                yield self
                self._write_text("Description", project.description)

    def write_sources(self, sources: Iterable[CodedSource]) -> None:
        """Writes the sources, one after the other."""
        names = UniqueNames()
        remaining = iter(sources)
        first = next(remaining, None)
        if first is None:
            return
        with self._element("Sources"):
            for coded in chain((first,), remaining):
                self._write_source(coded.source, coded.codings, names=names)

    def write_sets(self, sets: Iterable[QdaSet]) -> None:
        """Writes the sets; each member must have been written before."""
        found = tuple(sets)
        if not found:
            return
        with self._element("Sets"):
            for qda_set in found:
                self._write_set(qda_set)

    def _write_set(self, qda_set: QdaSet) -> None:
        with self._element("Set", {"guid": self._new(qda_set.guid), "name": qda_set.name}):
            for guid in qda_set.code_guids:
                self._check(guid, self._code_places, what=f"set {qda_set.name!r} names code")
                self._write("MemberCode", {"targetGUID": guid})
            for guid in qda_set.source_guids:
                self._check(guid, self._source_guids, what=f"set {qda_set.name!r} names source")
                self._write("MemberSource", {"targetGUID": guid})

    def _write_users(self) -> None:
        if not self._project.users:
            return
        names = UniqueNames()
        with self._element("Users"):
            for user in self._project.users:
                name = self._name(user.name, names)
                self._write("User", {"guid": self._new(user.guid), "name": name, "id": user.user_id or None})

    def _write_codes(self) -> None:
        codes = self._project.codes
        if not codes:
            return
        children: dict[str | None, list[QdaCode]] = {}
        for code in codes:
            children.setdefault(code.parent_guid, []).append(code)
        names = {c.guid: xml_safe(c.name) for c in codes} if self._keeps_names else unique_code_names(codes)
        with self._element("CodeBook"), self._element("Codes"):
            n_written = self._write_family(children, names, parent=None, depth=0)
        if n_written < len(codes):
            raise ExchangeError(
                f"project {self._project.name!r}: {len(codes) - n_written} of {len(codes)} codes hang under "
                "a code that is missing, or in a circle. Correct their parents.",
            )

    def _write_family(
        self,
        children: Mapping[str | None, list[QdaCode]],
        names: Mapping[str, str],
        *,
        parent: str | None,
        depth: int,
    ) -> int:
        """Writes the codes under one parent; returns how many with all below them."""
        if depth >= DEEPEST_CODE:
            raise ExchangeError(
                f"project {self._project.name!r}: codes are nested more than {DEEPEST_CODE} levels deep. "
                "Move them up."
            )
        n_written = 0
        for code in children.get(parent, ()):
            attributes = {
                "guid": self._new(code.guid),
                "name": names[code.guid],
                "isCodable": "true" if code.is_codable else "false",
                "color": code.color if code.color and _COLOR.fullmatch(code.color) else None,
            }
            with self._element("Code", attributes):
                self._write_text("Description", code.description)
                n_written += 1 + self._write_family(children, names, parent=code.guid, depth=depth + 1)
        return n_written

    def _write_variables(self) -> None:
        if not self._project.variables:
            return
        with self._element("Variables"):
            for variable in self._project.variables:
                guid = self._new(self._variable_guids[variable.name])
                attributes = {"guid": guid, "name": variable.name, "typeOfVariable": variable.kind}
                with self._element("Variable", attributes):
                    self._write_text("Description", variable.description)

    def _write_source(self, source: QdaSource, codings: tuple[QdaCoding, ...], *, names: UniqueNames) -> None:
        self._source_guids.add(self._new(source.guid))
        attributes = {
            "guid": source.guid,
            "name": self._name(source.name, names),
            "plainTextPath": f"internal://{source.guid}.txt",
            "creatingUser": self._project.users[0].guid if self._project.users else None,
            "creationDateTime": UNDATED,
        }
        with self._element("TextSource", attributes):
            for coding in self._in_order(source, codings):
                self._write_selection(source, coding)
            for variable in self._project.variables:
                if source.variables.get(variable.name):
                    self._write_value(variable.name, source.variables[variable.name], variable.kind)

    def _in_order(self, source: QdaSource, codings: tuple[QdaCoding, ...]) -> list[QdaCoding]:
        """The codings by position, user and code; of several that say the same, the first."""
        by_key: dict[CodingKey, QdaCoding] = {}
        for coding in codings:
            what = f"source {source.name!r}: a coding names"
            self._check(coding.code_guid, self._code_places, what=f"{what} code")
            self._check(coding.user_guid or "", self._user_places, what=f"{what} user")
            if coding.span.end > len(source.text):
                raise ExchangeError(
                    f"source {source.name!r}: a coding ends at {coding.span.end}, the text at "
                    f"{len(source.text)}. Give the text that was coded.",
                    guid=source.guid,
                )
            places = self._user_places[coding.user_guid or ""], self._code_places[coding.code_guid]
            first = by_key.setdefault((coding.span.start, coding.span.end, *places), coding)
            self.n_repeated += coding != first
        return [by_key[key] for key in sorted(by_key)]

    def _write_selection(self, source: QdaSource, coding: QdaCoding) -> None:
        start, end = coding.span.start, coding.span.end
        identity = (source.guid, start, end, coding.user_guid, coding.code_guid)
        created = coding.created if coding.created and is_date_time(coding.created) else UNDATED
        made = {"creatingUser": coding.user_guid, "creationDateTime": created}
        attributes = {
            "guid": self._new(make_guid("selection", *identity)),
            "name": source.text[start : min(end, start + LONGEST_NAME)],
            "startPosition": str(start),
            "endPosition": str(end),
            **made,
        }
        with self._element("PlainTextSelection", attributes):
            self._write_text("Description", coding.description)
            with self._element("Coding", {"guid": self._new(make_guid("coding", *identity)), **made}):
                self._write("CodeRef", {"targetGUID": coding.code_guid})

    def _write_value(self, name: str, value: str, kind: VariableKind) -> None:
        element = f"{kind}Value" if is_of_kind(value, kind) else "TextValue"
        with self._element("VariableValue"):
            self._write("VariableRef", {"targetGUID": self._variable_guids[name]})
            with self._element(element, is_line=False):
                self._file.write(xml_safe(value))

    def _write_text(self, name: str, text: str) -> None:
        if text:
            with self._element(name, is_line=False):
                self._file.write(xml_safe(text))

    def _write(self, name: str, attributes: Attributes) -> None:
        with self._element(name, attributes, is_line=False):
            pass

    @contextmanager
    def _element(
        self, name: str, attributes: Attributes | None = None, *, is_line: bool = True
    ) -> Iterator[None]:
        """One element on a line of its own; `is_line`: its content begins on the next."""
        with self._file.element(_tag(name), _safe(attributes or {})):
            if is_line:
                self._line()
            yield
        self._line()

    def _line(self) -> None:
        self._file.write("\n")

    def _name(self, name: str, names: UniqueNames) -> str:
        return xml_safe(name) if self._keeps_names else names.take(xml_safe(name))

    def _new(self, guid: str) -> str:
        """The GUID, when it is one and nothing else has it."""
        if not GUID_FORM.fullmatch(guid) or guid in self._guids:
            what = "is used twice" if guid in self._guids else "is no GUID in lower case without braces"
            raise ExchangeError(
                f"project {self._project.name!r}: {guid!r} {what}. Give each thing a GUID of its own.",
                guid=guid,
            )
        self._guids.add(guid)
        return guid

    def _check(self, guid: str, known: Iterable[str], *, what: str) -> None:
        if guid not in known:
            raise ExchangeError(f"{what} {guid}, which is not in the project. Add it.", guid=guid)


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _safe(attributes: Attributes) -> dict[str, str]:
    return {name: xml_safe(value) for name, value in attributes.items() if value is not None}
