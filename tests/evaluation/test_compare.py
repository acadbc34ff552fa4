from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from policy_nlp.agreement.intervals import Bootstrap
from policy_nlp.errors import GoldError, ModelError
from policy_nlp.evaluation.compare import evaluate_decisions, evaluate_units
from policy_nlp.records import CodedUnit
from tests.evaluation.examples import CODEBOOK, decisions_of, noisy_copy, random_applies, units_of

DRAWS = Bootstrap(50)


def test_decisions_and_units_of_the_same_codes_give_the_same_numbers() -> None:
    gold = random_applies(80, seed=1)
    predicted = noisy_copy(gold, seed=2)
    by_units = evaluate_units(units_of(gold), units_of(predicted), codebook=CODEBOOK, bootstrap=DRAWS)
    by_decisions = evaluate_decisions(
        units_of(gold), decisions_of(predicted), codebook=CODEBOOK, bootstrap=DRAWS
    )
    for one, other in zip(by_units.levels, by_decisions.levels, strict=True):
        calibration = one.calibration_error
        without_scores = dataclasses.replace(other, calibration_error=calibration, calibration=None)
        assert repr(without_scores) == repr(one)
    assert by_decisions.levels[0].calibration_error.is_defined


def test_a_level_the_gold_coder_did_not_code_is_left_out_with_the_reason() -> None:
    units = [
        CodedUnit("1", "甲。", ("government_support",), None, ()),
        CodedUnit("2", "乙。", (), None, None),
    ]
    report = evaluate_units(units, units, codebook=CODEBOOK, bootstrap=DRAWS)
    assert [level.level for level in report.levels] == ["initial", "main", "paths"]
    assert [level.n_units for level in report.levels] == [2, 2, 1]
    (left_out,) = report.left_out
    assert left_out.level == "dimensions"
    assert "gold coder did not code dimensions" in left_out.reason


def test_units_coded_by_one_side_only_are_not_compared() -> None:
    gold = [CodedUnit("1", "", ("government_support",), None, None), CodedUnit("2", "", (), None, None)]
    other = [CodedUnit("1", "", None, (), None), CodedUnit("2", "", (), (), None)]
    report = evaluate_units(gold, other, codebook=CODEBOOK, bootstrap=DRAWS)
    assert [(level.level, level.n_units) for level in report.levels] == [("initial", 1), ("main", 1)]
    reasons = {part.level: part.reason for part in report.left_out}
    assert "gold coder" in reasons["dimensions"]


def test_nothing_in_common_is_an_error() -> None:
    gold, other = CodedUnit("1", "", (), None, None), CodedUnit("1", "", None, (), None)
    with pytest.raises(GoldError, match="nothing to compare"):
        evaluate_units([gold], [other], codebook=CODEBOOK, bootstrap=DRAWS)


def test_a_model_that_lacks_a_code_is_an_error() -> None:
    gold = random_applies(5, seed=1)
    decisions = dataclasses.replace(decisions_of(gold), code_ids=("other", *CODEBOOK.code_ids[1:]))
    with pytest.raises(ModelError, match=CODEBOOK.code_ids[0]):
        evaluate_decisions(units_of(gold), decisions, codebook=CODEBOOK, bootstrap=DRAWS)


def test_sentences_without_text_have_no_score_and_are_counted() -> None:
    gold = random_applies(40, seed=1)
    scores = np.where(gold, 0.9, 0.1)
    scores[3] = np.nan
    decisions = dataclasses.replace(decisions_of(gold, scores), is_empty=np.isnan(scores[:, 0]))
    report = evaluate_decisions(units_of(gold), decisions, codebook=CODEBOOK, bootstrap=DRAWS)
    assert report.n_empty == 1
    assert report.levels[0].calibration_error.value == pytest.approx(0.1, abs=1e-6)


def test_units_are_resampled_where_no_document_is_named() -> None:
    gold = random_applies(12, seed=1)
    report = evaluate_units(units_of(gold), units_of(gold), codebook=CODEBOOK, bootstrap=DRAWS)
    assert (report.resampled, report.n_documents, report.levels[0].n_groups) == ("unit", 0, 12)
