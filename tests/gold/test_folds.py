from __future__ import annotations

import doctest
from collections import Counter

from policy_nlp.gold import fold_of, folds, units_of_fold
from policy_nlp.records import CodedUnit


def test_examples_in_docstrings_are_true() -> None:
    assert doctest.testmod(folds).failed == 0


def test_folds_are_of_even_size_and_never_split_a_document() -> None:
    units = [CodedUnit(f"u{i}", "", (), None, None, document_id=f"文件-{i // 3}") for i in range(3000)]
    folds = [units_of_fold(units, fold, n_folds=2) for fold in range(2)]
    assert sum(len(fold) for fold in folds) == 3000
    assert not {u.document_id for u in folds[0]} & {u.document_id for u in folds[1]}
    assert 0.45 < len(folds[0]) / 3000 < 0.55


def test_folds_are_the_same_on_every_machine() -> None:
    assert Counter(fold_of(f"doc-{i}", 2) for i in range(100)) == {0: 51, 1: 49}
    assert [fold_of("重庆市政府工作报告", n_folds) for n_folds in (1, 2, 5)] == [0, 1, 2]
