"""REFI-QDA project -> CoderFile, by its own codes or by a codebook that its codes are matched with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from policy_nlp.codebook import Codebook, load_codebook, shipped_codebook_path
from policy_nlp.exchange.coder_file import CoderFile
from policy_nlp.exchange.project_codebook import codebook_of_project, match_codes
from policy_nlp.exchange.project_units import coders_of_project
from policy_nlp.exchange.refi_qda.codebook_codes import SEEN_ONLY_GUID
from policy_nlp.exchange.refi_qda.project import QdaProject
from policy_nlp.exchange.refi_qda.reading import read_project
from policy_nlp.files import sha256_of_file, show_path
from policy_nlp.settings.commands import SeenRule

PROJECT_ENDINGS = (".qdpx", ".qde")


def is_project_file(path: Path) -> bool:
    """Whether the name is that of a project."""
    return path.suffix.lower() in PROJECT_ENDINGS


def read_project_file(
    path: Path, *, codebook_path: Path | None = None, seen: SeenRule = "coded-documents"
) -> CoderFile:
    """The coders of a REFI-QDA project.

    Args:
        path: a .qdpx or .qde file.
        codebook_path: the codebook that the project's codes are matched with, by id or name. None takes the
            shipped one where every code that is applied is one of it, else the project's own codes.
        seen: which sources a user was given for whom the project does not say it.

    Raises:
        ExchangeError: the project cannot be read.
        CodebookError: the codebook cannot be read, or the project's codes make none.
    """
    read = read_project(path)
    found = _find_codebook(read.project, path, codebook_path)
    units = coders_of_project(
        read,
        codebook=found.codebook,
        code_id_of_guid=found.code_id_of_guid,
        seen=seen,
        shown_path=show_path(path),
    )
    return CoderFile(
        path=path,
        sha256=sha256_of_file(path),
        codebook=found.codebook,
        coders=units.coders,
        documents=units.documents,
        texts=units.texts,
        notes=(*units.notes, *found.notes),
    )


@dataclass(frozen=True, slots=True)
class _FoundCodebook:
    """A codebook and which code of it each code of the project is."""

    codebook: Codebook
    code_id_of_guid: Mapping[str, str]
    notes: tuple[str, ...] = ()


def _find_codebook(project: QdaProject, path: Path, codebook_path: Path | None) -> _FoundCodebook:
    codebook = load_codebook(codebook_path or shipped_codebook_path())
    codes = tuple(code for code in project.codes if code.guid != SEEN_ONLY_GUID)
    matched = match_codes(codes, codebook)
    applied = frozenset(coding.code_guid for coding in project.codings) - {SEEN_ONLY_GUID}
    is_shipped = not codes or (bool(applied) and applied <= matched.code_id_of_guid.keys())
    if codebook_path is not None or is_shipped:
        return _FoundCodebook(codebook, matched.code_id_of_guid)
    name = project.name or path.stem
    own = codebook_of_project(codes, name=name, applied_guids=applied, path=path)
    return _FoundCodebook(own.codebook, own.code_id_of_guid, own.notes)
