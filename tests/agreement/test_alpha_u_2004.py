"""alpha_U of 1995 and 2004 against published numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from policy_nlp.agreement.alpha_u_2004 import (
    alpha_u_2004,
    alpha_u_2004_of_code,
    alphas_u_2004_by_document,
)
from policy_nlp.agreement.continuum import lay_end_to_end
from policy_nlp.errors import TooFewCodersError
from tests.agreement.coded_documents import coded_document

# Krippendorff (2004), page 254, by way of DKPro Statistics' Krippendorff2004Test; offsets less 150.
EXAMPLE_2004 = coded_document(
    300,
    {
        "i": [(75, 145, "c"), (220, 250, "c"), (30, 90, "k"), (150, 200, "k")],
        "j": [(70, 150, "c"), (205, 225, "c"), (250, 270, "c"), (30, 90, "k"), (150, 200, "k")],
    },
)
# Krippendorff (1995), page 57, figures A to D: (start, end) of 24, by way of DKPro's Krippendorff1995Test.
EXAMPLES_1995 = {
    "A": ([(2, 10), (14, 20)], [(4, 8), (15, 17)]),
    "B": ([(0, 18)], [(0, 2), (2, 3), (3, 4), (4, 5), (5, 6), (6, 9), (9, 10)]),
    "C": (
        [(2, 8), (10, 12), (14, 18), (20, 22)],
        [(0, 2), (4, 8), (10, 14), (16, 18), (20, 22)],
    ),
    "D": (
        [(0, 2), (2, 10), (10, 14), (14, 20), (20, 24)],
        [(0, 4), (4, 8), (8, 15), (15, 17), (17, 24)],
    ),
}


def stretched(name: str, factor: int):
    first, second = (
        [(start * factor, end * factor, name) for start, end in own] for own in EXAMPLES_1995[name]
    )
    return coded_document(24 * factor, {"x": first, "y": second})


def test_example_of_2004_has_its_published_alphas() -> None:
    assert alpha_u_2004([EXAMPLE_2004]) == pytest.approx(0.8591, abs=5e-4)
    assert alpha_u_2004_of_code([EXAMPLE_2004], "c") == pytest.approx(0.7286, abs=1e-4)
    assert alpha_u_2004_of_code([EXAMPLE_2004], "k") == 1.0


def test_short_spans_within_a_long_one_have_dkpros_alpha() -> None:
    document = coded_document(10, {"0": [(1, 9, "A")], "1": [(2, 3, "A"), (4, 5, "A"), (6, 7, "A")]})
    assert alpha_u_2004([document]) == pytest.approx(-0.7003, abs=1e-4)


@pytest.mark.parametrize(("name", "expected"), [("A", 0.553), ("B", -0.926), ("C", 0.679), ("D", 0.066)])
def test_examples_of_1995_on_a_fine_continuum_have_their_published_alphas(name: str, expected: float) -> None:
    # The tolerance is DKPro's: the paper's expected disagreement has a known misprint.
    assert alpha_u_2004([stretched(name, 50_000)]) == pytest.approx(expected, abs=0.02)


def test_each_document_can_be_a_continuum_of_its_own() -> None:
    documents = [stretched("A", 1), coded_document(7, {"x": [], "y": []}, "empty"), stretched("C", 1)]
    alphas = alphas_u_2004_by_document(lay_end_to_end(documents))
    assert alphas[[0, 2]] == pytest.approx([alpha_u_2004([documents[0]]), alpha_u_2004([documents[2]])])
    assert np.isnan(alphas[1])


def test_several_documents_are_one_continuum() -> None:
    joined = coded_document(20, {"x": [(1, 4, "c"), (12, 18, "c")], "y": [(2, 4, "c"), (12, 17, "c")]})
    parts = [
        coded_document(10, {"x": [(1, 4, "c")], "y": [(2, 4, "c")]}, "d1"),
        coded_document(10, {"x": [(2, 8, "c")], "y": [(2, 7, "c")]}, "d2"),
    ]
    assert alpha_u_2004(parts) == pytest.approx(alpha_u_2004([joined]))


def test_alpha_without_a_coding_is_undefined() -> None:
    assert math.isnan(alpha_u_2004([coded_document(10, {"x": [], "y": []})]))


def test_documents_that_not_all_coders_were_given_are_not_used() -> None:
    shared = coded_document(10, {"x": [(1, 4, "c")], "y": [(2, 4, "c")]})
    assert alpha_u_2004([shared, coded_document(10, {"x": [(0, 9, "c")]}, "d2")]) == alpha_u_2004([shared])
    with pytest.raises(TooFewCodersError):
        alpha_u_2004([coded_document(9, {"x": [], "y": []}), coded_document(9, {"y": [], "z": []}, "d2")])
