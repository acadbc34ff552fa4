"""Krippendorff's alphas of unitising: agreement on where coded spans lie and which code they carry.

Source: Krippendorff, Mathet, Bouvry and Widlöcher (2016), "On the reliability of unitizing textual
continua: Further developments", Quality & Quantity 50, equations 1 to 13 (nominal metric). What is coded
stands against gaps, and a gap is a value like a code. Not the alpha_U of 1995 and 2004 (`alpha_u_2004`).

Documents that fewer than two coders were given are not used; where a document was not given to a coder,
pairs with that coder are missing in it, not gaps. Several documents are one continuum in which no span
crosses the border of a document; with m coders a document, its coincidences count 1 / (m - 1) each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.binary import divide
from policy_nlp.agreement.continuum import (
    Continuum,
    Stretches,
    find_overlap,
    find_stretches,
    lay_end_to_end,
    sum_by_document,
)
from policy_nlp.errors import OverlappingCodesError, UnknownCodeError
from policy_nlp.records import CodedDocument

Floats = NDArray[np.float64]

NO_U_VARIANCE = "no variance: the coders use one and the same value (one code, or gap) everywhere"
NO_GAP_VARIANCE = "no variance: all text is coded by every coder, or none is"
NO_CU_VARIANCE = "too little text is coded by two coders, or only one code is used on it"
CODE_ALONE = "too little text with the code is coded by another coder, or no other code is used on it"

_NO_VARIANCE_BELOW = 1e-12  # of what could differ: smaller is the rounding error of sums


@dataclass(frozen=True, slots=True)
class UnitizingSums:
    """What the alphas are computed from; the last axis is gap, then codes; sums of documents add up.

    Attributes:
        totals: code points that coders gave each value.
        same: of these, those on which the other coders gave the same value (mean over the others).
        with_gap: of these, those on which the others left a gap (mean over the others).
        squares: for codes the squared lengths of the spans; for gaps the code points, each on its own.
        shared_squares: for codes the squared lengths of what each span shares with another coder's spans.
    """

    totals: Floats
    same: Floats
    with_gap: Floats
    squares: Floats
    shared_squares: Floats

    def weighted(self, weights: Floats) -> UnitizingSums:
        """The sums of B samples of documents, shape (B, C + 1), from weights of shape (B, D)."""
        parts = (self.totals, self.same, self.with_gap, self.squares, self.shared_squares)
        return UnitizingSums(*(np.tensordot(weights, part, axes=1) for part in parts))


def u_alpha(documents: Sequence[CodedDocument]) -> float:
    """Alpha of spans and codes together, gaps as a value; NaN where one value is all that was used.

    Raises:
        TooFewCodersError: no document was given to two coders.
        OverlappingCodesError: a coder gave two codes to the same characters.
    """
    return float(u_alpha_of_sums(_sum_all(documents)))


def bar_u_alpha(documents: Sequence[CodedDocument]) -> float:
    """Alpha of coded text against gaps, whatever the code; NaN where all or nothing is coded.

    Raises:
        TooFewCodersError, OverlappingCodesError: as `u_alpha`.
    """
    return float(bar_u_alpha_of_sums(_sum_all(documents)))


def cu_alpha(documents: Sequence[CodedDocument]) -> float:
    """Alpha of the codes on the text that two coders coded; NaN where no text is, or one code was used.

    Raises:
        TooFewCodersError, OverlappingCodesError: as `u_alpha`.
    """
    return float(cu_alpha_of_sums(_sum_all(documents)))


def cu_coverage(documents: Sequence[CodedDocument]) -> float:
    """Share of the text that `cu_alpha` is of, 0 to 1; NaN without text.

    Raises:
        TooFewCodersError, OverlappingCodesError: as `u_alpha`.
    """
    return float(cu_coverage_of_sums(_sum_all(documents)))


def ku_alpha(documents: Sequence[CodedDocument], code_id: str) -> float:
    """Alpha of one code against the other codes on the text that two coders coded.

    Returns:
        At most 1; NaN where the code is not in that text, or no other is.

    Raises:
        TooFewCodersError, OverlappingCodesError: as `u_alpha`.
        UnknownCodeError: the codings do not hold the code.
    """
    continuum = lay_end_to_end(documents)
    if code_id not in continuum.code_ids:
        raise UnknownCodeError(
            f"no coding has code {code_id!r}; found {continuum.code_ids}.", code_id=code_id
        )
    sums = sum_unitizing(continuum).weighted(np.ones(len(continuum.lengths)))
    return float(ku_alpha_of_sums(sums)[continuum.code_ids.index(code_id)])


def sum_unitizing(continuum: Continuum) -> UnitizingSums:
    """The sums of each document, of shape (D, C + 1).

    Raises:
        OverlappingCodesError: a coder gave two codes to the same characters.
    """
    _check_exclusive(continuum)
    stretches = find_stretches(continuum)
    shape = (len(continuum.lengths), len(continuum.code_ids) + 1)
    totals, same, with_gap = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    n_others = np.maximum(stretches.given.sum(axis=0) - 1, 1)
    for values, given in zip(stretches.values, stretches.given, strict=True):
        where = np.flatnonzero(given)
        others = stretches.given[:, where]
        n_same = ((stretches.values[:, where] == values[where]) & others).sum(axis=0) - 1
        n_gap = ((stretches.values[:, where] == 0) & others).sum(axis=0) - (values[where] == 0)
        length, cells = stretches.length[where], stretches.document[where] * shape[1] + values[where]
        share = length / n_others[where]
        for sums, weights in ((totals, length), (same, share * n_same), (with_gap, share * n_gap)):
            sums += np.bincount(cells, weights=weights, minlength=sums.size).reshape(shape)
    squares = _sum_squares(continuum, shape)
    squares[:, 0] = totals[:, 0]
    return UnitizingSums(totals, same, with_gap, squares, _sum_shared_squares(continuum, stretches, shape))


def u_alpha_of_sums(sums: UnitizingSums) -> Floats:
    """Equation 5; shape (...,) from sums of shape (..., C + 1)."""
    n_points = sums.totals.sum(axis=-1)
    observed = n_points - sums.same.sum(axis=-1)
    return _alpha(observed, n_points - _expected_same(sums).sum(axis=-1), n_points)


def bar_u_alpha_of_sums(sums: UnitizingSums) -> Floats:
    """Equation 6; shape (...,) from sums of shape (..., C + 1)."""
    gaps, n_points = sums.totals[..., 0], sums.totals.sum(axis=-1)
    free = n_points**2 - sums.squares.sum(axis=-1)
    expected = divide(n_points * gaps * (n_points - gaps), free)
    return _alpha(gaps - sums.same[..., 0], expected, n_points)


def cu_alpha_of_sums(sums: UnitizingSums) -> Floats:
    """Equation 11; shape (...,) from sums of shape (..., C + 1)."""
    shared = (sums.totals - sums.with_gap)[..., 1:]
    n_points = shared.sum(axis=-1)
    squares = sums.shared_squares[..., 1:]
    free = _pairs_by_chance(shared, squares)[..., 0]
    expected = n_points - divide(n_points * ((shared**2).sum(axis=-1) - squares.sum(axis=-1)), free)
    return _alpha(n_points - sums.same[..., 1:].sum(axis=-1), expected, n_points)


def cu_coverage_of_sums(sums: UnitizingSums) -> Floats:
    """Share of the text that two coders coded; shape (...,) from sums of shape (..., C + 1)."""
    shared = (sums.totals - sums.with_gap)[..., 1:].sum(axis=-1)
    return divide(shared, sums.totals.sum(axis=-1))


def ku_alpha_of_sums(sums: UnitizingSums) -> Floats:
    """Equation 13 for every code; shape (..., C) from sums of shape (..., C + 1)."""
    shared = (sums.totals - sums.with_gap)[..., 1:]
    squares = sums.shared_squares[..., 1:]
    n_points = shared.sum(axis=-1, keepdims=True)
    # Both terms of e_k / (e_k - e_kk) have the same denominator, which therefore drops out.
    by_chance = shared * n_points - squares
    observed = divide((shared - sums.same[..., 1:]) * by_chance, shared)
    alpha = _alpha(observed, shared * (n_points - shared), n_points**2)
    return np.where((by_chance > 0) & (_pairs_by_chance(shared, squares) > 0), alpha, np.nan)


def ku_coverage_of_sums(sums: UnitizingSums) -> Floats:
    """Share of each code's text that another coder coded too; shape (..., C)."""
    return divide((sums.totals - sums.with_gap)[..., 1:], sums.totals[..., 1:])


