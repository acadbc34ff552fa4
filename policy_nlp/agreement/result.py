"""What `policy-nlp agree` found, with what it is of: everything that its reports show."""

from __future__ import annotations

from dataclasses import dataclass

from policy_nlp.agreement.character_report import CharacterAgreement
from policy_nlp.agreement.plan_codes import AgreementPlan
from policy_nlp.agreement.report import AgreementReport
from policy_nlp.agreement.vendors.report import VendorParity
from policy_nlp.codebook import Codebook
from policy_nlp.settings.commands import SeenRule, UnitKind


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
        date: ISO 8601, UTC.
    """

    inputs: tuple[AgreementInput, ...]
    codebook_name: str
    codebook_sha256: str
    unit: UnitKind
    seen: SeenRule
    model_signature: str | None
    version: str
    date: str


@dataclass(frozen=True, slots=True)
class AgreeResult:
    """The numbers, and what they are of; None for what was not asked for."""

    report: AgreementReport
    codebook: Codebook
    source: AgreementSource
    characters: CharacterAgreement | None = None
    vendors: VendorParity | None = None
    plan: AgreementPlan | None = None
