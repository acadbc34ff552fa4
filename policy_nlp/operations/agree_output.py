"""AgreeResult -> files: the report as docx, html, md or tex, its heat map, and all disagreements."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa

from policy_nlp.agreement.result import AgreeResult
from policy_nlp.errors import OutputError
from policy_nlp.files import atomic_path, hold_lock, write_atomically
from policy_nlp.operations.output_checks import check_free_output
from policy_nlp.records import LEVELS
from policy_nlp.reports.agreement_document import agreement_document
from policy_nlp.reports.agreement_json import text_of
from policy_nlp.reports.agreement_table import names_of_codes
from policy_nlp.reports.render_docx import render_docx
from policy_nlp.reports.render_html import render_html
from policy_nlp.reports.render_latex import render_latex
from policy_nlp.reports.render_markdown import render_markdown
from policy_nlp.reports.report_blocks import ReportDocument
from policy_nlp.settings.commands import AgreeSettings
from policy_nlp.tables.table import Rows
from policy_nlp.tables.writing import write_table

_TABLE_ENDINGS = (".xlsx", ".csv")
_WHOLE: dict[str, Callable[[ReportDocument], str | bytes]] = {".docx": render_docx, ".html": render_html}
_WITH_FIGURE: dict[str, Callable[[ReportDocument, str], str]] = {
    ".md": lambda document, figure_name: render_markdown(document, figure_name=figure_name),
    ".tex": lambda document, figure_name: render_latex(document, figure_name=figure_name),
}


def check_outputs(settings: AgreeSettings) -> None:
    """Raises an error before any work where an output cannot be written.

    Raises:
        OutputError: an ending is not known, or a file is there already and may not be overwritten.
    """
    if settings.out is not None:
        _check_ending(settings.out, (*_WHOLE, *_WITH_FIGURE), "--out")
        check_free_output(settings.out, settings.inputs, is_forced=settings.is_forced)
        if settings.out.suffix.lower() in _WITH_FIGURE:
            check_free_output(figure_path(settings.out), settings.inputs, is_forced=settings.is_forced)
    if settings.disagreements_path is not None:
        _check_ending(settings.disagreements_path, _TABLE_ENDINGS, "--disagreements")
        check_free_output(settings.disagreements_path, settings.inputs, is_forced=settings.is_forced)


def write_outputs(result: AgreeResult, settings: AgreeSettings) -> None:
    """Write the files that the settings name, each whole or not at all."""
    if settings.out is not None:
        with hold_lock(settings.out):
            write_report(agreement_document(result, n_listed=settings.n_listed), settings.out)
    if settings.disagreements_path is not None:
        with hold_lock(settings.disagreements_path), atomic_path(settings.disagreements_path) as temporary:
            write_table(temporary, disagreement_rows(result))


def write_report(document: ReportDocument, path: Path) -> None:
    """Write the report in the form of its ending; Markdown and LaTeX get the figure as a file beside them."""
    ending = path.suffix.lower()
    if ending in _WHOLE:
        write_atomically(path, _WHOLE[ending](document))
        return
    picture = figure_path(path)
    if document.figure is not None:
        write_atomically(picture, document.figure.png)
    write_atomically(path, _WITH_FIGURE[ending](document, picture.name))


def figure_path(path: Path) -> Path:
    """Where the heat map of a Markdown or LaTeX report goes."""
    return path.with_name(f"{path.stem}_heatmap.png")


def disagreement_rows(result: AgreeResult) -> Rows:
    """One row a disagreeing unit, most informative first: text, then the codes of each coder by name."""
    coder_ids = [summary.coder.coder_id for summary in result.report.coders]
    names = ["unit", "document", "text", "levels", *(f"codes {coder_id}" for coder_id in coder_ids)]
    schema = pa.schema([pa.field(name, pa.string()) for name in names])
    rows = list(_iter_disagreement_rows(result, coder_ids))
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    arrays = [pa.array(column, pa.string()) for column in columns]
    return Rows(schema, [pa.RecordBatch.from_arrays(arrays, schema=schema)])


def _iter_disagreement_rows(result: AgreeResult, coder_ids: list[str]) -> Iterator[tuple[str | None, ...]]:
    for item in result.report.disagreements:
        first = item.codings[0]
        levels = "、".join(level for level in LEVELS if level in item.levels)
        names = {unit.coder_id: names_of_codes(unit, result.codebook) for unit in item.codings}
        yield (first.unit_id, first.document_id, text_of(item), levels, *(names.get(i) for i in coder_ids))


def _check_ending(path: Path, known: tuple[str, ...], option: str) -> None:
    if path.suffix.lower() not in known:
        raise OutputError(
            f"{path}: {option} writes {', '.join(known)}, not {path.suffix or 'a name without an ending'!r}. "
            f"Give one of these endings.",
            path=path,
        )
