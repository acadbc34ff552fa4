from __future__ import annotations

import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import accuracy_score, cohen_kappa_score, f1_score, precision_score, recall_score

from policy_nlp.agreement.intervals import Bootstrap, Measure
from policy_nlp.agreement.label_sets import find_label_sets, jaccard_distances, masi_distances, set_alpha
from policy_nlp.evaluation.compare import evaluate_units
from policy_nlp.evaluation.report import EvaluationReport, LevelEvaluation
from tests.evaluation.examples import CODEBOOK, noisy_copy, random_applies, units_of

NO_INTERVALS = Bootstrap(n_draws=0)
PAIRS = st.integers(1, 12).flatmap(
    lambda n_units: st.tuples(
        *(arrays(np.bool_, (n_units, len(CODEBOOK.code_ids)), elements=st.booleans()) for _ in range(2))
    )
)


def evaluate(
    gold: np.ndarray, predicted: np.ndarray, bootstrap: Bootstrap = NO_INTERVALS
) -> EvaluationReport:
    return evaluate_units(units_of(gold), units_of(predicted), codebook=CODEBOOK, bootstrap=bootstrap)


def level_of(report: EvaluationReport, level: str) -> LevelEvaluation:
    return next(found for found in report.levels if found.level == level)


def columns_of(applies: np.ndarray, level: str) -> np.ndarray:
    """The columns of one level; main categories by their children."""
    if level != "main":
        return applies[:, [CODEBOOK.code_ids.index(code_id) for code_id in CODEBOOK.ids(level)]]
    children = {main: [] for main in CODEBOOK.ids("main")}
    for code in CODEBOOK.initial:
        children[code.parent_id].append(CODEBOOK.code_ids.index(code.code_id))
    return np.stack([applies[:, columns].any(axis=1) for columns in children.values()], axis=1)


