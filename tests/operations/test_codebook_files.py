"""Converting never overwrites unasked, never the input, and leaves no half of a file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from policy_nlp.codebook import Codebook, load_codebook, shipped_codebook_path
from policy_nlp.errors import CodebookError, OutputError, UnknownCodeError
from policy_nlp.exchange.codebook_formats import write_codebook_file
from policy_nlp.files import sha256_of_file
from policy_nlp.operations.codebook_files import compare_codebooks, convert_codebook


def test_what_was_written_and_lost_comes_back(tmp_path: Path) -> None:
    out_path = tmp_path / "out.qdc"
    result = convert_codebook(shipped_codebook_path(), out_path)
    assert result.out_sha256 == sha256_of_file(out_path)
    assert "rules.precedence" in result.read_losses[0]
    assert result.write_losses == ()
    assert list(tmp_path.iterdir()) == [out_path]


def test_output_that_is_there_is_kept_unless_forced(tmp_path: Path) -> None:
    out_path = tmp_path / "out.csv"
    out_path.write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="Add --force"):
        convert_codebook(shipped_codebook_path(), out_path)
    assert out_path.read_text(encoding="utf-8") == "mine"
    convert_codebook(shipped_codebook_path(), out_path, is_forced=True)
    assert out_path.read_bytes().startswith(b"\xef\xbb\xbfid,parent")


def test_the_input_is_never_the_output(tmp_path: Path) -> None:
    path = tmp_path / "book.yaml"
    shutil.copy(shipped_codebook_path(), path)
    (tmp_path / "link.yaml").symlink_to(path)
    for out_path in (path, tmp_path / "link.yaml"):
        with pytest.raises(OutputError, match="is the input itself"):
            convert_codebook(path, out_path, is_forced=True)
    assert sha256_of_file(path) == sha256_of_file(shipped_codebook_path())


def test_a_folder_is_not_overwritten_even_when_forced(tmp_path: Path) -> None:
    (tmp_path / "out.csv").mkdir()
    with pytest.raises(OutputError, match="Choose another name"):
        convert_codebook(shipped_codebook_path(), tmp_path / "out.csv", is_forced=True)


def test_a_broken_input_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("id,parent,name\na,b,甲\nb,a,乙\n", encoding="utf-8")
    with pytest.raises(CodebookError):
        convert_codebook(path, tmp_path / "out.qdc")
    assert list(tmp_path.iterdir()) == [path]


CODINGS = """\
{"id": "u1", "doc_id": "d1", "initial": ["government_support"], "dimensions": [], "paths": []}
{"id": "u2", "doc_id": "d1", "initial": ["government_support"], "dimensions": [], "paths": ["path_1"]}
"""


def renamed(folder: Path, codebook: Codebook) -> Path:
    """The shipped codebook with another id for government_support."""
    path = folder / "new.yaml"
    write_codebook_file(path, codebook)
    text = path.read_text(encoding="utf-8").replace("government_support", "state_support")
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("ending", [".yaml", ".qdc", ".csv"])
def test_codings_made_with_the_old_codebook_of_any_format_are_counted(
    ending: str, tmp_path: Path, shipped_codebook: Codebook
) -> None:
    old_path, codings_path = tmp_path / f"old{ending}", tmp_path / "coder.jsonl"
    write_codebook_file(old_path, shipped_codebook)
    codings_path.write_text(CODINGS, encoding="utf-8")
    result = compare_codebooks(old_path, renamed(tmp_path, shipped_codebook), codings_paths=[codings_path])
    (change,) = result.diff.changes
    assert result.codings is not None
    assert result.codings.n_codings == 3
    (place,) = result.codings.touched_by(change, result.diff.old)
    assert (place.document_id, place.n_codings) == ("d1", 2)


def test_codings_that_are_not_of_the_old_codebook_are_told(
    tmp_path: Path, shipped_codebook: Codebook
) -> None:
    (tmp_path / "coder.jsonl").write_text(CODINGS, encoding="utf-8")
    new_path = renamed(tmp_path, shipped_codebook)
    with pytest.raises(UnknownCodeError, match="government_support"):
        compare_codebooks(new_path, shipped_codebook_path(), codings_paths=[tmp_path / "coder.jsonl"])


def test_without_codings_there_is_no_count(tmp_path: Path) -> None:
    result = compare_codebooks(shipped_codebook_path(), shipped_codebook_path())
    assert result.codings is None
    assert result.diff.n_same == len(
        [*load_codebook(shipped_codebook_path()).code_ids, *result.diff.old.main, *result.diff.old.concepts]
    )
