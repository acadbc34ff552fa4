"""Coefficients in which near codes agree in part: weighted kappas, Gwet's AC2, weighted Brennan-Prediger.

Weights, shape (C, C), are 1 on the diagonal and symmetric; C is all codes the coders could choose from, in
their order. They come from `code_weights`, or from distances by `weights_from_distances`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import numpy as np

from policy_nlp.agreement.chance import (
    ChanceModel,
    Codes,
    Floats,
    check_pair,
    corrected,
    expected_agreement,
    number_of_used_codes,
    observed_agreement,
)
from policy_nlp.agreement.coefficients import complete_units
from policy_nlp.agreement.distances import interval_distances, nominal_distances, ratio_distances
from policy_nlp.agreement.standard_errors import (
    StandardError,
    alpha_scores,
    chance_scores,
    error_of_scores,
)
from policy_nlp.errors import DistanceError

WeightKind = Literal["identity", "linear", "quadratic", "ordinal", "radical", "ratio", "circular", "bipolar"]
WeightedName = Literal[
    "percent_agreement", "fleiss_kappa", "conger_kappa", "gwet_ac2", "brennan_prediger", "krippendorff_alpha"
]


def code_weights(kind: WeightKind, values: Sequence[float] | Floats) -> Floats:
    """How much of an agreement each pair of codes is, shape (C, C).

    Args:
        kind: which formula; `ordinal` takes the ranks of the values alone.
        values: shape (C,), the number of each code (1 to C for ranks), all different.

    Source: Gwet (2014), "Handbook of Inter-Rater Reliability", 4th edition, chapter 3.

    Raises:
        DistanceError: two codes have one value, or `ratio` meets a negative one.

    >>> code_weights("linear", [1, 2, 3]).tolist()
    [[1.0, 0.5, 0.0], [0.5, 1.0, 0.5], [0.0, 0.5, 1.0]]
    """
    numbers = np.asarray(values, dtype=np.float64)
    if len(np.unique(numbers)) < len(numbers):
        raise DistanceError(
            f"weights need one value a code, found {numbers.tolist()}. Give each code its own.",
            values=numbers.tolist(),
        )
    if len(numbers) < 2:
        return np.ones((len(numbers), len(numbers)))
    return weights_from_distances(_DISTANCES[kind](numbers))


def weights_from_distances(distances: Floats) -> Floats:
    """1 - distance / largest distance."""
    largest = float(distances.max(initial=0.0))
    weights: Floats = 1.0 - distances / largest if largest > 0 else np.ones_like(distances)
    return weights


def weighted_kappa(codes: Codes, weights: Floats) -> float:
    """Weighted kappa of two coders, over the units both coded; NaN when nothing could differ.

    Source: Cohen (1968), "Weighted Kappa".
    """
    check_pair(codes)
    return weighted_coefficient("conger_kappa", complete_units(codes), weights=weights)


def gwet_ac2(codes: Codes, weights: Floats) -> float:
    """Gwet's AC2 of two coders or more; AC1 with identity weights. NaN when one code is all that was used.

    Source: Gwet (2014), chapter 4.
    """
    return weighted_coefficient("gwet_ac2", codes, weights=weights)


def weighted_coefficient(name: WeightedName, codes: Codes, *, weights: Floats) -> float:
    """The weighted form of a coefficient; NaN where undefined.

    Raises:
        TooFewCodersError: no unit was coded by two coders.
    """
    if name == "krippendorff_alpha":
        return alpha_scores(codes, weights=weights).value
    observed = observed_agreement(codes, weights)
    if name != "percent_agreement" and number_of_used_codes(codes) < 2:
        return math.nan
    expected = expected_agreement(_MODELS[name], codes, n_codes=len(weights), weights=weights)
    return corrected(observed, expected)


def weighted_standard_error(
    name: WeightedName, codes: Codes, *, weights: Floats, confidence: float = 0.95
) -> StandardError:
    """The weighted form of a coefficient with its linearised standard error and t interval.

    Source: Gwet (2014), chapter 5.
    """
    if name == "krippendorff_alpha":
        return error_of_scores(alpha_scores(codes, weights=weights), confidence=confidence)
    scores = chance_scores(_MODELS[name], codes, n_codes=len(weights), weights=weights)
    return error_of_scores(scores, confidence=confidence)


def _differences(values: Floats) -> Floats:
    differences: Floats = np.abs(values[:, np.newaxis] - values)
    return differences


def _rank_pairs(values: Floats) -> Floats:
    """How many pairs can be formed from the ranks from one code to the other."""
    steps = _differences(np.argsort(np.argsort(values)).astype(np.float64))
    pairs: Floats = steps * (steps + 1) / 2
    return pairs


def _circular(values: Floats) -> Floats:
    span = values.max() - values.min() + 1
    distances: Floats = np.sin(np.pi * _differences(values) / span) ** 2
    return distances


def _bipolar(values: Floats) -> Floats:
    sums = values[:, np.newaxis] + values
    room = (sums - 2 * values.min()) * (2 * values.max() - sums)
    distances: Floats = np.divide(_differences(values) ** 2, room, out=np.zeros_like(room), where=room > 0)
    return distances


_DISTANCES: Mapping[WeightKind, Callable[[Floats], Floats]] = {
    "identity": lambda values: nominal_distances(len(values)),
    "linear": _differences,
    "quadratic": interval_distances,
    "ordinal": _rank_pairs,
    "radical": lambda values: np.sqrt(_differences(values)),
    "ratio": ratio_distances,
    "circular": _circular,
    "bipolar": _bipolar,
}
_MODELS: Mapping[WeightedName, ChanceModel] = {
    "percent_agreement": "none",
    "fleiss_kappa": "fleiss",
    "conger_kappa": "conger",
    "gwet_ac2": "gwet",
    "brennan_prediger": "brennan_prediger",
}
