"""Flags of `policy-nlp review` -> frozen settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from policy_nlp.errors import SettingsError

ReviewMode = Literal["blind", "assisted"]
ReviewOrder = Literal["uncertainty", "disagreement", "document"]
ReviewLanguage = Literal["zh", "en"]
ExportedDecisions = Literal["coders", "gold"]

LOCAL_HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """What `review` shows, and where.

    Attributes:
        coder: who signs in; empty: the page asks.
        mode: None: the page asks, and an export takes both.
        n_sample: units drawn at random, the same for all coders; None: all.
        port: 0 takes a free one.

    Raises:
        SettingsError: a blind coder would be told what the model coded.
    """

    folder: Path
    codebook_path: Path | None = None
    coder: str = ""
    mode: ReviewMode | None = None
    order: ReviewOrder = "document"
    skip_headings: bool = False
    only_coded: bool = False
    n_sample: int | None = None
    seed: int = 0
    language: ReviewLanguage = "zh"
    host: str = LOCAL_HOST
    port: int = 0
    opens_browser: bool = True

    def __post_init__(self) -> None:
        if self.mode == "blind" and self.only_coded:
            raise SettingsError(
                "--only-coded would tell a blind coder what the model coded. Leave it out, or use --assisted."
            )


@dataclass(frozen=True, slots=True)
class ReviewExportSettings:
    """What of a review is written to a file.

    Attributes:
        out: .jsonl, .qdpx, .csv or .xlsx.
        decisions: each coder's, or the gold of one mode.
        mode: None: both, marked; gold is of one mode.
    """

    folder: Path
    out: Path
    codebook_path: Path | None = None
    decisions: ExportedDecisions = "coders"
    mode: ReviewMode | None = None
    n_sample: int | None = None
    seed: int = 0
    is_forced: bool = False
