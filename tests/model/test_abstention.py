"""The two cuts keep their promises where the truth is known; where they cannot be had, that is said."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from policy_nlp.model.abstention import (
    DELTA,
    count_missing_positives,
    count_needed_given,
    estimate_missing_to_apply,
    find_lower_cut,
    find_upper_cut,
)

N_DRAWS = 400
Drawn = tuple[NDArray[np.float32], NDArray[np.bool_]]


def _draw(chooser: np.random.Generator, n_rows: int) -> Drawn:
    """Scores that are the true probability that the code applies; sharp, so that upper cuts can be had."""
    scores = chooser.beta(0.1, 0.3, n_rows)
    return scores.astype(np.float32), chooser.random(n_rows) < scores


@pytest.mark.parametrize("risk", [0.05, 0.1, 0.2])
def test_the_lower_cut_refuses_on_average_no_more_than_the_risk(risk: float) -> None:
    chooser = np.random.default_rng(1)
    scores, applies = _draw(chooser, 100_000)
    positives = scores[applies]
    missed = []
    for _ in range(N_DRAWS):
        cut = find_lower_cut(*_draw(chooser, 200), risk=risk)
        missed.append(float((positives < cut).mean()) if cut is not None else 0.0)
    error = float(np.std(missed)) / np.sqrt(N_DRAWS)
    assert risk / 2 < np.mean(missed) <= risk + 3 * error


@pytest.mark.parametrize("risk", [0.05, 0.1, 0.2])
def test_an_upper_cut_breaks_its_promise_no_more_often_than_delta(risk: float) -> None:
    chooser = np.random.default_rng(2)
    scores, applies = _draw(chooser, 100_000)
    cuts = [find_upper_cut(*_draw(chooser, 1000), risk=risk) for _ in range(N_DRAWS)]
    found = [cut for cut in cuts if cut is not None]
    broken = sum((~applies[scores >= np.float32(cut)]).mean() > risk for cut in found)
    assert len(found) > N_DRAWS / 4
    assert broken / N_DRAWS <= DELTA + 3 * np.sqrt(DELTA * (1 - DELTA) / N_DRAWS)


@pytest.mark.parametrize("risk", [0.05, 0.1, 0.2])
def test_a_lower_cut_can_be_had_exactly_from_the_count_that_is_told(risk: float) -> None:
    n_needed = count_missing_positives(0, risk=risk)
    for n_positives in (n_needed - 1, n_needed):
        rows = np.linspace(0.1, 0.9, n_positives).astype(np.float32)
        has_cut = find_lower_cut(rows, np.ones(n_positives, dtype=np.bool_), risk=risk) is not None
        assert has_cut == (count_missing_positives(n_positives, risk=risk) == 0)


@pytest.mark.parametrize("risk", [0.05, 0.1, 0.2])
def test_an_upper_cut_needs_as_many_given_sentences_as_is_told(risk: float) -> None:
    n_needed = count_needed_given(risk=risk)
    for n_given, has_cut in ((n_needed - 1, False), (n_needed, True)):
        rows = np.full(n_given, 0.9, dtype=np.float32)
        cut = find_upper_cut(rows, np.ones(n_given, dtype=np.bool_), risk=risk)
        assert (cut is not None) == has_cut


def test_the_estimate_of_what_is_missing_is_what_a_cut_then_needs() -> None:
    chooser = np.random.default_rng(3)
    scores, applies = _draw(chooser, 150)
    assert find_upper_cut(scores, applies, risk=0.05) is None
    n_positives = int(applies.sum())
    missing = estimate_missing_to_apply(scores, applies, risk=0.05)
    assert missing is not None
    factor = (n_positives + missing) / n_positives
    found = [find_upper_cut(*_draw(chooser, round(150 * factor * 2)), risk=0.05) for _ in range(100)]
    assert sum(cut is not None for cut in found) > 50


def test_where_every_cut_is_false_too_often_no_number_is_told() -> None:
    scores = np.linspace(0.0, 1.0, 400, dtype=np.float32)
    assert estimate_missing_to_apply(scores, np.arange(400) % 2 == 0, risk=0.1) is None
    assert estimate_missing_to_apply(scores, np.arange(400) < 0, risk=0.1) == count_needed_given(risk=0.1)
