"""Pdf files with a text layer -> text."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import PdfminerException

from policy_nlp.documents.pdf_layout import join_pages
from policy_nlp.documents.pdf_lines import PdfPage, read_page
from policy_nlp.documents.titles import believed_title
from policy_nlp.errors import DocumentError, NoTextError
from policy_nlp.records import ExtractedText, InputFile

MAX_PAGES = 5000
LOST_SHARE = 0.5  # with more lost characters than this nothing is left to code
MIN_CHARACTERS_PER_PAGE = 5  # a scan may carry a stamp or a page number as text

# What pdfminer raises on damaged files, seen or by its source: it does not wrap them all.
PDF_ERRORS = (
    *(PDFException, PSException, PdfminerException, struct.error, zlib.error, RecursionError, MemoryError),
    *(KeyError, IndexError, TypeError, ValueError, AttributeError, AssertionError, NotImplementedError),
    *(OverflowError, ZeroDivisionError, EOFError),
)


def read_pdf(source: InputFile) -> Iterator[ExtractedText]:
    """The text of a pdf: paragraphs in reading order, without running heads, feet and page numbers.

    Raises:
        NoTextError: the pages are pictures, or their fonts do not say which characters they show.
        DocumentError: the file is damaged or needs a password.
    """
    try:
        with pdfplumber.open(source.path) as pdf:
            stated_title = _text_of(pdf.metadata.get("Title"))
            pages, unreadable = _read_pages(pdf)
    except PDF_ERRORS as err:
        raise _opening_error(err, source.shown_path) from err
    _check_text(pages, source.shown_path, unreadable)
    joined = join_pages(pages)
    text = "\n".join(joined.paragraphs)
    if not text.strip():
        raise NoTextError(_no_text_message(source.shown_path, len(pages)), path=source.shown_path)
    yield ExtractedText(
        text=text,
        format="pdf",
        title=believed_title(stated_title, text),
        warnings=(*_page_warnings(pages, unreadable), *_contents_warning(joined.n_contents_lines)),
    )


def _read_pages(pdf: Any) -> tuple[list[PdfPage], list[int]]:  # noqa: ANN401 - pdfplumber has no types
    """The pages that could be read, and the numbers of those that could not."""
    pages: list[PdfPage] = []
    unreadable: list[int] = []
    for number, page in enumerate(pdf.pages[:MAX_PAGES], start=1):
        try:
            pages.append(read_page(page, number))
        except PDF_ERRORS:  # one damaged page does not cost the others; the document says which
            unreadable.append(number)
        page.close()  # its objects take megabytes
    return pages, unreadable


def _opening_error(error: BaseException, shown_path: str) -> DocumentError:
    causes = (error, error.__cause__, error.__context__, *error.args)
    if any(isinstance(cause, PDFPasswordIncorrect) for cause in causes):
        return DocumentError(
            f"{shown_path}: the pdf is encrypted and needs a password. Print or save it without one and give "
            "that file.",
            path=shown_path,
        )
    return DocumentError(
        f"{shown_path}: found a damaged pdf ({type(error).__name__}), expected a whole one. Download it "
        "again or print it to a new pdf.",
        path=shown_path,
    )


def _check_text(pages: Sequence[PdfPage], shown_path: str, unreadable: Sequence[int]) -> None:
    n_characters = sum(page.n_characters for page in pages)
    n_lost = sum(page.n_lost for page in pages)
    if not pages and unreadable:
        raise DocumentError(f"{shown_path}: none of its {len(unreadable)} pages can be read", path=shown_path)
    has_pictures = any(page.has_picture for page in pages)
    if n_characters == 0 or (has_pictures and n_characters < MIN_CHARACTERS_PER_PAGE * len(pages)):
        raise NoTextError(_no_text_message(shown_path, len(pages)), path=shown_path)
    if n_lost > LOST_SHARE * n_characters:
        raise NoTextError(
            f"{shown_path}: the fonts of {n_lost} of its {n_characters} characters do not say which "
            "characters they show. Run OCR first and give the result.",
            path=shown_path,
            n_lost=n_lost,
        )


def _no_text_message(shown_path: str, n_pages: int) -> str:
    return (
        f"{shown_path}: its {n_pages} pages hold no text layer; it is probably a scan. Run OCR first and "
        "give the result."
    )


def _page_warnings(pages: Sequence[PdfPage], unreadable: Sequence[int]) -> Iterator[str]:
    n_characters, n_lost = sum(page.n_characters for page in pages), sum(page.n_lost for page in pages)
    if n_lost:
        yield f"{n_lost / n_characters:.1%} of the characters are lost: their fonts do not say which they are"
    without_text = [page.number for page in pages if page.n_characters == 0 and page.has_picture]
    if without_text:
        yield f"pages without a text layer (pictures?), not read: {_list_numbers(without_text)}"
    if unreadable:
        yield f"damaged pages, not read: {_list_numbers(unreadable)}"
    if len(pages) + len(unreadable) == MAX_PAGES:
        yield f"only the first {MAX_PAGES} pages were read"


def _contents_warning(n_lines: int) -> tuple[str, ...]:
    return (f"left out: lines of the table of contents ({n_lines})",) if n_lines else ()


def _list_numbers(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:10]))
    return shown if len(numbers) <= 10 else f"{shown} and {len(numbers) - 10} more"


def _text_of(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
