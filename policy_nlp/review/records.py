"""What a review works with: units to code, decisions of people, and how far they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from policy_nlp.records import Span

Mode = Literal["blind", "assisted"]
"""blind: the coder does not see the model's codes, for honest agreement; assisted: they are filled in."""

Order = Literal["uncertainty", "disagreement", "document"]
DecisionKind = Literal["coded", "skipped"]

ADJUDICATOR = "gold"  # the coder id under which settled codings are exported


@dataclass(frozen=True, slots=True)
class CodeLists:
    """The codes of one unit at each level that is coded, in codebook order; main follows initial."""

    initial: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeScore:
    """The calibrated probability a model gave a code."""

    code_id: str
    score: float


@dataclass(frozen=True, slots=True)
class ReviewUnit:
    """One sentence to decide on, with the sentences around it.

    Attributes:
        unit_id: the sentence id of the result folder.
        before: sentences before it in the document, in order (at most three).
        after: sentences after it.
        heading: the nearest heading above; empty where there is none.
        model_codes: what the model gave; None in blind mode, where a page must not even hold it.
        scores: of all codes, highest first; empty in blind mode.
        uncertainty: 0 to 1, how unsure the model was; None in blind mode.
    """

    unit_id: str
    document_id: str
    document_title: str
    span: Span
    text: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    heading: str
    model_codes: CodeLists | None
    scores: tuple[CodeScore, ...]
    uncertainty: float | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What one person decided on one unit in one mode; the newest one counts, all are kept.

    Attributes:
        seconds: how long the unit was on the screen, pauses of the timer left out.
        decided_at: UTC, ISO 8601 with milliseconds.
    """

    unit_id: str
    coder_id: str
    mode: Mode
    kind: DecisionKind
    codes: CodeLists
    note: str
    seconds: float
    decided_at: str


@dataclass(frozen=True, slots=True)
class QueueState:
    """How far one coder is in one mode."""

    n_units: int
    n_coded: int
    n_skipped: int
    n_changed: int  # assisted: decisions that differ from the model's codes
    seconds: float


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A unit on which coders differ, with what each gave; `settled` once someone adjudicated it."""

    unit: ReviewUnit
    decisions: tuple[Decision, ...]
    settled: Decision | None = None
