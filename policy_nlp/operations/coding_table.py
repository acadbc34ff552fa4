"""CodingTableSettings -> CodingTableResult: the three-level coding table, written as Word or Excel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from policy_nlp import __version__
from policy_nlp.analysis.coding_table import make_coding_table
from policy_nlp.analysis.coding_table_result import CodingTableResult
from policy_nlp.errors import CorpusError, OutputError
from policy_nlp.exchange.coder_corpus import CoderCorpus, corpus_of_coder
from policy_nlp.exchange.coder_files import read_coder_file
from policy_nlp.exchange.corpus_reading import read_corpus
from policy_nlp.exchange.metadata_table import apply_metadata
from policy_nlp.exchange.result_units import is_result_folder
from policy_nlp.files import atomic_path, hold_lock
from policy_nlp.operations.coding_table_agreement import compare_for_table
from policy_nlp.operations.label_manifest import now
from policy_nlp.operations.output_checks import check_free_output
from policy_nlp.records import PREDICTED_LEVELS
from policy_nlp.reports.coding_table_document import coding_table_document
from policy_nlp.reports.coding_table_sheets import coding_table_sheets
from policy_nlp.reports.render_docx import render_docx
from policy_nlp.reports.workbook import write_workbook
from policy_nlp.settings.coding_table import CodingTableSettings


def make_table(settings: CodingTableSettings) -> CodingTableResult:
    """The coding table of the inputs, written to the file of the settings where they name one.

    Raises:
        OutputError: the file is there already, or its ending is not known.
        ExchangeError, OutputError, GoldError, CodebookError, UnknownCodeError: an input breaks its form.
        CorpusError: inputs are no result folders, or the table of metadata does not fit.
        TooFewCodersError: the files of --coders share no unit.
    """
    if settings.out is not None:
        _check_out(settings.out, settings)
    read = _read(settings)
    corpus = apply_metadata(read.corpus, settings.metadata_path) if settings.metadata_path else read.corpus
    result = CodingTableResult(
        table=make_coding_table(corpus, n_examples=settings.n_examples, coded_levels=read.levels),
        corpus=corpus,
        coder=read.coder_id or None,
        is_model=read.is_model,
        version=__version__,
        date=now(),
        agreement=compare_for_table(read, settings),
        compared_with="gold" if settings.gold_path else "coders" if settings.coder_paths else None,
    )
    if settings.out is not None:
        with hold_lock(settings.out), atomic_path(settings.out) as temporary:
            _WRITERS[settings.out.suffix.lower()](temporary, result)
    return result


def _read(settings: CodingTableSettings) -> CoderCorpus:
    """The codings; `coder_id` is empty where models made them."""
    inputs = settings.inputs
    if all(is_result_folder(path) for path in inputs):
        return CoderCorpus(
            "", read_corpus(inputs, codebook_path=settings.codebook_path), PREDICTED_LEVELS, True
        )
    if len(inputs) > 1:
        other = next(path for path in inputs if not is_result_folder(path))
        raise CorpusError(
            f"{other}: this is no result folder of `policy-nlp code`. Several inputs must all be such "
            "folders; a coder file, project or coding sheet is given alone.",
            path=other,
        )
    file = read_coder_file(inputs[0], codebook_path=settings.codebook_path)
    return corpus_of_coder(file, settings.coder)


def _write_docx(path: Path, result: CodingTableResult) -> None:
    path.write_bytes(render_docx(coding_table_document(result)))


def _write_xlsx(path: Path, result: CodingTableResult) -> None:
    write_workbook(path, coding_table_sheets(result))


_WRITERS: dict[str, Callable[[Path, CodingTableResult], None]] = {".docx": _write_docx, ".xlsx": _write_xlsx}


def _check_out(path: Path, settings: CodingTableSettings) -> None:
    """Raises an error before any work where the file cannot be written."""
    if path.suffix.lower() not in _WRITERS:
        raise OutputError(
            f"{path}: a coding table is written as {' or '.join(_WRITERS)}. Give one of these endings.",
            path=path,
        )
    given = (*settings.inputs, *settings.coder_paths, settings.gold_path, settings.metadata_path)
    check_free_output(path, given, is_forced=settings.is_forced)
