"""Zip containers opened and read within bounds: shared by docx and archives.

A zip of a few kilobytes can unpack to terabytes. Every read here is bounded by what is really unpacked,
never by what the directory of the zip claims.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from lzma import LZMAError
from pathlib import Path
from typing import IO

from policy_nlp.errors import DocumentError

CHUNK_BYTES = 1 << 20
MAX_RATIO = 200  # unpacked over packed bytes; office files and texts stay under 30
RATIO_FREE_BYTES = 32 << 20  # the ratio says nothing about a small part
ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


@contextmanager
def open_zip(path: Path, shown_path: str) -> Iterator[zipfile.ZipFile]:
    """The opened zip.

    Raises:
        DocumentError: the file is no zip or its directory is damaged.
    """
    try:
        container = zipfile.ZipFile(path)
    except ZIP_ERRORS as err:
        raise DocumentError(
            f"{shown_path}: found a damaged zip container ({err}), expected a whole one. Copy or download "
            "the file again.",
            path=shown_path,
        ) from err
    with container:
        yield container


def iter_unpacked(
    container: zipfile.ZipFile, member: zipfile.ZipInfo, *, shown_path: str, max_bytes: int
) -> Iterator[bytes]:
    """Chunks of one member as they are unpacked.

    Raises:
        DocumentError: the member is encrypted, damaged, larger than `max_bytes`, or unpacks to more than
            `MAX_RATIO` times its packed size.
    """
    if member.flag_bits & 0x1:
        raise DocumentError(
            f"{shown_path}: the file is encrypted. Unpack it with its password and give the unpacked file.",
            path=shown_path,
        )
    n_bytes = 0
    try:
        with container.open(member) as stream:
            for chunk in _iter_chunks(stream):
                n_bytes += len(chunk)
                _check_size(n_bytes, member.compress_size, shown_path=shown_path, max_bytes=max_bytes)
                yield chunk
    except (*ZIP_ERRORS, OSError) as err:  # a directory that points before the file's start: OSError
        raise DocumentError(
            f"{shown_path}: the file cannot be unpacked ({err}). Pack or download it again.", path=shown_path
        ) from err


def read_member(container: zipfile.ZipFile, name: str, *, shown_path: str, max_bytes: int) -> bytes | None:
    """Bytes of the member called `name`, or None where the zip has no such member."""
    try:
        member = container.getinfo(name)
    except KeyError:
        return None
    return b"".join(iter_unpacked(container, member, shown_path=shown_path, max_bytes=max_bytes))


def _iter_chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK_BYTES):
        yield chunk


def _check_size(n_bytes: int, packed_bytes: int, *, shown_path: str, max_bytes: int) -> None:
    if n_bytes > max_bytes:
        raise DocumentError(
            f"{shown_path}: unpacks to more than {max_bytes >> 20} MB, the most that is read of one file. "
            "Split it into smaller files.",
            path=shown_path,
            max_bytes=max_bytes,
        )
    if n_bytes > RATIO_FREE_BYTES and n_bytes > MAX_RATIO * max(packed_bytes, 1):
        raise DocumentError(
            f"{shown_path}: unpacks to more than {MAX_RATIO} times its packed size, as a zip bomb does; it "
            "was not read. Unpack it by hand if you trust it.",
            path=shown_path,
            max_ratio=MAX_RATIO,
        )
