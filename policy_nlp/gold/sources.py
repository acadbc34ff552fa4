"""What a gold unit says of the document it is from: its kind and its year. Nothing is guessed."""

from __future__ import annotations

import re

from policy_nlp.records import CodedUnit

# Document ids of the project's own gold begin with what the document is: news_rmrb_2023-08166.
KIND_OF_PREFIX = {
    "gwr": "report",
    "report": "report",
    "policy": "policy",
    "news": "news",
    "journal": "journal",
    "proposals": "proposal",
    "speeches": "speech",
}
_PREFIX = re.compile(f"({'|'.join(KIND_OF_PREFIX)})_")
_YEAR = re.compile(r"_((?:19|20)[0-9]{2})(?=[-_.]|$)")


def source_kind_of(unit: CodedUnit) -> str | None:
    """`source_kind` of the unit, else the kind that its document id begins with; None where neither says.

    >>> unit = CodedUnit("u1", "甲。", (), (), (), document_id="gwr_provinces_2025-00012")
    >>> source_kind_of(unit), year_of(unit)
    ('report', 2025)
    """
    if unit.source_kind:
        return unit.source_kind
    found = _PREFIX.match(unit.document_id or "")
    return KIND_OF_PREFIX[found[1]] if found else None


def year_of(unit: CodedUnit) -> int | None:
    """`year` of the unit, else the one year in a document id that begins with a kind; else None."""
    if unit.year is not None:
        return unit.year
    if not _PREFIX.match(unit.document_id or ""):
        return None
    years = _YEAR.findall(unit.document_id or "")
    return int(years[0]) if len(years) == 1 else None


def stratum_of(unit: CodedUnit) -> str | None:
    """How the sentence was drawn, without what follows a colon: `trigger:CODE` is `trigger`."""
    return unit.stratum.partition(":")[0] if unit.stratum else None
