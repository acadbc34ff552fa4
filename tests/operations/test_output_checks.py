"""A file is written only where nothing is lost by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_nlp.errors import OutputError
from policy_nlp.operations.output_checks import check_free_output


@pytest.mark.parametrize("is_forced", [False, True])
def test_an_input_is_never_overwritten(tmp_path: Path, is_forced: bool) -> None:
    path = tmp_path / "in.csv"
    path.write_text("text\n", encoding="utf-8")
    with pytest.raises(OutputError, match="is an input"):
        check_free_output(path, (None, path), is_forced=is_forced)


@pytest.mark.parametrize("is_forced", [False, True])
def test_a_folder_is_never_replaced_by_a_file(tmp_path: Path, is_forced: bool) -> None:
    with pytest.raises(OutputError, match="is a folder"):
        check_free_output(tmp_path, (), is_forced=is_forced)


def test_a_file_is_overwritten_only_when_forced(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    check_free_output(path, (), is_forced=False)
    path.write_text("", encoding="utf-8")
    check_free_output(path, (), is_forced=True)
    with pytest.raises(OutputError, match="--force"):
        check_free_output(path, (), is_forced=False)
