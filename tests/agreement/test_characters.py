"""Agreement on characters against the coefficients of units, one unit a character."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from policy_nlp.agreement.characters import codings_of_level, compare_characters
from policy_nlp.agreement.coefficients import (
    MISSING,
    cohen_kappa,
    gwet_ac1,
    nominal_alpha,
    percent_agreement,
)
from policy_nlp.agreement.intervals import Bootstrap
from policy_nlp.agreement.unitizing import bar_u_alpha, cu_alpha, ku_alpha, u_alpha
from policy_nlp.errors import TooFewCodersError
from policy_nlp.records import CodedDocument, UncodedLevel
from tests.agreement.coded_documents import coded_corpora, coded_document, small_codebook

NO_INTERVALS = Bootstrap(n_draws=0)
CODEBOOK = small_codebook()


def compare(documents: list[CodedDocument], bootstrap: Bootstrap = NO_INTERVALS):
    return compare_characters(documents, CODEBOOK, bootstrap=bootstrap)


def code_of(report, code_id: str, level: str = "initial"):
    codes = next(one for one in report.levels if one.level == level).per_code
    return next(code for code in codes if code.code_id == code_id)


def characters_as_units(documents: list[CodedDocument], code_id: str) -> np.ndarray:
    used = [document for document in documents if len(document.coder_ids) >= 2]
    coder_ids = list(dict.fromkeys(coder_id for document in used for coder_id in document.coder_ids))
    parts = []
    for document in used:
        part = np.full((len(coder_ids), document.length), MISSING)
        part[[coder_ids.index(coder_id) for coder_id in document.coder_ids]] = 0
        for coding in document.codings:
            if coding.code_id == code_id:
                part[coder_ids.index(coding.coder_id), coding.span.start : coding.span.end] = 1
        parts.append(part)
    return np.concatenate(parts, axis=1)


@given(coded_corpora())
@settings(deadline=None)
def test_each_coefficient_is_that_of_characters_as_units(documents: list[CodedDocument]) -> None:
    report = compare(documents)
    for code in (code for level in report.levels[:1] for code in level.per_code):
        units = characters_as_units(documents, code.code_id)
        kappas = [
            cohen_kappa(units[[one, two]])
            for one in range(len(units))
            for two in range(one)
            if (units[[one, two]] != MISSING).all(axis=0).any()
        ]
        defined = [kappa for kappa in kappas if not math.isnan(kappa)]
        expected = {
            "percent": percent_agreement(units),
            "alpha": nominal_alpha(units),
            "ac1": gwet_ac1(units),
            "kappa": float(np.mean(defined)) if defined else math.nan,
        }
        found = {
            "percent": code.percent_agreement.value,
            "alpha": code.alpha.value,
            "ac1": code.ac1.value,
            "kappa": code.kappa.value,
        }
        assert found == pytest.approx(expected, nan_ok=True)


@given(coded_corpora())
@settings(deadline=None)
def test_alphas_of_unitising_are_those_of_the_codings(documents: list[CodedDocument]) -> None:
    for level in compare(documents).levels[:1]:
        assert level.u_alpha.value == pytest.approx(u_alpha(documents), nan_ok=True)
        assert level.bar_u_alpha.value == pytest.approx(bar_u_alpha(documents), nan_ok=True)
        assert level.cu_alpha.value == pytest.approx(cu_alpha(documents), nan_ok=True)
        used = {coding.code_id for d in documents if len(d.coder_ids) > 1 for coding in d.codings}
        for code in level.per_code:
            alone = [
                CodedDocument(
                    d.document_id,
                    d.length,
                    d.coder_ids,
                    tuple(c for c in d.codings if c.code_id == code.code_id),
                )
                for d in documents
            ]
            assert code.u_alpha.value == pytest.approx(u_alpha(alone), nan_ok=True)
            if code.code_id in used:
                expected = ku_alpha(documents, code.code_id)
                assert code.ku_alpha.value == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("first", "second", "kappa"),
    [
        ([(2, 10), (14, 20)], [(4, 8), (15, 17)], 0.385),
        ([(0, 18)], [(0, 10)], 0.385),
        ([(2, 8), (10, 12), (14, 18), (20, 22)], [(0, 2), (4, 8), (10, 14), (16, 18), (20, 22)], 0.314),
    ],
)
def test_digitised_examples_of_krippendorff_1995_have_their_published_kappas(first, second, kappa) -> None:
    # Krippendorff (1995), page 57, by way of DKPro Statistics' Krippendorff1995Test.
    marks = {"x": [(*span, "a1") for span in first], "y": [(*span, "a1") for span in second]}
    code = code_of(compare([coded_document(24, marks)]), "a1")
    assert code.kappa.value == pytest.approx(kappa, abs=1e-3)
    if first == [(2, 10), (14, 20)]:
        assert code.alpha.value == pytest.approx(0.329, abs=1e-3)


def test_a_concept_counts_as_its_initial_and_main_category_and_a_main_one_only_as_itself() -> None:
    document = coded_document(9, {"x": [(0, 3, "a1x"), (4, 6, "B")], "y": [(1, 2, "b1")]})
    at_levels = {
        level: [c.code_id for d in codings_of_level([document], CODEBOOK, level=level) for c in d.codings]
        for level in ("initial", "main", "dimensions")
    }
    assert at_levels == {"initial": ["a1", "b1"], "main": ["A", "B", "B"], "dimensions": []}


def test_overlapping_codes_leave_cu_alpha_undefined_and_the_rest_defined() -> None:
    marks = {"x": [(0, 6, "a1"), (4, 9, "a2")], "y": [(0, 5, "a1")]}
    report = compare([coded_document(20, marks)])
    initial, main = report.levels
    assert math.isnan(initial.cu_alpha.value)
    assert "exclude each other" in str(initial.cu_alpha.reason)
    assert "exclude each other" in str(code_of(report, "a1").ku_alpha.reason)
    assert initial.bar_u_alpha.is_defined
    assert code_of(report, "a1").u_alpha.is_defined
    assert main.u_alpha.is_defined  # both are A there, and one span


def test_shares_and_spans_are_counted_for_each_coder() -> None:
    documents = [
        coded_document(10, {"x": [(0, 5, "a1"), (3, 6, "a1")], "y": [(0, 6, "a1")]}, "d1"),
        coded_document(10, {"x": [(0, 2, "a1")], "z": []}, "d2"),
        coded_document(10, {"x": [(0, 10, "a1")]}, "d3"),
    ]
    report = compare(documents)
    code = code_of(report, "a1")
    assert report.coder_ids == ("x", "y", "z")
    assert (report.n_documents, report.n_unused, report.n_characters) == (2, 1, 20)
    assert code.coded_shares == (0.4, 0.6, 0.0)
    assert code.n_spans == (2, 1, 0)
    assert [(m.first, m.second, m.n_first_matched) for m in code.matched] == [("x", "y", 1), ("x", "z", 0)]


def test_a_code_that_nobody_used_is_undefined_with_reasons() -> None:
    code = code_of(compare([coded_document(9, {"x": [(0, 3, "a1")], "y": []})]), "b1")
    for measure in (code.kappa, code.alpha, code.ac1, code.u_alpha, code.positive_agreement):
        assert math.isnan(measure.value)
        assert measure.reason
    assert code.percent_agreement.value == 1.0


def test_intervals_draw_documents_and_one_document_has_none() -> None:
    bootstrap = Bootstrap(n_draws=200, seed=1)
    same = {"x": [(0, 6, "a1")], "y": [(0, 6, "a1")]}
    apart = {"x": [(0, 6, "a1")], "y": [(12, 18, "a1")]}
    one = compare([coded_document(40, apart)], bootstrap).levels[0].mean_alpha
    assert not one.has_interval
    assert "one document" in str(one.reason)
    documents = [coded_document(40, same if n % 2 else apart, f"d{n}") for n in range(20)]
    alpha = code_of(compare(documents, bootstrap), "a1").alpha
    assert alpha.low < alpha.value < alpha.high
    assert alpha == code_of(compare(documents, bootstrap), "a1").alpha


def test_parts_of_one_document_are_drawn_together() -> None:
    bootstrap = Bootstrap(n_draws=200, seed=1)
    marks = [{"x": [(0, n + 1, "a1")], "y": [(0, 5, "a1")]} for n in range(10)]
    parts = [coded_document(20, own, f"p{n}", part_of="d") for n, own in enumerate(marks)]
    report = compare(parts, bootstrap)
    assert (report.n_documents, report.n_groups) == (10, 1)
    assert "one document" in str(code_of(report, "a1").alpha.reason)
    doubled = [*parts, *(coded_document(20, own, f"q{n}", part_of="e") for n, own in enumerate(marks))]
    alpha = code_of(compare(doubled, bootstrap), "a1").alpha
    assert "every bootstrap draw gives the same value" in str(alpha.reason)


def test_codes_outside_the_codebook_and_idle_coders_are_noted() -> None:
    documents = [coded_document(9, {"x": [(0, 3, "a1"), (4, 5, "odd")], "y": []})]
    notes = compare(documents).notes
    assert any("1 codings left out" in note and "odd" in note for note in notes)
    assert any(note.startswith("y used no code of initial") for note in notes)


def test_documents_that_nobody_shares_are_an_error() -> None:
    with pytest.raises(TooFewCodersError):
        compare([coded_document(9, {"x": [(0, 3, "a1")]})])


def test_a_level_that_a_coder_did_not_code_is_missing_and_not_seen_without_a_code() -> None:
    both = coded_document(20, {"x": [(0, 9, "dim")], "y": [(0, 8, "dim")], "z": []}, "both")
    one = coded_document(20, {"x": [(5, 20, "dim")], "y": [(0, 4, "a1")], "z": []}, "one")
    without = [
        replace(both, uncoded=(UncodedLevel("z", "dimensions"),)),
        replace(one, uncoded=(UncodedLevel("y", "dimensions"), UncodedLevel("z", "dimensions"))),
    ]
    found = code_of(compare(without), "dim", "dimensions")
    alone = coded_document(20, {"x": [(0, 9, "dim")], "y": [(0, 8, "dim")]})
    assert found.alpha.value == pytest.approx(code_of(compare([alone]), "dim", "dimensions").alpha.value)
    assert found.coded_shares == pytest.approx((9 / 20, 8 / 20, math.nan), nan_ok=True)
    notes = " ".join(compare(without).notes)
    assert "z did not code dimensions in 2 texts" in notes
    assert "z used no code of dimensions" not in notes


def test_a_level_that_one_coder_alone_coded_is_not_compared() -> None:
    document = coded_document(20, {"x": [(0, 9, "dim"), (0, 5, "a1")], "y": []})
    document = replace(document, uncoded=(UncodedLevel("y", "dimensions"),))
    assert [level.level for level in compare([document]).levels] == ["initial", "main"]
