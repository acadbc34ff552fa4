"""Alphas of unitising against published numbers, a slow reading of the equations, and identities."""

from __future__ import annotations

import math
from collections import defaultdict

import pytest
from hypothesis import given, settings

from policy_nlp.agreement.continuum import lay_end_to_end
from policy_nlp.agreement.unitizing import bar_u_alpha, cu_alpha, cu_coverage, ku_alpha, u_alpha
from policy_nlp.errors import OverlappingCodesError, TooFewCodersError, UnknownCodeError
from policy_nlp.records import CodedDocument
from tests.agreement.coded_documents import coded_corpora, coded_document

# github.com/lindanna/unitized_alpha 11637e7a: data of the module, numbers of its README.
THREE_CODERS = coded_document(
    20,
    {
        "Alex": [(2, 5, "1"), (9, 11, "1"), (12, 20, "2")],
        "Paul": [(2, 5, "1"), (7, 15, "2")],
        "Susan": [(2, 5, "1"), (10, 15, "2")],
    },
)


@pytest.mark.parametrize(
    ("alpha", "expected"),
    [
        (u_alpha, 0.474),
        (bar_u_alpha, 0.433),
        (cu_alpha, 0.779),
        (cu_coverage, 0.38333),
        (lambda documents: ku_alpha(documents, "1"), 0.769),
        (lambda documents: ku_alpha(documents, "2"), 0.787),
    ],
)
def test_alphas_of_three_coders_are_those_of_lindanna(alpha, expected: float) -> None:
    assert alpha([THREE_CODERS]) == pytest.approx(expected, abs=5e-4)


def reference_alphas(documents: list[CodedDocument]) -> dict[str, float]:
    """Equations 1 to 11 of Krippendorff et al. (2016) over all pairs of segments, without any cleverness."""
    observed: dict[tuple[str, str], float] = defaultdict(float)
    squares: dict[str, float] = defaultdict(float)
    shared_squares: dict[str, float] = defaultdict(float)
    for document in documents:
        segments = {coder_id: segments_of(document, coder_id) for coder_id in document.coder_ids}
        n_others = len(segments) - 1
        if n_others < 1:
            continue
        for coder_id, own in segments.items():
            for code, start, end in own:
                squares[code] += (end - start) ** 2 if code != "gap" else end - start
            for other in segments.keys() - {coder_id}:
                for code, start, end in own:
                    shared = 0
                    for other_code, other_start, other_end in segments[other]:
                        common = max(0, min(end, other_end) - max(start, other_start))
                        observed[code, other_code] += common / n_others
                        shared += common if other_code != "gap" else 0
                    shared_squares[code] += shared**2 / n_others
    return alphas_of(observed, squares, shared_squares)


def segments_of(document: CodedDocument, coder_id: str) -> list[tuple[str, int, int]]:
    marks = sorted((c.span.start, c.span.end, c.code_id) for c in document.codings if c.coder_id == coder_id)
    segments, reached = [], 0
    for start, end, code_id in marks:
        if start > reached:
            segments.append(("gap", reached, start))
        segments.append((code_id, start, end))
        reached = end
    return [*segments, ("gap", reached, document.length)] if reached < document.length else segments


def alphas_of(observed, squares, shared_squares) -> dict[str, float]:
    codes = {code for pair in observed for code in pair}
    totals = {code: sum(observed[code, other] for other in codes) for code in codes}
    n = sum(totals.values())
    free = n**2 - sum(squares.values())
    expected = {
        (c, k): n * (totals[c] * totals[k] - (squares[c] if c == k else 0)) / free
        for c in codes
        for k in codes
    }
    coded = codes - {"gap"}
    valued = {code: totals[code] - observed[code, "gap"] for code in coded}
    n_valued = sum(valued.values())
    free_valued = n_valued**2 - sum(shared_squares[c] for c in coded)
    agreeing = (
        n_valued * sum(valued[c] ** 2 - shared_squares[c] for c in coded) / free_valued
        if free_valued > 0
        else math.nan
    )
    return {
        "u": ratio(n - sum(observed[c, c] for c in codes), n - sum(expected[c, c] for c in codes)),
        "bar_u": ratio(
            totals.get("gap", 0) - observed["gap", "gap"],
            sum(expected["gap", k] for k in coded) if "gap" in codes else 0,
        ),
        "cu": ratio(n_valued - sum(observed[c, c] for c in coded), n_valued - agreeing),
        "coverage": n_valued / n,
    }


def ratio(observed: float, expected: float) -> float:
    return 1 - observed / expected if expected > 1e-9 else math.nan


