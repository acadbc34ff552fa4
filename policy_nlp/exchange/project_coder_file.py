"""A REFI-QDA project -> its users as coders, with the codebook its codes are of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from policy_nlp.codebook import Codebook, load_codebook, shipped_codebook_path
from policy_nlp.errors import GoldError, UnknownCodeError
from policy_nlp.exchange.coder_file import CoderFile
from policy_nlp.exchange.project_codebook import codebook_of_project, match_codes
from policy_nlp.exchange.project_units import coders_of_project
from policy_nlp.exchange.refi_qda.project import QdaCode, QdaProject
from policy_nlp.exchange.refi_qda.reading import read_project
from policy_nlp.files import sha256_of_file
from policy_nlp.settings import SeenRule

PROJECT_ENDINGS = (".qdpx", ".qde")
_MOST_NAMED = 10  # codes in a message


@dataclass(frozen=True, slots=True)
class _CodesRead:
    """The codebook a project is read with, and which code of it each of the project's codes is."""

    codebook: Codebook
    code_id_of_guid: Mapping[str, str]
    notes: tuple[str, ...] = ()


def read_project_file(path: Path, *, codebook_path: Path | None, seen: SeenRule) -> CoderFile:
    """The users of a project as coders of its sentences.

    Where no codebook is named, it is the shipped one if all codes that are applied are of it, else the
    project's own codes.

    Raises:
        ExchangeError: the project cannot be read.
        GoldError: no user coded anything.
        UnknownCodeError: a codebook was named and codes that are applied are not in it.
        CodebookError: the codebook named cannot be read, or the project's codes make none.
    """
    read = read_project(path)
    codes = _read_codes(path, read.project, codebook_path)
    units = coders_of_project(
        read,
        codebook=codes.codebook,
        code_id_of_guid=codes.code_id_of_guid,
        seen=seen,
        shown_path=path.name,
    )
    if not units.coders:
        raise GoldError(
            f"{path}: no user of this project coded a text with a code of codebook {codes.codebook.name!r}. "
            "Export the project with its codings, or name its codebook with --codebook.",
            path=path,
        )
    return CoderFile(
        path=path,
        sha256=sha256_of_file(path),
        codebook=codes.codebook,
        coders=units.coders,
        documents=units.documents,
        texts=units.texts,
        notes=(*codes.notes, *units.notes),
    )


def _read_codes(path: Path, project: QdaProject, codebook_path: Path | None) -> _CodesRead:
    applied = frozenset(coding.code_guid for coding in project.codings)
    codebook = load_codebook(codebook_path or shipped_codebook_path())
    matched = match_codes(project.codes, codebook)
    unknown = [code for code in matched.unmatched if code.guid in applied]
    if not unknown and (matched.code_id_of_guid or codebook_path is not None):
        return _CodesRead(codebook, matched.code_id_of_guid, _note_unused(matched.unmatched))
    if codebook_path is not None:
        raise UnknownCodeError(
            f"{path}: {len(unknown)} codes that are applied are not in codebook {codebook.name!r}: "
            f"{_name_codes(unknown)}. Give them the names or ids of the codebook, add them to it, or leave out "
            "--codebook to take the project's own codes.",
            path=path,
            codes=[code.name for code in unknown],
        )
    own = codebook_of_project(project.codes, name=project.name, applied_guids=applied, path=path)
    note = (
        f"read with the project's own {len(project.codes)} codes as codebook: {len(unknown)} that are applied "
        f"are not in the shipped one ({_name_codes(unknown)})"
    )
    return _CodesRead(own.codebook, own.code_id_of_guid, (note, *own.notes))


def _note_unused(codes: Sequence[QdaCode]) -> tuple[str, ...]:
    if not codes:
        return ()
    return (f"{len(codes)} codes that are never applied are not in the codebook: {_name_codes(codes)}",)


def _name_codes(codes: Sequence[QdaCode]) -> str:
    shown = ", ".join(repr(code.name) for code in codes[:_MOST_NAMED])
    return f"{shown}, ..." if len(codes) > _MOST_NAMED else shown
