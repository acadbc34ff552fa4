"""Whether a file may be written: asked before any work, so that nothing is computed in vain."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from policy_nlp.errors import OutputError


def check_free_output(path: Path, inputs: Iterable[Path | None], *, is_forced: bool) -> None:
    """Nothing, where a file may be written at this path.

    Args:
        path: the file to write.
        inputs: what the command reads and must not overwrite, forced or not; None is passed over.
        is_forced: whether a file that is there may be overwritten.

    Raises:
        OutputError: there is a folder, an input, or a file that may not be overwritten.
    """
    if path.is_dir():
        raise OutputError(f"{path}: is a folder. Name a file.", path=path)
    if any(given is not None and given.absolute() == path.absolute() for given in inputs):
        raise OutputError(f"{path}: is an input of this command. Choose another name.", path=path)
    if path.exists() and not is_forced:
        raise OutputError(
            f"{path}: is there already. Choose another name, or overwrite with --force.", path=path
        )
