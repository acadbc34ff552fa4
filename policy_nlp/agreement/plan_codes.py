"""How many documents to double-code for an interval of a given width: one answer a code, from a pilot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from policy_nlp.agreement.chance import Codes
from policy_nlp.agreement.coder_table import LevelCodings, level_codings, make_coder_table
from policy_nlp.agreement.label_sets import find_label_sets
from policy_nlp.agreement.planning import PilotPlan, plan_from_pilot
from policy_nlp.codebook import Codebook
from policy_nlp.errors import PlanningError
from policy_nlp.records import LEVELS, CoderUnits, Level


@dataclass(frozen=True, slots=True)
class CodePlan:
    """The plan of one code, or of a level's sets of codes.

    Attributes:
        code_id: None for the sets: each distinct set of codes is one category.
        plan: None where even ten million documents would not do.
    """

    level: Level
    code_id: str | None
    name_zh: str
    plan: PilotPlan | None


@dataclass(frozen=True, slots=True)
class AgreementPlan:
    """What the compared coders, taken as a pilot, say of the number of documents to double-code.

    Attributes:
        width: of the 95 % interval of Krippendorff's alpha, upper end less lower end.
        has_documents: units name their documents; else each unit counts as a document of its own.
        codes: of each level the sets first, then its codes.
    """

    width: float
    has_documents: bool
    codes: tuple[CodePlan, ...]


def plan_codes(coders: Sequence[CoderUnits], codebook: Codebook, *, width: float) -> AgreementPlan:
    """Documents needed for an interval of alpha that is this wide, for each level and code.

    Raises:
        TooFewCodersError: no unit was given to two coders.
        PlanningError: the width is not over 0 and under 2.
    """
    if not 0 < width < 2:
        raise PlanningError(f"width = {width:g}; a number over 0 and under 2 is needed.", width=width)
    table = make_coder_table(coders)
    document_of, _ = table.groups()
    found: list[CodePlan] = []
    for level in LEVELS:
        codings = level_codings(table, level, codebook=codebook)
        if codings.applies.shape[2] and (codings.coded.sum(axis=0) >= 2).any():
            for code_id, codes in _iter_codes(codings, codebook.ids(level)):
                name = codebook.find(code_id).name_zh if code_id else ""
                found.append(CodePlan(level, code_id, name, _plan(codes, document_of, width=width)))
    return AgreementPlan(width, table.has_documents, tuple(found))


def _iter_codes(codings: LevelCodings, code_ids: Sequence[str]) -> Iterator[tuple[str | None, Codes]]:
    """The codes of shape (K, U) of the sets, then of each code as yes or no; -1 where not coded."""
    yield None, find_label_sets(codings.applies, codings.coded).set_of
    for column, code_id in enumerate(code_ids):
        yield code_id, np.where(codings.coded, codings.applies[:, :, column].astype(np.int_), -1)


def _plan(
    codes: Codes,
    document_of: Codes,
    *,
    width: float,
) -> PilotPlan | None:
    n_codes = max(2, int(codes.max()) + 1)
    try:
        return plan_from_pilot(
            "krippendorff_alpha", codes, n_codes=n_codes, document_of=document_of, width=width
        )
    except PlanningError:  # the width was checked before: over ten million documents
        return None
