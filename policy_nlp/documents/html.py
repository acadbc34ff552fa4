"""HTML pages and fragments -> text of their body, title and metadata. Nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from policy_nlp.documents.dates import find_date
from policy_nlp.documents.html_body import find_body, without_furniture
from policy_nlp.documents.html_lines import lines_of, lines_without_tree
from policy_nlp.documents.issuers import is_issuer
from policy_nlp.documents.metadata import find_metadata
from policy_nlp.documents.printed_lists import without_list_brackets
from policy_nlp.encodings import decode_text
from policy_nlp.errors import EncodingError, NoTextError
from policy_nlp.records import DecodedText, DocumentMetadata, ExtractedText, InputFile

_HEAD_BYTES = 8192  # how far a page may declare its charset
_CHARSET = re.compile(rb"""<meta[^<>]{0,300}?charset\s*=\s*["']?\s*([A-Za-z0-9_-]{3,20})""", re.IGNORECASE)
_GB = frozenset(("gb2312", "gbk", "gb18030", "x-gbk", "hz-gb-2312", "cp936", "936"))
_BIG5 = frozenset(("big5", "big5-hkscs", "big5hkscs", "cp950", "x-x-big5"))
_CERTAIN = 0.8  # confidence from which the bytes are believed against what the page declares

_OPENING = re.compile(
    r"\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|div|p|table|article|section|main|h[1-6]|ul|ol|"
    r"dl|span|center|meta|title|td|tr|tbody|style|script|font|strong|b|br|a)\b",
    re.IGNORECASE | re.DOTALL,
)
_CLOSING = re.compile(
    r"</(?:p|div|td|tr|table|li|ul|h[1-6]|span|article|section|body|html)\s*>", re.IGNORECASE
)
_LOOKED_AT = 200_000  # characters in which closing tags are sought
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
_SURROGATES = re.compile("[\ud800-\udfff]")

_META_TITLES = ("ArticleTitle", "og:title", "title")
_META_DATES = ("PubDate", "article:published_time", "publishdate", "DC.date")
_META_SOURCES = ("ContentSource", "source", "author")
_SITE_NAME = re.compile(  # a hyphen inside a title (2021-2025年) is no separator
    r"(?:\s+[-–—]+\s*|\s*[-–—]+\s+|\s*(?:[_|｜]|--)+\s*)[^-_|–—｜]{0,30}"
    r"(?:网|政府|门户|平台|中心|频道|公开|文件库?|局|厅|委员会|办公室)[^-_|–—｜]{0,10}$"
    r"|[-–—][^-_|–—｜]{0,30}(?:网|网站|门户|平台)$"
)
_TITLE_FIELD = re.compile(r"(?:^|\| )标\s*题[：:](?: \|)?\s*([^|]+)")
_FIELD_LINE = re.compile(
    r".{0,20}(?:索引号|发文机关|发文机构|发布机构|发布机关|成文日期|发文字号|发布日期|发布时间|主题分类|主题词|制发机关)[：:】]"
)
_LONGEST_FIELD_LINE = 300


@dataclass(frozen=True, slots=True)
class _Page:
    """What a parsed page gives: body lines, all lines, what its head says."""

    body: list[str]
    all_lines: list[str]
    title: str | None = None
    metadata: DocumentMetadata = field(default_factory=DocumentMetadata)
    warnings: tuple[str, ...] = ()


def read_html(source: InputFile) -> Iterator[ExtractedText]:
    """The one text of an HTML file: its body without navigation, tools and scripts.

    Raises:
        EncodingError: the bytes are no text.
        NoTextError: the page holds no text.
    """
    decoded = decode_html(source.path.read_bytes())
    yield extract_html(decoded, shown_path=source.shown_path)


def extract_html(decoded: DecodedText, *, shown_path: str) -> ExtractedText:
    """Body, title and metadata of a page that has been decoded."""
    page = _read_page(without_list_brackets(decoded.text))
    if not page.body:
        raise NoTextError(
            f"{shown_path}: the page holds no text outside scripts and navigation; expected text. "
            "If a browser shows text there, save the page from the browser after it has loaded.",
            path=shown_path,
        )
    text = "\n".join(page.body)
    return ExtractedText(
        text=text,
        format="html",
        title=page.title,
        encoding=decoded.encoding,
        encoding_confidence=decoded.confidence,
        metadata=_complete_metadata(page, text),
        warnings=(*decoded.warnings, *page.warnings),
    )


def text_of_fragment(fragment: str) -> str:
    r"""The text of a piece of HTML, whole: paragraphs parted by line feeds, tags gone, entities decoded.

    >>> text_of_fragment("<p>第一<b>条</b></p><p>A&amp;B<br>第二条</p>")
    '第一条\nA&B\n第二条'
    """
    root = _parse(fragment)
    return "\n".join(lines_without_tree(fragment) if root is None else lines_of(root))


def looks_like_html(text: str) -> bool:
    """Whether `text` is a page or fragment of HTML, whatever the file is called.

    A Python list around the tags (a scraper's print) does not hide them.
    """
    start = text.lstrip("\ufeff \t\r\n[\"'")
    if not _OPENING.match(start):
        return False
    return start[:9].lower() == "<!doctype" or len(_CLOSING.findall(start[:_LOOKED_AT])) >= 2


