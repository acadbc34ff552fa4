"""The choice among methods: cheaper where no dearer one is clearly better."""

from __future__ import annotations

import math

import numpy as np
import pytest

from policy_nlp.evaluation.method_choice import (
    MethodChoice,
    MethodTrial,
    choose_trial,
    gain_over,
    micro_f1,
    strongest_rival,
)

BASELINE = MethodTrial("baseline", (0.50, 0.52, 0.48, 0.51, 0.49), 1.0)
FROZEN = MethodTrial("frozen", (0.70, 0.68, 0.72, 0.71, 0.69), 2.0)
SETFIT = MethodTrial("setfit", (0.75, 0.62, 0.78, 0.66, 0.71), 60.0)  # 0.004 better, and noisy
ENCODER = MethodTrial("encoder", (), 900.0)


def test_dearer_method_is_taken_only_where_it_is_clearly_better() -> None:
    assert choose_trial([BASELINE, FROZEN, SETFIT, ENCODER]) is FROZEN
    better = MethodTrial("setfit", tuple(f1 + 0.05 for f1 in FROZEN.fold_f1), 60.0)
    assert choose_trial([BASELINE, FROZEN, better]) is better
    assert choose_trial([BASELINE, MethodTrial("frozen", BASELINE.fold_f1, 2.0)]) is BASELINE


def test_standard_error_is_that_of_the_corrected_resampled_variance() -> None:
    gain = gain_over(SETFIT, FROZEN)
    gains = np.array(SETFIT.fold_f1) - np.array(FROZEN.fold_f1)
    assert gain.gain == pytest.approx(0.004)
    # Nadeau, Bengio (2003): (1/J + n_test/n_train) S^2, with J = 5 folds and n_test/n_train = 1/4
    assert gain.error == pytest.approx(math.sqrt((1 / 5 + 1 / 4) * gains.var(ddof=1)))


def test_folds_without_codes_are_left_out_and_one_fold_decides_nothing() -> None:
    holed = MethodTrial("frozen", (math.nan, 0.9), 1.0)
    assert holed.mean == pytest.approx(0.9)
    assert math.isnan(holed.deviation)
    assert choose_trial([MethodTrial("baseline", (0.1, 0.1), 1.0), holed]).method == "baseline"


def test_choice_survives_the_manifest() -> None:
    trials = (BASELINE, FROZEN, MethodTrial("setfit", (0.5, math.nan), 3.0), ENCODER)
    choice = MethodChoice("frozen", trials, 99, 5, "document", 4.0, is_out_of_fold=True)
    again = MethodChoice.from_fields(choice.as_fields())
    assert again.trials[2].fold_f1[0] == 0.5
    assert math.isnan(again.trials[2].fold_f1[1])
    assert again.trials[3] == ENCODER
    assert again.as_fields() == choice.as_fields()


def test_rival_is_the_best_of_the_other_tried_methods() -> None:
    choice = MethodChoice("frozen", (BASELINE, FROZEN, SETFIT, ENCODER), 99, 5, "document", 4.0)
    rival = strongest_rival(choice)
    assert rival is not None
    assert rival.other is SETFIT
    assert rival.gain == pytest.approx(-0.004)
    assert strongest_rival(MethodChoice("frozen", (FROZEN, ENCODER), 99, 5, "document", 4.0)) is None


def test_micro_f1_is_undefined_where_nothing_applies() -> None:
    nothing = np.zeros((3, 2))
    assert math.isnan(micro_f1(nothing > 0, nothing))
    applies = np.array([[True, False], [True, True]])
    assert micro_f1(applies, np.array([[1.0, 1.0], [1.0, 0.0]])) == pytest.approx(2 * 2 / (3 + 3))
