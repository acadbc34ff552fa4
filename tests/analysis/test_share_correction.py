"""Shares corrected by gold: what they must be where the answer is known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from policy_nlp.analysis.clusters import DecidedSentences
from policy_nlp.analysis.gold_sample import GoldLevel
from policy_nlp.analysis.share_correction import correct_shares

N_DOCUMENTS, N_EACH = 10, 60
N = N_DOCUMENTS * N_EACH


def sentences_with(model: NDArray[np.bool_]) -> DecidedSentences:
    """One group; what the model gave to each sentence."""
    documents = np.repeat(np.arange(N_DOCUMENTS), N_EACH)
    return DecidedSentences(np.arange(N), model[:, np.newaxis], documents, np.zeros(N, dtype=np.int64))


def gold_of(
    rows: NDArray[np.int64], person: NDArray[np.bool_], weights: NDArray[np.float64] | None = None
) -> GoldLevel:
    return GoldLevel("main", rows, person[rows][:, np.newaxis], weights)


def made_codes(seed: int = 0) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """What is true, and what a model that misses a third and invents a few says."""
    generator = np.random.default_rng(seed)
    person = generator.random(N) < 0.3
    model = np.where(person, generator.random(N) < 0.67, generator.random(N) < 0.04)
    return person, model


def test_gold_on_every_sentence_gives_the_person_s_own_share() -> None:
    person, model = made_codes()
    found = correct_shares(sentences_with(model), ["a"], gold=gold_of(np.arange(N), person))
    assert found.groups[0].codes[0].share.value == pytest.approx(person.mean())


def test_a_model_without_error_keeps_its_share() -> None:
    person, _ = made_codes()
    rows = np.arange(0, N, 4)
    item = correct_shares(sentences_with(person), ["a"], gold=gold_of(rows, person)).groups[0].codes[0]
    assert item.share.value == pytest.approx(person.mean())
    assert (item.n_missed, item.n_wrong, item.weight_of_model) == (0, 0, pytest.approx(1.0))


def test_the_share_is_that_of_the_formula_written_out() -> None:
    person, model = made_codes()
    rows = np.arange(0, N, 5)
    y, f = person[rows].astype(float), model[rows].astype(float)
    slope = ((f - f.mean()) * (y - y.mean())).sum() / ((f - f.mean()) ** 2).sum()
    expected = slope * model.mean() + (y - slope * f).mean()
    item = correct_shares(sentences_with(model), ["a"], gold=gold_of(rows, person)).groups[0].codes[0]
    assert item.share.value == pytest.approx(expected)
    assert item.weight_of_model == pytest.approx(slope)


def test_weights_undo_a_gold_in_which_coded_sentences_are_drawn_more_often() -> None:
    person, model = made_codes()
    coded, rest = np.flatnonzero(model), np.flatnonzero(~model)
    rows = np.sort(np.concatenate([coded, rest[::4]]))
    weights = np.where(model[rows], 1.0, len(rest) / len(rest[::4]))
    plain = correct_shares(sentences_with(model), ["a"], gold=gold_of(rows, person)).groups[0].codes[0]
    weighted = correct_shares(sentences_with(model), ["a"], gold=gold_of(rows, person, weights)).groups[0]
    expected = (person[coded].sum() + person[rest[::4]].sum() * len(rest) / len(rest[::4])) / N
    assert weighted.codes[0].share.value == pytest.approx(expected)
    assert abs(plain.share.value - person.mean()) < abs(model.mean() - person.mean()) + 0.1


def test_too_little_gold_is_refused_with_the_number_that_is_needed() -> None:
    person, model = made_codes()
    found = correct_shares(sentences_with(model), ["a"], gold=gold_of(np.arange(0, N, 20), person))
    item = found.groups[0].codes[0].share
    assert math.isnan(item.value)
    assert item.reason == "30 gold sentences are in this group; 50 or more are needed"


def test_a_rare_code_is_refused_where_gold_shows_it_too_seldom() -> None:
    person = np.zeros(N, dtype=np.bool_)
    person[:5] = True
    item = correct_shares(sentences_with(person), ["a"], gold=gold_of(np.arange(100), person)).groups[0]
    assert "gave the code to 5" in (item.codes[0].share.reason or "")


def test_gold_of_one_document_has_a_share_and_no_interval() -> None:
    person, model = made_codes()
    item = correct_shares(sentences_with(model), ["a"], gold=gold_of(np.arange(N_EACH), person)).groups[0]
    assert not item.codes[0].share.has_interval
    assert "one document" in (item.codes[0].share.reason or "")


def test_corrected_intervals_hold_the_truth_where_uncorrected_shares_are_far_off() -> None:
    """120 corpora: a model that misses a third. By chance 95 % hold it; 85 % has a chance below 0.001."""
    n_held = n_biased = 0
    for seed in range(120):
        person, model = made_codes(seed)
        rows = np.sort(np.random.default_rng(seed).choice(N, 150, replace=False))
        item = correct_shares(sentences_with(model), ["a"], gold=gold_of(rows, person)).groups[0].codes[0]
        n_held += item.share.low <= 0.3 <= item.share.high
        n_biased += abs(model.mean() - 0.3) > 0.03
    assert n_held >= 0.85 * 120
    assert n_biased > 100
