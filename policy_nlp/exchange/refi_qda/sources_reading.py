"""Source elements of a project -> their text, selections and codings as the file has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml.etree import _Element

from policy_nlp.documents.xml_reading import child, local_name
from policy_nlp.encodings import decode_text
from policy_nlp.errors import EncodingError
from policy_nlp.exchange.refi_qda.anchors import Selection
from policy_nlp.exchange.refi_qda.archive import ProjectFiles
from policy_nlp.exchange.refi_qda.findings import Findings
from policy_nlp.exchange.refi_qda.guids import make_guid
from policy_nlp.exchange.refi_qda.line_ends import NormalText, normalize_line_ends
from policy_nlp.exchange.refi_qda.xml_reading import (
    SELECTION_NAME,
    TEXT_NAMES,
    attribute,
    children,
    description_of,
    guid_of,
    line_of,
    shorten,
    text_of,
)

_KNOWN = frozenset(
    {"Description", "PlainTextContent", "Coding", "NoteRef", "VariableValue", "Transcript", *TEXT_NAMES}
)
_POSITION = re.compile(r"([+-]?)0*(\d+)")
_FARTHEST = 10**15  # positions beyond are outside every text


@dataclass(frozen=True, slots=True)
class RawCoding:
    """A coding as the file has it; GUIDs are empty where it names none."""

    code_guid: str
    user_guid: str
    created: str | None


@dataclass(frozen=True, slots=True)
class RawSelection:
    """A selection of characters and the codings on it."""

    selection: Selection
    description: str
    codings: tuple[RawCoding, ...]


@dataclass(frozen=True, slots=True)
class RawSource:
    """A source with a text.

    Attributes:
        user_guid: who changed or made the source; empty where it names nobody.
        codings: of the source as a whole.
        values: variable GUID -> value.
    """

    guid: str
    name: str
    user_guid: str
    text: NormalText
    selections: tuple[RawSelection, ...]
    codings: tuple[RawCoding, ...]
    values: Mapping[str, str]


@dataclass(slots=True)
class _Pending:
    """The selections of characters of a source whose end was not yet reached."""

    selections: list[RawSelection] = field(default_factory=list)
    n_codings: int = 0
    n_uncoded: int = 0
    n_unplaced: int = 0  # codings whose position is no number
    n_notes: int = 0
    guids: set[str] = field(default_factory=set)  # in texts of pdfs, whose areas repeat them


class SourcesReader:
    """Takes the elements of sources as they are parsed; `sources` has those with a text."""

    def __init__(self, files: ProjectFiles, findings: Findings) -> None:
        self.sources: list[RawSource] = []
        self._files = files
        self._findings = findings
        self._guids: set[str] = set()
        self._pending = _Pending()

    def add(self, element: _Element) -> None:
        """Read a selection, or the source that holds the selections read since the last source."""
        if local_name(element) == SELECTION_NAME:
            self._add_selection(element)
        else:
            self._add_source(element)
            self._pending = _Pending()

    def _add_source(self, element: _Element) -> None:
        text_element = element if local_name(element) == "TextSource" else _text_element(element)
        n_codings = self._pending.n_codings + sum(1 for _ in element.iter("{*}Coding"))
        title = self._title(element)
        if text_element is None:
            kind = local_name(element).removesuffix("Source")
            self._lose(element, f"{kind} source {title!r}: it has no text", n_codings)
            return
        text = self._read_text(text_element, title, guid_of(element))
        if isinstance(text, str):
            self._lose(element, f"source {title!r}: {text}", n_codings)
            return
        self._lose_parts(element, title)
        self.sources.append(
            RawSource(
                guid=self._unique_guid(element, title),
                name=attribute(element, "name") or title,
                user_guid=guid_of(element, "modifyingUser", "creatingUser"),
                text=text,
                selections=tuple(self._pending.selections),
                codings=tuple(
                    coding
                    for node in dict.fromkeys((element, text_element))
                    for coding in self._codings(node)
                ),
                values=values_of(text_element) | values_of(element),
            )
        )

    def _title(self, element: _Element) -> str:
        """What messages call a source."""
        name = attribute(element, "name") or guid_of(element) or f"line {line_of(element)}"
        return shorten(name)

    def _read_text(self, element: _Element, title: str, guid: str) -> NormalText | str:
        """The text of a source, or why it cannot be had."""
        path = (attribute(element, "plainTextPath") or "").strip()
        if not path and (attribute(element, "richTextPath") or "").lower().endswith(".txt"):
            path = (attribute(element, "richTextPath") or "").strip()
        inline = child(element, "PlainTextContent")
        content = self._files.read_source(path) if path else None
        if content is None and inline is None and path:
            content = self._files.read_source(f"{guid}.txt")
        if content is not None:
            return self._decode(content, title)
        if inline is not None and (text_of(inline) or not path):
            if path:
                self._findings.mend(
                    f"source {title!r}: {shorten(path)} is missing; its inline text was read",
                    is_of_source=True,
                )
            return normalize_line_ends(text_of(inline))
        if path:
            return f"its text {shorten(path)} did not come with the project"
        return "it has no plain text"

    def _decode(self, content: bytes, title: str) -> NormalText | str:
        try:
            raw = content.decode("utf-8")
        except UnicodeDecodeError:
            raw = ""
        if raw and "\0" not in raw:
            return normalize_line_ends(raw)
        try:
            decoded = decode_text(content)
        except EncodingError:
            return "the file of its text is no text"
        if decoded.encoding not in ("utf-8", "utf-8-sig"):
            sure = f"{decoded.confidence:.0%} sure"
            self._findings.mend(
                f"source {title!r}: its text is not UTF-8; read as {decoded.encoding} ({sure})",
                is_of_source=True,
            )
        has_mark = decoded.encoding == "utf-8-sig"
        return normalize_line_ends(decoded.text, has_mark=has_mark)

    def _add_selection(self, element: _Element) -> None:
        pending = self._pending
        start, end = (_position(attribute(element, name)) for name in ("startPosition", "endPosition"))
        codings = self._codings(element)
        if (above := element.getparent()) is not None and local_name(above) in TEXT_NAMES:
            pending.guids.add(guid_of(element))
        pending.n_codings += sum(1 for _ in children(element, "Coding"))
        pending.n_notes += sum(1 for _ in element.iter("{*}NoteRef"))
        if not codings:
            pending.n_uncoded += 1
        elif start is None or end is None:
            pending.n_unplaced += len(codings)
        else:
            description = description_of(element)
            texts = tuple(filter(None, (attribute(element, "name"), description)))
            pending.selections.append(RawSelection(Selection(start, end, texts), description, codings))

    def _codings(self, element: _Element) -> tuple[RawCoding, ...]:
        """The codings directly on a selection or source; one that names several codes is several."""
        found: list[RawCoding] = []
        default_user = (
            "" if local_name(element) != SELECTION_NAME else guid_of(element, "creatingUser", "modifyingUser")
        )
        default_date = attribute(element, "creationDateTime")
        for coding in children(element, "Coding"):
            references = [guid_of(node, "targetGUID", "guid") for node in children(coding, "CodeRef")]
            user = guid_of(coding, "creatingUser", "modifyingUser") or default_user
            created = attribute(coding, "creationDateTime") or default_date
            found.extend(RawCoding(guid, user, created) for guid in references if guid)
            if not any(references):
                self._findings.lose("codings that name no code")
        return tuple(found)

    def _lose(self, element: _Element, why: str, n_codings: int) -> None:
        n_selections = sum(1 for node in element.iter() if local_name(node).endswith("Selection"))
        self._findings.lose(f"{why} ({n_selections} selections, {n_codings} codings)", is_of_source=True)

    def _lose_parts(self, element: _Element, title: str) -> None:
        """Note what of a source with a text is not kept: areas of pages, notes, descriptions.

        ATLAS.ti writes a quotation in a pdf twice, as an area and as a selection in the text, with one GUID:
        such an area is not lost.
        """
        areas = [node for node in element if local_name(node).endswith("Selection")]
        areas = [node for node in areas if local_name(node) != SELECTION_NAME]
        areas = [node for node in areas if guid_of(node) not in self._pending.guids]
        n_codings = sum(1 for area in areas for _ in area.iter("{*}Coding"))
        if areas:
            self._findings.lose(
                f"areas of pages or pictures in source {title!r} ({n_codings} codings)",
                len(areas),
                is_of_source=True,
            )
        n_notes = self._pending.n_notes + sum(1 for _ in element.iter("{*}NoteRef"))
        self._findings.lose("links of sources, selections and codings to notes", n_notes)
        self._findings.lose("selections without a code", self._pending.n_uncoded)
        n_unplaced = self._pending.n_unplaced
        self._findings.lose(
            f"codings of source {title!r} whose position is no number", n_unplaced, is_of_source=True
        )
        self._findings.lose("descriptions of sources", bool(description_of(element)))
        for node in element:
            name = local_name(node)
            if name and name not in _KNOWN and not name.endswith("Selection"):
                self._findings.lose(f"unknown elements {shorten(name)!r} in sources")

    def _unique_guid(self, element: _Element, title: str) -> str:
        stated = guid_of(element)
        guid = stated or make_guid("source without a GUID", len(self.sources), title)
        if not stated:
            self._findings.mend(f"source {title!r} has no GUID; it was given one", is_of_source=True)
        elif guid in self._guids:
            guid = make_guid("repeated source", stated, len(self.sources))
            self._findings.mend(
                f"source {title!r} has the GUID {stated} of another source; it was given its own",
                is_of_source=True,
            )
        self._guids.add(guid)
        return guid


def values_of(element: _Element) -> dict[str, str]:
    """Variable GUID -> value as text, of a source or a case."""
    values = {}
    for node in children(element, "VariableValue"):
        reference = child(node, "VariableRef")
        value = next((text_of(part) for part in node if local_name(part).endswith("Value")), "")
        guid = "" if reference is None else guid_of(reference, "targetGUID", "guid")
        if guid and value:
            values[guid] = value
    return values


def _text_element(element: _Element) -> _Element | None:
    return next((node for node in children(element, *TEXT_NAMES)), None)


def _position(text: str | None) -> int | None:
    match = _POSITION.fullmatch((text or "").strip())
    if match is None:
        return None
    position = int(match.group(2)[:17]) if len(match.group(2)) < 17 else _FARTHEST
    position = min(position, _FARTHEST)
    return -position if match.group(1) == "-" else position
