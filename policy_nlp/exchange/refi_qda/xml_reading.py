"""XML of projects and codebooks: parsed without entities or outside access, GUIDs and values in one form."""

from __future__ import annotations

import codecs
import io
import re
import uuid
from collections.abc import Callable, Iterator

from lxml import etree
from lxml.etree import _Element

from policy_nlp.documents.xml_reading import child, local_name
from policy_nlp.errors import ExchangeError
from policy_nlp.exchange.refi_qda.guids import GUID_FORM, make_guid

MAX_XML_BYTES = 256 << 20
MAX_XML_MARKS = 12_000_000  # tags and attributes: in memory they take 30 times their bytes
SELECTION_NAME = "PlainTextSelection"
SOURCE_NAMES = ("TextSource", "PDFSource", "PictureSource", "AudioSource", "VideoSource")

TEXT_NAMES = ("Representation", "TextDescription")  # texts of a pdf and of a picture

_BARE_GUID = re.compile(r"[0-9a-f]{32}")
_NO_GUID = "00000000-0000-0000-0000-000000000000"  # what .NET programs write for "none"
_COLOR = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")
_PROLOG = re.compile(rb"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*", re.DOTALL)
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_UTF8_NAMES = ("utf-8", "utf8", "us-ascii", "ascii")
_OTHER_ENCODINGS = re.compile(
    r"utf-?16(?:-?[lb]e)?|gb18030|gbk|gb2312|gb_2312-80|big5(?:-?hkscs)?|windows-125\d|iso-8859-\d\d?|shift_jis|euc-(?:jp|kr)",
    re.IGNORECASE,
)


def parse_root(
    content: bytes, shown_path: str, *, on_part: Callable[[_Element], None] | None = None
) -> _Element:
    """The root element of a project or codebook.

    Args:
        content: the bytes of the .qde or .qdc file.
        shown_path: what messages call the file.
        on_part: told of each selection of characters and of each source, in the order in which they end.
            Their content is dropped afterwards, so that a project of any number of them fits in memory.
            None keeps everything in the tree.

    Raises:
        ExchangeError: the XML is damaged, too large or too deep, or declares entities.
    """
    if len(content) > MAX_XML_BYTES:
        raise ExchangeError(
            f"{shown_path}: {len(content) >> 20} MB of XML, at most {MAX_XML_BYTES >> 20} MB are read. "
            "Export fewer sources at a time.",
            path=shown_path,
            max_bytes=MAX_XML_BYTES,
        )
    utf8 = _as_utf8(content, shown_path)
    if (n_marks := utf8.count(b"<") + utf8.count(b"=")) > MAX_XML_MARKS:
        raise ExchangeError(
            f"{shown_path}: {n_marks:,} tags and attributes, at most {MAX_XML_MARKS:,} are read. Export "
            "fewer sources at a time.",
            path=shown_path,
            n_marks=n_marks,
        )
    _refuse_doctype(utf8, shown_path)
    try:
        return _parse(utf8, on_part)
    except (etree.XMLSyntaxError, ValueError) as err:
        line = getattr(err, "lineno", None) or 1
        raise ExchangeError(
            f"{shown_path}:{line}: found damaged XML ({_first_line(err)}), expected a whole REFI-QDA file. "
            "Export it again.",
            path=shown_path,
            line=line,
        ) from err


def children(element: _Element, *names: str) -> Iterator[_Element]:
    """Child elements of one of these names, whatever their namespace, in the order of the file."""
    return (node for node in element if local_name(node) in names)


def attribute(element: _Element, name: str) -> str | None:
    """Value of the attribute called `name`, in whatever namespace, or None."""
    value = element.get(name)
    if value is not None:
        return str(value)
    return next((str(value) for key, value in element.attrib.items() if key.endswith("}" + name)), None)


def text_of(element: _Element | None) -> str:
    """All text inside an element; empty for None."""
    if element is None:
        return ""
    return "".join(str(text) for text in element.itertext(etree.Element))


def description_of(element: _Element) -> str:
    """The text of an element's Description; empty where it has none."""
    return text_of(child(element, "Description"))


