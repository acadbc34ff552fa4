"""The coefficients against other packages on random codes.

R irr is no referee: its alpha is wrong for three coders or more without gaps. irrCAC agrees to 12 digits
on values, standard errors and intervals of all its coefficients under all its weights, with gaps (checked by
hand: it cannot be installed beside the other packages).
"""

from __future__ import annotations

import math
import warnings

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from nltk.metrics.agreement import AnnotationTask
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats import inter_rater

from policy_nlp.agreement.chance import MISSING
from policy_nlp.agreement.coefficients import (
    brennan_prediger,
    cohen_kappa,
    count_codes,
    fleiss_kappa,
    light_kappa,
    mean_of_pairs,
    nominal_alpha,
    percent_agreement,
    scott_pi,
)
from policy_nlp.agreement.distances import interval_alpha, ordinal_alpha, ratio_alpha
from policy_nlp.agreement.standard_errors import standard_error
from policy_nlp.agreement.variants import hubert_kappa
from policy_nlp.agreement.weighted import code_weights, weighted_kappa

N_CODES = 4
WITH_GAPS = arrays(
    np.int_, st.tuples(st.integers(2, 5), st.integers(3, 20)), elements=st.integers(-1, N_CODES - 1)
)
COMPLETE = arrays(
    np.int_, st.tuples(st.integers(2, 5), st.integers(3, 20)), elements=st.integers(0, N_CODES - 1)
)
PAIRS = arrays(np.int_, st.tuples(st.just(2), st.integers(3, 30)), elements=st.integers(0, N_CODES - 1))

few = settings(max_examples=60, deadline=None)


def task_of(codes: np.ndarray) -> AnnotationTask:
    rows = [
        (str(coder), str(unit), int(code))
        for coder, row in enumerate(codes)
        for unit, code in enumerate(row)
        if code != MISSING
    ]
    return AnnotationTask(data=rows)


def assume_variance(codes: np.ndarray) -> None:
    """Pairable units hold two different codes or more."""
    pairable = codes[:, (codes != MISSING).sum(axis=0) >= 2]
    assume(len(np.unique(pairable[pairable != MISSING])) >= 2)


@few
@given(WITH_GAPS)
@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_alpha_is_that_of_krippendorff(level: str, codes: np.ndarray) -> None:
    assume_variance(codes)
    values = np.arange(N_CODES, dtype=np.float64)
    ours = {
        "nominal": lambda: nominal_alpha(codes),
        "ordinal": lambda: ordinal_alpha(codes),
        "interval": lambda: interval_alpha(codes, values),
        "ratio": lambda: ratio_alpha(codes, values),
    }[level]()
    data = np.where(codes == MISSING, np.nan, codes)
    theirs = krippendorff.alpha(
        reliability_data=data, value_domain=list(range(N_CODES)), level_of_measurement=level
    )
    assert ours == pytest.approx(theirs, abs=1e-9)


@few
@given(COMPLETE)
def test_alpha_percent_and_mean_kappa_are_those_of_nltk(codes: np.ndarray) -> None:
    assume_variance(codes)
    task = task_of(codes)
    assert nominal_alpha(codes) == pytest.approx(task.alpha(), abs=1e-9)
    assert percent_agreement(codes) == pytest.approx(task.avg_Ao(), abs=1e-9)
    kappas = [cohen_kappa(pair) for pair in (codes[[a, b]] for a in range(len(codes)) for b in range(a))]
    assume(not any(math.isnan(kappa) for kappa in kappas))  # nltk counts an undefined kappa as 1
    assert light_kappa(codes) == pytest.approx(task.kappa(), abs=1e-9)


@few
@given(COMPLETE)
def test_kappa_of_many_coders_is_the_multi_kappa_of_nltk(codes: np.ndarray) -> None:
    assume_variance(codes)
    assume(not math.isnan(hubert_kappa(codes)))
    assert hubert_kappa(codes) == pytest.approx(task_of(codes).multi_kappa(), abs=1e-9)


@few
@given(PAIRS)
def test_pi_and_s_are_those_of_nltk(codes: np.ndarray) -> None:
    assume_variance(codes)
    task = task_of(codes)
    assert scott_pi(codes) == pytest.approx(task.pi(), abs=1e-9)
    n_used = len(np.unique(codes))
    assert brennan_prediger(codes, n_used) == pytest.approx(task.S(), abs=1e-9)


@few
@given(COMPLETE)
def test_fleiss_kappa_is_that_of_statsmodels(codes: np.ndarray) -> None:
    assume_variance(codes)
    counts = count_codes(codes, N_CODES)
    assert fleiss_kappa(codes) == pytest.approx(inter_rater.fleiss_kappa(counts), abs=1e-9)
    ours = brennan_prediger(codes, N_CODES)
    assert ours == pytest.approx(inter_rater.fleiss_kappa(counts, method="randolph"), abs=1e-9)


@few
@given(PAIRS)
def test_kappa_and_its_error_are_those_of_statsmodels(codes: np.ndarray) -> None:
    ours = standard_error("cohen_kappa", codes, n_codes=N_CODES)
    assume(ours.se > 1e-6)  # where it is 0, statsmodels takes the root of a negative rounding error
    table = np.zeros((N_CODES, N_CODES))
    np.add.at(table, (codes[0], codes[1]), 1)
    theirs = inter_rater.cohens_kappa(table)
    assert ours.value == pytest.approx(theirs.kappa, abs=1e-9)
    assert ours.se == pytest.approx(theirs.std_kappa, abs=1e-7)


@few
@given(PAIRS)
@pytest.mark.parametrize("kind", ["linear", "quadratic"])
def test_weighted_kappa_is_that_of_scikit_learn(kind: str, codes: np.ndarray) -> None:
    assume_variance(codes)
    weights = code_weights(kind, range(N_CODES))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = cohen_kappa_score(*codes, labels=list(range(N_CODES)), weights=kind)
    assert weighted_kappa(codes, weights) == pytest.approx(theirs, abs=1e-9, nan_ok=True)


@few
@given(WITH_GAPS)
def test_means_of_pairs_leave_out_pairs_that_are_undefined(codes: np.ndarray) -> None:
    assume_variance(codes)
    found = []
    for a in range(len(codes)):
        for b in range(a):
            pair = codes[[a, b]][:, (codes[[a, b]] != MISSING).all(axis=0)]
            if pair.size and len(np.unique(pair)) > 1:
                found.append(scott_pi(pair))
    expected = float(np.mean(found)) if found else math.nan
    assert mean_of_pairs(scott_pi, codes) == pytest.approx(expected, abs=1e-9, nan_ok=True)
