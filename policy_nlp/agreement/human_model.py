"""People against a model: does agreement change when the model joins, or takes a person's place?

All alphas are over sets of codes with Jaccard distance, and those that are set against each other are over
the same units and of the same bootstrap draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.binary import divide
from policy_nlp.agreement.chance import MISSING, Floats
from policy_nlp.agreement.intervals import Bootstrap
from policy_nlp.agreement.level_agreement import ComparedLevel
from policy_nlp.agreement.level_statistics import NO_SET_VARIANCE
from policy_nlp.agreement.patterns import Patterns
from policy_nlp.agreement.quantities import MeasureTable, Quantity, measure_quantities
from policy_nlp.agreement.report import HumanModelLevel, LevelAgreement, PairAgreement, Replacement
from policy_nlp.agreement.set_alphas import AlphaChoice, SetAlphas, make_set_alphas
from policy_nlp.agreement.set_distances import JACCARD
from policy_nlp.records import Coder

ONE_PERSON = "agreement among people needs two people or more"
NO_UNIT = "no unit was coded by the model and by two people"
NO_UNIT_OF_PERSON = "no unit was coded by this person, by another person and by the model"


@dataclass(frozen=True, slots=True)
class HumanModelStatistics:
    """One model and the people at one level, ready for any sample.

    Attributes:
        model, people: places among the coders.
        is_compared: shape (P,), patterns that the model and two people (one, if there is one) coded.
        alphas: of the people, of all; then for each person, if there are several: of the people, and with the
            model in the person's place.
        replaces: shape (P, people), patterns that the person, another person and the model coded.
        advantage: shape (P, people), 1 where the model is nearer to the others than the person, -1 where it
            is farther, else 0.
    """

    compared: ComparedLevel
    model: int
    people: tuple[int, ...]
    is_compared: NDArray[np.bool_]
    alphas: SetAlphas
    replaces: Floats
    advantage: Floats

    @property
    def patterns(self) -> Patterns:
        """The patterns of the level."""
        return self.compared.statistics.patterns

    def quantities(self, of_groups: Floats) -> list[Quantity]:
        """Every quantity of B samples, from how often each group was drawn, shape (B, G)."""
        sample = self.patterns.sample(of_groups)
        alphas = self.alphas.of(sample)
        with_person, with_model = alphas[:, 2::2], alphas[:, 3::2]
        advantage = divide(sample.patterns @ self.advantage, sample.patterns @ self.replaces)
        one_person = len(self.people) < 2
        no_unit = NO_UNIT if not self.is_compared.any() else NO_SET_VARIANCE
        of_person = tuple(NO_SET_VARIANCE if n else NO_UNIT_OF_PERSON for n in self.replaces.sum(axis=0))
        return [
            Quantity("alpha_people", alphas[:, 0], ONE_PERSON if one_person else no_unit),
            Quantity("alpha_all", alphas[:, 1], no_unit),
            Quantity("with_person", with_person, of_person),
            Quantity("with_model", with_model, of_person),
            Quantity("change", with_model - with_person, of_person),
            Quantity("advantage", advantage, NO_UNIT_OF_PERSON),
        ]


def make_human_model_statistics(
    compared: ComparedLevel, coders: Sequence[Coder]
) -> tuple[HumanModelStatistics, ...]:
    """One for each model among the coders; empty without people."""
    people = tuple(place for place, coder in enumerate(coders) if not coder.is_model)
    models = [place for place, coder in enumerate(coders) if coder.is_model]
    return tuple(_make_one(compared, model, people=people) for model in models if people)


def make_human_model_level(
    statistics: HumanModelStatistics, draws: Floats, *, level: LevelAgreement, bootstrap: Bootstrap
) -> HumanModelLevel:
    """The measures; `draws` is of shape (n_draws, M), the quantities of each sample.

    Args:
        statistics: of one model at one level.
        draws: shape (n_draws, M).
        level: the same level of all coders, whose pairs are shown.
        bootstrap: how the draws were made.
    """
    patterns = statistics.patterns
    quantities = statistics.quantities(np.ones((1, patterns.units.shape[0])))
    table = measure_quantities(quantities, draws, n_groups=patterns.n_groups, bootstrap=bootstrap)
    ids = statistics.compared.coder_ids
    model_id, people_ids = ids[statistics.model], {ids[place] for place in statistics.people}
    return HumanModelLevel(
        level=level.level,
        model_id=model_id,
        n_units=int(patterns.counts[statistics.is_compared].sum()),
        alpha_people=table.one("alpha_people"),
        alpha_all=table.one("alpha_all"),
        person_model=_pairs_among(level.pairs, people_ids, model_id=model_id),
        person_person=_pairs_among(level.pairs, people_ids, model_id=None),
        replacements=_replacements(statistics, table),
    )


def _make_one(compared: ComparedLevel, model: int, *, people: tuple[int, ...]) -> HumanModelStatistics:
    patterns = compared.statistics.patterns
    is_coded = patterns.is_coded
    n_people = is_coded[list(people)].sum(axis=0)
    is_compared = is_coded[model] & (n_people >= min(2, len(people)))
    replaced = people if len(people) > 1 else ()
    replaces = np.array([is_coded[model] & is_coded[person] & (n_people >= 2) for person in replaced])
    replaces = replaces.reshape(len(replaced), len(is_compared))
    choices = [AlphaChoice(JACCARD, people, is_compared), AlphaChoice(JACCARD, (*people, model), is_compared)]
    for person, own in zip(replaced, replaces, strict=True):
        others = tuple(other for other in people if other != person)
        choices += [AlphaChoice(JACCARD, people, own), AlphaChoice(JACCARD, (*others, model), own)]
    advantages = [
        _advantage(patterns, model, person=person, people=people) * own
        for person, own in zip(replaced, replaces, strict=True)
    ]
    return HumanModelStatistics(
        compared=compared,
        model=model,
        people=people,
        is_compared=is_compared,
        alphas=make_set_alphas(choices, patterns),
        replaces=replaces.T.astype(np.float64),
        advantage=np.array(advantages).reshape(replaces.shape).T,
    )


def _advantage(patterns: Patterns, model: int, *, person: int, people: tuple[int, ...]) -> Floats:
    """Sign of how much nearer the model is to the other people than the person is, shape (P,).

    Source, in kind: Calderon, Reichart and Dror (2025), "The Alternative Annotator Test for LLM-as-a-Judge".
    """
    nearer = np.zeros(patterns.sets.shape[1])
    for other in people:
        if other != person:
            nearer += _distances(patterns, person, other) - _distances(patterns, model, other)
    # Sums of the same distances in another order may differ in their last digits.
    advantage: Floats = np.sign(np.round(nearer, 9))
    return advantage


def _distances(patterns: Patterns, first: int, second: int) -> Floats:
    """Distance of two coders in each pattern, shape (P,); 0 where one of them did not code it."""
    distances = np.zeros(patterns.sets.shape[1])
    both = np.flatnonzero((patterns.sets[[first, second]] != MISSING).all(axis=0))
    distances[both] = JACCARD.between(
        patterns.members, first=patterns.sets[first, both], second=patterns.sets[second, both]
    )
    return distances


def _pairs_among(
    pairs: Sequence[PairAgreement], people_ids: set[str], *, model_id: str | None
) -> tuple[PairAgreement, ...]:
    """The pairs of two people; with `model_id` the pairs of a person and the model."""
    wanted = people_ids if model_id is None else people_ids | {model_id}
    return tuple(
        pair
        for pair in pairs
        if {pair.first, pair.second} <= wanted and (model_id is None or model_id in (pair.first, pair.second))
    )


def _replacements(statistics: HumanModelStatistics, table: MeasureTable) -> tuple[Replacement, ...]:
    n_units = (statistics.patterns.counts @ statistics.replaces).tolist()
    rows = zip(
        statistics.people,
        n_units,
        table.row("with_person"),
        table.row("with_model"),
        table.row("change"),
        table.row("advantage"),
        strict=False,  # no rows where there is one person
    )
    return tuple(
        Replacement(statistics.compared.coder_ids[person], int(n), *measures) for person, n, *measures in rows
    )
