from __future__ import annotations

import json

import numpy as np

from policy_nlp.agreement.intervals import Bootstrap
from policy_nlp.evaluation.compare import evaluate_units
from policy_nlp.evaluation.report import EvaluationSource
from policy_nlp.reports.evaluation_json import evaluation_json
from policy_nlp.reports.evaluation_table import describe_source, tables_of
from tests.evaluation.examples import CODEBOOK, random_applies, units_of

SOURCE = EvaluationSource(
    "gold.jsonl",
    "a" * 64,
    None,
    "policy-zh",
    f"{'b' * 64}:cpu:fp32:0.1",
    "手册",
    "c" * 64,
    1,
    "0.1",
    "2026-01-01",
)


def report_of(gold: np.ndarray, predicted: np.ndarray) -> object:
    return evaluate_units(units_of(gold), units_of(predicted), codebook=CODEBOOK, bootstrap=Bootstrap(20))


def test_no_nan_is_written_even_where_nothing_is_defined() -> None:
    nothing = np.zeros((3, len(CODEBOOK.code_ids)), dtype=np.bool_)
    value = json.loads(
        evaluation_json(report_of(nothing, nothing), SOURCE), parse_constant=lambda name: 1 / 0
    )
    assert value["initial"]["micro_f1"] is None
    assert value["initial"]["reasons"]["micro_f1"]


def test_confusion_in_the_json_names_its_rows() -> None:
    gold = random_applies(30, seed=1)
    confusion = json.loads(evaluation_json(report_of(gold, gold), SOURCE))["confusion"]
    assert confusion["codes"] == [*CODEBOOK.ids("main"), "NONE"]
    assert len(confusion["counts"]) == len(confusion["counts"][0]) == len(confusion["codes"])


def test_a_code_used_by_one_side_only_is_marked() -> None:
    gold = random_applies(30, seed=1)
    predicted = gold.copy()
    predicted[:, 0] = False
    notes = tables_of(report_of(gold, predicted))[1].notes
    name = CODEBOOK.find(CODEBOOK.code_ids[0]).name_zh
    assert any("kappa is 0 by construction" in note and name in note for note in notes)


def test_what_was_compared_is_said_with_shortened_digests() -> None:
    gold = random_applies(5, seed=1)
    lines = "\n".join(describe_source(report_of(gold, gold), SOURCE))
    assert "policy-zh (bbbbbbbbbbbb:cpu:fp32:0.1)" in lines
    assert "fold 1 of 2" in lines
    assert "percentile bootstrap over units, 20 draws, seed 0" in lines