def normal_guid(raw: str | None) -> str:
    """A GUID in lower case without braces; empty where there is none.

    An id that is no GUID gives one that is always the same for this id.

    >>> normal_guid("{85D17F60-7BB0-481E-B742-B4861DD669DF}")
    '85d17f60-7bb0-481e-b742-b4861dd669df'
    """
    guid = (raw or "").strip().strip("{}()").strip().lower()
    if not guid or guid == _NO_GUID:
        return ""
    if GUID_FORM.fullmatch(guid):
        return guid
    if _BARE_GUID.fullmatch(guid):
        return str(uuid.UUID(guid))
    return make_guid("id that is no GUID", guid)


def guid_of(element: _Element, *names: str) -> str:
    """The GUID in the first of these attributes (`guid` where none is named) that has one; else empty."""
    return next((guid for name in names or ("guid",) if (guid := normal_guid(attribute(element, name)))), "")


def color_of(element: _Element) -> str | None:
    """The colour as #rrggbb; None where there is none or it is of another form."""
    color = (attribute(element, "color") or "").strip().lower()
    if not _COLOR.fullmatch(color):
        return None
    return color if len(color) == 7 else "#" + "".join(digit * 2 for digit in color[1:])


def is_true(value: str | None, *, default: bool) -> bool:
    """What an xsd:boolean says; anything else is `default`."""
    return {"true": True, "1": True, "false": False, "0": False}.get((value or "").strip().lower(), default)


def line_of(element: _Element) -> int:
    """The line an element stands on; 1 where it is not known."""
    return int(element.sourceline or 1)


def shorten(text: str, longest: int = 60) -> str:
    """A text as a message shows it: on one line, cut with an ellipsis."""
    line = " ".join(text[: 4 * longest].split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _parse(utf8: bytes, on_part: Callable[[_Element], None] | None) -> _Element:
    # huge_tree: codes nested 1,000 deep and texts over 10 MB are in order; there are no entities to explode.
    context = etree.iterparse(
        io.BytesIO(utf8),
        events=("end",),
        encoding="utf-8",
        huge_tree=True,
        load_dtd=False,
        no_network=True,
        resolve_entities=False,
        tag=[f"{{*}}{name}" for name in (SELECTION_NAME, *SOURCE_NAMES)],
    )
    for _, element in context:
        if on_part is not None and _is_part(element):
            on_part(element)
            element.clear()
    return context.root


def _is_part(element: _Element) -> bool:
    """Whether an element is a source of the project, or a selection in the text of one.

    Notes and areas of pages have texts with selections too.
    """
    above = element.getparent()
    if local_name(element) == SELECTION_NAME:
        if above is not None and local_name(above) in TEXT_NAMES:
            above = above.getparent()
        if above is None or local_name(above) not in SOURCE_NAMES:
            return False
        above = above.getparent()
    return above is not None and local_name(above) == "Sources"


def _as_utf8(content: bytes, shown_path: str) -> bytes:
    """The bytes in UTF-8 without a byte order mark, whatever encoding the file has or declares."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif content.startswith((b"<\0", b"\0<")):
        encoding = "utf-16-le" if content.startswith(b"<\0") else "utf-16-be"
    else:
        content = content.removeprefix(codecs.BOM_UTF8)
        declared = _DECLARED.match(content[:200].lstrip())
        encoding = declared.group(1).decode("ascii") if declared else "utf-8"
    if encoding.lower() in _UTF8_NAMES:
        return content.lstrip()
    try:
        if _OTHER_ENCODINGS.fullmatch(encoding) is None:
            raise LookupError(f"encoding {shorten(encoding)!r} is not known")
        return content.decode(encoding).lstrip().encode("utf-8")
    except (LookupError, UnicodeError) as err:
        raise ExchangeError(
            f"{shown_path}: cannot be read as text ({err}), expected XML in UTF-8. Export it again.",
            path=shown_path,
        ) from err


def _refuse_doctype(utf8: bytes, shown_path: str) -> None:
    """Entities can hold other files of this machine, or grow to any size: no project needs them."""
    prolog = _PROLOG.match(utf8)
    start = prolog.end() if prolog else 0
    if utf8[start : start + 2] == b"<!":
        line = utf8.count(b"\n", 0, start) + 1
        raise ExchangeError(
            f"{shown_path}:{line}: found a document type declaration (DTD, entities), which no REFI-QDA file "
            "has; it was not read. Take the file from whom you trust, or delete the declaration.",
            path=shown_path,
            line=line,
        )


def _first_line(err: Exception) -> str:
    return shorten(str(err).partition("\n")[0] or type(err).__name__, 160)
