"""What `policy-nlp screen` found, with what a reader needs to have it again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from policy_nlp.analysis.screening import Decision, ScreenedDocument
from policy_nlp.records import SkippedInput
from policy_nlp.settings.screen import ScreenRules, Topic


@dataclass(frozen=True, slots=True)
class ScreenCounts:
    """The flow of documents, each in one place of every step, as PRISMA 2020 reports it.

    Attributes:
        n_found: inputs, those that could not be read among them.
        n_screened: read and no duplicate.
        n_person: documents on which a person decided.
    """

    n_found: int
    n_unreadable: int
    n_duplicates: int
    n_screened: int
    n_kept: int
    n_borderline: int
    n_dropped: int
    n_person: int


@dataclass(frozen=True, slots=True)
class ScreenResult:
    """Every input with what became of it.

    Attributes:
        documents: in the order of the inputs.
        skipped: inputs that could not be read.
        notes: what of a person's decisions could not be used.
    """

    documents: tuple[ScreenedDocument, ...]
    skipped: tuple[SkippedInput, ...]
    topics: tuple[Topic, ...]
    rules: ScreenRules
    notes: tuple[str, ...]
    version: str
    date: str

    @property
    def counts(self) -> ScreenCounts:
        """How many documents there were at each step; a duplicate that a person keeps is screened."""
        duplicates = [one for one in self.documents if one.rule == "duplicate" and one.final == "drop"]
        final: Counter[Decision] = Counter(one.final for one in self.documents)
        return ScreenCounts(
            n_found=len(self.documents) + len(self.skipped),
            n_unreadable=len(self.skipped),
            n_duplicates=len(duplicates),
            n_screened=len(self.documents) - len(duplicates),
            n_kept=final["keep"],
            n_borderline=final["borderline"],
            n_dropped=final["drop"] - len(duplicates),
            n_person=sum(one.person_decision is not None for one in self.documents),
        )
