"""The files of a project: a .qdpx archive, or a bare .qde with its `sources` folder beside it.

Members of an archive are read into memory and never written to disk, so no name in it can point outside.
A reference of the XML is looked up among the files that came with the project and nowhere else.
"""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from policy_nlp.documents.archives import decode_names, is_ignored
from policy_nlp.documents.zip_reading import iter_unpacked, open_zip
from policy_nlp.errors import DocumentError, ExchangeError
from policy_nlp.exchange.refi_qda.xml_reading import MAX_XML_BYTES, shorten
from policy_nlp.files import kind_of_path, show_path

MAX_MEMBERS = 50_000
MAX_TEXT_BYTES = 32 << 20  # of one source
MAX_TOTAL_BYTES = 256 << 20  # of the texts of one project

_SCHEME = re.compile(r"(internal|relative|absolute|file)://?/?/?", re.IGNORECASE)
_ZIP_MARK = b"PK"


@dataclass(frozen=True, slots=True)
class _Member:
    """One file that came with the project: in the archive, or in the folder beside a bare .qde."""

    name: str  # with forward slashes, as its author saw it
    info: zipfile.ZipInfo | None = None
    path: Path | None = None


@dataclass(slots=True)
class ProjectFiles:
    """The XML of one project and the files its sources may be in.

    Attributes:
        shown_path: what messages call the project file.
        xml_name: what messages call the XML in it.
        repairs: what the archive had otherwise than the standard.
    """

    shown_path: str
    xml_name: str
    xml: bytes
    repairs: list[str]
    _members: dict[str, _Member]
    _container: zipfile.ZipFile | None
    _n_left: int = field(default=MAX_TOTAL_BYTES)

    def read_source(self, reference: str) -> bytes | None:
        """The bytes of the file that a path of the XML names; None where it did not come with the project.

        Raises:
            ExchangeError: the file is encrypted, damaged or too large.
        """
        member = self._find(reference)
        if member is None:
            return None
        content = _read(self._container, member, self.shown_path, max_bytes=min(MAX_TEXT_BYTES, self._n_left))
        self._n_left -= len(content)
        return content

    def _find(self, reference: str) -> _Member | None:
        """The member of this path, else the one of this file name, whatever the case of letters."""
        path = _SCHEME.sub("", reference.strip(), count=1).replace("\\", "/")
        for spelling in dict.fromkeys((path, unquote(path))):
            parts = [part for part in spelling.split("/") if part not in ("", ".", "..")]
            for key in ("/".join(["sources", *parts]), "/".join(parts), *parts[-1:]):
                if found := self._members.get(key.casefold()):
                    return found
        return None


@contextmanager
def open_project(path: Path) -> Iterator[ProjectFiles]:
    """The files of a .qdpx or .qde, told apart by their content.

    Raises:
        ExchangeError: the file cannot be read, or does not hold exactly one project.
    """
    shown_path = show_path(path)
    if _read_mark(path, shown_path) == _ZIP_MARK:
        try:
            with open_zip(path, shown_path) as container:
                yield _files_of_archive(container, shown_path)
        except DocumentError as err:
            raise ExchangeError(err.message, **err.place) from err
    else:
        yield _files_of_folder(path, shown_path)


def _read_mark(path: Path, shown_path: str) -> bytes:
    what = kind_of_path(path)
    if what != "file":
        raise ExchangeError(
            f"{shown_path}: is {what}, expected a .qdpx or .qde file. Correct the path.", path=path
        )
    try:
        with path.open("rb") as stream:
            return stream.read(len(_ZIP_MARK))
    except OSError as err:
        raise ExchangeError(
            f"{shown_path}: cannot be read ({err.strerror}). Check its rights.", path=path
        ) from err


def _files_of_archive(container: zipfile.ZipFile, shown_path: str) -> ProjectFiles:
    infos = [info for info in container.infolist() if not info.is_dir()]
    if len(infos) > MAX_MEMBERS:
        raise ExchangeError(
            f"{shown_path}: holds {len(infos):,} files, at most {MAX_MEMBERS:,} are read. "
            "Export fewer sources.",
            path=shown_path,
        )
    members = [
        _Member(name, info=info)
        for name, info in zip(decode_names(infos), infos, strict=True)
        if not is_ignored(name)
    ]
    project = _only_project(members, shown_path)
    repairs = _folder_repairs(project, members)
    xml = _read(container, project, shown_path, max_bytes=MAX_XML_BYTES)
    xml_name = f"{shown_path}/{shorten(project.name)}"
    return ProjectFiles(shown_path, xml_name, xml, repairs, _by_name(members, repairs), container)


