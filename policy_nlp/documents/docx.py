"""Word documents (.docx) -> text. Reads the parts of the package itself, each within bounds."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from zipfile import ZipFile

from lxml.etree import _Element

from policy_nlp.documents.docx_numbering import read_numbering
from policy_nlp.documents.docx_text import PICTURES, Style, WordReader
from policy_nlp.documents.titles import believed_title
from policy_nlp.documents.xml_reading import attribute, child, child_value, is_on, local_name, parse_xml
from policy_nlp.documents.zip_reading import open_zip, read_member
from policy_nlp.errors import DocumentError, NoTextError
from policy_nlp.records import ExtractedText, InputFile

MAX_PART_BYTES = 200 << 20  # unpacked XML of one part; a thousand pages are about 20 MB


@dataclass(frozen=True, slots=True)
class _Package:
    """The zip of a document and where its parts are."""

    container: ZipFile
    shown_path: str
    main_name: str
    part_names: dict[str, str]  # kind of relation (styles, numbering, footnotes ...) -> part

    def parse(self, kind: str) -> _Element | None:
        """Root of the part that stands in relation `kind` to the document, or None."""
        name = self.part_names.get(kind)
        return None if name is None else _parse_part(self.container, name, self.shown_path)


def read_docx(source: InputFile) -> Iterator[ExtractedText]:
    """The text of a Word document: body in document order, then foot- and endnotes.

    Raises:
        DocumentError: the package or its XML is damaged, or unpacks beyond all bounds.
        NoTextError: there is no text in it.
    """
    with open_zip(source.path, source.shown_path) as container:
        try:
            yield _read_package(_open_package(container, source.shown_path))
        except RecursionError as err:
            raise DocumentError(
                f"{source.shown_path}: its tables or text boxes are nested too deeply to be read. Save it as "
                "plain text in Word or WPS.",
                path=source.shown_path,
            ) from err


def _read_package(package: _Package) -> ExtractedText:
    main = _parse_part(package.container, package.main_name, package.shown_path)
    body = None if main is None else child(main, "body")
    if body is None:
        raise DocumentError(
            f"{package.shown_path}: found no document body in the package, expected {package.main_name}. "
            "Open it in Word or WPS and save it again.",
            path=package.shown_path,
        )
    reader = WordReader(_read_styles(package.parse("styles")), read_numbering(package.parse("numbering")))
    lines = list(reader.iter_lines(body))
    lines += _iter_notes(reader, package)
    text = "\n".join(lines)
    if not text.strip():
        pictures = reader.left_out[PICTURES]
        mend = f", only {pictures} pictures; run OCR on them first" if pictures else ""
        raise NoTextError(f"{package.shown_path}: the document holds no text{mend}", path=package.shown_path)
    title = _find_stated_title(reader, package, text)
    return ExtractedText(text=text, format="docx", title=title, warnings=_warnings(reader.left_out))


def _open_package(container: ZipFile, shown_path: str) -> _Package:
    root = _parse_part(container, "_rels/.rels", shown_path)
    relations = {} if root is None else _read_relations(root, "")
    main_name = relations.get("officeDocument", "word/document.xml")
    folder, name = posixpath.split(main_name)
    part_root = _parse_part(container, f"{folder}/_rels/{name}.rels", shown_path)
    part_names = {} if part_root is None else _read_relations(part_root, folder)
    if "core-properties" in relations:
        part_names["core-properties"] = relations["core-properties"]
    return _Package(container, shown_path, main_name, part_names)


def _parse_part(container: ZipFile, name: str, shown_path: str) -> _Element | None:
    content = read_member(container, name, shown_path=shown_path, max_bytes=MAX_PART_BYTES)
    return None if content is None else parse_xml(content, shown_path)


def _read_relations(root: _Element, folder: str) -> dict[str, str]:
    """Kind of relation -> name of the part inside the package; parts outside it are not followed."""
    relations: dict[str, str] = {}
    for node in root:
        kind, target = attribute(node, "Type") or "", attribute(node, "Target") or ""
        if attribute(node, "TargetMode") != "External":
            path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            relations.setdefault(kind.rpartition("/")[2], posixpath.normpath(path))
    return relations


def _read_styles(root: _Element | None) -> dict[str, Style]:
    if root is None:
        return {}
    nodes = {attribute(node, "styleId") or "": node for node in root if local_name(node) == "style"}
    return {style_id: _resolve_style(style_id, nodes) for style_id in nodes}


def _resolve_style(style_id: str, nodes: dict[str, _Element]) -> Style:
    """The style with what it inherits from the styles it is based on."""
    list_id = level = None
    is_hidden = False
    names: list[str] = []
    seen: set[str] = set()
    current: str | None = style_id
    while current is not None and current in nodes and current not in seen:
        seen.add(current)
        node = nodes[current]
        names.append((child_value(node, "name") or "").lower())
        list_id = list_id or child_value(node, "pPr", "numPr", "numId")
        level = level or child_value(node, "pPr", "numPr", "ilvl")
        is_hidden = is_hidden or is_on(node, "rPr", "vanish")
        current = child_value(node, "basedOn")
    return Style(
        list_id=list_id,
        level=int(level) if level is not None and level.isdecimal() else None,
        is_hidden=is_hidden,
        is_contents=re.fullmatch(r"toc \d", names[0]) is not None,
        is_title=names[0] == "title",
    )


def _iter_notes(reader: WordReader, package: _Package) -> Iterator[str]:
    """Lines of the foot- and endnotes in the order the text refers to them."""
    roots = {kind: package.parse(f"{kind}s") for kind in ("footnote", "endnote")}
    notes = {
        (kind, attribute(node, "id") or ""): node
        for kind, root in roots.items()
        if root is not None
        for node in root
        if local_name(node) == kind
    }
    for key in dict.fromkeys(reader.note_ids):
        if key in notes:
            yield from reader.iter_lines(notes[key])


def _find_stated_title(reader: WordReader, package: _Package, text: str) -> str | None:
    """The paragraphs in style Title, else the title property where the document begins with it."""
    if reader.titles:
        return "".join(reader.titles[:3])
    root = package.parse("core-properties")
    node = None if root is None else child(root, "title")
    stated = "" if node is None else (node.text or "").strip()
    return believed_title(stated, text)


def _warnings(left_out: Counter[str]) -> tuple[str, ...]:
    return tuple(
        f"left out: {name} ({count})"
        for name, count in sorted(left_out.items())
        if count and name != PICTURES
    )
