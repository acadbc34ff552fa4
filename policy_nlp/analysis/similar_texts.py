"""Texts -> the pairs of them that share most of their character n-grams; exact, by prefix filtering.

A text is the set of its character n-grams (shingles). Two texts are similar when the smaller set has at
least a given share of its shingles in the larger one. When at least `s` of the `n` shingles of a text are
shared, at least one of any `n - s + 1` of them is: so only the rarest ones of each text are looked up, and no
pair is missed.

Source: Broder (1997), "On the resemblance and containment of documents"; Chaudhuri, Ganti & Kaushik (2006),
"A primitive operator for similarity joins in data cleaning" (prefix filter).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

N_GRAM = 4  # characters of a shingle
_CHUNK_LOOKUPS = 4_000_000  # shingles met at a time: what bounds the memory
_CHUNK_PAIRS = 100_000


@dataclass(frozen=True, slots=True)
class SimilarTexts:
    """P pairs of texts by their places; `first < second`.

    Attributes:
        n_shared: shape (P,), shingles that both have.
        n_first: shape (P,), shingles of the first.
        n_second: shape (P,).
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    n_shared: NDArray[np.int64]
    n_first: NDArray[np.int64]
    n_second: NDArray[np.int64]

    @property
    def share_of_first(self) -> NDArray[np.float64]:
        """Shape (P,): share of the first text's shingles that the second has."""
        return self.n_shared / self.n_first

    @property
    def share_of_second(self) -> NDArray[np.float64]:
        """Shape (P,)."""
        return self.n_shared / self.n_second

    @property
    def jaccard(self) -> NDArray[np.float64]:
        """Shape (P,): shared shingles among those of either."""
        return self.n_shared / (self.n_first + self.n_second - self.n_shared)


def shingle_sets(texts: Sequence[str]) -> sparse.csr_matrix:
    """Shape (texts, shingles): 1 where a text has a run of `N_GRAM` characters."""
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    code_points = np.frombuffer("".join(texts).encode("utf-32-le"), dtype=np.uint32)
    # Four characters in one number, without collisions: no corpus has 65,536 different characters.
    _, characters = np.unique(code_points, return_inverse=True)
    packed = np.zeros(max(len(characters) - N_GRAM + 1, 0), dtype=np.uint64)
    for offset in range(N_GRAM):
        packed = (packed << np.uint64(16)) | characters[offset : offset + len(packed)].astype(np.uint64)
    starts_inside = np.arange(len(characters)) < np.repeat(lengths.cumsum() - N_GRAM + 1, lengths)
    rows = np.repeat(np.arange(len(texts)), lengths)[starts_inside]
    numbers, columns = np.unique(packed[starts_inside[: len(packed)]], return_inverse=True)
    ones = np.ones(len(rows), dtype=np.int32)
    sets = sparse.csr_matrix((ones, (rows, columns)), shape=(len(texts), len(numbers)))
    sets.sum_duplicates()
    sets.data[:] = 1
    return sets


def find_similar(
    shingles: sparse.csr_matrix, *, share: float, fewest: int = 1, is_mutual: bool = False
) -> SimilarTexts:
    """All pairs of texts of which the smaller set of shingles is in the larger one to at least `share`.

    Args:
        shingles: shape (texts, shingles), 1 where a text has one.
        share: above 0, at most 1.
        fewest: shingles a text needs to be compared.
        is_mutual: both texts must have the share in the other.
    """
    sizes = np.diff(shingles.indptr).astype(np.int64)
    places = np.flatnonzero(sizes >= max(fewest, 1))
    if len(places) < 2:
        return _pairs([], sizes)
    compared = _rarest_first(shingles[places])
    found = [
        np.stack([places[pairs[0]], places[pairs[1]], pairs[2]])
        for pairs in _iter_similar(compared, sizes[places], share=share, is_mutual=is_mutual)
    ]
    return _pairs(found, sizes)


def _rarest_first(sets: sparse.csr_matrix) -> sparse.csr_matrix:
    """The same sets; columns from the rarest shingle on."""
    frequencies = np.bincount(sets.indices, minlength=sets.shape[1])
    rank = np.empty(sets.shape[1], dtype=np.int32)
    rank[np.argsort(frequencies, kind="stable")] = np.arange(sets.shape[1], dtype=np.int32)
    ranked = sparse.csr_matrix((sets.data, rank[sets.indices], sets.indptr), shape=sets.shape)
    ranked.sort_indices()
    return ranked


def _prefixes(shingles: sparse.csr_matrix, sizes: NDArray[np.int64], share: float) -> sparse.csr_matrix:
    """The rarest shingles of each text: with none of them in common, two texts cannot be similar."""
    needed = np.ceil(share * sizes - 1e-9).astype(np.int64)
    kept = np.where(sizes > 0, sizes - needed + 1, 0)
    place = np.arange(shingles.nnz) - np.repeat(shingles.indptr[:-1], sizes)
    is_kept = place < np.repeat(kept, sizes)
    starts = np.concatenate([[0], np.cumsum(kept)])
    return sparse.csr_matrix(
        (shingles.data[is_kept], shingles.indices[is_kept], starts), shape=shingles.shape
    )


def _iter_similar(
    shingles: sparse.csr_matrix, sizes: NDArray[np.int64], *, share: float, is_mutual: bool
) -> Iterator[NDArray[np.int64]]:
    """Arrays of shape (3, P): places of the two texts and what they share."""
    prefixes = _prefixes(shingles, sizes, share)
    by_shingle = shingles.T.tocsr()
    lookups = np.asarray(prefixes @ np.diff(by_shingle.indptr), dtype=np.int64)
    chunk_of = np.cumsum(lookups) // _CHUNK_LOOKUPS
    for rows in np.split(np.arange(len(sizes)), np.flatnonzero(np.diff(chunk_of)) + 1):
        met = (prefixes[rows] @ by_shingle).tocoo()
        short, long = rows[met.row], met.col.astype(np.int64)
        in_order = (sizes[short] < sizes[long]) | ((sizes[short] == sizes[long]) & (short < long))
        if is_mutual:
            in_order &= sizes[short] >= share * sizes[long] - 1e-9
        short, long = short[in_order], long[in_order]
        for start in range(0, len(short), _CHUNK_PAIRS):
            part = slice(start, start + _CHUNK_PAIRS)
            n_shared = _n_shared(shingles, short[part], long[part])
            enough = n_shared >= share * (sizes[long[part]] if is_mutual else sizes[short[part]]) - 1e-9
            yield np.stack([short[part][enough], long[part][enough], n_shared[enough]])


def _n_shared(
    shingles: sparse.csr_matrix, first: NDArray[np.int64], second: NDArray[np.int64]
) -> NDArray[np.int64]:
    both = shingles[first].multiply(shingles[second])
    return np.asarray(both.sum(axis=1), dtype=np.int64).ravel()


def _pairs(found: Sequence[NDArray[np.int64]], sizes: NDArray[np.int64]) -> SimilarTexts:
    short, long, n_shared = np.concatenate(found, axis=1) if found else np.zeros((3, 0), dtype=np.int64)
    first, second = np.minimum(short, long), np.maximum(short, long)
    order = np.lexsort((second, first))
    first, second = first[order], second[order]
    return SimilarTexts(first, second, n_shared[order], sizes[first], sizes[second])
