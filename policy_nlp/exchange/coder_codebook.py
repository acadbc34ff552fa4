"""Which codebook an input's codes are read with."""

from __future__ import annotations

from pathlib import Path

from policy_nlp.codebook import Codebook, load_codebook, shipped_codebook_path
from policy_nlp.errors import CodebookError


def codebook_of_input(path: Path, digest: str, *, codebook_path: Path | None) -> Codebook:
    """The user's codebook, else the shipped one where it is the one that the input was made with.

    Args:
        path: the input, named in the error.
        digest: sha256 of the codebook that the input was made with.
        codebook_path: the user's codebook.

    Raises:
        CodebookError: the input was made with another codebook than the shipped one and none was named, or
            a codebook cannot be read.
    """
    if codebook_path is not None:
        return load_codebook(codebook_path)
    shipped = load_codebook(shipped_codebook_path())
    if shipped.digest != digest:
        raise CodebookError(
            f"{path}: made with another codebook (sha256 {digest[:12]}…) than the shipped one "
            f"({shipped.digest[:12]}…). Name that codebook with --codebook.",
            path=path,
            sha256=digest,
        )
    return shipped