def same(measure: Measure, expected: float) -> bool:
    return measure.value == pytest.approx(expected, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("level", ["initial", "main", "dimensions", "paths"])
@settings(max_examples=25, deadline=None)
@given(pair=PAIRS)
def test_precision_recall_f1_and_kappa_are_those_of_sklearn(
    pair: tuple[np.ndarray, np.ndarray], level: str
) -> None:
    found = level_of(evaluate(*pair), level)
    gold, predicted = (columns_of(applies, level) for applies in pair)
    nan = {"zero_division": np.nan}
    assert same(found.micro_precision, precision_score(gold, predicted, average="micro", **nan))
    assert same(found.micro_recall, recall_score(gold, predicted, average="micro", **nan))
    assert same(found.micro_f1, f1_score(gold, predicted, average="micro", **nan))
    assert same(found.macro_f1, f1_score(gold, predicted, average="macro", **nan))
    assert same(found.exact_match, accuracy_score(gold, predicted))
    for column, code in enumerate(found.per_code):
        yes = gold[:, column], predicted[:, column]
        assert same(code.precision, precision_score(*yes, **nan))
        assert same(code.recall, recall_score(*yes, **nan))
        assert same(code.f1, f1_score(*yes, **nan))
        assert same(code.percent_agreement, accuracy_score(*yes))
        kappa = math.nan if len(np.unique(yes)) == 1 else cohen_kappa_score(*yes)
        assert same(code.kappa, kappa)
        assert code.tp + code.fp + code.fn + code.tn == len(gold)
        assert code.support == gold[:, column].sum()


@pytest.mark.parametrize("level", ["initial", "main", "dimensions", "paths"])
def test_set_alphas_are_those_of_the_agreement_package(level: str) -> None:
    gold = random_applies(200, seed=1)
    predicted = noisy_copy(gold, seed=2)
    found = level_of(evaluate(gold, predicted), level)
    sets = find_label_sets(np.stack([columns_of(gold, level), columns_of(predicted, level)]))
    assert same(found.alpha_masi, set_alpha(sets, masi_distances))
    assert same(found.alpha_jaccard, set_alpha(sets, jaccard_distances))


def test_intervals_hold_the_estimate_narrow_with_n_and_follow_the_seed() -> None:
    widths = []
    for n_units in (60, 960):
        gold = random_applies(n_units, seed=3)
        report = evaluate(gold, noisy_copy(gold, seed=4), Bootstrap(300, seed=5))
        found = level_of(report, "initial")
        for measure in (
            found.micro_f1,
            found.macro_f1,
            found.alpha_masi,
            found.alpha_jaccard,
            found.exact_match,
        ):
            assert measure.low <= measure.value <= measure.high
        widths.append(found.micro_f1.high - found.micro_f1.low)
        again = level_of(evaluate(gold, noisy_copy(gold, seed=4), Bootstrap(300, seed=5)), "initial")
        assert again == found
    assert widths[1] < 0.5 * widths[0]


def test_interval_of_micro_f1_is_that_of_a_plain_bootstrap_of_documents() -> None:
    gold = random_applies(90, seed=6)
    predicted = noisy_copy(gold, seed=7)
    report = evaluate_units(
        units_of(gold, n_documents=30),
        units_of(predicted, n_documents=30),
        codebook=CODEBOOK,
        bootstrap=Bootstrap(200, seed=9),
    )
    generator = np.random.default_rng(9)
    document_of = np.arange(90) % 30
    draws = []
    for _ in range(200):
        rows = np.concatenate([np.flatnonzero(document_of == one) for one in generator.integers(0, 30, 30)])
        draws.append(
            f1_score(
                columns_of(gold, "initial")[rows], columns_of(predicted, "initial")[rows], average="micro"
            )
        )
    found = level_of(report, "initial")
    assert report.resampled == "document"
    assert (report.n_documents, found.n_groups) == (30, 30)
    assert (found.micro_f1.low, found.micro_f1.high) == pytest.approx(
        tuple(np.quantile(draws, [0.025, 0.975]))
    )


def test_documents_that_differ_widen_the_interval() -> None:
    gold = np.ones((200, len(CODEBOOK.code_ids)), dtype=np.bool_)
    predicted = gold.copy()
    predicted[np.arange(200) % 10 < 3] = False  # three documents of ten are missed whole
    widths = []
    for n_documents in (10, None):
        units = [units_of(applies, n_documents=n_documents) for applies in (gold, predicted)]
        recall = level_of(
            evaluate_units(*units, codebook=CODEBOOK, bootstrap=Bootstrap(400)), "initial"
        ).micro_recall
        widths.append(recall.high - recall.low)
    assert widths[0] > 2 * widths[1]


def test_a_code_without_positives_is_left_out_of_macro_f1_and_a_falsely_predicted_one_is_not() -> None:
    gold = np.zeros((10, len(CODEBOOK.code_ids)), dtype=np.bool_)
    predicted = gold.copy()
    gold[:5, 0] = predicted[:5, 0] = True
    predicted[0, 1] = True
    found = level_of(evaluate(gold, predicted), "initial")
    assert found.n_macro_codes == 2
    assert found.macro_f1.value == pytest.approx(0.5)
    assert "neither" in (found.per_code[2].f1.reason or "")
    assert "never predicted" in (found.per_code[2].precision.reason or "")
    assert "not in the gold" in (found.per_code[1].recall.reason or "")
    assert "no variance" in (found.per_code[2].alpha.reason or "")


def test_nothing_coded_anywhere_is_undefined_with_reasons_and_matches_exactly() -> None:
    nothing = np.zeros((10, len(CODEBOOK.code_ids)), dtype=np.bool_)
    found = level_of(evaluate(nothing, nothing, Bootstrap(20)), "initial")
    for measure in (found.micro_f1, found.macro_f1, found.alpha_masi, found.alpha_jaccard):
        assert math.isnan(measure.value)
        assert measure.reason
    assert found.exact_match.value == 1.0


def test_seven_hundred_units_with_a_thousand_draws_take_seconds() -> None:
    gold = random_applies(700, seed=1)
    started = time.perf_counter()
    evaluate(gold, noisy_copy(gold, seed=2), Bootstrap(1000))
    assert time.perf_counter() - started < 10  # 1 s here; slower machines must stand this too


def test_a_level_without_scores_has_no_calibration_error_and_says_why() -> None:
    gold = random_applies(20, seed=1)
    report = evaluate(gold, gold)
    assert "no scores" in (level_of(report, "initial").calibration_error.reason or "")
    assert "derived" in (level_of(report, "main").calibration_error.reason or "")
