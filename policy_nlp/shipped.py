"""Where the files that come with the package are: configs/ and models/."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped_path(relative: str) -> Path:
    """Path of a shipped file: inside an installed wheel, else beside the package in a checkout.

    The path is not promised to exist; whoever opens it says what is missing.
    """
    installed = _PACKAGE / "shipped" / relative
    return installed if installed.exists() else _PACKAGE.parent / relative
