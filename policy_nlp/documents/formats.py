"""What a file is, by its content; the ending of its name is only a hint."""

from __future__ import annotations

import csv
import json
import re
import zipfile
import zlib
from pathlib import Path, PurePosixPath

HEAD_BYTES = 1 << 16
PDF_HEAD_BYTES = 1024  # readers accept junk before "%PDF-" as far as here

ENDINGS: dict[str, frozenset[str]] = {
    "docx": frozenset({".docx", ".docm", ".dotx"}),
    "xlsx": frozenset({".xlsx", ".xlsm"}),
    "xlsb": frozenset({".xlsb"}),
    "ods": frozenset({".ods"}),
    "pptx": frozenset({".pptx", ".ppsx"}),
    "epub": frozenset({".epub"}),
    "ofd": frozenset({".ofd"}),
    "odt": frozenset({".odt"}),
    "zip": frozenset({".zip"}),
    "doc": frozenset({".doc", ".dot"}),
    "wps": frozenset({".wps"}),
    "xls": frozenset({".xls", ".et"}),
    "ppt": frozenset({".ppt", ".dps"}),
    "rtf": frozenset({".rtf"}),
    "pdf": frozenset({".pdf"}),
    "parquet": frozenset({".parquet"}),
    "html": frozenset({".html", ".htm", ".shtml", ".xhtml"}),
    "mhtml": frozenset({".mht", ".mhtml"}),
    "md": frozenset({".md", ".markdown"}),
    "csv": frozenset({".csv"}),
    "tsv": frozenset({".tsv", ".tab"}),
    "jsonl": frozenset({".jsonl", ".ndjson"}),
    "json": frozenset({".json"}),
    "txt": frozenset({".txt", ".text"}),
    "gzip": frozenset({".gz", ".tgz"}),
    "rar": frozenset({".rar"}),
    "7z": frozenset({".7z"}),
    "image": frozenset({".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp"}),
}

# Names of columns that hold the text of a row; the reader of tables chooses by the same names.
TEXT_COLUMN_NAMES = (
    *(
        "text",
        "content",
        "正文",
        "内容",
        "全文",
        "文本",
        "正文内容",
        "文章内容",
        "政策内容",
        "政策文本",
        "文本内容",
    ),
    *(
        "新闻内容",
        "公告内容",
        "条文",
        "句子",
        "sentence",
        "article",
        "body",
        "full_text",
        "fulltext",
        "paragraph",
    ),
)

