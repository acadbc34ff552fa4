"""Printing rich tables on stdout: as wide as the terminal, or wide enough for a file."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import RenderableType

FILE_WIDTH = 140  # columns where stdout is a file or a pipe


def print_wide(renderable: RenderableType) -> None:
    """Print a table or text; no colours and a fixed width when stdout is no terminal."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else FILE_WIDTH
    Console(width=width, highlight=False).print(renderable)
