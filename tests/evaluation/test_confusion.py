from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from policy_nlp.evaluation.confusion import confuse_main
from tests.evaluation.examples import CODEBOOK

MAIN = CODEBOOK.codes("main")
N_MAIN = len(MAIN)


def row(*names: int) -> list[bool]:
    return [column in names for column in range(N_MAIN)]


def test_each_cell_counts_the_units_its_definition_names() -> None:
    gold = np.array([row(0), row(0, 1), row(2), row(), row(), row(4)])
    predicted = np.array([row(0), row(0, 3), row(), row(5), row(), row(4, 5)])
    counts = confuse_main(gold, predicted, codes=MAIN).counts
    expected = np.zeros((N_MAIN + 1, N_MAIN + 1), dtype=int)
    expected[0, 0] = 2  # in both, twice
    expected[4, 4] = 1
    expected[1, 3] = 1  # 1 missed, 3 falsely predicted
    expected[2, -1] = 1  # missed, nothing predicted falsely
    expected[-1, 5] = 2  # predicted falsely, nothing missed
    expected[-1, -1] = 1  # none in either
    assert counts.tolist() == expected.tolist()


def test_names_are_those_of_the_codebook() -> None:
    nothing = np.zeros((1, N_MAIN), dtype=np.bool_)
    confusion = confuse_main(nothing, nothing, codes=MAIN)
    assert confusion.code_ids == CODEBOOK.ids("main")
    assert confusion.names_zh[0] == "需求牵引"


@given(arrays(np.bool_, st.tuples(st.just(2), st.integers(1, 9), st.just(N_MAIN))))
def test_a_category_is_confused_only_in_units_where_it_was_missed_or_false(pair: np.ndarray) -> None:
    gold, predicted = pair
    counts = confuse_main(gold, predicted, codes=MAIN).counts
    assert (np.diag(counts)[:-1] == (gold & predicted).sum(axis=0)).all()
    for column in range(N_MAIN):
        n_missed = (gold & ~predicted)[:, column].sum()
        others = np.delete(counts[column], column)
        assert (others <= n_missed).all()
        assert others.sum() >= n_missed
