"""Texts of documents -> which are the same text twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from policy_nlp.analysis.similar_texts import find_similar, shingle_sets
from policy_nlp.analysis.text_keys import text_key

_FEWEST_SHINGLES = 100  # a shorter text is only the same when it is the same to the letter


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A document whose text an earlier one has.

    Attributes:
        original: the place of the earlier one.
        share: of the shingles of both; 1 for the same text.
    """

    original: int
    share: float


def find_duplicates(texts: Sequence[str], *, share: float) -> tuple[Duplicate | None, ...]:
    """For each text, the first earlier one that is nearly the same; None where there is none.

    Args:
        texts: compared without marks, blanks and traditional characters.
        share: of the 4-character shingles of each that the other must have.
    """
    keys = [text_key(text).text for text in texts]
    first_with: dict[str, int] = {}
    found: list[Duplicate | None] = []
    for place, key in enumerate(keys):
        original = first_with.setdefault(key, place)
        found.append(Duplicate(original, 1.0) if original != place and key else None)
    places = list(first_with.values())
    shingles = shingle_sets([keys[place] for place in places])
    pairs = find_similar(shingles, share=share, fewest=_FEWEST_SHINGLES, is_mutual=True)
    columns = (pairs.first, pairs.second, pairs.jaccard)
    for first, second, jaccard in zip(*(column.tolist() for column in columns), strict=True):
        later, earlier = places[second], places[first]
        if found[later] is None and found[earlier] is None:
            found[later] = Duplicate(earlier, jaccard)
    return tuple(_follow(found, one) for one in found)


def _follow(found: Sequence[Duplicate | None], one: Duplicate | None) -> Duplicate | None:
    """The same duplicate, of a document that is none itself."""
    while one is not None and (further := found[one.original]) is not None:
        one = Duplicate(further.original, min(one.share, further.share))
    return one
