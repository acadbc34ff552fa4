from __future__ import annotations

import numpy as np
import pytest

from policy_nlp.agreement.coder_table import LevelCodings
from policy_nlp.agreement.compare_coders import compare_coders
from policy_nlp.agreement.intervals import Bootstrap
from policy_nlp.agreement.report import HumanModelLevel
from tests.agreement.made_coders import CODEBOOK, coders_of, random_codings

DRAWS = Bootstrap(60, seed=1)


def human_model(codings: LevelCodings, *, n_models: int = 1) -> tuple[HumanModelLevel, ...]:
    coders = coders_of(codings, n_models=n_models)
    levels = compare_coders(coders, CODEBOOK, bootstrap=DRAWS).human_model
    return tuple(level for level in levels if level.level == "initial")


def alpha_of(codings: LevelCodings, rows: list[int], columns: np.ndarray) -> float:
    part = LevelCodings(codings.applies[rows][:, columns], codings.coded[rows][:, columns])
    return compare_coders(coders_of(part), CODEBOOK, bootstrap=Bootstrap(0)).levels[0].alpha_jaccard.value


def test_people_and_all_are_compared_on_the_units_of_the_model_and_two_people() -> None:
    codings = random_codings(4, 60, seed=1, missing=0.4)
    (level,) = human_model(codings)
    columns = codings.coded[3] & (codings.coded[:3].sum(axis=0) >= 2)
    assert level.model_id == "c3"
    assert level.n_units == columns.sum()
    assert level.alpha_people.value == pytest.approx(alpha_of(codings, [0, 1, 2], columns))
    assert level.alpha_all.value == pytest.approx(alpha_of(codings, [0, 1, 2, 3], columns))
    assert {(pair.first, pair.second) for pair in level.person_model} == {
        ("c0", "c3"),
        ("c1", "c3"),
        ("c2", "c3"),
    }
    assert [(pair.first, pair.second) for pair in level.person_person] == [
        ("c0", "c1"),
        ("c0", "c2"),
        ("c1", "c2"),
    ]


def test_a_replacement_is_over_the_units_of_the_person_another_and_the_model() -> None:
    codings = random_codings(4, 60, seed=2, missing=0.4)
    (level,) = human_model(codings)
    replacement = level.replacements[1]
    assert replacement.coder_id == "c1"
    columns = codings.coded[3] & codings.coded[1] & (codings.coded[[0, 2]].any(axis=0))
    assert replacement.n_units == columns.sum()
    assert replacement.alpha_with_person.value == pytest.approx(alpha_of(codings, [0, 1, 2], columns))
    assert replacement.alpha_with_model.value == pytest.approx(alpha_of(codings, [0, 3, 2], columns))
    difference = replacement.alpha_with_model.value - replacement.alpha_with_person.value
    assert replacement.change.value == pytest.approx(difference)


def test_a_model_that_is_a_copy_of_a_person_changes_nothing_in_any_draw() -> None:
    codings = random_codings(4, 80, seed=3, missing=0.0)
    codings.applies[3] = codings.applies[0]
    (level,) = human_model(codings)
    same = level.replacements[0]
    assert same.change.value == pytest.approx(0.0, abs=1e-12)
    assert "same value" in (same.change.reason or "")  # paired draws: the change is 0 in each
    assert same.alpha_with_model.has_interval
    assert same.model_advantage.value == 0.0


def test_a_model_nearer_to_the_others_than_a_careless_person_has_the_advantage() -> None:
    codings = random_codings(4, 200, seed=4, missing=0.0, noise=0.02)
    careless = np.random.default_rng(0).random(codings.applies[0].shape) < 0.3
    codings.applies[0] ^= careless
    (level,) = human_model(codings)
    first, second, _ = level.replacements
    assert first.model_advantage.low > 0.3
    assert first.change.low > 0.1
    assert second.model_advantage.high < 0.2


def test_advantage_is_the_share_of_units_nearer_less_the_share_farther() -> None:
    applies = np.zeros((3, 4, 4), dtype=bool)
    applies[:2, :, 0] = True  # two people, always a1
    applies[1, 3] = [False, True, False, False]  # the second person strays once
    applies[2, :, 0] = [True, False, False, True]  # the model agrees in the first and last unit
    (level,) = human_model(LevelCodings(applies, np.ones((3, 4), dtype=bool)))
    # Others of the second person: the first. Equal in unit 1, model farther in 2 and 3, nearer in 4.
    assert level.replacements[1].model_advantage.value == pytest.approx((1 - 2) / 4)


def test_one_person_has_no_agreement_among_people_and_cannot_be_replaced() -> None:
    (level,) = human_model(random_codings(2, 30, seed=1, missing=0.0))
    assert "two people" in (level.alpha_people.reason or "")
    assert level.alpha_all.is_defined
    assert len(level.person_model) == 1
    assert level.person_person == level.replacements == ()


def test_each_model_is_set_against_the_people_alone() -> None:
    codings = random_codings(4, 40, seed=5, missing=0.0)
    first, second = human_model(codings, n_models=2)
    assert (first.model_id, second.model_id) == ("c2", "c3")
    assert first.alpha_people == second.alpha_people
    assert [pair.second for pair in first.person_model] == ["c2", "c2"]


def test_without_people_or_without_a_model_there_is_nothing_to_say() -> None:
    codings = random_codings(3, 20, seed=1)
    assert human_model(codings, n_models=0) == human_model(codings, n_models=3) == ()


def test_people_who_share_no_unit_with_the_model_give_reasons() -> None:
    codings = random_codings(3, 30, seed=1, missing=0.0)
    codings.coded[2, :] = False
    codings.coded[2, 0] = codings.coded[0, 0] = True
    codings.coded[1, 0] = False
    (level,) = human_model(codings)
    assert level.n_units == 0
    assert "two people" in (level.alpha_people.reason or "")
    assert "another person" in (level.replacements[0].change.reason or "")
