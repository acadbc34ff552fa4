from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_nlp.agreement import set_pair_sums
from policy_nlp.agreement.coder_table import LevelCodings, make_coder_table
from policy_nlp.agreement.compare_coders import compare_coders
from policy_nlp.agreement.intervals import Bootstrap, Measure, group_indices
from policy_nlp.agreement.report import AgreementReport, LevelAgreement
from policy_nlp.errors import GoldError, TooFewCodersError
from policy_nlp.evaluation.compare import evaluate_units
from policy_nlp.records import CodedUnit, Coder, CoderUnits
from tests.agreement.made_coders import (
    CODEBOOK,
    coders_of,
    make_code,
    random_codings,
    slow_quantities,
    take_units,
)

NO_DRAWS = Bootstrap(0)


def measures_of(level: LevelAgreement) -> dict[str, Measure]:
    """The measures that `slow_quantities` has too, by its names."""
    measures = {
        name: getattr(level, name)
        for name in ("micro_f1", "macro_f1", "exact_match", "alpha_jaccard", "alpha_masi")
    }
    for coefficient in level.coefficients:
        for reading in ("mean", "pooled", "sets"):
            measures[f"{reading} {coefficient.name}"] = getattr(coefficient, reading)
    return measures


def compare(codings: LevelCodings, bootstrap: Bootstrap = NO_DRAWS) -> AgreementReport:
    return compare_coders(coders_of(codings), CODEBOOK, bootstrap=bootstrap)


@settings(max_examples=30)
@given(st.integers(2, 5), st.integers(1, 25), st.integers(0, 10_000), st.sampled_from([0.0, 0.3, 0.6]))
def test_every_coefficient_is_that_of_the_functions_for_one_variable(
    n_coders: int, n_units: int, seed: int, missing: float
) -> None:
    codings = random_codings(n_coders, n_units, seed=seed, missing=missing)
    level = compare(codings).levels[0]
    slow = slow_quantities(codings, level.n_sets)
    measures = measures_of(level)
    assert set(measures) == set(slow)
    for name, measure in measures.items():
        assert measure.value == pytest.approx(slow[name], abs=1e-9, nan_ok=True), name