@given(coded_corpora())
@settings(deadline=None)
def test_alphas_are_those_of_the_equations(documents: list[CodedDocument]) -> None:
    expected = reference_alphas(documents)
    found = {
        "u": u_alpha(documents),
        "bar_u": bar_u_alpha(documents),
        "cu": cu_alpha(documents),
        "coverage": cu_coverage(documents),
    }
    assert found == pytest.approx(expected, nan_ok=True)


@given(coded_corpora())
@settings(deadline=None)
def test_order_of_documents_and_coders_does_not_matter(documents: list[CodedDocument]) -> None:
    turned = [
        CodedDocument(d.document_id, d.length, d.coder_ids[::-1], d.codings[::-1]) for d in documents[::-1]
    ]
    assert u_alpha(turned) == pytest.approx(u_alpha(documents), nan_ok=True)
    assert cu_alpha(turned) == pytest.approx(cu_alpha(documents), nan_ok=True)


def test_cutting_a_document_where_nothing_is_coded_changes_no_alpha() -> None:
    whole = coded_document(30, {"x": [(2, 9, "1"), (20, 26, "2")], "y": [(3, 10, "1"), (18, 25, "2")]})
    parts = [
        coded_document(14, {"x": [(2, 9, "1")], "y": [(3, 10, "1")]}, "d1"),
        coded_document(16, {"x": [(6, 12, "2")], "y": [(4, 11, "2")]}, "d2"),
    ]
    for alpha in (u_alpha, bar_u_alpha, cu_alpha):
        assert alpha(parts) == pytest.approx(alpha([whole]))


def test_the_same_codings_twice_are_perfect_agreement() -> None:
    marks = [(0, 4, "1"), (6, 9, "2")]
    assert u_alpha([coded_document(12, {"x": marks, "y": marks})]) == pytest.approx(1.0)
    assert cu_alpha([coded_document(12, {"x": marks, "y": marks})]) == pytest.approx(1.0)


def test_a_document_not_given_is_missing_and_one_given_and_left_empty_is_a_gap() -> None:
    shared = coded_document(20, {"x": [(2, 8, "1")], "y": [(2, 8, "1")]}, "d1")
    not_given = coded_document(20, {"x": [(0, 9, "1")]}, "d2")
    left_empty = coded_document(20, {"x": [(0, 9, "1")], "y": []}, "d2")
    assert u_alpha([shared, not_given]) == pytest.approx(1.0)
    assert lay_end_to_end([shared, not_given]).n_unused == 1
    assert u_alpha([shared, left_empty]) < 0.6


def test_overlapping_spans_of_one_code_count_once_and_touching_ones_stay_two() -> None:
    marks = [(3, 9, "1")]
    once = coded_document(20, {"x": [(2, 8, "1")], "y": marks})
    overlapping = coded_document(20, {"x": [(2, 6, "1"), (4, 8, "1"), (5, 5, "1")], "y": marks})
    touching = coded_document(20, {"x": [(2, 5, "1"), (5, 8, "1")], "y": marks})
    assert u_alpha([overlapping]) == u_alpha([once])
    assert u_alpha([touching]) != pytest.approx(u_alpha([once]))


def test_codes_that_overlap_are_refused_with_coder_and_place() -> None:
    document = coded_document(20, {"x": [(2, 8, "1"), (6, 9, "2")], "y": []})
    after = coded_document(5, {"x": [], "y": []}, "d0")
    with pytest.raises(OverlappingCodesError, match=r"'x'.*character at 6 ") as raised:
        cu_alpha([after, document])
    assert raised.value.place["coder_id"] == "x"


def test_alpha_of_no_coding_or_of_one_code_everywhere_is_undefined() -> None:
    empty = coded_document(10, {"x": [], "y": []})
    full = coded_document(10, {"x": [(0, 10, "1")], "y": [(0, 4, "1"), (4, 10, "1")]})
    assert all(math.isnan(alpha([d])) for alpha in (u_alpha, bar_u_alpha, cu_alpha) for d in (empty, full))
    assert math.isnan(u_alpha([coded_document(0, {"x": [], "y": []})]))
    assert math.isnan(ku_alpha([full], "1"))


def test_documents_that_nobody_shares_are_an_error() -> None:
    with pytest.raises(TooFewCodersError):
        u_alpha([coded_document(10, {"x": []}), coded_document(10, {"y": []}, "d2")])


def test_a_code_that_nobody_used_is_unknown() -> None:
    with pytest.raises(UnknownCodeError):
        ku_alpha([THREE_CODERS], "3")
