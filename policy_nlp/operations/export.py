"""ExportSettings -> ExportedFile: codings of any inputs, people and models, into one file of another form."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from policy_nlp.codebook import Codebook
from policy_nlp.errors import OutputError
from policy_nlp.exchange.coder_codebook import codebook_of_input
from policy_nlp.exchange.coder_files import CoderFile, read_coder_file
from policy_nlp.exchange.coder_writing import (
    ExportedFile,
    codes_of_unit,
    write_coding_sheet,
    write_long_csv,
    write_unit_lines,
)
from policy_nlp.exchange.folder_models import coded_folder
from policy_nlp.exchange.project_building import ProjectInputs, write_coded_project
from policy_nlp.exchange.project_file import is_project_file
from policy_nlp.exchange.result_folder import MANIFEST
from policy_nlp.exchange.result_manifest import read_manifest
from policy_nlp.exchange.result_units import is_result_folder
from policy_nlp.exchange.same_models import join_same_models
from policy_nlp.exchange.unit_alignment import align_units
from policy_nlp.files import hold_lock
from policy_nlp.operations.agree_coders import find_common_codebook
from policy_nlp.operations.export_projects import merge_into_project
from policy_nlp.records import CoderUnits, Progress
from policy_nlp.settings.commands import ExportSettings

PROJECT_ENDING = ".qdpx"
_WRITERS: dict[str, Callable[[Path, Sequence[CoderUnits], Codebook], tuple[str, ...]]] = {
    ".jsonl": lambda path, coders, codebook: write_unit_lines(path, coders),
    ".csv": lambda path, coders, codebook: write_long_csv(path, coders, codebook=codebook),
    ".xlsx": lambda path, coders, codebook: write_coding_sheet(path, coders, codebook=codebook),
}


def export_codings(settings: ExportSettings, progress: Progress | None = None) -> ExportedFile:
    """Write the codings of all inputs as a REFI-QDA project, JSON Lines, CSV or Excel, by the ending of OUT.

    A project among the inputs stays as it is and the others are added to it; in other forms it is read with
    a codebook.

    Args:
        settings: what to write, and where.
        progress: told the inputs that are read.

    Raises:
        OutputError: OUT is there already or an input, its ending is not known, or it cannot be written.
        GoldError: an input is missing or breaks its form.
        ExchangeError: an input cannot be read, or the inputs were coded with different codebooks.
        UnknownCodeError: a code is not in the codebook.
    """
    check_out(settings)
    with hold_lock(settings.out):
        if settings.out.suffix.lower() == PROJECT_ENDING:
            return _export_project(settings, progress)
        return _export_units(settings, progress)


def check_out(settings: ExportSettings) -> None:
    """Raise OutputError where OUT has no known ending, is an input, or is there already."""
    out = settings.out
    if out.suffix.lower() not in (PROJECT_ENDING, *_WRITERS):
        raise OutputError(
            f"{out}: codings are written as {', '.join((PROJECT_ENDING, *_WRITERS))}, not as "
            f"{out.suffix or 'a file without ending'}. Choose one of these endings for --out.",
            path=out,
        )
    for path in settings.inputs:
        if os.path.realpath(path) == os.path.realpath(out):
            raise OutputError(f"{out}: --out is an input. Choose another --out.", path=out)
    if out.is_dir() or (out.exists() and not settings.is_forced):
        mend = "Choose another --out." if out.is_dir() else "Choose another --out, or overwrite with --force."
        raise OutputError(f"{out}: is there already. {mend}", path=out)


def _export_project(settings: ExportSettings, progress: Progress | None) -> ExportedFile:
    folders = [path for path in settings.inputs if is_result_folder(path)]
    others = [path for path in settings.inputs if path not in folders]
    if any(is_project_file(path) for path in others):
        return merge_into_project(settings, progress)
    if others:
        # Folders first: all else is named and placed as their texts are.
        aligned = align_units(_read([*folders, *others], settings, progress))
        codebook, files = find_common_codebook(aligned), aligned[len(folders) :]
    else:
        codebook, files = _codebook_of_folders(folders, settings), ()
    coded = tuple(coded_folder(path) for path in folders)
    written = write_coded_project(settings.out, ProjectInputs(codebook, coded, tuple(files)))
    return ExportedFile(
        out=settings.out,
        codebook=codebook.name,
        coder_ids=written.coder_ids,
        n_codings=written.n_codings,
        n_texts=written.n_sources,
        notes=(*(note for file in files for note in (*file.notes, *file.character_notes)), *written.notes),
    )


def _export_units(settings: ExportSettings, progress: Progress | None) -> ExportedFile:
    read = _read(settings.inputs, settings, progress)
    joined = join_same_models(read, align_units(read))
    files = joined.files
    codebook = find_common_codebook(files)
    coders = [own for file in files for own in file.coders]
    lost = _WRITERS[settings.out.suffix.lower()](settings.out, coders, codebook)
    return ExportedFile(
        out=settings.out,
        codebook=codebook.name,
        coder_ids=tuple(own.coder.coder_id for own in coders),
        n_codings=sum(len(codes_of_unit(unit)) for own in coders for unit in own.units),
        n_units=len({unit.unit_id for own in coders for unit in own.units}),
        notes=(*joined.notes, *(note for file in files for note in file.notes), *lost),
    )


def _read(
    paths: Sequence[Path], settings: ExportSettings, progress: Progress | None
) -> tuple[CoderFile, ...]:
    """The inputs in this order."""
    files: list[CoderFile] = []
    for path in paths:
        files.append(read_coder_file(path, codebook_path=settings.codebook_path, seen=settings.seen))
        if progress is not None:
            progress(len(files), len(paths))
    return tuple(files)


def _codebook_of_folders(folders: Sequence[Path], settings: ExportSettings) -> Codebook:
    """The codebook that all folders were coded with."""
    codebooks = [
        codebook_of_input(
            path,
            read_manifest(path / MANIFEST).run.codebook_sha256,
            codebook_path=settings.codebook_path,
        )
        for path in folders
    ]
    return codebooks[0]