def _sum_all(documents: Sequence[CodedDocument]) -> UnitizingSums:
    continuum = lay_end_to_end(documents)
    return sum_unitizing(continuum).weighted(np.ones(len(continuum.lengths)))


def _check_exclusive(continuum: Continuum) -> None:
    span = find_overlap(continuum)
    if span is None:
        return
    coder_id = continuum.coder_ids[continuum.coder[span]]
    code_id = continuum.code_ids[continuum.code[span]]
    start = int(continuum.start[span] - continuum.borders[continuum.document[span]])
    raise OverlappingCodesError(
        f"coder {coder_id!r} gave code {code_id!r} and another to the character at {start} of a document; "
        f"this alpha needs codes that exclude each other. Compare one code, or one level, at a time.",
        coder_id=coder_id,
        code_id=code_id,
        start=start,
    )


def _sum_squares(continuum: Continuum, shape: tuple[int, int]) -> Floats:
    squares = (continuum.end - continuum.start).astype(np.float64) ** 2
    return sum_by_document(squares, document=continuum.document, group=continuum.code + 1, shape=shape)


def _sum_shared_squares(continuum: Continuum, stretches: Stretches, shape: tuple[int, int]) -> Floats:
    """Over spans and other coders: the square of how much of the span the other coded at all."""
    cuts = np.concatenate([[0.0], np.cumsum(stretches.length)])
    first, last = np.searchsorted(cuts, continuum.start), np.searchsorted(cuts, continuum.end)
    squares = np.zeros(len(continuum.start))
    for other, values in enumerate(stretches.values):
        coded_before = np.concatenate([[0.0], np.cumsum(stretches.length * (values > 0))])
        shared = coded_before[last] - coded_before[first]
        squares += np.where(continuum.coder == other, 0.0, shared) ** 2
    squares /= (continuum.n_coders - 1)[continuum.document]
    return sum_by_document(squares, document=continuum.document, group=continuum.code + 1, shape=shape)


def _expected_same(sums: UnitizingSums) -> Floats:
    """Equation 4 on the diagonal, shape (..., C + 1)."""
    n_points = sums.totals.sum(axis=-1, keepdims=True)
    free = n_points**2 - sums.squares.sum(axis=-1, keepdims=True)
    return divide(n_points * (sums.totals**2 - sums.squares), free)


def _pairs_by_chance(shared: Floats, squares: Floats) -> Floats:
    """What chance can pair in coded text, shape (..., 1): less what one span would pair with itself.

    NaN where that is more than there is: a few coders of many marked one short passage.
    """
    free = shared.sum(axis=-1, keepdims=True) ** 2 - squares.sum(axis=-1, keepdims=True)
    return np.where(free > 0, free, np.nan)


def _alpha(observed: Floats, expected: Floats, scale: Floats) -> Floats:
    """1 - observed / expected; NaN where nothing could differ."""
    varies = expected > _NO_VARIANCE_BELOW * scale
    alpha: Floats = 1.0 - divide(observed, np.where(varies, expected, 0.0))
    return alpha
