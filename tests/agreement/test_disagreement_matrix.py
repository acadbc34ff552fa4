from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_nlp.agreement.coder_table import LevelCodings
from policy_nlp.agreement.compare_coders import compare_coders
from policy_nlp.agreement.intervals import Bootstrap
from tests.agreement.made_coders import CODEBOOK, INITIAL, coders_of, random_codings


def slow_matrix(codings: LevelCodings) -> np.ndarray:
    """Counted pair by pair and unit by unit."""
    n_coders, n_units, n_codes = codings.applies.shape
    counts = np.zeros((n_codes + 1, n_codes + 1), dtype=int)
    pairs = [(i, j) for i in range(n_coders) for j in range(i + 1, n_coders)]
    for i, j, unit in [(i, j, unit) for i, j in pairs for unit in range(n_units)]:
        if not (codings.coded[i, unit] and codings.coded[j, unit]):
            continue
        one, other = (set(np.flatnonzero(codings.applies[k, unit]).tolist()) for k in (i, j))
        for code in one & other or ({n_codes} if not one | other else set()):
            counts[code, code] += 1
        if one != other:
            for row in one - other or {n_codes}:
                for column in other - one or {n_codes}:
                    counts[row, column] += 1
                    counts[column, row] += 1
    return counts


@settings(max_examples=20)
@given(st.integers(2, 4), st.integers(1, 20), st.integers(0, 1000))
def test_the_matrix_is_that_of_counting_pair_by_pair(n_coders: int, n_units: int, seed: int) -> None:
    codings = random_codings(n_coders, n_units, seed=seed)
    report = compare_coders(coders_of(codings), CODEBOOK, bootstrap=Bootstrap(0))
    matrix = report.levels[0].matrix
    assert matrix.names == (*INITIAL, "none")
    assert np.array_equal(matrix.counts, slow_matrix(codings))
    assert np.array_equal(matrix.counts, matrix.counts.T)