def decode_html(content: bytes) -> DecodedText:
    """The page as text. What the page declares counts only where the bytes do not say otherwise.

    Raises:
        EncodingError: the bytes are no text, in the declared encoding neither.
    """
    declared = _declared_codec(content)
    try:
        detected = decode_text(content)
    except EncodingError:
        if declared is None:
            raise
        return _decode_declared(content, declared) or decode_text(content)
    if declared is None or detected.encoding.removesuffix("-sig") == declared:
        return detected
    if detected.confidence < _CERTAIN and (read := _decode_declared(content, declared)):
        return read
    warning = f"the page says it is in {declared}, but its bytes are {detected.encoding}, which was used"
    is_ascii = detected.encoding == "utf-8" and content.isascii()
    return detected if is_ascii else replace(detected, warnings=(*detected.warnings, warning))


def _declared_codec(content: bytes) -> str | None:
    found = _CHARSET.search(content[:_HEAD_BYTES])
    if not found:
        return None
    name = found[1].decode("ascii").lower()
    if name in _GB:
        return "gb18030"
    return "big5" if name in _BIG5 else name


def _decode_declared(content: bytes, codec: str) -> DecodedText | None:
    try:
        return DecodedText(content.decode(codec), codec, _CERTAIN)
    except (UnicodeDecodeError, LookupError):
        return None


def _parse(page: str) -> HtmlElement | None:
    """The tree of a page; None where it is nested deeper than the parser goes.

    Raises:
        NoTextError: nothing is left when the tags are gone.
    """
    clean = _SURROGATES.sub("", _XML_DECLARATION.sub("", page, count=1).replace("\0", ""))
    parser = HTMLParser(
        encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = document_fromstring(clean.encode("utf-8"), parser=parser)
    except etree.ParserError:
        return document_fromstring("<html><body></body></html>")
    too_deep = any(entry.level_name == "FATAL" for entry in parser.error_log)
    return None if too_deep else root


def _read_page(text: str) -> _Page:
    root = _parse(text)
    if root is None:
        lines = lines_without_tree(text)
        warning = "the page is nested too deep to find its body; all of its text was kept"
        return _Page(without_furniture(lines), lines, warnings=(warning,))
    parts = find_body(root)
    all_lines = lines_of(root, dropped=parts.furniture)
    body = without_furniture(lines_of(parts.body, dropped=parts.furniture)) or lines_of(root)
    title = _find_page_title(root, all_lines)
    if title and parts.body is not root and not _holds(body, title):
        body = [title, *body]
    return _Page(body, all_lines, title, _head_metadata(root))


def _find_page_title(root: HtmlElement, lines: list[str]) -> str | None:
    """From the standard meta tags, the page's field 标题, its one main heading, or its window title."""
    meta = _meta(root, _META_TITLES[:2])
    if meta:
        return meta
    for line in lines[:20]:
        if found := _TITLE_FIELD.search(line.replace("\u3000", "")):
            return found[1].strip()
    headings = [" ".join(lines_of(heading)) for heading in root.iter("h1")]
    headings = [heading for heading in headings if heading]
    if len(headings) == 1:
        return headings[0]
    window = " ".join((root.findtext(".//title") or "").split())
    return _without_site_name(window) or _meta(root, _META_TITLES[2:])


def _without_site_name(window_title: str) -> str:
    shorter = _SITE_NAME.sub("", window_title)
    while shorter != window_title:
        window_title, shorter = shorter, _SITE_NAME.sub("", shorter)
    return window_title.strip()


def _holds(lines: list[str], title: str) -> bool:
    """Whether the first lines hold the title, however it is broken."""
    return "".join(title.split()) in "".join("".join(lines[:12]).split())


def _meta(root: HtmlElement, names: tuple[str, ...]) -> str | None:
    """Content of the first meta tag of these names that has any; names match in either case."""
    for name in names:
        for element in root.iter("meta"):
            key = element.get("name") or element.get("property") or ""
            content = " ".join((element.get("content") or "").split())
            if key.lower() == name.lower() and content:
                return content
    return None


def _head_metadata(root: HtmlElement) -> DocumentMetadata:
    source = _meta(root, _META_SOURCES)
    published = _meta(root, _META_DATES)
    return DocumentMetadata(
        issuer=source if source and is_issuer(source) else None,
        date=find_date(published.split(" ")[0].split("T")[0]) if published else None,
    )


def _complete_metadata(page: _Page, text: str) -> DocumentMetadata:
    """What the page's index table and text state; its head tags fill what they leave open."""
    fields = [line for line in page.all_lines[:40] if _is_field_line(line)]
    found = find_metadata("\n".join((*fields, text)), title=page.title or "")
    date = found.date or page.metadata.date
    return replace(
        found,
        issuer=found.issuer or page.metadata.issuer,
        date=date,
        year=found.year or (int(date[:4]) if date else None),
        region=found.region or (find_metadata("", title=page.metadata.issuer or "").region),
    )


def _is_field_line(line: str) -> bool:
    compact = "".join(line.split())
    return len(compact) <= _LONGEST_FIELD_LINE and bool(_FIELD_LINE.match(compact))
