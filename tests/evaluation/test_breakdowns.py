from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.agreement.intervals import Bootstrap
from policy_nlp.evaluation.compare import evaluate_units
from policy_nlp.evaluation.report import Breakdown, EvaluationReport
from policy_nlp.records import CodedUnit
from tests.evaluation.examples import CODEBOOK, noisy_copy, random_applies, units_of

DRAWS = Bootstrap(50)


def report_of(gold: list[CodedUnit], predicted: list[CodedUnit]) -> EvaluationReport:
    return evaluate_units(gold, predicted, codebook=CODEBOOK, bootstrap=DRAWS)


def breakdown_of(report: EvaluationReport, field: str) -> Breakdown:
    return next(part for part in report.breakdowns if part.field == field)


def two_kinds(n_units: int = 120) -> tuple[list[CodedUnit], list[CodedUnit]]:
    """Units, every third document news; their predicted codings."""
    gold = random_applies(n_units, seed=1)
    units = [
        replace(unit, source_kind="policy" if row % 40 % 3 else "news")
        for row, unit in enumerate(units_of(gold, n_documents=40))
    ]
    return units, units_of(noisy_copy(gold, seed=2))


def test_a_group_has_the_numbers_of_an_evaluation_of_its_sentences_alone() -> None:
    units, predicted = two_kinds()
    groups = {group.name: group for group in breakdown_of(report_of(units, predicted), "source_kind").groups}
    assert list(groups) == ["news", "policy"]
    for name, group in groups.items():
        rows = [row for row, unit in enumerate(units) if unit.source_kind == name]
        alone = report_of([units[row] for row in rows], [predicted[row] for row in rows])
        assert (group.n_units, group.n_documents) == (alone.n_units, alone.n_documents)
        for level, other in zip(group.levels, alone.levels, strict=True):
            assert level.micro_f1.value == pytest.approx(other.micro_f1.value)
            assert (level.micro_f1.low, level.micro_f1.high) == pytest.approx(
                (other.micro_f1.low, other.micro_f1.high)
            )
            assert level.n_positives == sum(code.support for code in other.per_code)


def test_a_field_that_the_gold_lacks_is_said_and_not_made_up() -> None:
    gold = units_of(random_applies(20, seed=1), n_documents=4)
    report = report_of(gold, gold)
    for field in ("source_kind", "year", "stratum"):
        part = breakdown_of(report, field)
        assert part.groups == ()
        assert part.n_unknown == 20
        assert "no sentence says its" in (part.reason or "")


def test_too_few_codings_are_undefined_and_too_few_documents_have_no_interval() -> None:
    gold = units_of(np.ones((10, len(CODEBOOK.code_ids)), dtype=np.bool_), n_documents=3)
    empty = units_of(np.zeros((10, len(CODEBOOK.code_ids)), dtype=np.bool_))
    units = [replace(unit, year=2024) for unit in gold]
    units += [replace(unit, unit_id=f"e{row}", year=2025) for row, unit in enumerate(empty)]
    groups = breakdown_of(report_of(units, units), "year").groups
    assert [group.name for group in groups] == ["2024", "2025"]
    few_documents, few_codings = groups[0].levels[0].micro_f1, groups[1].levels[0].micro_f1
    assert few_documents.value == 1.0
    assert "documents" in (few_documents.reason or "")
    assert not few_codings.is_defined
    assert "fewer than 10 gold codings" in (few_codings.reason or "")


@given(st.lists(st.integers(0, 200), min_size=1, max_size=60))
def test_bands_of_length_part_all_sentences_with_text_and_hold_what_their_names_say(
    lengths: list[int],
) -> None:
    units = [CodedUnit(f"u{row}", "字" * length, (), (), ()) for row, length in enumerate(lengths)]
    part = breakdown_of(report_of(units, units), "length")
    assert sum(group.n_units for group in part.groups) + part.n_unknown == len(lengths)
    for group in part.groups:
        low, _, high = group.name.strip("+").partition("-")
        inside = [n for n in lengths if int(low) <= n <= (int(high) if high else 10**6)]
        assert group.n_units == len(inside) > 0
