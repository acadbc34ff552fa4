"""A text file of any size, plain or gzip, in any encoding -> its lines."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from policy_nlp.encodings import decode_text
from policy_nlp.errors import EncodingError, TableError

_CHUNK_BYTES = 1 << 20
_MAX_LOST = 0.01  # share of characters that may be damaged before a file is taken for something else
_GZIP_MAGIC = b"\x1f\x8b"
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class TextSource:
    """Where a text file is and how its bytes are read; bytes that are no text become U+FFFD."""

    path: Path
    encoding: str
    warnings: tuple[str, ...] = ()

    def iter_lines(self) -> Iterator[str]:
        """Lines with their ends as they are; no byte order mark, no NUL characters.

        Raises:
            TableError: a gzip file is damaged.
        """
        with open_bytes(self.path) as raw:
            is_first = True
            for line in io.TextIOWrapper(raw, encoding=self.encoding, errors="replace", newline=""):
                yield (line.lstrip("\ufeff") if is_first else line).replace("\0", "")
                is_first = False


def is_gzip(path: Path) -> bool:
    """Whether a file begins as gzip does."""
    with path.open("rb") as stream:
        return stream.read(2) == _GZIP_MAGIC


@contextmanager
def open_bytes(path: Path) -> Iterator[IO[bytes]]:
    """The bytes of a file, unpacked where they are gzip.

    Raises:
        TableError: the gzip file is damaged or cut off.
    """
    try:
        with gzip.open(path, "rb") if is_gzip(path) else path.open("rb") as stream:
            yield stream  # type: ignore[misc]
    except (EOFError, zlib.error, gzip.BadGzipFile) as err:
        raise TableError(
            f"{path}: this gzip file is damaged or cut off ({err}). Get the file again.", path=path
        ) from err


def open_text_source(path: Path) -> TextSource:
    """How a text file is to be read: UTF-8 where all of it is valid UTF-8, else what a sample shows.

    Raises:
        TableError: the bytes are no text in any encoding that is tried.
    """
    with open_bytes(path) as stream:
        head = stream.read(4)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return _checked_source(path, encoding)
    sample = _sample_to_detect(path)
    if sample is None:
        return TextSource(path, "utf-8")
    try:
        decoded = decode_text(sample)
    except EncodingError as err:
        raise TableError(
            f"{path}: the bytes are no text in UTF-8, GB18030, Big5 or UTF-16. Save it as UTF-8 or .xlsx.",
            path=path,
        ) from err
    return _checked_source(path, decoded.encoding, notes=(f"read as {decoded.encoding}, not UTF-8",))


def _sample_to_detect(path: Path) -> bytes | None:
    """Bytes from the first line that is not UTF-8 (or holds NULs) on; None where all is UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with open_bytes(path) as stream:
        before = b""
        while chunk := stream.read(_CHUNK_BYTES):
            try:
                decoder.decode(chunk)
                is_text = b"\0" not in chunk
            except UnicodeDecodeError:
                is_text = False
            if not is_text:
                return _whole_lines(before + chunk + stream.read(_CHUNK_BYTES))
            before = chunk
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return before
    return None


def _whole_lines(sample: bytes) -> bytes:
    """The sample without its last line, which may end inside a character."""
    end = sample.rfind(b"\n") + 1
    if b"\0" in sample:  # two bytes a character
        end += end % 2
    return sample[:end] or sample


def _checked_source(path: Path, encoding: str, *, notes: tuple[str, ...] = ()) -> TextSource:
    """The source, with a warning where some characters are damaged, an error where too many are."""
    n_lost, n_characters = _count_lost(path, encoding)
    if not n_lost:
        return TextSource(path, encoding, notes)
    if n_lost > _MAX_LOST * n_characters:
        raise TableError(
            f"{path}: looks like {encoding}, but {n_lost:,} of {n_characters:,} characters cannot be read so."
            " Save the table as UTF-8 or .xlsx.",
            path=path,
            encoding=encoding,
        )
    lost = f"{n_lost:,} of {n_characters:,} characters are damaged in the file; they stand as \ufffd"
    return TextSource(path, encoding, (*notes, lost))


def _count_lost(path: Path, encoding: str) -> tuple[int, int]:
    n_lost = n_characters = 0
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    with open_bytes(path) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            text = decoder.decode(chunk)
            n_lost += text.count("\ufffd")
            n_characters += len(text)
    text = decoder.decode(b"", final=True)
    return n_lost + text.count("\ufffd"), n_characters + len(text)
