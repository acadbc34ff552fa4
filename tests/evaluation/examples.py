"""Units of random codings, made for these tests."""

from __future__ import annotations

import numpy as np

from policy_nlp.codebook import Codebook, load_codebook, shipped_codebook_path
from policy_nlp.records import CodedUnit, Decisions

CODEBOOK: Codebook = load_codebook(shipped_codebook_path())


def units_of(applies: np.ndarray, *, n_documents: int | None = None) -> list[CodedUnit]:
    """Units from yes/no of shape (N, C), C as in `CODEBOOK.code_ids`; document `i % n_documents`."""
    units = []
    for row, cells in enumerate(applies):
        lists = {
            level: tuple(
                code_id for code_id in CODEBOOK.ids(level) if cells[CODEBOOK.code_ids.index(code_id)]
            )
            for level in ("initial", "dimensions", "paths")
        }
        document_id = None if n_documents is None else f"doc-{row % n_documents}"
        units.append(CodedUnit(f"u{row}", f"第{row}句。", **lists, document_id=document_id))
    return units


def decisions_of(applies: np.ndarray, scores: np.ndarray | None = None) -> Decisions:
    """Decisions of the same form; scores 0.9 where a code applies, else 0.1."""
    scores = np.where(applies, 0.9, 0.1) if scores is None else scores
    return Decisions(
        CODEBOOK.code_ids, scores.astype(np.float32), applies, np.zeros(len(applies), dtype=np.bool_)
    )


def random_applies(n_units: int, seed: int, share: float = 0.1) -> np.ndarray:
    """Yes/no of shape (n_units, C)."""
    return np.random.default_rng(seed).random((n_units, len(CODEBOOK.code_ids))) < share


def noisy_copy(applies: np.ndarray, seed: int, share: float = 0.02) -> np.ndarray:
    """The same with this share of the cells turned around."""
    return applies ^ (np.random.default_rng(seed).random(applies.shape) < share)
