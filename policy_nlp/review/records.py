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
class Seat:
    """One coder in one mode: what a coder decides blind and assisted never mixes."""

    coder_id: str
    mode: Mode


@dataclass(frozen=True, slots=True)
class QueueOptions:
    """Which units a coder goes through, and in which order; headings count as units unless left out.

    Attributes:
        skip_headings: leave headings out.
        only_coded: only units to which the model gave a code; not for blind coders, whom it would tell.
        n_sample: draw as many at random from what the two options above leave; the same for all coders.
        seed: of the sample; a larger sample of one seed holds every smaller one.
        document_id: only of this document.
        code_id: only units to which the model gave this code (a main category: one of its); not for blind.
        only_skipped: only those that the coder skipped, to come back to them.
    """

    order: Order = "document"
    skip_headings: bool = False
    only_coded: bool = False
    n_sample: int | None = None
    seed: int = 0
    document_id: str | None = None
    code_id: str | None = None
    only_skipped: bool = False


@dataclass(frozen=True, slots=True)
class ReviewDocument:
    """A document of the folder, with the number of its units."""

    document_id: str
    title: str
    n_units: int


@dataclass(frozen=True, slots=True)
class CodeLists:
    """The codes of one unit at each level that is coded, in codebook order; main follows initial."""

    initial: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()

    @property
    def code_ids(self) -> tuple[str, ...]:
        """The codes of every level in one row."""
        return (*self.initial, *self.dimensions, *self.paths)


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
        undecided_ids: codes that the model left undecided; empty in blind mode.
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
    undecided_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What one person decided on one unit in one mode; the newest one counts, all are kept.

    Attributes:
        seconds: how long the unit was on the screen, pauses of the timer left out.
        decided_at: UTC, ISO 8601 with milliseconds.
        number: of the decision in the log, from 1; what a page sends back as `Choice.seen`.
        settled_by: of a decision of `gold`: who settled it.
    """

    unit_id: str
    coder_id: str
    mode: Mode
    kind: DecisionKind
    codes: CodeLists
    note: str
    seconds: float
    decided_at: str
    number: int = 0
    settled_by: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a page sends to be decided.

    Attributes:
        seen: `number` of the decision that the page showed, 0 for none: a choice made on a page that another
            window has overtaken is refused.
    """

    unit_id: str
    codes: CodeLists = CodeLists()
    kind: DecisionKind = "coded"
    note: str = ""
    seconds: float = 0.0
    seen: int = 0


@dataclass(frozen=True, slots=True)
class Undone:
    """A decision that was taken back; `restored` is the earlier one that counts again, None where none."""

    taken_back: Decision
    restored: Decision | None


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
