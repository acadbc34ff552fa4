"""Gold units -> folds that no document is split between."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from policy_nlp.records import CodedUnit

N_FOLDS = 2  # one half of a gold file to fit thresholds on, the other to report on


def fold_of(document_id: str, n_folds: int) -> int:
    """The fold of a document, 0 to n_folds - 1: sha256 of its id (UTF-8), first 8 bytes, modulo n_folds.

    All units of a document share a fold, on every machine and in every version.

    >>> [fold_of(document_id, 2) for document_id in ("doc-1", "doc-2", "doc-3")]
    [1, 0, 1]
    """
    digest = hashlib.sha256(document_id.encode("utf-8")).digest()
    return int.from_bytes(digest[:8], "big") % n_folds


def units_of_fold(units: Iterable[CodedUnit], fold: int, *, n_folds: int) -> list[CodedUnit]:
    """The units whose document (whose own id, where no document is named) is in this fold."""
    return [unit for unit in units if fold_of(unit.document_id or unit.unit_id, n_folds) == fold]
