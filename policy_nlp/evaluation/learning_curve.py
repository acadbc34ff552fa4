"""Scores of models trained on growing shares of the gold -> power laws, and the labels that they ask for.

What a curve says beyond its last point is a guess: it assumes more labels of the same kind, drawn the same
way, and the same recipe.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from policy_nlp.records import Level

Floats = NDArray[np.float64]
Law = Literal["power", "power_with_floor"]

N_DRAWS = 500
CONFIDENCE = 0.95
TARGETS = (0.80, 0.85, 0.90, 0.95)  # micro-F1
FEWEST_SIZES = 3  # of the training set, for a power law; its floor needs one more
MOST_FACTOR = 100  # times the labels there are; what would take more is called not reached


@dataclass(frozen=True, slots=True)
class CurveRun:
    """One trained model.

    Attributes:
        share: of the documents trained on.
        n_train: sentences trained on.
        micro_f1: of one level on the development gold; NaN where it is not defined.
    """

    share: float
    seed: int
    n_train: int
    micro_f1: float


@dataclass(frozen=True, slots=True)
class Range:
    """A number of the fitted law with its interval; infinite where it is never reached."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class NeededLabels:
    """Sentences to train on, in all, until the law reaches this F1."""

    micro_f1: float
    n_train: Range


@dataclass(frozen=True, slots=True)
class ForeseenScore:
    """What the law says of so many sentences."""

    n_train: int
    micro_f1: Range


@dataclass(frozen=True, slots=True)
class CurveFit:
    """1 - F1 = scale * n ** -exponent + floor, with 95 % intervals.

    Attributes:
        floor: the error that no number of labels removes; 0 with the law `power`.
        residual: standard deviation of log(1 - F1) about the law.
    """

    law: Law
    scale: float
    exponent: Range
    floor: Range
    residual: float
    foreseen: tuple[ForeseenScore, ...]
    needed: tuple[NeededLabels, ...]


@dataclass(frozen=True, slots=True)
class UnfittedCurve:
    """Why there is no fit of a law."""

    law: Law
    reason: str


@dataclass(frozen=True, slots=True)
class CurveLevel:
    """The runs of one level, and the laws through them."""

    level: Level
    runs: tuple[CurveRun, ...]
    fits: tuple[CurveFit | UnfittedCurve, ...]


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """Models of one recipe trained on growing shares, measured on the same development gold.

    Attributes:
        recipe: name and kind of what was trained.
    """

    levels: tuple[CurveLevel, ...]
    recipe: str


@dataclass(frozen=True, slots=True)
class _Parameters:
    scale: float  # log
    exponent: float
    floor: float


_Fitter = Callable[[Floats, Floats], _Parameters]


def fit_levels(runs_of: Mapping[Level, Sequence[CurveRun]], *, recipe: str, seed: int = 0) -> LearningCurve:
    """Both laws through the runs of each level, asked for the `TARGETS` that the runs do not reach."""
    levels = []
    for level, runs in runs_of.items():
        best = max((run.micro_f1 for run in runs if not math.isnan(run.micro_f1)), default=0.0)
        targets = [target for target in TARGETS if target > best]
        fits = [fit_curve(runs, law, targets=targets, seed=seed) for law in get_args(Law)]
        levels.append(CurveLevel(level, tuple(runs), tuple(fits)))
    return LearningCurve(tuple(levels), recipe)


