"""ExportSettings with projects among the inputs -> the first project with what all other inputs add to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from policy_nlp.exchange.coder_file import CoderFile
from policy_nlp.exchange.coder_files import read_coder_file
from policy_nlp.exchange.coder_writing import ExportedFile
from policy_nlp.exchange.folder_models import coded_folder
from policy_nlp.exchange.project_building import BuiltProject, ProjectInputs, build_coded_project
from policy_nlp.exchange.project_file import is_project_file
from policy_nlp.exchange.project_merging import merge_projects
from policy_nlp.exchange.project_texts import known_texts, texts_of_project
from policy_nlp.exchange.refi_qda.project import QdaCoding, QdaProject, ReadProject
from policy_nlp.exchange.refi_qda.project_xml import UNDATED
from policy_nlp.exchange.refi_qda.reading import read_project
from policy_nlp.exchange.refi_qda.safe_text import is_date_time
from policy_nlp.exchange.refi_qda.writing import write_project
from policy_nlp.exchange.result_units import is_result_folder
from policy_nlp.exchange.unit_alignment import align_units
from policy_nlp.files import show_path
from policy_nlp.operations.agree_coders import find_common_codebook
from policy_nlp.records import Progress
from policy_nlp.settings.commands import ExportSettings


@dataclass(frozen=True, slots=True)
class _NamedProject:
    """A project that was read, and its file."""

    path: Path
    read: ReadProject


def merge_into_project(settings: ExportSettings, progress: Progress | None) -> ExportedFile:
    """Write the first project of the inputs with what the others add; its codes may be of no codebook.

    Raises:
        ExchangeError: an input cannot be read, or inputs other than projects have different codebooks.
        GoldError: an input is missing or breaks its form.
        UnknownCodeError: a code is not in the codebook.
        OutputError: the file cannot be written.
    """
    projects: list[_NamedProject] = []
    files: dict[Path, CoderFile] = {}
    for n_read, path in enumerate(settings.inputs, start=1):
        if is_project_file(path):
            projects.append(_NamedProject(path, read_project(path)))
        else:
            files[path] = read_coder_file(path, codebook_path=settings.codebook_path, seen=settings.seen)
        if progress is not None:
            progress(n_read, len(settings.inputs))
    built = _build_others(projects, tuple(files.values())) if files else None
    first, *further = (named.read.project for named in projects)
    merged = merge_projects(first, *further, *([built.project] if built else []))
    warnings = write_project(settings.out, merged.project, keeps_names=True)
    notes = [note for named in projects for note in _notes_of(named)]
    notes += [note for file in files.values() for note in file.notes]
    notes += [*(built.notes if built else ()), *merged.notes, *_notes_on_writing(merged.project)]
    return ExportedFile(
        out=settings.out,
        codebook=f"{len(merged.project.codes):,} codes of {show_path(projects[0].path)}"
        + (" and the other inputs" if len(settings.inputs) > 1 else ""),
        coder_ids=tuple(user.name for user in merged.project.users),
        n_codings=len(merged.project.codings),
        n_texts=len(merged.project.sources),
        notes=(*notes, *warnings),
    )


def _build_others(projects: Sequence[_NamedProject], files: Sequence[CoderFile]) -> BuiltProject:
    """The project that result folders and coder files make, on the texts of the projects."""
    codebook = find_common_codebook(files)
    folders = [file for file in files if is_result_folder(file.path)]
    others = [file for file in files if file not in folders]
    texts = [texts_of_project(named.read.project, named.path, codebook=codebook) for named in projects]
    # Folders first: all else is named and placed as their texts are.
    aligned = align_units([*folders, *texts, *others])
    aligned_texts = aligned[len(folders) : len(folders) + len(texts)]
    inputs = ProjectInputs(
        codebook=codebook,
        folders=tuple(coded_folder(file.path) for file in folders),
        files=aligned[len(folders) + len(texts) :],
        texts=tuple(known for file in aligned_texts for known in known_texts(file)),
    )
    return build_coded_project(inputs)


def _notes_of(named: _NamedProject) -> list[str]:
    shown = show_path(named.path)
    notes = [f"{shown}: {repair}" for repair in named.read.repairs]
    return notes + [f"{shown}: not kept: {loss}" for loss in named.read.losses]


def _notes_on_writing(project: QdaProject) -> list[str]:
    """What readers of the file should know; names that repeat may be lost in QualCoder."""
    n_undated = sum(not _is_dated(coding) for coding in project.codings)
    notes = []
    if n_undated:
        notes.append(f"{n_undated:,} codings have no time and are dated {UNDATED}, as some readers need one")
    by_name: dict[str, int] = {}
    for code in project.codes:
        by_name[code.name.casefold()] = by_name.get(code.name.casefold(), 0) + 1
    repeated = sorted(name for name, number in by_name.items() if number > 1)
    if repeated:
        notes.append(
            f"{len(repeated):,} names of codes are those of several codes ({', '.join(repeated[:3])}): "
            "QualCoder keeps one code of each name. Rename them where you need QualCoder."
        )
    return notes


def _is_dated(coding: QdaCoding) -> bool:
    return coding.created is not None and is_date_time(coding.created)
