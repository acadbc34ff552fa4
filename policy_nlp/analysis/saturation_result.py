"""What `policy-nlp saturation` found, with what a reader needs to have it again."""

from __future__ import annotations

from dataclasses import dataclass

from policy_nlp.agreement.result import AgreementInput
from policy_nlp.analysis.document_codes import LevelCodings
from policy_nlp.analysis.saturation import Saturation


@dataclass(frozen=True, slots=True)
class SaturationResult:
    """Figures of one level, the units behind them, and their source.

    Attributes:
        notes: of reading the inputs, for people.
    """

    saturation: Saturation
    codings: LevelCodings
    inputs: tuple[AgreementInput, ...]
    codebook_name: str
    codebook_sha256: str
    notes: tuple[str, ...]
    version: str
    date: str
