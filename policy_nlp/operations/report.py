"""ReportSettings -> ReportResult: a result folder as one page, its pictures as files with their numbers."""

from __future__ import annotations

from pathlib import Path

from policy_nlp.codebook import Codebook
from policy_nlp.errors import OutputError
from policy_nlp.exchange.coder_codebook import codebook_of_input
from policy_nlp.exchange.corpus_reading import check_folder, read_folder
from policy_nlp.exchange.result_folder import DOCUMENTS, MANIFEST, REPORT, iter_document_texts
from policy_nlp.exchange.result_manifest import CodeManifest, read_manifest
from policy_nlp.files import hold_lock, write_atomically
from policy_nlp.reports.pages.coded_report import CodedReport, make_coded_report
from policy_nlp.reports.report_summary import ReportResult
from policy_nlp.settings.report import ReportSettings

FIGURES = "figures"


def write_report(settings: ReportSettings) -> ReportResult:
    """Writes the page and the figures of one result folder; the page `code` wrote comes out the same again.

    Raises:
        ExchangeError, CodebookError: the folder is no finished result, or of another codebook.
        OutputError: what --out or --figures names is there already, or cannot be written.
    """
    from policy_nlp.reports.charts.files import (
        write_figures,
        write_numbers,
    )  # loads matplotlib: `code` needs none

    manifest = read_manifest(check_folder(settings.folder) / MANIFEST)
    out = settings.out or settings.folder / REPORT
    figures = settings.figures or settings.folder / FIGURES
    _check_places(settings)
    codebook = codebook_of_input(
        settings.folder, manifest.run.codebook_sha256, codebook_path=settings.codebook_path
    )
    with hold_lock(out):
        report = report_of_folder(settings.folder, manifest=manifest, codebook=codebook)
        write_atomically(out, report.html)
        written = (
            write_numbers(figures, report.frequencies),
            *write_figures(figures, report.page.charts),
        )
    return ReportResult(
        out=out,
        size_bytes=out.stat().st_size,
        figures=written,
        n_documents=manifest.n_documents,
        n_sentences=manifest.counts.n_rows,
        n_shown_in_part=report.n_shown_in_part,
    )


def report_of_folder(folder: Path, *, manifest: CodeManifest, codebook: Codebook) -> CodedReport:
    """The report of a folder with the two tables; `code` calls it before its manifest is written.

    Raises:
        ExchangeError: the tables are damaged, or were coded with other codes.
    """
    corpus = read_folder(folder, manifest=manifest, codebook=codebook)
    texts = (document.text for document in iter_document_texts(folder / DOCUMENTS))
    return make_coded_report(corpus, texts, manifest=manifest)


def _check_places(settings: ReportSettings) -> None:
    """The page and figures of the folder itself are made anew; one that is named is not overwritten."""
    out, figures = settings.out, settings.figures
    if out is not None and (out.suffix.lower() != ".html" or out.is_dir()):
        raise OutputError(f"{out}: the report is one .html file. Name such a file.", path=out)
    if figures is not None and figures.exists() and not figures.is_dir():
        raise OutputError(f"{figures}: --figures must be a folder, this is a file.", path=figures)
    for path in (out, figures):
        is_there = path is not None and (path.is_file() or (path.is_dir() and any(path.iterdir())))
        if is_there and not settings.is_forced:
            raise OutputError(
                f"{path}: is there already. Choose another place, or overwrite with --force.", path=path
            )
