"""Sums over documents of what coders marked on characters, and the measures of codes from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.binary import BinaryCounts, binary_kappa, divide, mean_of_defined
from policy_nlp.agreement.continuum import Continuum, find_stretches, sum_by_document
from policy_nlp.agreement.unitizing import NO_U_VARIANCE, UnitizingSums, u_alpha_of_sums

Floats = NDArray[np.float64]

NO_VARIANCE = "no variance: the coders agree that the code applies to no character, or to every one"
NO_CODE = "no coder used the code"
NO_CHARACTER = "the documents hold no character"

_CODES_AT_ONCE = 100  # of a level, so that 10,000 codes do not fill the memory with bootstrap draws


@dataclass(frozen=True, slots=True)
class CharacterSums:
    """Sums by document, the first axis D (or B, of bootstrap samples): P pairs of coders, C codes."""

    length: Floats  # (D,) characters
    n_values: Floats  # (D,) characters times coders
    pair_length: Floats  # (D, P) characters both coders were given
    both: Floats  # (D, P, C) characters both coded
    first: Floats  # (D, P, C) characters the first coded, where both were given the document
    second: Floats
    ones: Floats  # (D, C) characters coded, over coders
    ones_share: Floats  # (D, C) the same, divided by the coders of the document
    differ: Floats  # (D, C) Krippendorff's observed disagreement, over ordered pairs
    differ_share: Floats  # (D, C) the same, divided by the coders of the document
    squares: Floats  # (D, C) squared lengths of spans

    def weighted(self, weights: Floats) -> CharacterSums:
        """The sums of B samples from weights of shape (B, D)."""
        return CharacterSums(
            *(np.tensordot(weights, getattr(self, part.name), axes=1) for part in fields(self))
        )

    def of_codes(self, codes: slice) -> CharacterSums:
        """The sums of some codes."""
        by_code = [
            part.name for part in fields(self) if part.name not in {"length", "n_values", "pair_length"}
        ]
        return replace(self, **{name: getattr(self, name)[..., codes] for name in by_code})


def sum_codes(continuum: Continuum) -> CharacterSums:
    """The sums of each document, for every code of the continuum."""
    n_documents, n_codes = len(continuum.lengths), len(continuum.code_ids)
    pairs = list(combinations(range(len(continuum.coder_ids)), 2))
    both_given = np.array([continuum.given[one] & continuum.given[two] for one, two in pairs]).T.astype(float)
    shape = (n_documents, len(pairs), n_codes)
    both, first, second = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    ones, squares = np.zeros((n_documents, n_codes)), np.zeros((n_documents, n_codes))
    for code in range(n_codes):
        own = continuum.of_code(code)
        sizes = (own.end - own.start).astype(np.float64)
        totals = sum_by_document(
            sizes, document=own.document, group=own.coder, shape=(n_documents, len(own.coder_ids))
        )
        ones[:, code] = totals.sum(axis=1)
        squares[:, code] = sum_by_document(sizes**2, document=own.document, shape=(n_documents,))
        both[:, :, code] = _sum_both(own, pairs)
        first[:, :, code] = totals[:, [one for one, _ in pairs]] * both_given
        second[:, :, code] = totals[:, [two for _, two in pairs]] * both_given
    n_coders = continuum.n_coders[:, np.newaxis].astype(np.float64)
    differ = 2 * (first + second - 2 * both).sum(axis=1) / (n_coders - 1)
    length = continuum.lengths.astype(np.float64)
    return CharacterSums(
        length=length,
        n_values=length * continuum.n_coders,
        pair_length=both_given * length[:, np.newaxis],
        both=both,
        first=first,
        second=second,
        ones=ones,
        ones_share=ones / n_coders,
        differ=differ,
        differ_share=differ / n_coders,
        squares=squares,
    )


def _sum_both(continuum: Continuum, pairs: Sequence[tuple[int, int]]) -> Floats:
    """Characters that both coders of each pair coded, of a continuum of one code; shape (D, P)."""
    stretches, n_documents = find_stretches(continuum), len(continuum.lengths)
    columns = [
        sum_by_document(
            stretches.length * (stretches.values[one] * stretches.values[two]),
            document=stretches.document,
            shape=(n_documents,),
        )
        for one, two in pairs
    ]
    return np.stack(columns, axis=1)


def _percent(sums: CharacterSums) -> Floats:
    return 1.0 - divide(sums.differ_share, sums.length[..., np.newaxis])


def _positive(sums: CharacterSums) -> Floats:
    return divide(2 * sums.both.sum(axis=-2), (sums.first + sums.second).sum(axis=-2))


def _kappa(sums: CharacterSums) -> Floats:
    both, neither = sums.both, sums.pair_length[..., np.newaxis] - sums.first - sums.second + sums.both
    kappas = binary_kappa(BinaryCounts(both, sums.first - both, sums.second - both, neither))
    return mean_of_defined(kappas, axis=-2)


def _alpha(sums: CharacterSums) -> Floats:
    n_values = sums.n_values[..., np.newaxis]
    return 1.0 - divide((n_values - 1) * sums.differ, 2 * sums.ones * (n_values - sums.ones))


def _ac1(sums: CharacterSums) -> Floats:
    share = divide(sums.ones_share, sums.length[..., np.newaxis])
    expected = 2 * share * (1 - share)
    return np.where(expected > 0, divide(_percent(sums) - expected, 1 - expected), np.nan)


def _u_alpha(sums: CharacterSums) -> Floats:
    gaps = sums.n_values[..., np.newaxis] - sums.ones
    same = np.stack([gaps + sums.ones - sums.differ, np.zeros_like(gaps)], axis=-1)  # only their sum counts
    totals, squares = np.stack([gaps, sums.ones], axis=-1), np.stack([gaps, sums.squares], axis=-1)
    return u_alpha_of_sums(UnitizingSums(totals, same, np.zeros_like(same), squares, np.zeros_like(same)))


@dataclass(frozen=True, slots=True)
class CodeMeasure:
    """One measure of a code, yes or no on every character."""

    name: str
    compute: Callable[[CharacterSums], Floats]  # -> shape (B, C)
    reason: str  # why it is NaN


CODE_MEASURES = (
    CodeMeasure("percent_agreement", _percent, NO_CHARACTER),
    CodeMeasure("positive_agreement", _positive, NO_CODE),
    CodeMeasure("kappa", _kappa, NO_VARIANCE),
    CodeMeasure("alpha", _alpha, NO_VARIANCE),
    CodeMeasure("ac1", _ac1, NO_VARIANCE),
    CodeMeasure("u_alpha", _u_alpha, NO_U_VARIANCE),
)
MEANS = ("kappa", "alpha", "u_alpha")


def code_quantities(sums: CharacterSums) -> Floats:
    """Each code measure for all codes, then the means over codes; shape (B, M)."""
    n_codes = sums.ones.shape[-1]
    blocks = [slice(first, first + _CODES_AT_ONCE) for first in range(0, n_codes, _CODES_AT_ONCE)]
    parts = {
        measure.name: np.concatenate([measure.compute(sums.of_codes(block)) for block in blocks], axis=-1)
        for measure in CODE_MEASURES
    }
    means = [mean_of_defined(parts[name])[:, np.newaxis] for name in MEANS]
    return np.concatenate([*parts.values(), *means], axis=-1)
