"""Code elements -> QdaCode records: of project files and of .qdc codebooks."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml.etree import _Element

from policy_nlp.errors import ExchangeError
from policy_nlp.exchange.refi_qda.guids import make_guid
from policy_nlp.exchange.refi_qda.project import QdaCode
from policy_nlp.exchange.refi_qda.xml_reading import (
    attribute,
    children,
    color_of,
    description_of,
    guid_of,
    is_true,
    line_of,
    shorten,
)

MAX_CODES = 100_000


@dataclass(frozen=True, slots=True)
class ReadCodes:
    """Codes in the order of the file, parents first; what had to be mended, what is left out."""

    codes: tuple[QdaCode, ...]
    repairs: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()


def read_codes(codes: _Element | None, shown_path: str) -> ReadCodes:
    """The codes inside a `Codes` element, at any depth; nothing where it is None.

    The same GUID twice is one code where both have one name.

    Raises:
        ExchangeError: a GUID stands for two names, a code is nested in itself, or there are too many.
    """
    reader = _CodesReader(shown_path)
    stack = [] if codes is None else [_Place(node, None) for node in reversed([*children(codes, "Code")])]
    while stack:  # not recursive: codes may be nested a thousand deep
        place = stack.pop()
        guid = reader.add(place)
        stack.extend(_Place(node, guid) for node in reversed([*children(place.element, "Code")]))
    return reader.finished()


@dataclass(frozen=True, slots=True)
class _Place:
    """A Code element and the GUID of the code it is nested in."""

    element: _Element
    parent_guid: str | None


@dataclass(slots=True)
class _CodesReader:
    """The codes so far, and what was found on the way."""

    shown_path: str
    codes: dict[str, QdaCode] = field(default_factory=dict)
    n_notes: int = 0
    n_without_guid: int = 0
    n_colors: int = 0
    repeated: list[str] = field(default_factory=list)

    def add(self, place: _Place) -> str:
        """Take one code; its GUID comes back."""
        element = place.element
        name = attribute(element, "name") or ""
        guid = guid_of(element) or self._made_guid(place, name)
        known = self.codes.get(guid)
        if known is not None:
            self._check_repeated(place, known, name)
            return guid
        if len(self.codes) >= MAX_CODES:
            raise self._error(element, f"more than {MAX_CODES:,} codes. Export a smaller codebook")
        self.n_notes += sum(1 for _ in children(element, "NoteRef"))
        color = color_of(element)
        self.n_colors += color is None and bool((attribute(element, "color") or "").strip())
        self.codes[guid] = QdaCode(
            guid=guid,
            name=name or f"unnamed code {len(self.codes) + 1}",
            parent_guid=place.parent_guid,
            description=description_of(element),
            color=color,
            is_codable=is_true(attribute(element, "isCodable"), default=True),
        )
        return guid

    def finished(self) -> ReadCodes:
        """All codes with what was found."""
        repairs, losses = [], []
        if self.repeated:
            names = ", ".join(self.repeated[:5])
            repairs.append(f"{len(self.repeated)} codes stand twice with one GUID; read once: {names}")
        if self.n_without_guid:
            repairs.append(f"{self.n_without_guid} codes have no GUID; each was given one")
        if self.n_notes:
            losses.append(f"{self.n_notes} links of codes to notes")
        if self.n_colors:
            losses.append(f"{self.n_colors} colours of codes that are not of the form #RRGGBB")
        return ReadCodes(tuple(self.codes.values()), tuple(repairs), tuple(losses))

    def _made_guid(self, place: _Place, name: str) -> str:
        self.n_without_guid += 1
        return make_guid("code without a GUID", place.parent_guid, self.n_without_guid, name)

    def _check_repeated(self, place: _Place, known: QdaCode, name: str) -> None:
        if place.parent_guid is not None and self._is_inside(place.parent_guid, known.guid):
            raise self._error(
                place.element,
                f"code {shorten(known.name)!r} ({known.guid}) is nested in itself, expected a tree. "
                "Export the codebook again, or delete one of the two",
            )
        if name and name != known.name:
            raise self._error(
                place.element,
                f"GUID {known.guid} stands for two codes, {shorten(known.name)!r} and {shorten(name)!r}, "
                "so that codings cannot be told apart. Give each code its own GUID",
            )
        self.repeated.append(shorten(known.name))

    def _is_inside(self, guid: str | None, ancestor_guid: str) -> bool:
        while guid is not None and guid != ancestor_guid:
            guid = self.codes[guid].parent_guid
        return guid is not None

    def _error(self, element: _Element, what: str) -> ExchangeError:
        line = line_of(element)
        return ExchangeError(f"{self.shown_path}:{line}: {what}.", path=self.shown_path, line=line)
