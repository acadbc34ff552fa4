"""What `policy-nlp agree` found, with what it is of: everything that its reports show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from policy_nlp.agreement.report import AgreementReport
from policy_nlp.codebook import Codebook

UnitKind = Literal["sentence", "character"]


@dataclass(frozen=True, slots=True)
class AgreementInput:
    """One input file or folder, and the coders that were taken from it."""

    path: str
    sha256: str
    coder_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgreementSource:
    """What was compared, so that the numbers can be had again.

    Attributes:
        model_signature: digest, precision and version of the model that coded for this comparison; None
            where none did.
        is_codebook_reconstructed: names in it are not those of the study it is after; the reports say so.
        date: ISO 8601, UTC.
    """

    inputs: tuple[AgreementInput, ...]
    codebook_name: str
    codebook_sha256: str
    is_codebook_reconstructed: bool
    unit: UnitKind
    seen_rule: str
    model_signature: str | None
    version: str
    date: str


@dataclass(frozen=True, slots=True)
class AgreeResult:
    """The numbers, and what they are of."""

    report: AgreementReport
    codebook: Codebook
    source: AgreementSource
