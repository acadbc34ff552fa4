"""Codebook files of REFI-QDA (.qdc: bare XML) <-> QdaCodebook."""

from __future__ import annotations

from pathlib import Path

from lxml import etree
from lxml.etree import _Element

from policy_nlp import __version__
from policy_nlp.documents.xml_reading import attribute, child, local_name
from policy_nlp.errors import ExchangeError
from policy_nlp.exchange.refi_qda.codes_reading import read_codes
from policy_nlp.exchange.refi_qda.guids import make_guid
from policy_nlp.exchange.refi_qda.project import QdaCode, QdaCodebook, QdaSet
from policy_nlp.exchange.refi_qda.safe_text import unique_code_names, xml_safe
from policy_nlp.exchange.refi_qda.xml_reading import children, description_of, guid_of, parse_root, shorten

NAMESPACE = "urn:QDA-XML:codebook:1.0"
_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'


def parse_qdc(content: bytes, shown_path: str) -> QdaCodebook:
    """The codebook in the bytes of a .qdc file; also the codes alone of a bare .qde project.

    Raises:
        ExchangeError: the XML is damaged or is no codebook, or its codes are no tree.
    """
    if content.startswith(b"PK\x03\x04"):
        raise ExchangeError(
            f"{shown_path}: is a zip archive, expected the bare XML of a codebook. Rename it to .qdpx if "
            "it is a project.",
            path=shown_path,
        )
    root = parse_root(content, shown_path)
    book = child(root, "CodeBook") if local_name(root) == "Project" else root
    if book is None or local_name(book) != "CodeBook":
        raise ExchangeError(
            f"{shown_path}: found the XML of {shorten(local_name(root))!r}, expected a CodeBook. Export the "
            "codebook again, as REFI-QDA codebook (.qdc).",
            path=shown_path,
        )
    read = read_codes(child(book, "Codes"), shown_path)
    known = {code.guid for code in read.codes}
    sets = tuple(_read_set(element, known) for element in _elements(book, "Sets", "Set"))
    return QdaCodebook(
        name=Path(shown_path).stem,
        codes=read.codes,
        sets=sets,
        origin=attribute(root, "origin") or "",
        losses=(*read.repairs, *read.losses),
    )


def qdc_bytes(codebook: QdaCodebook) -> bytes:
    """The .qdc file of a codebook: valid, UTF-8 without byte order mark; the same codebook, the same bytes.

    Raises:
        ExchangeError: there is no code, or a code lies in one that comes later or is missing.
    """
    if not codebook.codes:
        raise ExchangeError(f"codebook {codebook.name!r} has no codes; a .qdc file needs one or more.")
    root = etree.Element(_tag("CodeBook"), nsmap={None: NAMESPACE})
    root.set("origin", f"policy-nlp {__version__}")
    _add_codes(etree.SubElement(root, _tag("Codes")), codebook)
    if codebook.sets:
        _add_sets(etree.SubElement(root, _tag("Sets")), codebook.sets)
    etree.indent(root, space="  ")
    return _DECLARATION + bytes(etree.tostring(root, encoding="utf-8")) + b"\n"


def _read_set(element: _Element, known: set[str]) -> QdaSet:
    name = attribute(element, "name") or ""
    members = (guid_of(member, "guid", "targetGUID") for member in children(element, "MemberCode"))
    return QdaSet(
        guid=guid_of(element) or make_guid("set without a GUID", name),
        name=name,
        code_guids=tuple(guid for guid in members if guid in known),
        description=description_of(element),
    )


def _elements(root: _Element, around: str, name: str) -> list[_Element]:
    parent = child(root, around)
    return [] if parent is None else list(children(parent, name))


def _add_codes(parent: _Element, codebook: QdaCodebook) -> None:
    names = unique_code_names(codebook.codes)
    elements: dict[str | None, _Element] = {None: parent}
    for code in codebook.codes:
        above = elements.get(code.parent_guid)
        if above is None or code.guid in elements:
            what = (
                "stands twice" if code.guid in elements else "lies in a code that comes later or is missing"
            )
            raise ExchangeError(
                f"codebook {codebook.name!r}: code {shorten(code.name)!r} {what}. Correct it.", guid=code.guid
            )
        elements[code.guid] = _add_code(above, code, names[code.guid])


def _add_code(parent: _Element, code: QdaCode, name: str) -> _Element:
    element = etree.SubElement(parent, _tag("Code"))
    element.set("guid", code.guid)
    element.set("name", name)
    element.set("isCodable", "true" if code.is_codable else "false")
    if code.color:
        element.set("color", code.color)
    _add_description(element, code.description)
    return element


def _add_sets(parent: _Element, sets: tuple[QdaSet, ...]) -> None:
    for qda_set in sets:
        element = etree.SubElement(parent, _tag("Set"))
        element.set("guid", qda_set.guid)
        element.set("name", xml_safe(qda_set.name))
        _add_description(element, qda_set.description)
        for guid in qda_set.code_guids:
            etree.SubElement(element, _tag("MemberCode")).set("guid", guid)


def _add_description(parent: _Element, text: str) -> None:
    if text:
        etree.SubElement(parent, _tag("Description")).text = xml_safe(text)


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
