from __future__ import annotations

import numpy as np
import pytest

from policy_nlp.agreement.chance import MISSING
from policy_nlp.agreement.coefficients import distance_alpha
from policy_nlp.agreement.patterns import find_patterns
from policy_nlp.agreement.set_alphas import AlphaChoice, count_sets, make_set_alphas
from policy_nlp.agreement.set_distances import JACCARD, MASI
from tests.agreement.made_coders import random_codings


def test_alpha_of_chosen_coders_and_patterns_is_that_of_their_codes() -> None:
    codings = random_codings(4, 70, seed=3, missing=0.3)
    patterns = find_patterns(codings, np.arange(70), n_groups=70)
    third_coded = patterns.is_coded[3]
    choices = [AlphaChoice(JACCARD, (0, 2)), AlphaChoice(MASI, (0, 1, 2), third_coded)]
    found = make_set_alphas(choices, patterns).of(patterns.sample(np.ones((1, 70))))[0]
    sets = patterns.sets_of_units()
    expected = [
        distance_alpha(sets[[0, 2]], JACCARD.matrix(patterns.members)),
        distance_alpha(sets[:3][:, sets[3] != MISSING], MASI.matrix(patterns.members)),
    ]
    assert found == pytest.approx(expected)


def test_alpha_over_no_pattern_or_over_one_set_is_undefined() -> None:
    codings = random_codings(2, 30, seed=1, missing=0.0)
    patterns = find_patterns(codings, np.arange(30), n_groups=30)
    nothing = np.zeros(patterns.sets.shape[1], dtype=bool)
    one = nothing.copy()
    one[np.flatnonzero(patterns.sets[0] == patterns.sets[1])[0]] = True
    choices = [AlphaChoice(JACCARD, (0, 1), nothing), AlphaChoice(JACCARD, (0, 1), one)]
    found = make_set_alphas(choices, patterns).of(patterns.sample(np.ones((2, 30))))
    assert np.isnan(found).all()


def test_sets_are_counted_for_each_pattern_and_missing_ones_are_not() -> None:
    sets = np.array([[0, 2, MISSING], [2, 2, 1]])
    assert count_sets(sets, 3).toarray().tolist() == [[1, 0, 1], [0, 0, 2], [0, 1, 0]]
