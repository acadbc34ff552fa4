"""Any file with codings -> CoderFile: gold and coder files, tables, result folders, projects, sheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from policy_nlp.codebook import load_codebook, shipped_codebook_path
from policy_nlp.errors import GoldError
from policy_nlp.exchange.coder_codebook import codebook_of_input
from policy_nlp.exchange.coder_documents import documents_of_units
from policy_nlp.exchange.coder_file import CoderFile, SourceText
from policy_nlp.exchange.coder_tables import find_table_manifest, read_coder_table
from policy_nlp.exchange.coding_sheet_reading import read_coding_sheet
from policy_nlp.exchange.collector import collector_paused
from policy_nlp.exchange.project_file import is_project_file, read_project_file
from policy_nlp.exchange.result_units import is_result_folder, read_result_folder
from policy_nlp.exchange.sheet_workbook import is_coding_sheet
from policy_nlp.files import kind_of_path, sha256_of_path
from policy_nlp.records import CoderUnits
from policy_nlp.settings.commands import SeenRule

__all__ = ["CoderFile", "SourceText", "read_coder_file"]


def read_coder_file(
    path: Path, *, codebook_path: Path | None = None, seen: SeenRule = "coded-documents"
) -> CoderFile:
    """The coders of a JSON Lines file, a table, a result folder, a REFI-QDA project or a coding sheet.

    Args:
        path: the file or folder.
        codebook_path: the codebook the codes must be in; None takes the one the input was made with.
        seen: of a project, which documents a user was given: those they coded anything in, or all.

    Raises:
        GoldError: there is no such file, or it breaks its form; the message names the place.
        ExchangeError: a project or a coding sheet cannot be read.
        UnknownCodeError: a code is not in the codebook.
        CodebookError: the codebook cannot be read, or the input was made with one that is not here.
        TableError: a table cannot be read.
    """
    try:
        with collector_paused():
            return _read(path, codebook_path, seen)
    except OSError as err:
        raise GoldError(
            f"{path}: cannot be read ({err.strerror or err}). Check who may read it.", path=path
        ) from err


def _read(path: Path, codebook_path: Path | None, seen: SeenRule) -> CoderFile:
    if kind_of_path(path) not in ("file", "folder"):
        raise GoldError(f"{path}: there is no such file or folder. Check the path.", path=path)
    if is_result_folder(path):
        return read_result_folder(path, codebook_path=codebook_path)
    if is_project_file(path):
        return read_project_file(path, codebook_path=codebook_path, seen=seen)
    if is_coding_sheet(path):
        return read_coding_sheet(path, codebook_path=codebook_path)
    return _read_table(path, codebook_path)


def _read_table(path: Path, codebook_path: Path | None) -> CoderFile:
    manifest = find_table_manifest(path)
    if manifest is not None:
        codebook = codebook_of_input(path, manifest.codebook_sha256, codebook_path=codebook_path)
    else:
        codebook = load_codebook(codebook_path or shipped_codebook_path())
    read = read_coder_table(path, codebook)
    on_characters = documents_of_units(read.coders, shown_path=path.name)
    return CoderFile(
        path=path,
        sha256=sha256_of_path(path),
        codebook=codebook,
        coders=note_units_not_given(read.coders),
        documents=on_characters.documents,
        notes=read.notes,
        character_notes=on_characters.notes,
    )


def note_units_not_given(coders: Sequence[CoderUnits]) -> tuple[CoderUnits, ...]:
    """The coders, with a note for each to whom some units of the file were not given."""
    everything = {unit.unit_id for coder in coders for unit in coder.units}
    noted = []
    for coder in coders:
        if n_missing := len(everything) - len(coder.units):
            note = f"{n_missing:,} of the file's {len(everything):,} units were not given to this coder"
            noted.append(replace(coder, notes=(*coder.notes, note)))
        else:
            noted.append(coder)
    return tuple(noted)
