"""Zip archives -> their members as files, with names readable whatever system packed them."""

from __future__ import annotations

import re
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from policy_nlp.documents.formats import detect_format
from policy_nlp.documents.zip_reading import iter_unpacked, open_zip
from policy_nlp.errors import DocumentError
from policy_nlp.records import InputFile, SkippedInput

MAX_DEPTH = 3  # an archive in an archive in an archive
MAX_MEMBERS = 20_000
MAX_MEMBER_BYTES = 500 << 20
MAX_TOTAL_BYTES = 4 << 30  # of one archive with all that is nested in it

_UTF8_FLAG = 0x800
_EUROPEAN = re.compile("[\u00a0-\u024f\u0370-\u045f]")  # letters of Latin, Greek, Russian
_UNICODE_PATH_FIELD = 0x7075  # Info-ZIP's name in UTF-8


@dataclass(slots=True)
class _Allowance:
    """What may still be unpacked of one archive given by the user."""

    n_bytes: int = MAX_TOTAL_BYTES
    n_members: int = MAX_MEMBERS


def iter_archive(source: InputFile) -> Iterator[InputFile | SkippedInput]:
    """The files in a zip archive, each on disk while it is being read, ordered by name.

    A file is written under a made-up name into a temporary folder, so that no name in the archive can point
    outside it, and is deleted when the next one is asked for. Archives in it are opened too.

    Raises:
        DocumentError: the archive itself is damaged or holds too much.
    """
    with tempfile.TemporaryDirectory(prefix="policy-nlp-") as folder:
        yield from _iter_level(source, Path(folder), _Allowance(), depth=1)


def _iter_level(
    source: InputFile, folder: Path, allowance: _Allowance, *, depth: int
) -> Iterator[InputFile | SkippedInput]:
    with open_zip(source.path, source.shown_path) as container:
        members = [member for member in container.infolist() if not member.is_dir()]
        _take_members(allowance, len(members), source.shown_path)
        names = decode_names(members)
        named = sorted(zip(names, range(len(members)), strict=True))
        for name, index in named:
            if is_ignored(name):
                continue
            shown_path = f"{source.shown_path}/{name}"
            unpacked = _unpack(container, members[index], shown_path, folder=folder, allowance=allowance)
            if isinstance(unpacked, SkippedInput):
                yield unpacked
                continue
            yield from _iter_member(unpacked, folder, allowance, depth=depth)
            unpacked.path.unlink(missing_ok=True)


def _iter_member(
    member: InputFile, folder: Path, allowance: _Allowance, *, depth: int
) -> Iterator[InputFile | SkippedInput]:
    if detect_format(member.path) != "zip":
        yield member
        return
    if depth >= MAX_DEPTH:
        yield SkippedInput(
            member.shown_path,
            f"{member.shown_path}: archives are nested more than {MAX_DEPTH} deep; unpack it by hand",
        )
        return
    try:
        yield from _iter_level(member, folder, allowance, depth=depth + 1)
    except DocumentError as err:
        yield SkippedInput(member.shown_path, err.message)


def _take_members(allowance: _Allowance, n_members: int, shown_path: str) -> None:
    if n_members > allowance.n_members:
        raise DocumentError(
            f"{shown_path}: holds more than {MAX_MEMBERS} files, the most that is read of one archive. "
            "Unpack it and give the folder.",
            path=shown_path,
            n_members=n_members,
        )
    allowance.n_members -= n_members


def _unpack(
    container: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    shown_path: str,
    *,
    folder: Path,
    allowance: _Allowance,
) -> InputFile | SkippedInput:
    """The member as a file under a made-up name, or why it was not unpacked."""
    ending = re.sub(r"[^.A-Za-z0-9]", "", PurePosixPath(shown_path).suffix)[:12]
    with tempfile.NamedTemporaryFile(dir=folder, suffix=ending, delete=False) as stream:
        path = Path(stream.name)
        try:
            max_bytes = min(MAX_MEMBER_BYTES, allowance.n_bytes)
            for chunk in iter_unpacked(container, member, shown_path=shown_path, max_bytes=max_bytes):
                stream.write(chunk)
                allowance.n_bytes -= len(chunk)
        except DocumentError as err:
            stream.close()
            path.unlink()
            return SkippedInput(shown_path, err.message)
    return InputFile(path=path, shown_path=shown_path)


