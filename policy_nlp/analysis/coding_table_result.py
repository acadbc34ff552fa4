"""The result of `coding-table`: the table, what it was counted from, how its coder agrees with others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from policy_nlp.agreement.report import AgreementReport, CodeAgreement
from policy_nlp.analysis.coded_corpus import CodedCorpus
from policy_nlp.analysis.coding_table import CodingTable

ComparedWith = Literal["gold", "coders"]
"""Whose agreement the table shows: that of its codings with gold, or that of people among each other."""


@dataclass(frozen=True, slots=True)
class CodingTableResult:
    """A coding table and where it comes from.

    Attributes:
        coder: of a coder file, whose codings these are; None: the models of the corpus.
        is_model: whether that coder is a model, as in projects that hold one.
        agreement: None where nothing was given to compare with.
        date: ISO 8601, UTC.
    """

    table: CodingTable
    corpus: CodedCorpus
    coder: str | None
    version: str
    date: str
    is_model: bool = False
    agreement: AgreementReport | None = None
    compared_with: ComparedWith | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out or changed while reading, and what a reader must know of the agreement."""
        return (*self.corpus.notes, *(self.agreement.notes if self.agreement else ()))

    def agreement_on(self, code_id: str) -> CodeAgreement | None:
        """The agreement on one code; None where it was not compared."""
        if self.agreement is None:
            return None
        codes = (code for level in self.agreement.levels for code in level.per_code)
        return next((code for code in codes if code.code_id == code_id), None)
