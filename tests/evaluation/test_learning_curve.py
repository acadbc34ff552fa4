from __future__ import annotations

import math

import numpy as np
import pytest

from policy_nlp.evaluation.learning_curve import CurveFit, CurveRun, UnfittedCurve, fit_curve


def runs_of(scale: float, exponent: float, floor: float, noise: float = 0.0, seed: int = 0) -> list[CurveRun]:
    """Twelve runs of four sizes and three seeds on a known law."""
    generator = np.random.default_rng(seed)
    runs = []
    for share in (0.125, 0.25, 0.5, 1.0):
        for number in range(3):
            error = scale * (8000 * share) ** -exponent * math.exp(noise * generator.normal()) + floor
            runs.append(CurveRun(share, number, round(8000 * share), 1 - error))
    return runs


def fitted(runs: list[CurveRun], law: str, *targets: float) -> CurveFit:
    found = fit_curve(runs, law, targets=targets)
    assert isinstance(found, CurveFit)
    return found


def test_a_power_law_is_found_again_and_tells_the_labels_that_it_was_made_with() -> None:
    found = fitted(runs_of(6.0, 0.35, 0.0), "power", 0.9)
    assert (found.scale, found.exponent.value) == pytest.approx((6.0, 0.35), rel=1e-6)
    assert found.needed[0].n_train.value == pytest.approx((6.0 / 0.1) ** (1 / 0.35), rel=1e-6)
    assert found.foreseen[1].n_train == 16_000
    assert found.foreseen[1].micro_f1.value == pytest.approx(1 - 6.0 * 16_000**-0.35)


def test_a_floor_is_found_again_and_what_lies_beyond_it_is_never_reached() -> None:
    found = fitted(runs_of(40.0, 0.7, 0.1), "power_with_floor", 0.85, 0.95)
    assert found.floor.value == pytest.approx(0.1, abs=0.01)
    assert math.isfinite(found.needed[0].n_train.value)
    assert math.isinf(found.needed[1].n_train.value)


def test_intervals_hold_the_true_exponent_in_most_samples() -> None:
    inside = []
    for seed in range(30):
        found = fitted(runs_of(6.0, 0.35, 0.0, noise=0.05, seed=seed), "power").exponent
        inside.append(found.low <= 0.35 <= found.high)
    assert np.mean(inside) >= 0.85


def test_too_few_sizes_and_scores_that_do_not_rise_are_not_fitted() -> None:
    runs = runs_of(6.0, 0.35, 0.0)
    for found in (
        fit_curve([run for run in runs if run.share > 0.3], "power", targets=[0.9]),
        fit_curve([run for run in runs if run.share > 0.2], "power_with_floor", targets=[0.9]),
        fit_curve(runs_of(0.1, -0.1, 0.0), "power", targets=[0.9]),
    ):
        assert isinstance(found, UnfittedCurve)
        assert found.reason


def test_runs_without_a_score_are_left_out() -> None:
    runs = [*runs_of(6.0, 0.35, 0.0), CurveRun(1.0, 9, 8000, math.nan)]
    assert fitted(runs, "power").exponent.value == pytest.approx(0.35, rel=1e-6)
