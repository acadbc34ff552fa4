"""Codebook files: converted from one format to another, compared version with version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from policy_nlp.codebook import Codebook
from policy_nlp.errors import OutputError
from policy_nlp.exchange.codebook_codings import CodingCounts, count_codings
from policy_nlp.exchange.codebook_diff import CodebookDiff, diff_codebooks
from policy_nlp.exchange.codebook_formats import (
    ReadCodebook,
    check_writable_ending,
    read_codebook_file,
    write_codebook_file,
)
from policy_nlp.exchange.coder_files import read_coder_file
from policy_nlp.files import hold_lock, kind_of_path, sha256_of_file


@dataclass(frozen=True, slots=True)
class ConvertResult:
    """What was converted, and what was lost on the way: in reading the one file, in writing the other."""

    in_path: Path
    out_path: Path
    codebook: Codebook
    out_sha256: str
    read_losses: tuple[str, ...]
    write_losses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DiffResult:
    """Two codebooks compared; `codings` is None where no codings were given."""

    old_path: Path
    new_path: Path
    old_losses: tuple[str, ...]
    new_losses: tuple[str, ...]
    diff: CodebookDiff
    codings: CodingCounts | None
    codings_paths: tuple[Path, ...]
    codings_notes: tuple[str, ...]


def convert_codebook(in_path: Path, out_path: Path, *, is_forced: bool = False) -> ConvertResult:
    """Write the codebook of one file to another, each in the format of its ending.

    Raises:
        CodebookError, ExchangeError, TableError: the input cannot be read.
        OutputError: the output is there and `is_forced` is false, is the input, or cannot be written.
    """
    check_writable_ending(out_path)
    if out_path.exists() and in_path.exists() and out_path.samefile(in_path):
        raise OutputError(f"{out_path}: is the input itself. Choose another output file.", path=out_path)
    if kind_of_path(out_path) != "missing" and not (is_forced and kind_of_path(out_path) == "file"):
        mend = "Choose another name." if is_forced else "Add --force to overwrite it, or choose another name."
        raise OutputError(f"{out_path}: is there already. {mend}", path=out_path)
    read = read_codebook_file(in_path)
    with hold_lock(out_path):
        losses = write_codebook_file(out_path, read.codebook)
    return ConvertResult(in_path, out_path, read.codebook, sha256_of_file(out_path), read.losses, losses)


def compare_codebooks(old_path: Path, new_path: Path, *, codings_paths: Sequence[Path] = ()) -> DiffResult:
    """What changed from one codebook file to another, and which codings that touches.

    Args:
        old_path: the codebook that the codings were made with; any format.
        new_path: the other version; any format.
        codings_paths: coder files, result folders or projects.

    Raises:
        CodebookError, ExchangeError, TableError, GoldError, UnknownCodeError: a file cannot be read.
    """
    old, new = read_codebook_file(old_path), read_codebook_file(new_path)
    counts, notes = _count(codings_paths, old) if codings_paths else (None, ())
    return DiffResult(
        old_path=old_path,
        new_path=new_path,
        old_losses=old.losses,
        new_losses=new.losses,
        diff=diff_codebooks(old.codebook, new.codebook),
        codings=counts,
        codings_paths=tuple(codings_paths),
        codings_notes=notes,
    )


def _count(paths: Sequence[Path], old: ReadCodebook) -> tuple[CodingCounts, tuple[str, ...]]:
    """The codings of all files, read with the old codebook, which readers want as YAML."""
    with TemporaryDirectory() as folder:
        codebook_path = Path(folder) / "old.yaml"
        write_codebook_file(codebook_path, old.codebook)
        files = [read_coder_file(path, codebook_path=codebook_path) for path in paths]
    return count_codings(files), tuple(f"{file.path}: {note}" for file in files for note in file.notes)
