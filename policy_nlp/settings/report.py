"""Settings of `report`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """A result folder to show, and where its page and its pictures go."""

    folder: Path
    out: Path | None = None  # .html; None: report.html in the folder
    figures: Path | None = None  # a folder; None: figures/ in the result folder
    codebook_path: Path | None = None  # None: the shipped one, if the folder was coded with it
    is_forced: bool = False  # overwrite what --out and --figures name
