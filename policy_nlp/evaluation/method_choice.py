"""Cross-validated quality of several methods -> which one to train with, and why."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policy_nlp.settings.few_shot import Method


@dataclass(frozen=True, slots=True)
class MethodTrial:
    """What cross-validation found of one method.

    Attributes:
        fold_f1: micro-F1 over all codes in each fold, NaN where a fold has no code; empty: not tried.
        seconds: that its cross-validation took, or would have taken: then more than was left.
    """

    method: Method
    fold_f1: tuple[float, ...]
    seconds: float

    @property
    def mean(self) -> float:
        """Mean micro-F1 over the folds; NaN where there is none."""
        return float(np.nanmean(self.fold_f1)) if self._n else math.nan

    @property
    def deviation(self) -> float:
        """Standard deviation over the folds; NaN with fewer than two."""
        return float(np.nanstd(self.fold_f1, ddof=1)) if self._n > 1 else math.nan

    @property
    def _n(self) -> int:
        return sum(not math.isnan(value) for value in self.fold_f1)


@dataclass(frozen=True, slots=True)
class MethodChoice:
    """The methods that were compared, from the cheapest to the dearest, and the one that was taken.

    Attributes:
        resampled: what folds are made of: document or sentence.
        minutes: that the cross-validation of all methods might take.
        is_asked: the configuration named the method; nothing was chosen.
        is_out_of_fold: calibration and thresholds come from the scores of the folds, for want of other gold.
    """

    chosen: Method
    trials: tuple[MethodTrial, ...]
    n_sentences: int
    n_folds: int
    resampled: str
    minutes: float
    is_asked: bool = False
    is_out_of_fold: bool = False

    def as_fields(self) -> dict[str, Any]:
        """Plain values, as a manifest holds them; NaN is None."""
        fields = asdict(self)
        for trial in fields["trials"]:
            trial["fold_f1"] = [None if math.isnan(f1) else round(f1, 4) for f1 in trial["fold_f1"]]
            trial["seconds"] = round(trial["seconds"], 1)
        return fields

    @classmethod
    def from_fields(cls, content: Mapping[str, Any]) -> MethodChoice:
        """The choice that `as_fields` turned into plain values."""
        trials = tuple(
            MethodTrial(
                **{**trial, "fold_f1": tuple(math.nan if f1 is None else f1 for f1 in trial["fold_f1"])}
            )
            for trial in content["trials"]
        )
        return cls(**{**content, "trials": trials})


@dataclass(frozen=True, slots=True)
class MethodGain:
    """How much better one method is than another over the same folds; NaN where fewer than two compare."""

    other: MethodTrial
    gain: float
    error: float

    @property
    def is_clear(self) -> bool:
        """Whether the gain is more than its standard error."""
        return self.gain > self.error


def gain_over(method: MethodTrial, other: MethodTrial) -> MethodGain:
    """Mean paired difference of micro-F1, with a standard error for folds that share training sentences.

    Source: Nadeau, Bengio (2003), "Inference for the Generalization Error", the corrected resampled variance.
    """
    gains = np.array(method.fold_f1) - np.array(other.fold_f1)
    gains = gains[~np.isnan(gains)]
    if len(gains) < 2:
        return MethodGain(other, math.nan, math.nan)
    n_folds = len(gains)
    error = math.sqrt(float(gains.var(ddof=1)) * (1 / n_folds + 1 / (n_folds - 1)))
    return MethodGain(other, float(gains.mean()), error)


def choose_trial(trials: Sequence[MethodTrial]) -> MethodTrial:
    """The cheapest method that no dearer one beats by more than the standard error of the difference.

    Source of the rule: Breiman, Friedman, Olshen, Stone (1984), "Classification and Regression Trees", 3.4.3.

    Args:
        trials: from the cheapest to the dearest; one or more was tried.
    """
    tried = [trial for trial in trials if trial.fold_f1]
    chosen = tried[0]
    for trial in tried[1:]:
        if gain_over(trial, chosen).is_clear:
            chosen = trial
    return chosen


def strongest_rival(choice: MethodChoice) -> MethodGain | None:
    """The gain of the chosen method over the best other that was tried; None without one."""
    chosen = next(trial for trial in choice.trials if trial.method == choice.chosen)
    others = [t for t in choice.trials if t.method != choice.chosen and not math.isnan(t.mean)]
    return gain_over(chosen, max(others, key=lambda trial: trial.mean)) if others else None


def micro_f1(applies: NDArray[np.bool_], targets: NDArray[np.float32]) -> float:
    """F1 over all sentences and codes together; NaN where no code applies by either."""
    is_positive = targets > 0.5
    n_either = int(applies.sum() + is_positive.sum())
    return 2 * int((applies & is_positive).sum()) / n_either if n_either else math.nan
