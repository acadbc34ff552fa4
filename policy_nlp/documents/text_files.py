"""Plain text and Markdown files -> their text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from policy_nlp.documents.html import decode_html, extract_html, looks_like_html
from policy_nlp.documents.line_wrapping import join_wrapped_lines
from policy_nlp.documents.markdown_lines import find_heading, split_front_matter, text_of_markdown
from policy_nlp.documents.printed_lists import without_list_brackets
from policy_nlp.encodings import decode_text
from policy_nlp.errors import NoTextError
from policy_nlp.records import DecodedText, ExtractedText, InputFile

_ANY_TEXT = re.compile(r"\w")


def read_text_file(source: InputFile) -> Iterator[ExtractedText]:
    """The one text of a plain text file; lines broken at a fixed width are joined, HTML is read as HTML.

    Raises:
        EncodingError: the bytes are no text.
        NoTextError: there is no letter or digit in it.
    """
    content = source.path.read_bytes()
    decoded = decode_text(content)
    decoded = replace(decoded, text=without_list_brackets(decoded.text))
    if looks_like_html(decoded.text):
        yield extract_html(decode_html(content), shown_path=source.shown_path)
        return
    yield _extracted(decoded, source, text=join_wrapped_lines(decoded.text), format_name="txt")


def read_markdown(source: InputFile) -> Iterator[ExtractedText]:
    """The one text of a Markdown file without its marks: link texts stay, images go, a table row is a line.

    Raises:
        EncodingError: the bytes are no text.
        NoTextError: there is no letter or digit in it.
    """
    decoded = decode_text(source.path.read_bytes())
    front, body = split_front_matter(decoded.text)
    extracted = _extracted(decoded, source, text=text_of_markdown(body), format_name="md")
    yield replace(extracted, title=front.title or find_heading(body), metadata=front.metadata)


def _extracted(decoded: DecodedText, source: InputFile, *, text: str, format_name: str) -> ExtractedText:
    if not _ANY_TEXT.search(text):
        raise NoTextError(
            f"{source.shown_path}: no letter or digit in {len(decoded.text)} characters; expected a text. "
            "Look whether the file was saved empty.",
            path=source.shown_path,
        )
    return ExtractedText(
        text=text,
        format=format_name,
        encoding=decoded.encoding,
        encoding_confidence=decoded.confidence,
        warnings=decoded.warnings,
    )
