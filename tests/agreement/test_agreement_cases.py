"""Published worked examples, and further ones of the same form from $POLICY_NLP_AGREEMENT_CASES."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from policy_nlp.agreement.coefficients import (
    MISSING,
    brennan_prediger,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    nominal_alpha,
    percent_agreement,
    scott_pi,
)
from policy_nlp.agreement.label_sets import find_label_sets, jaccard_distances, masi_distances, set_alpha

CASES = Path(__file__).with_name("cases.jsonl")
COEFFICIENTS: dict[str, Callable[[np.ndarray], float]] = {
    "percent_agreement": percent_agreement,
    "percent_agreement_gwet": percent_agreement,
    "percent_agreement_mean_pairwise": percent_agreement,  # the same where no code is missing
    "cohen_kappa": cohen_kappa,
    "scott_pi": scott_pi,
    "fleiss_kappa": fleiss_kappa,
    "fleiss_kappa_gwet": fleiss_kappa,
    "gwet_ac1": gwet_ac1,
    "brennan_prediger": brennan_prediger,
    "brennan_prediger_gwet": brennan_prediger,
    "alpha_nominal": nominal_alpha,
}


def passonneau_2004_distances(members: np.ndarray) -> np.ndarray:
    """Subset 1/3, overlap 2/3, disjoint 1, and an empty set counts as a subset of every other."""
    sets = [set(np.flatnonzero(row)) for row in members]
    return np.array([[_distance_2004(first, second) for second in sets] for first in sets])


def _distance_2004(first: set[int], second: set[int]) -> float:
    if first == second:
        return 0.0
    if first <= second or second <= first:
        return 1 / 3
    return 2 / 3 if first & second else 1.0


SET_DISTANCES = {
    "alpha_masi": masi_distances,
    "alpha_jaccard": jaccard_distances,
    "alpha_set_2004": passonneau_2004_distances,
}


def _load_cases() -> list[dict]:
    paths = [CASES]
    if further := os.environ.get("POLICY_NLP_AGREEMENT_CASES"):
        paths.append(Path(further))
    return [
        json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines() if line.strip()
    ]


def _codes_of(units: list[list]) -> np.ndarray:
    """Codes as indices of shape (K, U), -1 for null; sets of labels count as one code each."""
    texts = [[None if code is None else json.dumps(code) for code in unit] for unit in units]
    numbers: dict[str | None, int] = {None: MISSING}
    for text in sorted({text for unit in texts for text in unit if text is not None}):
        numbers[text] = len(numbers) - 1
    return np.array([[numbers[text] for text in unit] for unit in texts]).T


def _sets_of(units: list[list]) -> tuple[np.ndarray, np.ndarray]:
    """Label sets as yes/no of shape (K, U, C), and which were coded, of shape (K, U)."""
    labels = sorted({label for unit in units for codes in unit for label in codes or ()})
    applies = np.array([[[label in (codes or ()) for label in labels] for codes in unit] for unit in units])
    coded = np.array([[codes is not None for codes in unit] for unit in units])
    return applies.transpose(1, 0, 2), coded.T


def _compute(case: dict) -> float:
    units = case["data"].get("units_x_coders")
    metric = case["metric"]
    if units is None:
        pytest.skip(f"{case['id']}: no units_x_coders (spans are not computed yet)")
    if metric in SET_DISTANCES:
        return set_alpha(find_label_sets(*_sets_of(units)), SET_DISTANCES[metric])
    if metric not in COEFFICIENTS:
        pytest.skip(f"{case['id']}: coefficient {metric} is not computed yet")
    return COEFFICIENTS[metric](_codes_of(units))


@pytest.mark.parametrize("case", _load_cases(), ids=lambda case: case["id"])
def test_coefficient_is_the_published_number(case: dict) -> None:
    value = _compute(case)
    if case["expected"] is None:
        assert math.isnan(value)
    else:
        assert value == pytest.approx(case["expected"], abs=case["tolerance"])
