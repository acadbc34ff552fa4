from __future__ import annotations

import math

import numpy as np
import pytest

from policy_nlp.analysis.unseen_codes import estimate_unseen

# Spiders of the Harvard Forest (Ellison et al. 2010), as Chao and Jost and the vignette of R iNEXT use them.
GIRDLED = (46, 22, 17, 15, 15, 9, 8, 6, 6, 4, *(2,) * 4, *(1,) * 12)
LOGGED = (88, 22, 16, 15, 13, 10, 8, 8, 7, 7, 7, 5, 4, 4, 4, 3, 3, 3, 3, *(2,) * 4, *(1,) * 14)


@pytest.mark.parametrize(
    ("counts", "n_units", "expected"),
    [(GIRDLED, 168, (26, 43.893, 30.511, 96.971)), (LOGGED, 252, (37, 61.403, 43.502, 128.583))],
)
def test_chao1_is_what_inext_prints_for_the_spiders(
    counts: tuple[int, ...], n_units: int, expected: tuple[float, ...]
) -> None:
    assert sum(counts) == n_units
    found = estimate_unseen(np.array([counts]))
    assert (found.n_codes, found.chao1, found.chao1_low, found.chao1_high) == pytest.approx(
        expected, abs=6e-4
    )


def test_good_turing_is_the_share_of_codings_whose_code_was_given_once() -> None:
    assert estimate_unseen(np.array([GIRDLED])).chance_new == pytest.approx(12 / 168)


def test_chao2_counts_documents_and_not_units() -> None:
    # Two codes in one document of four, one in two: 3 codes + 3/4 x 4/2 = 4.5, however many units have them.
    counts = np.array([[5, 0, 1], [0, 9, 1], [0, 0, 0], [0, 0, 0]])
    found = estimate_unseen(counts)
    assert (found.n_in_one, found.n_in_two) == (2, 1)
    assert found.chao2 == pytest.approx(4.5)
    assert found.chao2_low < 4.5 < found.chao2_high


def test_without_codes_given_twice_the_bias_corrected_form_is_used() -> None:
    counts = np.array([[1, 1, 1, 5]])
    assert estimate_unseen(counts).chao1 == pytest.approx(4 + 7 / 8 * 3 * 2 / 2)


def test_nothing_is_estimated_beyond_what_was_seen_often() -> None:
    found = estimate_unseen(np.full((5, 3), 4))
    assert (found.chance_new, found.chao1, found.chao1_high, found.chao2) == (0.0, 3.0, 3.0, 3.0)


def test_no_coding_is_undefined_with_a_reason() -> None:
    found = estimate_unseen(np.zeros((3, 4), dtype=int))
    assert math.isnan(found.chao1)
    assert math.isnan(found.chance_new)
    assert found.reason == "no unit has a code"
