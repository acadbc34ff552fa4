"""Settings of `coding-table`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from policy_nlp.errors import SettingsError


@dataclass(frozen=True, slots=True)
class CodingTableSettings:
    """Codings to set out as a three-level coding table, and the file that takes it."""

    inputs: tuple[Path, ...]  # result folders of `code`, or one coder file, project or coding sheet
    out: Path | None  # .docx or .xlsx; None: nothing is written
    n_examples: int = 2  # sentences shown for each concept, category, dimension and path
    coder: str | None = None  # whose codings, where the input has several coders
    gold_path: Path | None = None  # a person's codings of sentences of the inputs
    coder_paths: tuple[Path, ...] = ()  # people who coded the same sentences
    metadata_path: Path | None = None  # table that corrects issuers, regions, years ... of the documents
    codebook_path: Path | None = None
    n_draws: int = 1000  # bootstrap samples behind each interval of agreement; 0: no intervals
    seed: int = 0
    is_forced: bool = False

    def __post_init__(self) -> None:
        if self.gold_path is not None and self.coder_paths:
            raise SettingsError(
                "--gold and --coders are both given: the one is the agreement of these codings with gold, "
                "the other that of people among each other. Give one of them."
            )