_MAGIC = (
    (b"{\\rtf", "rtf"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF87a", "image"),
    (b"GIF89a", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"PAR1", "parquet"),
)
_ZIP_MIMETYPES = {
    "application/epub+zip": "epub",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
}
_MIMETYPE_BYTES = 200
_ZIP_MEMBERS = (
    ("word/document.xml", "docx"),
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsb"),
    ("ppt/presentation.xml", "pptx"),
    ("OFD.xml", "ofd"),
)
_OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_OLE_STREAMS = (
    ("EncryptedPackage", "encrypted-office"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
)
_HTML_START = re.compile(r"""^[\s\[\("'﻿ï»¿]*<(!doctype\s+html|!--|/?[a-z][a-z0-9]*[\s/>])""", re.IGNORECASE)
_HTML_PAGE = re.compile(r"<(!doctype\s+html|html[\s>])", re.IGNORECASE)
_HTML_TAG = re.compile(
    r"</?(p|div|span|br|table|tr|td|a|h[1-6]|li|ul|strong|img|font|body)\b[^<>]*>", re.IGNORECASE
)
_TABLE_LINES = 20  # so many lines are looked at for a delimiter that cuts all alike
_ALIKE_ROWS = 5  # prose may have one comma a line by chance, hardly five times over
_SHEET_ENDINGS = ENDINGS["xlsx"] | ENDINGS["xls"]


def detect_format(path: Path) -> str:
    """Name of the format the bytes of `path` are in: docx, pdf, html, csv, txt, image, binary ...

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _zip_format(path)
    if head.startswith(_OLE_MAGIC):
        return _ole_format(path)
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if b"%PDF-" in head[:PDF_HEAD_BYTES]:
        return "pdf"
    return _text_format(head, path.suffix.lower())


def ending_warning(shown_path: str, format_name: str) -> str | None:
    """A sentence for the user when the ending of the name says another format, else None."""
    ending = PurePosixPath(shown_path).suffix.lower()
    promised = next((name for name, endings in ENDINGS.items() if ending in endings), None)
    if promised is None or promised == format_name or {promised, format_name} == {"wps", "doc"}:
        return None
    if {promised, format_name} == {"json", "jsonl"}:
        return None
    return f"the name ends in {ending}, but the content is {format_name}; it was read as {format_name}"


def _zip_format(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as container:
            return _package_format(container)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, ValueError, EOFError):
        return _damaged_zip_format(path)


def _package_format(container: zipfile.ZipFile) -> str:
    names = set(container.namelist())
    found = next((format_name for name, format_name in _ZIP_MEMBERS if name in names), None)
    if found is not None:
        return found
    if "mimetype" not in names or container.getinfo("mimetype").file_size > _MIMETYPE_BYTES:
        return "zip"
    mimetype = container.read("mimetype").decode("ascii", errors="replace").strip()
    return _ZIP_MIMETYPES.get(mimetype, "zip")


def _damaged_zip_format(path: Path) -> str:
    """What a damaged zip was meant to be, so that its reader can say what is wrong with it."""
    ending = path.suffix.lower()
    return next((name for name in ("docx", "xlsx") if ending in ENDINGS[name]), "zip")


def _ole_format(path: Path) -> str:
    """The kind of an OLE2 file by the names of its streams, which are UTF-16 in its directory."""
    content = path.read_bytes()
    found = [name for stream, name in _OLE_STREAMS if _utf16(stream) in content]
    ending = path.suffix.lower()
    if "doc" in found and ending in ENDINGS["wps"]:
        return "wps"
    hinted = next((name for name in found if ending in ENDINGS.get(name, frozenset())), None)
    return hinted or (found[0] if found else "binary")


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-le") + b"\0\0"


def _text_format(head: bytes, ending: str) -> str:
    text = _structure_of(head)
    if text is None:
        return "binary"
    if text.startswith("BM") and ending == ".bmp":
        return "image"
    if _is_html(text, ending):
        return "html"
    if re.match(r"(?i)(mime-version|from|date|content-type):", text) and "multipart/related" in text.lower():
        return "mhtml"
    if (json_format := _json_format(text)) is not None:
        return json_format
    for name in ("csv", "tsv", "md"):
        if ending in ENDINGS[name]:
            return name
    return _delimited_format(text, ending) or "txt"


def _structure_of(head: bytes) -> str | None:
    """The head with its ASCII readable (other characters may be wrong); None when it is no text.

    The bytes of "<", ",", tab and quotes never occur inside a character of UTF-8, GB18030 or Big5, so the
    structure can be seen before the encoding is known.
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", errors="replace")
    if b"\0" not in head:
        return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    nul_parities = {index % 2 for index, value in enumerate(head) if value == 0}
    if len(nul_parities) == 1:
        return head.decode("utf-16-le" if nul_parities == {1} else "utf-16-be", errors="replace")
    return None


def _is_html(text: str, ending: str) -> bool:
    if ending in ENDINGS["html"]:
        return True
    if ending in ENDINGS["md"] or ending in ENDINGS["csv"] or ending in ENDINGS["tsv"]:
        return _HTML_PAGE.match(text.lstrip()) is not None
    n_tags = len(_HTML_TAG.findall(text))
    if _HTML_START.match(text):
        return n_tags >= 2 or _HTML_PAGE.search(text) is not None
    return n_tags >= 10 and n_tags * 500 >= len(text)


def _json_format(text: str) -> str | None:
    start = text.lstrip()
    if start.startswith("{"):
        line, _, rest = start.partition("\n")
        try:
            is_object = isinstance(json.loads(line), dict)
        except ValueError:
            return "json" if re.match(r'\{\s*"', start) else None
        return "jsonl" if is_object and (rest.strip().startswith("{") or not rest.strip()) else None
    return "json" if re.match(r"\[\s*\{\s*\"", start) else None


def _delimited_format(text: str, ending: str) -> str | None:
    """The name csv or tsv where the lines are cut alike; prose named .txt also needs a known column name."""
    for name, delimiter in (("tsv", "\t"), ("csv", ",")):
        header = next(csv.reader([text.partition("\n")[0].rstrip("\r")], delimiter=delimiter), [])
        if len(header) < 2:
            continue
        if any(cell.strip().lower() in TEXT_COLUMN_NAMES for cell in _possible_names(header)):
            return name
        n_alike = _n_rows_cut_alike(text, delimiter, len(header))
        if n_alike >= (1 if ending in _SHEET_ENDINGS else _ALIKE_ROWS) and ending not in ENDINGS["txt"]:
            return name
    return None


def _possible_names(header: list[str]) -> list[str]:
    """The cells read as UTF-8 and as GB18030, since the encoding is not known yet."""
    names = list(header)
    for cell in header:
        raw = cell.encode("latin-1", errors="ignore")
        names += [raw.decode(encoding, errors="ignore") for encoding in ("utf-8", "gb18030")]
    return names


def _n_rows_cut_alike(text: str, delimiter: str, n_columns: int) -> int:
    """How many rows of the head have `n_columns` cells; 0 when one has another number."""
    lines = [line + "\n" for line in text.split("\n")[1:_TABLE_LINES]]
    try:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return 0
    return len(rows) if all(len(row) == n_columns for row in rows) else 0
