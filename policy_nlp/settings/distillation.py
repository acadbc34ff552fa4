"""`[distillation]` of a training run: trained models that teach, and sentences that they alone have coded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policy_nlp.errors import SettingsError

DISTILLATION_EXAMPLE: Mapping[str, object] = {
    "teachers": ("../models/my-teacher",),
    "sentences": ("sentences.jsonl",),
    "text_column": "text",
    "gold_weight": 0.5,
    "limit": 0,
    "start_from_first": False,
}


@dataclass(frozen=True, slots=True)
class Distillation:
    """What a student learns from beside its gold; off without teachers.

    Attributes:
        teachers: model folders of the same codes; the mean of their logits is taught.
        sentences: tables of sentences without codes, which the teachers code.
        text_column: of these tables.
        gold_weight: share of its gold codes in what a coded sentence teaches, the rest is the teachers'.
        limit: most sentences to take from the tables, drawn at random by the seed; 0: all.
        start_from_first: the student starts from the weights of the first teacher, not from the base encoder.
    """

    teachers: tuple[Path, ...] = ()
    sentences: tuple[Path, ...] = ()
    text_column: str = "text"
    gold_weight: float = 0.5
    limit: int = 0
    start_from_first: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.gold_weight <= 1:
            raise SettingsError(
                f"[distillation] gold_weight = {self.gold_weight}; a fraction from 0 to 1 was expected.",
                key="gold_weight",
            )
        if self.limit < 0:
            raise SettingsError(f"[distillation] limit = {self.limit}; 0 or more was expected.", key="limit")
        if not self.teachers and (self.sentences or self.start_from_first):
            raise SettingsError(
                "[distillation] teachers is empty; name at least one model folder, or leave the section out.",
                key="teachers",
            )


def distillation_of(section: Mapping[str, Any], folder: Path) -> Distillation:
    """The record of a checked section; its relative paths start at `folder`."""
    paths = {key: tuple(folder / path for path in section.get(key, ())) for key in ("teachers", "sentences")}
    return Distillation(**{**section, **paths})
