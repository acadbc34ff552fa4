"""Published worked examples, and further ones of the same form from $POLICY_NLP_AGREEMENT_CASES.

A case is one line of JSON: `id`, `source`, `data`, `metric`, `expected` (null: undefined), `tolerance`.
`tests/agreement/cases.jsonl` may shorten its data: `counted_units` holds [codes, how many units have them],
`same_data` names the case whose data are used again. `reading` names one of several published formulas.
"""

from __future__ import annotations

import json
import math
import os
from pathlib import Path

import pytest

from tests.agreement.case_metrics import Outcome, UnknownMetricError, compute_case

CASES = Path(__file__).parent / "agreement" / "cases.jsonl"
FURTHER = "POLICY_NLP_AGREEMENT_CASES"


def read_cases(path: Path) -> list[dict]:
    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    data = {case["id"]: case["data"] for case in cases if "data" in case}
    return [case if "data" in case else {**case, "data": data[case["same_data"]]} for case in cases]


def all_cases() -> list[dict]:
    further = os.environ.get(FURTHER)
    return read_cases(CASES) + (read_cases(Path(further)) if further else [])


def is_met(outcome: Outcome, expected: object, tolerance: float) -> bool:
    wanted = expected if isinstance(expected, list) else [expected]
    return len(wanted) == len(outcome.numbers) and all(
        abs(number - value) <= tolerance for number, value in zip(outcome.numbers, wanted, strict=True)
    )


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case["id"])
def test_coefficient_is_the_published_number(case: dict) -> None:
    outcomes = compute_case(case)
    if reading := case.get("reading"):
        outcomes = [outcome for outcome in outcomes if outcome.reading == reading]
    if case["expected"] is None:
        assert all(math.isnan(number) for number in outcomes[0].numbers), outcomes[0]
        assert outcomes[0].reason
    else:
        tolerance = case.get("tolerance") or 1e-9
        assert any(is_met(outcome, case["expected"], tolerance) for outcome in outcomes), outcomes


def test_a_metric_that_is_not_known_fails_with_the_known_ones() -> None:
    case = {"id": "x", "metric": "tau", "data": {"units_x_coders": [[1, 1], [1, 2]]}}
    with pytest.raises(UnknownMetricError, match=r"'tau' is not known.*fleiss_kappa"):
        compute_case(case)


def test_a_number_that_is_off_is_not_met() -> None:
    data = {"units_x_coders": [["a", "a"], ["b", "b"], ["a", "b"], ["b", "b"]]}
    outcomes = compute_case({"id": "x", "metric": "percent_agreement", "data": data})
    assert is_met(outcomes[0], 0.75, 1e-9)
    assert not is_met(outcomes[0], 0.76, 1e-3)


@pytest.mark.parametrize(
    ("codes", "name"), [((1, 1.0, "1"), "1"), ((None, float("nan"), None), None), (("a", "a", "a"), "a")]
)
def test_one_code_has_one_name_however_it_is_written(codes: tuple, name: str | None) -> None:
    from tests.agreement.case_metrics import _text

    assert {_text(code) for code in codes} == {name}


@pytest.mark.parametrize(
    ("data", "metric", "reason"),
    [
        ({"units_x_coders": [[1, None], [None, 2]]}, "fleiss_kappa", "no unit was coded by two coders"),
        ({"units_x_coders": [[1, 1, 2], [2, 1, 1]]}, "kappa_max", "found 3 coders"),
        ({"length": 9, "spans": []}, "u_alpha", "none of 1 documents was given to two coders"),
        (
            {"length": 9, "spans": [["a", "1", 0, 5], ["a", "2", 3, 6], ["b", "1", 0, 5]]},
            "cu_alpha",
            "exclude each other",
        ),
    ],
)
def test_data_that_give_no_number_give_a_reason(data: dict, metric: str, reason: str) -> None:
    (outcome,) = compute_case({"id": "x", "metric": metric, "data": data})
    assert math.isnan(outcome.numbers[0])
    assert reason in (outcome.reason or "")
