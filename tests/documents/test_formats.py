"""Formats are told by content; endings only hint."""

import zipfile
from pathlib import Path

import pytest

from policy_nlp.documents.formats import detect_format, ending_warning

TEXT = "各级政府应当加大对基础研究的投入。\n企业是技术创新的主体。\n"


def write(folder: Path, name: str, content: bytes | str, *, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def write_zip(path: Path, *names: str, mimetype: str | None = None) -> Path:
    with zipfile.ZipFile(path, "w") as container:
        if mimetype is not None:
            container.writestr("mimetype", mimetype)
        for name in names:
            container.writestr(name, "x")
    return path


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        ("word/document.xml", "docx"),
        ("xl/workbook.xml", "xlsx"),
        ("ppt/presentation.xml", "pptx"),
        ("OFD.xml", "ofd"),
        ("政策.txt", "zip"),
    ],
)
def test_members_of_a_zip_tell_what_it_is(tmp_path: Path, member: str, expected: str) -> None:
    assert detect_format(write_zip(tmp_path / "file.bin", member)) == expected


def test_mimetype_tells_open_document_and_epub(tmp_path: Path) -> None:
    odt = write_zip(tmp_path / "a", "content.xml", mimetype="application/vnd.oasis.opendocument.text")
    epub = write_zip(tmp_path / "b", "book.opf", mimetype="application/epub+zip")
    assert (detect_format(odt), detect_format(epub)) == ("odt", "epub")


def test_docx_named_doc_is_docx_with_a_warning(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "通知.doc", "word/document.xml")
    assert detect_format(path) == "docx"
    warning = ending_warning(path.name, "docx")
    assert warning is not None
    assert ".doc" in warning
    assert "docx" in warning


def test_a_cut_off_docx_is_still_docx(tmp_path: Path) -> None:
    assert detect_format(write(tmp_path, "a.docx", b"PK\x03\x04rest is missing")) == "docx"


@pytest.mark.parametrize(
    ("stream", "name", "expected"),
    [
        ("WordDocument", "a.doc", "doc"),
        ("WordDocument", "a.wps", "wps"),
        ("WordDocument", "a", "doc"),
        ("Workbook", "a.xls", "xls"),
        ("Workbook", "a.doc", "xls"),
        ("EncryptedPackage", "a.docx", "encrypted-office"),
        ("Something", "a.doc", "binary"),
    ],
)
def test_streams_tell_what_an_ole_file_is(tmp_path: Path, stream: str, name: str, expected: str) -> None:
    content = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + stream.encode("utf-16-le") + bytes(64)
    assert detect_format(write(tmp_path, name, content)) == expected


def test_pdf_is_found_behind_junk(tmp_path: Path) -> None:
    assert detect_format(write(tmp_path, "a", b"\r\n\r\nHTTP junk\r\n%PDF-1.4\n")) == "pdf"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "big5", "utf-16", "utf-16-le"])
def test_chinese_text_without_ending_is_txt_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    text = "創新政策，推動發展。\r\n第二行\r\n"
    assert detect_format(write(tmp_path, "无后缀", text, encoding=encoding)) == "txt"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_html_fragment_named_txt_is_html(tmp_path: Path, encoding: str) -> None:
    fragment = '<div class="con"><p>第一段。</p><p>第二段。</p></div>'
    assert detect_format(write(tmp_path, "a.txt", fragment, encoding=encoding)) == "html"
    assert detect_format(write(tmp_path, "b.txt", f"['{fragment}']", encoding=encoding)) == "html"


def test_markdown_with_some_tags_stays_markdown(tmp_path: Path) -> None:
    assert detect_format(write(tmp_path, "a.md", "# 标题\n<br>正文<p>一段</p>\n")) == "md"


def test_text_with_comparison_signs_is_no_html(tmp_path: Path) -> None:
    assert detect_format(write(tmp_path, "a.txt", "若 a<b 且 c>d，则《办法》适用。\n")) == "txt"


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.csv", "a.txt", "a"])
def test_csv_with_a_known_column_is_csv_under_any_name(tmp_path: Path, name: str) -> None:
    content = '标题,正文\r\n一,"第一，第二"\r\n二,内容\r\n'
    for encoding in ("utf-8", "gb18030"):
        assert detect_format(write(tmp_path, name, content, encoding=encoding)) == "csv"


def test_tab_separated_text_named_xls_is_tsv(tmp_path: Path) -> None:
    assert detect_format(write(tmp_path, "a.xls", "序号\t事项\n1\t甲\n2\t乙\n")) == "tsv"


def test_prose_with_a_comma_a_line_stays_txt(tmp_path: Path) -> None:
    prose = "加强组织,落实责任。\n" * 8
    assert detect_format(write(tmp_path, "a.txt", prose)) == "txt"


def test_json_lines_and_json_arrays_are_told_apart(tmp_path: Path) -> None:
    assert detect_format(write(tmp_path, "a.txt", '{"text": "甲"}\n{"text": "乙"}\n')) == "jsonl"
    assert detect_format(write(tmp_path, "b", '[\n {"text": "甲"}\n]')) == "json"
    assert detect_format(write(tmp_path, "c", "{这不是JSON}\n正文")) == "txt"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\x89PNG\r\n\x1a\n....", "image"),
        (b"\xff\xd8\xff\xe0....", "image"),
        (b"PAR1....PAR1", "parquet"),
        (b"{\\rtf1\\ansi}", "rtf"),
        (b"Rar!\x1a\x07\x00", "rar"),
        (b"\x00\x01\x02\x03\x04\x05\x00\x00", "binary"),
        (b"", "txt"),
    ],
)
def test_magic_bytes_decide(tmp_path: Path, content: bytes, expected: str) -> None:
    assert detect_format(write(tmp_path, "a.txt", content)) == expected


def test_fitting_and_unknown_endings_give_no_warning() -> None:
    assert ending_warning("a.docx", "docx") is None
    assert ending_warning("a.docm", "docx") is None
    assert ending_warning("a", "docx") is None
    assert ending_warning("办法(FBM-CLI.11.1535062)", "txt") is None
