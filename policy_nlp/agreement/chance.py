"""Observed agreement, and the agreement that chance alone would bring: what the coefficients are made of.

Everything is computed from codes of shape (K, U) in O(K^2 U) time and O(K U) memory, however many codes
there are. Weights, shape (C, C), say how much of an agreement two codes are: 1 on the diagonal, symmetric, at
most 1. None stands for the identity: two codes agree or they do not.
"""

from __future__ import annotations

import math
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from policy_nlp.errors import TooFewCodersError

MISSING = -1

Codes = NDArray[np.int_]
Floats = NDArray[np.float64]

ChanceModel = Literal["none", "fleiss", "conger", "gwet", "brennan_prediger"]
"""Whose expected agreement: none is 0; the others are named after their authors."""


def sum_pairs(codes: Codes, weights: Floats | None = None) -> Floats:
    """Sum over the pairs of coders of each unit of their agreement (or of any table of pairs), shape (U,)."""
    sums = np.zeros(codes.shape[1])
    is_coded = codes != MISSING
    for first, second in combinations(range(len(codes)), 2):
        both = is_coded[first] & is_coded[second]
        if weights is None:
            sums += (codes[first] == codes[second]) & both
        elif both.all():
            sums += weights[codes[first], codes[second]]
        else:
            sums[both] += weights[codes[first, both], codes[second, both]]
    return sums


def unit_agreements(codes: Codes, weights: Floats | None = None) -> Floats:
    """Share of the coder pairs of each unit that agree, shape (U,); NaN where fewer than two coded it."""
    n_coders = (codes != MISSING).sum(axis=0)
    agreements = np.full(codes.shape[1], np.nan)
    n_pairs = n_coders * (n_coders - 1) / 2
    np.divide(sum_pairs(codes, weights), n_pairs, out=agreements, where=n_pairs > 0)
    return agreements


def observed_agreement(codes: Codes, weights: Floats | None = None) -> float:
    """Mean of `unit_agreements` over the units of two coders or more: Gwet's p_a.

    Raises:
        TooFewCodersError: no unit was coded by two coders.
    """
    check_pairable(codes)
    return float(np.nanmean(unit_agreements(codes, weights)))


def expected_agreement(
    model: ChanceModel, codes: Codes, *, n_codes: int, weights: Floats | None = None
) -> float:
    """Agreement by chance, from every unit that one coder or more coded.

    Args:
        model: whose definition.
        codes: shape (K, U).
        n_codes: C, the codes the coders could choose from.
        weights: shape (C, C); None: the identity.

    Source: Gwet (2014), "Handbook of Inter-Rater Reliability", 4th edition, chapters 2 to 5.
    """
    if model == "none":
        return 0.0
    if model == "brennan_prediger":
        return (n_codes if weights is None else float(weights.sum())) / n_codes**2
    if model == "conger":
        return _conger_expected(coder_shares(codes, n_codes), weights)
    shares = code_shares(codes, n_codes)
    if model == "fleiss":
        return float(shares @ (shares if weights is None else weights @ shares))
    return gwet_factor(n_codes, weights) * float((shares * (1 - shares)).sum())


def gwet_factor(n_codes: int, weights: Floats | None) -> float:
    """Sum of the weights / (C (C - 1)): what the variance of the shares is multiplied with in AC1 and AC2."""
    return (n_codes if weights is None else float(weights.sum())) / (n_codes * (n_codes - 1))


def code_shares(codes: Codes, n_codes: int) -> Floats:
    """Mean over coded units of the share of the unit's coders who gave each code, shape (C,)."""
    is_coded = codes != MISSING
    n_coders = is_coded.sum(axis=0)
    # Counted by number of coders first, in whole numbers: the share of an only code is 1, not nearly 1.
    of_coding = np.broadcast_to(n_coders, codes.shape)[is_coded]
    n_codes, width = max(n_codes, number_of_codes(codes)), len(codes) + 1
    counts = np.bincount(codes[is_coded] * width + of_coding, minlength=n_codes * width)
    sums = (counts.reshape(n_codes, width) / np.maximum(np.arange(width), 1)).sum(axis=1)
    shares: Floats = sums / max(int((n_coders > 0).sum()), 1)
    return shares


def coder_shares(codes: Codes, n_codes: int) -> Floats:
    """Share of each coder's units with each code, shape (K, C), of the coders who coded anything."""
    rows = [row[row != MISSING] for row in codes]
    return np.array([np.bincount(row, minlength=n_codes) / len(row) for row in rows if len(row)])


def corrected(observed: float, expected: float) -> float:
    """Agreement beyond chance; NaN where chance alone agrees always."""
    return float((observed - expected) / (1 - expected)) if 1 - expected > 1e-12 else math.nan


def number_of_codes(codes: Codes) -> int:
    """The largest code index + 1."""
    return int(codes.max(initial=MISSING)) + 1


def number_of_used_codes(codes: Codes) -> int:
    """How many different codes were given."""
    return len(np.unique(codes[codes != MISSING]))


def complete_units(codes: Codes) -> Codes:
    """The units that every coder coded (the listwise reading of missing codes), shape (K, U').

    Raises:
        TooFewCodersError: there is no such unit.
    """
    complete = codes[:, (codes != MISSING).all(axis=0)]
    check_pairable(complete)
    return complete


def check_pair(codes: Codes) -> None:
    """Raise TooFewCodersError unless there are exactly two coders."""
    if len(codes) != 2:
        raise TooFewCodersError(
            f"found {len(codes)} coders, expected two. Choose a pair.", n_coders=len(codes)
        )


def check_pairable(codes: Codes) -> None:
    """Raise TooFewCodersError unless two coders share a unit."""
    if not ((codes != MISSING).sum(axis=0) >= 2).any():
        raise TooFewCodersError("no unit was coded by two coders. Give files that share units.")


def _conger_expected(shares: Floats, weights: Floats | None) -> float:
    """Mean over pairs of different coders of the agreement their shares bring."""
    n_coders, total = len(shares), shares.sum(axis=0)
    weighted = shares if weights is None else shares @ weights
    of_all = float(weighted.sum(axis=0) @ total)
    return (of_all - float((weighted * shares).sum())) / (n_coders * (n_coders - 1))
