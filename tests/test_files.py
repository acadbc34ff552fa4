import errno
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from policy_nlp.errors import OutputError
from policy_nlp.files import (
    atomic_path,
    hold_lock,
    kind_of_path,
    sha256_of_file,
    sha256_of_input,
    sha256_of_path,
    show_path,
    write_atomically,
)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def write_half_and_raise(path: Path, error: Exception) -> None:
    path.write_text("half", encoding="utf-8")
    raise error


def test_sha256_of_a_file_is_that_of_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"abc" * 1_000_000)
    assert sha256_of_file(path) == hashlib.sha256(b"abc" * 1_000_000).hexdigest()


def test_sha256_of_a_folder_changes_with_a_name_and_not_with_hidden_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("一", encoding="utf-8")
    before = sha256_of_path(tmp_path)
    (tmp_path / ".hidden").write_text("二", encoding="utf-8")
    assert sha256_of_path(tmp_path) == before
    (tmp_path / "a.txt").rename(tmp_path / "b.txt")
    assert sha256_of_path(tmp_path) != before


def test_the_hash_of_inputs_survives_what_cannot_be_read_and_opens_no_pipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("一", encoding="utf-8")
    assert sha256_of_input(tmp_path) == sha256_of_path(tmp_path)

    def refuse(path: Path) -> str:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("policy_nlp.files.sha256_of_file", refuse)
    assert sha256_of_input(tmp_path / "a.txt") == "unreadable"
    assert len(sha256_of_input(tmp_path)) == 64
    os.mkfifo(tmp_path / "pipe")
    assert [sha256_of_input(tmp_path / name) for name in ("pipe", "none")] == ["missing", "missing"]


def test_any_path_has_a_kind_and_none_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    (tmp_path / "loop").symlink_to("loop")
    os.mkfifo(tmp_path / "pipe")
    names = ["a.txt", "loop", "pipe", "x" * 300, "nul\0", "."]
    kinds = [kind_of_path(tmp_path / name) for name in names]
    assert kinds == ["file", "link", "other", "missing", "missing", "folder"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("文件/政策.txt", "文件/政策.txt"),
        ("文件/政策.txt".encode("gb18030").decode("utf-8", "surrogateescape"), "文件/政策.txt"),
        ("a\udcff.txt", "a\ufffd.txt"),
        ("a\ud800.txt", "a?.txt"),
    ],
)
def test_a_name_that_is_no_utf8_is_shown_as_text(name: str, shown: str) -> None:
    assert show_path(name) == shown


def test_an_error_in_the_block_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(RuntimeError), atomic_path(path) as temporary:
        write_half_and_raise(temporary, RuntimeError("stop"))
    assert path.read_text(encoding="utf-8") == "old"
    assert names_in(tmp_path) == ["out.json"]


def test_a_full_disk_is_said_and_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    with pytest.raises(OutputError, match="disk is full"), atomic_path(path) as temporary:
        write_half_and_raise(temporary, OSError(errno.ENOSPC, "No space left on device"))
    assert names_in(tmp_path) == []


def test_a_folder_replaces_a_folder_that_holds_files(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.mkdir()
    (path / "old.txt").write_text("old", encoding="utf-8")
    with atomic_path(path) as temporary:
        temporary.mkdir()
        (temporary / "new.txt").write_text("new", encoding="utf-8")
    assert names_in(path) == ["new.txt"]
    assert names_in(tmp_path) == ["out"]


def test_what_a_killed_run_left_under_the_temporary_name_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    (tmp_path / ".partial-out.json").write_text("a long rest of a killed run", encoding="utf-8")
    write_atomically(path, "{}\n")
    assert path.read_bytes() == b"{}\n"
    assert names_in(tmp_path) == ["out.json"]


def test_a_missing_parent_folder_is_made(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a" / "b" / "c.txt", "文")
    assert (tmp_path / "a" / "b" / "c.txt").read_text(encoding="utf-8") == "文"


def test_a_parent_that_is_a_file_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be written"):
        write_atomically(tmp_path / "a" / "b.txt", "文")


def test_a_second_run_is_kept_out_while_the_first_writes(tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    with hold_lock(path), pytest.raises(OutputError, match="another run"), hold_lock(path):
        pass
    with hold_lock(path):
        pass
    assert names_in(tmp_path) == []


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    code = (
        "import os, pathlib, sys; from policy_nlp.files import hold_lock\n"
        "with hold_lock(pathlib.Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(OutputError, match="another run"), hold_lock(path):
            pass
        process.kill()
    with hold_lock(path):
        pass
