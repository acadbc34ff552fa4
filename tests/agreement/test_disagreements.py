from __future__ import annotations

import numpy as np
import pytest

from policy_nlp.agreement.coder_table import LevelCodings
from policy_nlp.agreement.compare_coders import compare_coders
from policy_nlp.agreement.intervals import Bootstrap
from policy_nlp.agreement.report import Disagreement
from tests.agreement.made_coders import CODEBOOK, INITIAL, coders_of, random_codings


def disagreements(*rows: list[str], n_models: int = 0, n_most: int = 100) -> tuple[Disagreement, ...]:
    """Of one list of texts a coder: the codes of each unit, joined with blanks; None is not given."""
    applies = np.array([[[code in unit.split() for code in INITIAL] for unit in row] for row in rows])
    coded = np.array([[unit != "?" for unit in row] for row in rows])
    coders = coders_of(LevelCodings(applies, coded), n_models=n_models)
    report = compare_coders(coders, CODEBOOK, bootstrap=Bootstrap(0), n_disagreements=n_most)
    return report.disagreements


def units_in_order(found: tuple[Disagreement, ...]) -> list[str]:
    return [disagreement.codings[0].unit_id for disagreement in found]


def test_only_units_on_which_coders_differ_are_listed_with_their_levels() -> None:
    found = disagreements(["a1", "a1", "", "b1"], ["a1", "a2", "", "a1"])
    assert units_in_order(found) == ["u3", "u1"]
    assert found[0].levels == ("initial", "main")
    assert found[1].levels == ("initial",)
    assert [unit.coder_id for unit in found[0].codings] == ["c0", "c1"]
    assert [unit.initial for unit in found[0].codings] == [("b1",), ("a1",)]
    assert found[0].weight > found[1].weight > 0


def test_a_rare_code_in_dispute_comes_before_a_common_one() -> None:
    common = ["a1"] * 8
    found = disagreements([*common, "a1", "b1"], [*common, "", ""])
    assert units_in_order(found) == ["u9", "u8"]


def test_evenly_split_coders_come_before_one_who_strays() -> None:
    found = disagreements(["a1", "a1"], ["a1", "a1"], ["a1", ""], ["", ""])
    assert units_in_order(found) == ["u1", "u0"]


def test_sets_that_share_nothing_come_before_sets_that_overlap() -> None:
    found = disagreements(["a1 a2", "a1 a2", "a1", "a2"], ["a1", "", "a1", "a2"])
    assert units_in_order(found) == ["u1", "u0"]


def test_people_agreeing_against_the_model_come_before_a_person_straying() -> None:
    found = disagreements(["a1", "a1", ""], ["a1", "", ""], ["", "a1", ""], n_models=1)
    assert units_in_order(found) == ["u0", "u1"]
    assert found[0].weight == pytest.approx(2 * found[1].weight)
    alone = disagreements(["a1", "a1", ""], ["a1", "", ""], ["", "a1", ""])
    assert alone[0].weight == pytest.approx(alone[1].weight)


def test_who_was_not_given_a_unit_is_not_shown_and_does_not_differ() -> None:
    found = disagreements(["a1", "a1"], ["", "a1"], ["a1", "?"])
    assert units_in_order(found) == ["u0"]
    assert len(found[0].codings) == 3


def test_at_most_as_many_as_asked_for_are_listed_and_they_are_the_first() -> None:
    codings = random_codings(3, 60, seed=1)
    everything, few = (
        compare_coders(coders_of(codings), CODEBOOK, bootstrap=Bootstrap(0), n_disagreements=n).disagreements
        for n in (1000, 5)
    )
    assert len(few) == 5
    assert everything[:5] == few
    weights = [disagreement.weight for disagreement in everything]
    assert weights == sorted(weights, reverse=True)
    none = compare_coders(coders_of(codings), CODEBOOK, bootstrap=Bootstrap(0), n_disagreements=0)
    assert none.disagreements == ()
