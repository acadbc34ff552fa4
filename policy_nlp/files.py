"""Writing files so that a kill or a full disk never leaves half of one, and hashing what was written.

Every result is written under a temporary name beside its place, flushed to the disk, and renamed.
One writer at a time: a command that writes to OUT holds `hold_lock(OUT)` while it runs.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal

from policy_nlp.errors import OutputError

PathKind = Literal["file", "folder", "link", "other", "missing"]

_CHUNK_BYTES = 1 << 20
_TEMPORARY_PREFIX = ".partial-"
_REPLACED_PREFIX = ".replaced-"
_DISK_FULL = {errno.ENOSPC, errno.EDQUOT}


def sha256_of_file(path: Path) -> str:
    """SHA-256 of a file's bytes, hexadecimal; memory stays flat."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def sha256_of_path(path: Path) -> str:
    """SHA-256 of a file, or of a folder's visible files: their relative names and digests, sorted by name."""
    return _digest_path(path, sha256_of_file)


def sha256_of_input(path: Path) -> str:
    """The same of an input that may hold what cannot be read: such a file counts by its name only.

    "missing" when nothing is there, or no file and no folder: to open a pipe would wait for ever.
    """
    if kind_of_path(path) not in ("file", "folder"):
        return "missing"
    return _digest_path(path, _sha256_if_readable)


def kind_of_path(path: Path) -> PathKind:
    """What is at `path`, links followed; "link" is one that leads nowhere, "other" a pipe, socket or device.

    Unlike `Path.is_file` it raises nothing where a folder may not be opened or a name is too long.
    """
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return "link" if is_link(path) else "missing"
    if stat.S_ISDIR(mode):
        return "folder"
    return "file" if stat.S_ISREG(mode) else "other"


def is_link(path: Path) -> bool:
    """Whether `path` itself is a link; False, and no error, where its folder may not be opened."""
    return os.path.islink(path)  # noqa: PTH114 Path.is_symlink raises there


def show_path(path: Path | str) -> str:
    """The path as text that any file can hold.

    A name that is no UTF-8 (unpacked by a Chinese Windows program) is read as GB18030 where it can be, else
    what is wrong in it is shown as U+FFFD.
    """
    return "/".join(_show_name(name) for name in str(path).split("/"))


def _show_name(name: str) -> str:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raw = name.encode("utf-8", errors="surrogateescape" if _is_escaped(name) else "replace")
        try:
            return raw.decode("gb18030")
        except UnicodeDecodeError:
            return raw.decode("utf-8", errors="replace")
    return name


def _is_escaped(name: str) -> bool:
    """Whether every surrogate stands for a byte, as on Linux; Windows has other lone ones."""
    return all("\udc80" <= mark <= "\udcff" for mark in name if "\ud800" <= mark <= "\udfff")


def _digest_path(path: Path, sha256_of: Callable[[Path], str]) -> str:
    if not path.is_dir():
        return sha256_of(path)
    digest = hashlib.sha256()
    for name in sorted(_visible_names(path)):
        digest.update(f"{name}\0{sha256_of(path / name)}\n".encode("utf-8", errors="surrogatepass"))
    return digest.hexdigest()


def _sha256_if_readable(path: Path) -> str:
    try:
        return sha256_of_file(path)
    except OSError:
        return "unreadable"


def _visible_names(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        relative = path.relative_to(folder)
        if kind_of_path(path) == "file" and not any(part.startswith(".") for part in relative.parts):
            yield relative.as_posix()


@contextmanager
def explained_output_errors(path: Path) -> Iterator[None]:
    """Turns an OSError met while writing `path` into an OutputError that says what to do."""
    try:
        yield
    except OSError as err:
        if err.errno in _DISK_FULL or "No space left" in str(err):
            mend = "The disk is full: free some space and run the same command again."
        else:
            mend = "Check that the folder exists and can be written to, or choose another --out."
        raise OutputError(f"{path}: cannot be written ({err.strerror or err}). {mend}", path=path) from err


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """Temporary path to write (a file or a folder); `path` appears, whole, when the block ends.

    The temporary name keeps the ending of `path` and is always the same, so that what a killed run
    left is overwritten by the next. After an error nothing is left and `path` is as it was.

    Raises:
        OutputError: the disk is full or the place cannot be written.

    >>> with atomic_path(Path("out.json")) as temporary:  # doctest: +SKIP
    ...     temporary.write_text("{}", encoding="utf-8")
    """
    temporary = path.with_name(_TEMPORARY_PREFIX + path.name)
    with explained_output_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        remove_path(temporary)
        try:
            yield temporary
            _flush_to_disk(temporary)
            _put_in_place(temporary, path)
        except BaseException:
            remove_path(temporary)
            raise


def write_atomically(path: Path, content: str | bytes) -> None:
    """Writes a small file whole or not at all; text as UTF-8 with line feeds as given.

    Raises:
        OutputError: the disk is full or the place cannot be written.
    """
    with atomic_path(path) as temporary:
        temporary.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


def remove_path(path: Path) -> None:
    """Removes a file, a link or a folder with all it holds; nothing happens when there is none."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _flush_to_disk(path: Path) -> None:
    for part in [p for p in path.rglob("*") if p.is_file()] if path.is_dir() else [path]:
        with part.open("r+b") as stream:
            os.fsync(stream.fileno())


def _put_in_place(temporary: Path, path: Path) -> None:
    replaced = path.with_name(_REPLACED_PREFIX + path.name)
    remove_path(replaced)
    if path.is_dir() or (temporary.is_dir() and path.exists()):
        path.rename(replaced)  # no system renames over a folder that holds files
    temporary.replace(path)
    _flush_folder(path.parent)
    remove_path(replaced)


def _flush_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return  # Windows cannot open a folder; its rename is durable
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def hold_lock(output_path: Path) -> Iterator[None]:
    """Keeps every other run away from `output_path` until the block ends.

    The operating system drops the lock when the process ends, however it ends, so a killed run
    never leaves one behind.

    Raises:
        OutputError: another process is writing to `output_path`, or its folder cannot be written.
    """
    absolute = output_path.absolute()  # "." has no name of its own
    lock_path = absolute.with_name(f".{absolute.name}.lock")
    with explained_output_errors(output_path):
        lock_path.parent.mkdir(parents=True, exist_ok=True)
        stream = _open_current_lock(lock_path, output_path)
    try:
        yield
    finally:
        _drop_lock(lock_path, stream)


def _open_current_lock(lock_path: Path, output_path: Path) -> IO[bytes]:
    """Opens and locks the lock file; again when its last holder removed it in between."""
    while True:
        stream = lock_path.open("ab")
        if not _try_lock(stream):
            stream.close()
            raise OutputError(
                f"{output_path}: another run of policy-nlp is writing here. Wait until it ends, or choose"
                " another --out.",
                path=output_path,
            )
        if lock_path.exists() and lock_path.stat().st_ino == os.fstat(stream.fileno()).st_ino:
            return stream
        stream.close()


if sys.platform == "win32":
    import msvcrt

    def _try_lock(stream: IO[bytes]) -> bool:
        try:
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _drop_lock(lock_path: Path, stream: IO[bytes]) -> None:
        stream.close()  # Windows does not remove an open file; another run may hold it by now
        try:
            lock_path.unlink(missing_ok=True)
        except PermissionError:
            return

else:
    import fcntl

    def _try_lock(stream: IO[bytes]) -> bool:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _drop_lock(lock_path: Path, stream: IO[bytes]) -> None:
        lock_path.unlink(
            missing_ok=True
        )  # while it is still held, so that no other run has it open and locked
        stream.close()
