"""Sentences that stand for a code in a table: clear, sure, not long, of different documents, no two alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policy_nlp.gold.units import squeeze_text
from policy_nlp.reading import read_segment

SHORTEST, LONGEST = 20, 80  # characters that a table has room for
_MOST_COMPARED = 300  # candidates looked at; the others are worse
_MOST_ALIKE = 0.5  # share of pairs of characters, over those of either
_ENDS = "。！？；…”’」』)）"
_LEAST_READ = 0.95  # share of the characters that the model reads; less where pinyin or spaces are strewn in
_BROKEN_MARKS = "|│\t□■●"  # of tables and forms


@dataclass(frozen=True, slots=True)
class Candidates:
    """Sentences that have a code.

    Attributes:
        texts: n of them.
        documents: shape (n,), the place of each one's document.
        strength: shape (n,), how well each stands for the code, higher is better: its score, its similarity.
        n_codes: shape (n,), initial categories of the sentence; one that has few shows the code more clearly.
        is_heading: shape (n,).
    """

    texts: Sequence[str]
    documents: NDArray[np.int64]
    strength: NDArray[np.float64]
    n_codes: NDArray[np.int64]
    is_heading: NDArray[np.bool_]


def choose_sentences(candidates: Candidates, n_chosen: int) -> tuple[int, ...]:
    """Places of at most so many sentences, the best first; the same candidates give the same ones.

    A second sentence of a document comes only when no other document has one; two that are nearly the same
    never stand together.
    """
    values = _values(candidates)
    order = np.argsort(-values, kind="stable")[:_MOST_COMPARED].tolist()
    chosen: list[int] = []
    pairs: list[frozenset[str]] = []
    for is_other_document in (True, False):
        for place in order:
            if len(chosen) == n_chosen:
                return tuple(chosen)
            documents = {int(candidates.documents[one]) for one in chosen}
            if not candidates.texts[place].strip() or place in chosen:
                continue
            if is_other_document and int(candidates.documents[place]) in documents:
                continue
            own = _pairs_of_characters(candidates.texts[place])
            if all(_likeness(own, other) < _MOST_ALIKE for other in pairs):
                chosen.append(place)
                pairs.append(own)
    return tuple(chosen)


def _values(candidates: Candidates) -> NDArray[np.float64]:
    losses = np.array([_loss(text) for text in candidates.texts])
    crowded = 0.1 * np.maximum(candidates.n_codes - 1, 0)
    values: NDArray[np.float64] = candidates.strength - crowded - 0.3 * candidates.is_heading - losses
    return values.round(6)


def _loss(text: str) -> float:
    """What a sentence loses for being too short, too long, cut off or of a form; 0 for none of it."""
    shown = text.strip()
    loss = 0.03 * max(0, SHORTEST - len(shown)) + 0.01 * max(0, len(shown) - LONGEST)
    if not shown.endswith(tuple(_ENDS)):
        loss += 0.2
    is_damaged = len(read_segment(shown).text) < _LEAST_READ * len(shown)
    if is_damaged or any(mark in shown for mark in _BROKEN_MARKS) or "\n" in shown:
        loss += 0.4
    return loss


def _pairs_of_characters(text: str) -> frozenset[str]:
    plain = "".join(mark for mark in squeeze_text(text) if mark.isalnum())
    return frozenset(plain[i : i + 2] for i in range(len(plain) - 1)) or frozenset((plain,))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)
