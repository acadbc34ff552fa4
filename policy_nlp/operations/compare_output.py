"""Comparison -> a folder of page, workbook, documents.csv, compare.json and figures/, or one file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path

from policy_nlp.analysis.comparison import Comparison
from policy_nlp.analysis.groups import GROUP_WORDS
from policy_nlp.errors import OutputError
from policy_nlp.files import atomic_path, hold_lock, write_atomically
from policy_nlp.reports.charts.files import write_figures
from policy_nlp.reports.compare_json import comparison_json
from policy_nlp.reports.compare_page import compare_page
from policy_nlp.reports.compare_workbook import DOCUMENT_HEADER, compare_sheets, document_rows
from policy_nlp.reports.pages.page import Page, PageSection
from policy_nlp.reports.pages.render import PageExtras, render_page
from policy_nlp.reports.report_blocks import Paragraph
from policy_nlp.reports.reuse_section import reuse_section, reuse_sheets
from policy_nlp.reports.vocabulary_section import vocabulary_section, vocabulary_sheet
from policy_nlp.reports.workbook import write_workbook
from policy_nlp.settings.compare import CompareSettings
from policy_nlp.tables.cells import guard_formula

PAGE, WORKBOOK, DOCUMENTS, NUMBERS, FIGURES = (
    "compare.html", "compare.xlsx", "documents.csv", "compare.json", "figures",
)  # fmt: skip


# Maps stand beside each other where there is room.
_STYLE = """
@media (min-width: 60rem) {
  #map { display: grid; grid-template-columns: 1fr 1fr; gap: 0 2rem; }
  #map > h2 { grid-column: 1 / -1; }
}
"""


def check_output(settings: CompareSettings) -> None:
    """Raises an error before any work where the output cannot be written.

    Raises:
        OutputError: an ending that is not written, a place that is taken, or the folder of an input.
    """
    out = settings.out
    ending = out.suffix.lower()
    if ending and ending not in _WRITERS and not out.is_dir():
        raise OutputError(
            f"{out}: --out is a folder, or a file that ends in {' or '.join(_WRITERS)}, not in {ending!r}.",
            path=out,
        )
    if any(out.absolute() == folder.absolute() for folder in settings.inputs):
        raise OutputError(f"{out}: is one of the folders compared. Choose another --out.", path=out)
    is_file = ending in _WRITERS and not out.is_dir()
    places = [out] if is_file else [out / name for name in (PAGE, WORKBOOK, DOCUMENTS, NUMBERS, FIGURES)]
    taken = next((place for place in places if place.exists()), None)
    if not is_file and out.is_file():
        raise OutputError(f"{out}: is a file. Name a folder, or a file in .html or .xlsx.", path=out)
    if taken is not None and not settings.is_forced:
        raise OutputError(
            f"{taken}: is there already. Choose another --out, or overwrite with --force.", path=taken
        )


def write_comparison(result: Comparison, settings: CompareSettings) -> None:
    """Write the file or the folder that the settings name; each file whole or not at all."""
    out = settings.out
    with hold_lock(out):
        if out.suffix.lower() in _WRITERS and not out.is_dir():
            _WRITERS[out.suffix.lower()](out, result)
            return
        _write_workbook(out / WORKBOOK, result)
        write_atomically(out / DOCUMENTS, documents_csv(result))
        write_atomically(out / NUMBERS, comparison_json(result))
        page = whole_page(result)
        with atomic_path(out / FIGURES) as folder:
            folder.mkdir()
            write_figures(folder, page.charts)
        write_atomically(out / PAGE, render_page(page, PageExtras(style=_STYLE)))


def whole_page(result: Comparison) -> Page:
    """The page with the sections of text reuse and of vocabulary."""
    word = GROUP_WORDS[result.grouping.by]
    if result.vocabulary is None:
        missing = Paragraph(f"没有比较词汇：{result.vocabulary_reason}", "note")
        words = PageSection("vocabulary", "特色词汇", (missing,))
    else:
        words = vocabulary_section(result.vocabulary, group_name=word)
    return compare_page(result, (reuse_section(result.corpus, result.reuse), words))


def documents_csv(result: Comparison) -> str:
    """One row a document with what was found of it: to be corrected, and given back by --metadata."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(DOCUMENT_HEADER)
    for row in document_rows(result):
        writer.writerow([guard_formula(cell) if isinstance(cell, str) else cell for cell in row])
    return "\ufeff" + stream.getvalue()  # so that Excel reads it as UTF-8


def _write_page(path: Path, result: Comparison) -> None:
    write_atomically(path, render_page(whole_page(result), PageExtras(style=_STYLE)))


def _write_workbook(path: Path, result: Comparison) -> None:
    more = (
        *reuse_sheets(result.corpus, result.reuse),
        *((vocabulary_sheet(result.vocabulary),) if result.vocabulary else ()),
    )
    with atomic_path(path) as temporary:
        write_workbook(temporary, compare_sheets(result, more))


_WRITERS: Mapping[str, Callable[[Path, Comparison], None]] = {".html": _write_page, ".xlsx": _write_workbook}