def is_ignored(name: str) -> bool:
    """True for what no user means as a document: resource forks, dot files, lock files of Office."""
    parts = PurePosixPath(name).parts
    return (
        not parts
        or any(part.startswith(".") or part == "__MACOSX" for part in parts)
        or parts[-1].startswith("~$")
        or parts[-1].lower() in ("thumbs.db", "desktop.ini")
    )


def decode_names(members: Sequence[zipfile.ZipInfo]) -> list[str]:
    """Names of the members as their author saw them, without steps up or drive letters.

    A name is UTF-8 where the zip says so. Else the bytes of all names together decide between UTF-8, GB18030
    and Big5: Chinese Windows writes its own code page and does not say so.
    """
    raw_names = [_raw_name(member) for member in members]
    encoding = guess_encoding(
        [raw for raw, member in zip(raw_names, members, strict=True) if _is_open(member)]
    )
    names: list[str] = []
    for raw, member in zip(raw_names, members, strict=True):
        stated = member.orig_filename if member.flag_bits & _UTF8_FLAG else _unicode_path(member, raw)
        names.append(_safe_name(stated if stated is not None else raw.decode(encoding, errors="replace")))
    return names


def _is_open(member: zipfile.ZipInfo) -> bool:
    return not member.flag_bits & _UTF8_FLAG


def _raw_name(member: zipfile.ZipInfo) -> bytes:
    """The name's bytes: zipfile reads them as cp437, which loses nothing."""
    return member.orig_filename.encode(
        "utf-8" if member.flag_bits & _UTF8_FLAG else "cp437", errors="replace"
    )


def _unicode_path(member: zipfile.ZipInfo, raw: bytes) -> str | None:
    """The name in Info-ZIP's extra field, where it belongs to this name."""
    extra = member.extra
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH_FIELD and len(field) > 5 and field[0] == 1:
            if struct.unpack("<L", field[1:5])[0] != zlib.crc32(raw):
                return None
            return field[5:].decode("utf-8", errors="replace")
    return None


def guess_encoding(raw_names: Sequence[bytes]) -> str:
    """The encoding in which names without a stated one read best.

    >>> guess_encoding(["科技政策.docx".encode("gb18030")])
    'gb18030'
    """
    joined = b"\n".join(raw_names)
    if joined.isascii():
        return "ascii"
    possible = [encoding for encoding in ("utf-8", "gb18030", "big5") if _decodes(joined, encoding)]
    if not possible:
        return "cp437"
    if "utf-8" in possible and not _is_gb18030_like_utf8(joined):
        return "utf-8"
    others = [encoding for encoding in possible if encoding != "utf-8"]
    return max(others, key=lambda encoding: _common_share(joined, encoding))


def _is_gb18030_like_utf8(content: bytes) -> bool:
    """Whether UTF-8 gives letters that hardly a name has and GB18030 only common characters: 通知 is both.

    Chinese, and the letters of Latin, Greek and Russian, speak for UTF-8.
    """
    characters = [character for character in content.decode("utf-8") if not character.isascii()]
    if max(characters) > "\u07ff" or all(_EUROPEAN.match(character) for character in characters):
        return False
    return _decodes(content, "gb18030") and _common_share(content, "gb18030") == 1


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _common_share(content: bytes, encoding: str) -> float:
    """Share of the characters outside ASCII that are common ones of their encoding, 0 to 1."""
    characters = [character for character in content.decode(encoding) if not character.isascii()]
    low, high = (b"\xb0\xa1", b"\xd7\xf9") if encoding == "gb18030" else (b"\xa4\x40", b"\xc6\x7e")
    pairs = [character.encode(encoding) for character in characters]
    common = [pair for pair in pairs if low <= pair <= high and pair[1] >= low[1]]
    return len(common) / max(len(characters), 1)


def _safe_name(name: str) -> str:
    """The name for showing: forward slashes, no drive, no steps up, no control characters."""
    name = re.sub(r"[\x00-\x1f\x7f]", "", name.replace("\\", "/"))
    name = re.sub(r"^[A-Za-z]:", "", name)
    return "/".join(part for part in name.split("/") if part not in ("", ".", "..")) or "unnamed"
