"""Cuts of every code: own, of the level, or none; crossing ones decide alone; no rule refuses a path."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from policy_nlp.codebook import Codebook
from policy_nlp.errors import SettingsError
from policy_nlp.model.code_cuts import decide_by_cuts, fit_cuts
from policy_nlp.records import CodeCut, Decisions, Thresholds

RISK = 0.1
Drawn = tuple[NDArray[np.float32], NDArray[np.bool_]]


def halves(codebook: Codebook) -> Thresholds:
    return Thresholds(codebook.code_ids, np.full(len(codebook.code_ids), 0.5))


def draw(codebook: Codebook, *, n_rows: int, seed: int = 0) -> Drawn:
    """Scores that are the true probability of the code."""
    chooser = np.random.default_rng(seed)
    scores = chooser.beta(0.1, 0.3, (n_rows, len(codebook.code_ids))).astype(np.float32)
    return scores, chooser.random(scores.shape) < scores


def cuts_of(codebook: Codebook, drawn: Drawn, *, risk: float = RISK) -> tuple[CodeCut, ...]:
    return fit_cuts(*drawn, codebook=codebook, thresholds=halves(codebook), risk=risk)


def decisions_of(codebook: Codebook, scores: NDArray[np.float32]) -> Decisions:
    nothing = np.zeros(scores.shape, dtype=np.bool_)
    return Decisions(codebook.code_ids, scores, nothing, np.isnan(scores).all(axis=1))


def cut(code_id: str, low: float, high: float | None) -> CodeCut:
    return CodeCut(code_id, low, high, "code", "code" if high else "none", 30, 0, 0)


def test_codes_without_enough_sentences_take_the_cut_of_their_level(shipped_codebook: Codebook) -> None:
    scores, applies = draw(shipped_codebook, n_rows=400)
    applies[:, 3] = False
    applies[np.argsort(scores[:, 3])[-4:], 3] = True
    cuts = cuts_of(shipped_codebook, (scores, applies))
    assert (cuts[3].refused_by, cuts[3].applied_by) != ("code", "code")
    assert (cuts[3].n_positives, cuts[3].n_missing_to_refuse, cuts[3].n_missing_to_apply) == (4, 5, 18)
    assert cuts[2].refused_by == "code"
    assert cuts[2].n_missing_to_refuse == cuts[2].n_missing_to_apply == 0


def test_without_any_sentence_a_code_is_never_given_and_undecided_from_the_risk_on(
    shipped_codebook: Codebook,
) -> None:
    scores, applies = draw(shipped_codebook, n_rows=5)
    cuts = cuts_of(shipped_codebook, (scores, np.zeros_like(applies)))
    assert {(c.refuse_below, c.apply_from, c.refused_by, c.applied_by) for c in cuts} == {
        (RISK, None, "none", "none")
    }
    found = decide_by_cuts(decisions_of(shipped_codebook, scores), cuts, codebook=shipped_codebook)
    assert not found.applies.any()
    np.testing.assert_array_equal(found.is_undecided, scores >= np.float32(RISK))


def test_cuts_that_cross_leave_nothing_undecided(shipped_codebook: Codebook) -> None:
    n_rows = 300
    column = np.linspace(0.0, 1.0, n_rows, dtype=np.float32)
    scores = np.repeat(column[:, None], len(shipped_codebook.code_ids), axis=1)
    cuts = cuts_of(shipped_codebook, (scores, scores >= 0.3))  # a perfect model
    assert {one.refuse_below for one in cuts} == {one.apply_from for one in cuts}
    found = decide_by_cuts(decisions_of(shipped_codebook, scores), cuts, codebook=shipped_codebook)
    assert found.is_undecided is not None
    initial = slice(0, len(shipped_codebook.ids("initial")))
    assert not found.is_undecided[:, initial].any()


def test_a_path_without_a_given_category_is_undecided_and_not_refused(shipped_codebook: Codebook) -> None:
    path, *others = shipped_codebook.paths
    path = replace(path, required_ids=("government_support", "market_competition"))
    codebook = replace(shipped_codebook, paths=(path, *others))
    column = {code_id: place for place, code_id in enumerate(codebook.code_ids)}
    cuts = tuple(cut(code_id, 0.2, 0.8) for code_id in codebook.code_ids)
    scores = np.zeros((2, len(column)), dtype=np.float32)
    scores[:, column[path.code_id]] = 0.9
    scores[1, column[path.required_ids[0]]] = 0.9
    found = decide_by_cuts(decisions_of(codebook, scores), cuts, codebook=codebook)
    assert found.is_undecided is not None
    assert found.is_undecided[:, column[path.code_id]].tolist() == [True, False]
    assert found.applies[:, column[path.code_id]].tolist() == [False, True]


def test_rows_without_score_are_neither_given_nor_undecided(shipped_codebook: Codebook) -> None:
    scores = np.full((1, len(shipped_codebook.code_ids)), np.nan, dtype=np.float32)
    cuts = tuple(cut(code_id, 0.0, 0.0) for code_id in shipped_codebook.code_ids)
    found = decide_by_cuts(decisions_of(shipped_codebook, scores), cuts, codebook=shipped_codebook)
    assert found.is_undecided is not None
    assert not found.applies.any()
    assert not found.is_undecided.any()


@given(seed=st.integers(0, 10_000), n_rows=st.integers(1, 80), risk=st.sampled_from([0.05, 0.1, 0.3]))
def test_no_code_is_both_given_and_undecided_and_every_cut_is_in_order(
    shipped_codebook: Codebook, seed: int, n_rows: int, risk: float
) -> None:
    drawn = draw(shipped_codebook, n_rows=n_rows, seed=seed)
    cuts = cuts_of(shipped_codebook, drawn, risk=risk)
    assert all(one.apply_from is None or one.refuse_below <= one.apply_from for one in cuts)
    found = decide_by_cuts(decisions_of(shipped_codebook, drawn[0]), cuts, codebook=shipped_codebook)
    assert found.is_undecided is not None
    assert not (found.applies & found.is_undecided).any()


@pytest.mark.parametrize("risk", [0.1, 0.2])
def test_on_new_sentences_the_risk_is_kept_on_average(shipped_codebook: Codebook, risk: float) -> None:
    refused, false = [], []
    for seed in range(30):
        cuts = cuts_of(shipped_codebook, draw(shipped_codebook, n_rows=300, seed=seed), risk=risk)
        scores, carries = draw(shipped_codebook, n_rows=1000, seed=1000 + seed)
        found = decide_by_cuts(decisions_of(shipped_codebook, scores), cuts, codebook=shipped_codebook)
        assert found.is_undecided is not None
        refused.append((carries & ~found.applies & ~found.is_undecided).sum() / carries.sum())
        false.append((found.applies & ~carries).sum() / found.applies.sum())
    assert np.mean(refused) <= risk
    assert np.mean(false) <= risk


@pytest.mark.parametrize("risk", [0.0, 1.0, -0.1, 2.0, float("nan")])
def test_a_risk_that_is_no_fraction_is_refused(shipped_codebook: Codebook, risk: float) -> None:
    with pytest.raises(SettingsError, match="above 0 and below 1"):
        cuts_of(shipped_codebook, draw(shipped_codebook, n_rows=3), risk=risk)
