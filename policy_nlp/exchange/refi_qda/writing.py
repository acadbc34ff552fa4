"""QDA project -> .qdpx file that NVivo, MAXQDA, ATLAS.ti and QualCoder open with every coding in its place.

Same project, same bytes: nothing in the file follows the clock, the machine or the order of the codings.
What readers differ in is avoided: texts are UTF-8 without byte order mark, with line feeds, one file each in
`sources/`; one selection holds one coding of one user; names of codes and sources do not repeat.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

from policy_nlp.errors import ExchangeError
from policy_nlp.exchange.refi_qda.guids import make_guid
from policy_nlp.exchange.refi_qda.project import (
    QdaCoding,
    QdaProject,
    QdaSet,
    QdaUser,
    QdaVariable,
)
from policy_nlp.exchange.refi_qda.project_xml import CodedSource, ProjectXml
from policy_nlp.exchange.refi_qda.safe_text import is_of_kind, plain_text
from policy_nlp.files import atomic_path

PROJECT_FILE = "project.qde"
SOURCE_FOLDER = "sources"
_NOBODY = QdaUser(make_guid("coder of codings without a user"), "no user")  # some readers end without one
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip archive can hold


def write_project(path: Path, project: QdaProject, *, keeps_names: bool = False) -> tuple[str, ...]:
    """Write a project whole or not at all; several codings of one span with one code by one user are one.

    Args:
        path: the .qdpx file.
        project: what is written.
        keeps_names: writes names that repeat as they are, as in the program that the project is from.

    Returns:
        Warnings: what had to be written otherwise than it is in the project.

    Raises:
        ExchangeError: the project points to a code, user or source that it does not hold, a span ends
            outside its source, or a GUID is wrong or used twice.
        OutputError: the file cannot be written.
    """
    by_source: dict[str, list[QdaCoding]] = {source.guid: [] for source in project.sources}
    has_nobody = False
    for coding in project.codings:
        if coding.source_guid not in by_source:
            raise ExchangeError(
                f"a coding is on source {coding.source_guid}, which is not in project {project.name!r}. "
                "Add the source or leave the coding out.",
                path=path,
                guid=coding.source_guid,
            )
        has_nobody |= coding.user_guid is None
        by_source[coding.source_guid].append(
            coding if coding.user_guid else replace(coding, user_guid=_NOBODY.guid)
        )
    variables, warnings = _fitting_variables(project)
    sources = (CodedSource(source, tuple(by_source[source.guid])) for source in project.sources)
    has_nobody &= _NOBODY.guid not in {user.guid for user in project.users}
    head = replace(project, variables=variables, users=project.users + (_NOBODY,) * has_nobody)
    written = write_sources(path, head, sources=sources, sets=project.sets, keeps_names=keeps_names)
    return (*warnings, *written)


def write_sources(
    path: Path,
    head: QdaProject,
    *,
    sources: Iterable[CodedSource],
    sets: Iterable[QdaSet] = (),
    keeps_names: bool = False,
) -> tuple[str, ...]:
    """Write a project source by source: memory holds one of them at a time.

    Args:
        path: the .qdpx file.
        head: the project's name, users, codes, variables and description; its sources, codings and sets
            are not looked at.
        sources: read once, in this order.
        sets: read after the last source, so that they may hold what was found in the sources.
        keeps_names: as `write_project`.

    Returns:
        Warnings as `write_project`, which names the errors too.
    """
    found = _Found()
    with (
        atomic_path(path) as temporary,
        tempfile.TemporaryFile(dir=path.parent) as xml,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        with ProjectXml(xml, head, keeps_names=keeps_names).root() as document:
            document.write_sources(_iter_kept(sources, archive, found))
            document.write_sets(sets)
        _add_file(archive, xml)
    return (*found.warnings(), *_warnings_of(document))


@dataclass(slots=True)
class _Found:
    """What was met in the sources that the file does not hold as it was."""

    replaced: list[str] = field(default_factory=list)  # names of sources
    n_empty: int = 0  # codings

    def warnings(self) -> tuple[str, ...]:
        """One sentence each."""
        told = []
        if self.replaced:
            told.append(
                f"in {len(self.replaced):,} sources (the first is {self.replaced[0]!r}) characters that the "
                "format or its readers do not keep (controls, carriage returns, a byte order mark) are "
                "replaced one for one: no position moves"
            )
        if self.n_empty:
            told.append(f"{self.n_empty:,} codings of no character are left out")
        return tuple(told)


def _warnings_of(document: ProjectXml) -> Iterator[str]:
    if document.n_repeated:
        yield (
            f"{document.n_repeated:,} codings are left out: another with another description or time has the "
            "same user, code and characters"
        )


def _iter_kept(
    sources: Iterable[CodedSource], archive: zipfile.ZipFile, found: _Found
) -> Iterator[CodedSource]:
    """The sources as they are written: with the text that is in the archive, without empty codings."""
    for coded in sources:
        source = replace(coded.source, text=plain_text(coded.source.text))
        if source.text != coded.source.text:
            found.replaced.append(source.name)
        codings = tuple(coding for coding in coded.codings if len(coding.span))
        found.n_empty += len(coded.codings) - len(codings)
        yield CodedSource(source, codings)
        archive.writestr(_entry(f"{SOURCE_FOLDER}/{source.guid}.txt"), source.text.encode("utf-8"))


def _add_file(archive: zipfile.ZipFile, xml: IO[bytes]) -> None:
    entry = _entry(PROJECT_FILE)
    entry.file_size = xml.seek(0, 2)  # lets zipfile see whether 32 bits are enough
    xml.seek(0)
    with archive.open(entry, "w") as stream:
        shutil.copyfileobj(xml, stream, 1 << 20)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _FIXED_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3  # the same on every system
    entry.external_attr = 0o644 << 16
    return entry


def _fitting_variables(project: QdaProject) -> tuple[tuple[QdaVariable, ...], list[str]]:
    """The variables of the sources, each of a kind that all its values are of."""
    declared = {variable.name: variable for variable in project.variables}
    warnings: list[str] = []
    for source in project.sources:
        for name, value in source.variables.items():
            variable = declared.setdefault(name, QdaVariable(name))
            if not is_of_kind(value, variable.kind):
                declared[name] = replace(variable, kind="Text")
                warnings.append(
                    f"variable {name!r} is written as text: {source.name!r} has {value!r}, which is no "
                    f"{variable.kind}"
                )
    return tuple(declared.values()), warnings