def fit_curve(
    runs: Sequence[CurveRun], law: Law, *, targets: Sequence[float], seed: int = 0
) -> CurveFit | UnfittedCurve:
    """The law through the runs of one level, in the scale of log(1 - F1).

    Intervals: bootstrap of the residuals, made larger for the parameters that were fitted; they hold the
    chance of training and of which documents were taken, not that of the development gold, which is the
    same in all runs.

    Args:
        runs: of one level; those without F1 are left out.
        law: without a floor it is the more hopeful of the two.
        targets: values of F1 whose labels are asked for.
        seed: of the bootstrap.

    Source: Hestness et al. (2017), "Deep Learning Scaling is Predictable, Empirically" (power law of the
    error); with a floor Figueroa et al. (2012), "Predicting sample size required for classification
    performance".
    """
    known = [run for run in runs if not math.isnan(run.micro_f1) and run.micro_f1 < 1 and run.n_train > 0]
    n_parameters, fit = (2, _fit_power) if law == "power" else (3, _fit_with_floor)
    sizes = sorted({run.share for run in known})
    if len(sizes) < FEWEST_SIZES + n_parameters - 2 or len(known) <= n_parameters:
        needed = FEWEST_SIZES + n_parameters - 2
        return UnfittedCurve(law, f"{len(sizes)} sizes in {len(known)} runs; {needed} sizes are needed")
    n = np.array([run.n_train for run in known], dtype=np.float64)
    errors = np.array([1 - run.micro_f1 for run in known])
    best = fit(n, errors)
    if best.exponent <= 0:
        return UnfittedCurve(law, "the error does not fall with more sentences")
    draws, residuals = _bootstrap(fit, best, n, errors=errors, seed=seed)
    largest = round(float(np.mean([run.n_train for run in known if run.share == sizes[-1]])))
    return CurveFit(
        law=law,
        scale=math.exp(best.scale),
        exponent=_range(best.exponent, [draw.exponent for draw in draws]),
        floor=_range(best.floor, [draw.floor for draw in draws]),
        residual=float(np.sqrt((residuals**2).sum() / (len(known) - n_parameters))),
        foreseen=tuple(_foresee(factor * largest, best, draws) for factor in (1, 2, 4)),
        needed=tuple(_need(target, best, draws, most=MOST_FACTOR * largest) for target in targets),
    )


def _fit_power(n: Floats, errors: Floats) -> _Parameters:
    x, y = np.log(n), np.log(errors)
    centred = x - x.mean()
    slope = float(centred @ y / (centred @ centred))
    return _Parameters(float(y.mean() - slope * x.mean()), -slope, 0.0)


def _fit_with_floor(n: Floats, errors: Floats) -> _Parameters:
    """Least squares of log errors; of every floor on a grid the best power law above it."""
    best, least = _fit_power(n, errors), math.inf
    for floor in np.linspace(0.0, 0.999 * errors.min(), 60):
        found = _fit_power(n, errors - floor)
        gaps = np.log(errors) - np.log(_error(found, n) + floor)
        if found.exponent > 0 and (loss := float((gaps**2).sum())) < least:
            best, least = _Parameters(found.scale, found.exponent, float(floor)), loss
    return best


def _error(parameters: _Parameters, n: Floats) -> Floats:
    return np.asarray(np.exp(parameters.scale - parameters.exponent * np.log(n)) + parameters.floor)


def _bootstrap(
    fit: _Fitter, best: _Parameters, n: Floats, *, errors: Floats, seed: int
) -> tuple[list[_Parameters], Floats]:
    """Parameters of the samples, and the residuals that were drawn."""
    residuals = np.log(errors) - np.log(_error(best, n))
    n_parameters = 2 if fit is _fit_power else 3
    spread = (residuals - residuals.mean()) * math.sqrt(len(n) / (len(n) - n_parameters))
    generator = np.random.default_rng(seed)
    drawn = generator.choice(spread, (N_DRAWS, len(n)))
    return [fit(n, _error(best, n) * np.exp(row)) for row in drawn], residuals


def _range(value: float, draws: Sequence[float]) -> Range:
    """The value with the percentiles of its draws, infinite ones included."""
    tail = (1 - CONFIDENCE) / 2
    ordered = sorted(draws)
    low, high = (ordered[round(share * (len(ordered) - 1))] for share in (tail, 1 - tail))
    return Range(value, low, high)


def _foresee(n_train: int, best: _Parameters, draws: Sequence[_Parameters]) -> ForeseenScore:
    at = np.array([float(n_train)])
    values = [float(1 - _error(one, at)[0]) for one in (best, *draws)]
    return ForeseenScore(n_train, _range(values[0], values[1:]))


def _need(target: float, best: _Parameters, draws: Sequence[_Parameters], *, most: float) -> NeededLabels:
    values = [_labels_for(target, one, most=most) for one in (best, *draws)]
    return NeededLabels(target, _range(values[0], values[1:]))


def _labels_for(target: float, parameters: _Parameters, *, most: float) -> float:
    gap = 1 - target - parameters.floor
    if gap <= 0 or parameters.exponent <= 0:
        return math.inf
    log_n = (parameters.scale - math.log(gap)) / parameters.exponent
    return math.exp(log_n) if log_n < math.log(most) else math.inf