@pytest.mark.parametrize("by_document", [True, False])
@pytest.mark.parametrize("most_curved_rows", [600, 0])
def test_draws_are_those_of_resampling_whole_groups(
    by_document: bool, most_curved_rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(set_pair_sums, "MOST_CURVED_ROWS", most_curved_rows)
    n_units = 60 if most_curved_rows else 900
    codings = random_codings(3, n_units, seed=4)
    documents = [f"d{column % 17}" for column in range(n_units)] if by_document else None
    bootstrap = Bootstrap(12, seed=5, confidence=0.8)
    coders = coders_of(codings, documents=documents)
    level = compare_coders(coders, CODEBOOK, bootstrap=bootstrap).levels[0]
    # Groups are numbered in the order in which the coders bring their units.
    order = [int(unit_id[1:]) for unit_id in make_coder_table(coders).unit_ids]
    codings = take_units(codings, np.array(order))
    group_of, n_groups = group_indices([documents[column] if documents else str(column) for column in order])
    generator = np.random.default_rng(5)
    slow = []
    for _ in range(12):
        drawn = generator.integers(0, n_groups, n_groups)
        columns = np.concatenate([np.flatnonzero(group_of == group) for group in drawn])
        slow.append(slow_quantities(take_units(codings, columns), level.n_sets))
    # To first order around the data (no exact rows) chance agreement is off by 1 / groups.
    tolerance = 1e-9 if most_curved_rows else 0.03 if by_document else 1e-3
    for name, measure in measures_of(level).items():
        low, high = np.quantile([values[name] for values in slow], [0.1, 0.9])
        assert (measure.low, measure.high) == pytest.approx((low, high), abs=tolerance), name


@settings(max_examples=25)
@given(st.integers(1, 40), st.integers(0, 10_000))
def test_two_coders_agree_as_gold_and_predicted_do_in_evaluate(n_units: int, seed: int) -> None:
    codings = random_codings(2, n_units, seed=seed, missing=0.0)
    coders = coders_of(codings, documents=[f"d{column % 7}" for column in range(n_units)])
    bootstrap = Bootstrap(20, seed=3)
    report = compare_coders(coders, CODEBOOK, bootstrap=bootstrap)
    evaluation = evaluate_units(coders[0].units, coders[1].units, codebook=CODEBOOK, bootstrap=bootstrap)
    for level, evaluated in zip(report.levels, evaluation.levels, strict=True):
        for name in ("micro_f1", "macro_f1", "exact_match", "alpha_jaccard", "alpha_masi"):
            assert_same(getattr(level, name), getattr(evaluated, name))
        for code, other in zip(level.per_code, evaluated.per_code, strict=True):
            assert_same(code.positive_agreement, other.f1)
            for name in ("precision", "recall", "alpha", "kappa", "ac1", "percent_agreement"):
                assert_same(getattr(code, name), getattr(other, name))
            assert code.counts is not None
            assert dataclasses.astuple(code.counts) == (other.tp, other.fn, other.fp, other.tn)


def assert_same(one: Measure, other: Measure) -> None:
    found, expected = (
        (measure.value, measure.low, measure.high, measure.n_undefined) for measure in (one, other)
    )
    assert found == pytest.approx(expected, abs=1e-12, nan_ok=True)


def test_a_pair_among_three_coders_agrees_as_the_two_alone() -> None:
    codings = random_codings(3, 50, seed=8)
    pair = compare(codings).levels[0].pairs[1]
    assert (pair.first, pair.second) == ("c0", "c2")
    alone = coders_of(codings)[::2]
    level = compare_coders(alone, CODEBOOK, bootstrap=NO_DRAWS).levels[0]
    assert pair.n_units == level.n_units
    for name in ("micro_f1", "macro_f1", "exact_match", "alpha_jaccard", "alpha_masi"):
        assert getattr(pair, name).value == pytest.approx(getattr(level, name).value, abs=1e-12)
    pooled = {coefficient.name: coefficient.pooled for coefficient in level.coefficients}
    assert pair.kappa.value == pytest.approx(pooled["cohen_kappa"].value)
    assert pair.alpha.value == pytest.approx(pooled["krippendorff_alpha"].value)
    assert pair.percent_agreement.value == pytest.approx(pooled["percent_agreement"].value)


def test_analytic_values_are_those_of_the_sets() -> None:
    level = compare(random_codings(4, 80, seed=2)).levels[0]
    for coefficient in level.coefficients:
        assert coefficient.analytic.value == pytest.approx(coefficient.sets.value, abs=1e-9)
        assert coefficient.standard_error > 0
    for code in level.per_code:
        assert code.alpha_analytic.value == pytest.approx(code.alpha.value, abs=1e-9)
        assert code.ac1_analytic.value == pytest.approx(code.ac1.value, abs=1e-9)


def test_bootstrap_and_analytic_errors_agree_where_units_are_independent() -> None:
    level = compare(random_codings(3, 600, seed=6), Bootstrap(500, seed=1)).levels[0]
    for coefficient in level.coefficients:
        half = (coefficient.sets.high - coefficient.sets.low) / 2
        assert half / 1.96 == pytest.approx(coefficient.standard_error, rel=0.15), coefficient.name


@pytest.mark.parametrize("n_coders", [2, 4])
def test_intervals_hold_their_estimate_and_narrow_with_more_units(n_coders: int) -> None:
    few, many = (
        measures_of(compare(random_codings(n_coders, n, seed=1), Bootstrap(100)).levels[0]) for n in (60, 900)
    )
    for name, measure in few.items():
        assert measure.low < measure.value < measure.high, name
        assert many[name].high - many[name].low < 0.5 * (measure.high - measure.low), name


def test_the_same_seed_gives_the_same_report_and_another_seed_another() -> None:
    codings = random_codings(3, 40, seed=1)
    first, again, other = (repr(compare(codings, Bootstrap(30, seed=seed))) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_documents_are_drawn_when_every_shared_unit_names_one() -> None:
    codings = random_codings(2, 30, seed=1, missing=0.0)
    documents = [f"d{column // 10}" for column in range(30)]
    whole = compare_coders(coders_of(codings, documents=documents), CODEBOOK, bootstrap=NO_DRAWS)
    assert (whole.resampled, whole.n_documents, whole.levels[0].n_groups) == ("documents", 3, 3)
    unnamed = [
        dataclasses.replace(
            coder, units=(dataclasses.replace(coder.units[0], document_id=None), *coder.units[1:])
        )
        for coder in coders_of(codings, documents=documents)
    ]
    partly = compare_coders(unnamed, CODEBOOK, bootstrap=NO_DRAWS)
    assert (partly.resampled, partly.n_documents, partly.levels[0].n_groups) == ("units", None, 30)
    assert any("1 shared unit" in note for note in partly.notes)


def units(coder_id: str, *rows: tuple[str, tuple[str, ...] | None]) -> CoderUnits:
    own = tuple(CodedUnit(unit_id, "", initial, None, None) for unit_id, initial in rows)
    return CoderUnits(Coder(coder_id, source=f"{coder_id}.jsonl"), own)


def test_not_given_and_not_coded_are_missing_and_nothing_applies_is_a_decision() -> None:
    coders = [
        units("甲", ("1", ("a1",)), ("2", ()), ("3", ("b1",)), ("4", ("a1",))),
        units("乙", ("1", ("a1",)), ("2", ("a2",)), ("3", None), ("5", ())),
    ]
    report = compare_coders(coders, CODEBOOK, bootstrap=NO_DRAWS)
    assert (report.n_units, report.n_units_shared) == (5, 3)
    initial = report.levels[0]
    assert (initial.n_units, initial.n_units_by_coders, initial.n_units_empty) == (2, (0, 0, 2), 0)
    assert initial.exact_match.value == 0.5
    assert [code.n_applied for code in initial.per_code] == [(1, 1), (0, 1), (0, 0), (0, 0)]
    assert [code.n_coded for code in initial.per_code] == [(2, 2)] * 4
    assert [level.level for level in report.levels] == ["initial", "main"]
    reasons = {part.level: part.reason for part in report.left_out}
    assert "no coder coded dimensions" in reasons["dimensions"]
    assert "codebook has no code of level paths" in reasons["paths"]


def test_main_categories_follow_from_the_initial_ones() -> None:
    coders = [units("甲", ("1", ("a1",)), ("2", ("b1",))), units("乙", ("1", ("a2",)), ("2", ("b2",)))]
    initial, main = compare_coders(coders, CODEBOOK, bootstrap=NO_DRAWS).levels
    assert (initial.exact_match.value, main.exact_match.value) == (0.0, 1.0)
    assert (initial.alpha_jaccard.value, main.alpha_jaccard.value) == (pytest.approx(0.0), pytest.approx(1.0))
    # Half of each disagreement is in the branch they share: expected (3 d_1 d_2 ...) by hand.
    assert initial.alpha_hierarchy.value == pytest.approx(1 - 3 * 2 * (0.5 + 0.5) / (4 * 0.5 + 8))
    assert main.alpha_hierarchy.reason == "the codes of this level have no parents"


def test_what_is_undefined_says_why() -> None:
    coders = [units("甲", ("1", ()), ("2", ())), units("乙", ("1", ()), ("2", ()))]
    level = compare_coders(coders, CODEBOOK, bootstrap=Bootstrap(10)).levels[0]
    assert level.exact_match.value == 1.0
    for measure in (level.micro_f1, level.macro_f1, level.alpha_jaccard, level.alpha_masi_coded):
        assert math.isnan(measure.value)
    assert "no coder used" in (level.micro_f1.reason or "")
    assert "no variance" in (level.alpha_jaccard.reason or "")
    for code in level.per_code:
        assert "no variance" in (code.kappa.reason or "")
        assert code.percent_agreement.value == 1.0
        assert code.notes == ()


def test_kappa_of_a_code_that_one_coder_never_used_is_0_and_says_so() -> None:
    rows = [(str(number), ("a1",) if number < 3 else ()) for number in range(10)]
    coders = [units("甲", *rows), units("乙", *((unit_id, ()) for unit_id, _ in rows))]
    code = compare_coders(coders, CODEBOOK, bootstrap=NO_DRAWS).levels[0].per_code[0]
    assert code.kappa.value == 0.0
    assert "never used the code" in code.notes[0]


def test_a_pair_without_shared_units_is_undefined_and_the_others_are_not() -> None:
    coders = [
        units("甲", ("1", ("a1",)), ("2", ())),
        units("乙", ("1", ("a1",)), ("2", ()), ("3", ()), ("4", ("b1",))),
        units("丙", ("3", ()), ("4", ("b1",))),
    ]
    level = compare_coders(coders, CODEBOOK, bootstrap=Bootstrap(10)).levels[0]
    strangers = level.pairs[1]
    assert (strangers.first, strangers.second, strangers.n_units) == ("甲", "丙", 0)
    assert "share no unit" in (strangers.kappa.reason or "")
    assert "share no unit" in (strangers.alpha_jaccard.reason or "")
    assert level.alpha_jaccard.value == pytest.approx(1.0)
    assert level.pairs[0].kappa.value == pytest.approx(1.0)


def test_bad_coders_are_refused_with_what_to_do() -> None:
    one, other = units("甲", ("1", ())), units("乙", ("2", ()))
    with pytest.raises(TooFewCodersError, match=r"found 1 coder.*second file"):
        compare_coders([one], CODEBOOK, bootstrap=NO_DRAWS)
    with pytest.raises(TooFewCodersError, match=r"no unit was given to two coders.*'1'.*'2'.*share unit ids"):
        compare_coders([one, other], CODEBOOK, bootstrap=NO_DRAWS)
    with pytest.raises(GoldError, match="two coders are called '甲'"):
        compare_coders([one, one], CODEBOOK, bootstrap=NO_DRAWS)
    uncoded = units("丙", ("1", None))
    with pytest.raises(TooFewCodersError, match=r"nothing to compare.*one coder only coded initial"):
        compare_coders([one, uncoded], CODEBOOK, bootstrap=NO_DRAWS)


def test_a_coder_without_units_is_compared_with_nobody_and_breaks_nothing() -> None:
    codings = random_codings(3, 20, seed=1, missing=0.0)
    codings.coded[2] = False
    level = compare(codings, Bootstrap(10)).levels[0]
    assert level.n_units_by_coders == (0, 0, 20, 0)
    assert level.alpha_jaccard.has_interval
    assert level.per_code[0].n_coded == (20, 20, 0)


def test_many_coders_are_compared() -> None:
    codings = random_codings(12, 30, seed=3, missing=0.5)
    level = compare(codings).levels[0]
    slow = slow_quantities(codings, level.n_sets)
    for name, measure in measures_of(level).items():
        assert measure.value == pytest.approx(slow[name], abs=1e-9, nan_ok=True), name


def test_krippendorff_2011_example_c_with_each_code_as_a_set_of_one() -> None:
    """Four observers, twelve units, gaps: alpha .743; Gwet's percent agreement .818 (irrCAC)."""
    rows = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
    names = {"1": "a1", "2": "a2", "3": "b1", "4": "b2", "5": "c1"}
    codebook = dataclasses.replace(
        CODEBOOK, initial=(*CODEBOOK.initial, make_code("c1", "initial", "b")), name="five"
    )
    coders = [
        units(who, *((str(place), (names[value],)) for place, value in enumerate(row) if value != "."))
        for who, row in zip("甲乙丙丁", rows, strict=True)
    ]
    report = compare_coders(coders, codebook, bootstrap=NO_DRAWS)
    assert (report.n_units, report.n_units_shared) == (12, 11)
    level = report.levels[0]
    sets = {coefficient.name: coefficient.sets.value for coefficient in level.coefficients}
    assert sets["krippendorff_alpha"] == pytest.approx(0.743, abs=5e-4)
    assert level.alpha_jaccard.value == pytest.approx(0.743, abs=5e-4)
    assert sets["percent_agreement"] == pytest.approx(0.818, abs=5e-4)


@pytest.mark.parametrize(("n_documents", "is_told"), [(5, True), (30, False)])
def test_intervals_from_few_documents_are_said_to_be_too_narrow(n_documents: int, is_told: bool) -> None:
    rows = [(f"u{place}", ("a1",) if place % 3 else ()) for place in range(60)]
    documents = [f"d{place % n_documents}" for place in range(60)]
    coders = [units("a", *rows), units("b", *rows[1:], rows[0])]
    by_unit = {unit_id: document for (unit_id, _), document in zip(rows, documents, strict=True)}
    placed = [
        dataclasses.replace(
            coder,
            units=tuple(dataclasses.replace(unit, document_id=by_unit[unit.unit_id]) for unit in coder.units),
        )
        for coder in coders
    ]
    report = compare_coders(placed, CODEBOOK, bootstrap=Bootstrap(n_draws=10))
    assert any("too narrow" in note for note in report.notes) == is_told