def _files_of_folder(path: Path, shown_path: str) -> ProjectFiles:
    folders = [path.parent / name for name in ("sources", "Sources")]
    folder = next((folder for folder in folders if folder.is_dir()), None)
    files = sorted(folder.iterdir()) if folder else []
    members = [
        _Member(f"sources/{file.name}", path=file)
        for file in files
        if stat.S_ISREG(file.lstat().st_mode)  # a link could lead anywhere
    ]
    repairs: list[str] = []
    xml = _read(None, _Member(path.name, path=path), shown_path, max_bytes=MAX_XML_BYTES)
    return ProjectFiles(shown_path, shown_path, xml, repairs, _by_name(members, repairs), None)


def _only_project(members: list[_Member], shown_path: str) -> _Member:
    projects = [member for member in members if member.name.lower().endswith(".qde")]
    if len(projects) == 1:
        return projects[0]
    names = ", ".join(shorten(member.name, 40) for member in (projects or members)[:5])
    found = f"{len(projects)} projects ({names})" if projects else f"no .qde file among {names or 'nothing'}"
    raise ExchangeError(
        f"{shown_path}: found {found}, expected exactly one .qde file. Export the project again, or "
        "unpack the file and give the one to read.",
        path=shown_path,
    )


def _folder_repairs(project: _Member, members: list[_Member]) -> list[str]:
    """What of the names is not as the standard has it."""
    repairs = []
    if project.name != "project.qde":
        repairs.append(f"the project is called {shorten(project.name)}, not project.qde")
    folders = {PurePosixPath(member.name).parent.name for member in members if member is not project}
    if odd := sorted(folder for folder in folders if folder != "sources"):
        shown = ", ".join(f"{shorten(folder, 30)}/" if folder else "the top folder" for folder in odd[:3])
        repairs.append(f"sources lie in {shown}, not in sources/")
    return repairs


def _by_name(members: list[_Member], repairs: list[str]) -> dict[str, _Member]:
    """Members by path, and by file name where only one has it; the last of two with one path counts."""
    found: dict[str, _Member] = {}
    n_same_path: dict[str, int] = {}
    by_file_name: dict[str, list[_Member]] = {}
    for member in members:
        key = member.name.casefold()
        n_same_path[key] = n_same_path.get(key, 0) + 1
        found[key] = member
        by_file_name.setdefault(PurePosixPath(key).name, []).append(member)
    for name, same in by_file_name.items():
        if len({member.name.casefold() for member in same}) == 1:
            found.setdefault(name, same[-1])
    repeated = [key for key, n_members in n_same_path.items() if n_members > 1]
    if repeated:
        names = ", ".join(shorten(key, 50) for key in repeated[:3])
        repairs.append(
            f"{len(repeated)} files stand in the archive more than once ({names}); the last was read"
        )
    return found


def _read(container: zipfile.ZipFile | None, member: _Member, shown_path: str, *, max_bytes: int) -> bytes:
    if member.info is not None and container is not None:
        name = f"{shown_path}/{shorten(member.name)}"
        chunks = iter_unpacked(container, member.info, shown_path=name, max_bytes=max_bytes)
        try:
            return b"".join(chunks)
        except DocumentError as err:
            raise ExchangeError(err.message, **err.place) from err
    try:
        with (member.path or Path()).open("rb") as stream:
            content = stream.read(max_bytes + 1)
    except OSError as err:
        raise ExchangeError(
            f"{shown_path}: {shorten(member.name)} cannot be read ({err.strerror}). Check its rights.",
            path=shown_path,
        ) from err
    if len(content) > max_bytes:
        raise ExchangeError(
            f"{shown_path}: {shorten(member.name)} is larger than {max_bytes >> 20} MB, the most that is "
            "read of it. Split it into smaller files.",
            path=shown_path,
            max_bytes=max_bytes,
        )
    return content
