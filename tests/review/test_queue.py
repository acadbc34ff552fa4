"""Queues: what is in them, in which order, and what chance a sampled unit had."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.review.opening import open_review
from policy_nlp.review.queue import draw_sample, put_differing_first
from policy_nlp.review.records import QueueOptions, Seat
from tests.review.folders import CODEBOOK, make_review_folder

MODE = "assisted"


def test_uncertainty_goes_from_the_least_sure_to_the_surest(tmp_path: Path) -> None:
    with open_review(make_review_folder(tmp_path / "out")) as store:
        queue = store.queue(QueueOptions("uncertainty"), mode=MODE)
        values = store.columns.uncertainty[queue]
    assert sorted(queue.tolist()) == list(range(24))
    assert (np.diff(values) <= 0).all()
    assert 0 <= values.min() < values.max() <= 1


def test_headings_documents_and_codes_narrow_the_queue(tmp_path: Path) -> None:
    with open_review(make_review_folder(tmp_path / "out", n_documents=4, n_sentences=30)) as store:
        n_headings = len(store.queue(QueueOptions(), mode=MODE)) - len(
            store.queue(QueueOptions(skip_headings=True), mode=MODE)
        )
        of_document = store.queue(QueueOptions(document_id="d2"), mode=MODE)
        coded = store.queue(QueueOptions(only_coded=True), mode=MODE)
        main_id = CODEBOOK.ids("main")[0]
        of_main = store.queue(QueueOptions(code_id=main_id), mode=MODE)
        children = [code.code_id for code in CODEBOOK.initial if code.parent_id == main_id]
        of_children = {
            place for one in children for place in store.queue(QueueOptions(code_id=one), mode=MODE).tolist()
        }
    assert n_headings == 4
    assert of_document.tolist() == list(range(60, 90))
    assert coded.tolist() == np.flatnonzero(store.columns.applies.any(axis=1)).tolist()
    assert set(of_main.tolist()) == of_children


@given(st.integers(1, 60), st.integers(0, 80), st.integers(0, 5))
def test_a_larger_sample_of_a_seed_holds_the_smaller_one(n_places: int, n_units: int, seed: int) -> None:
    places = np.arange(n_places) * 3
    small, large = draw_sample(places, n_units, seed=seed), draw_sample(places, n_units + 5, seed=seed)
    assert len(set(small.tolist())) == min(n_units, n_places)
    assert set(small.tolist()) <= set(large.tolist()) <= set(places.tolist())


def test_every_unit_has_the_same_chance_to_be_drawn() -> None:
    places = np.arange(20)
    drawn = np.concatenate([draw_sample(places, 5, seed=seed) for seed in range(2000)])
    share = np.bincount(drawn, minlength=20) / 2000
    assert np.abs(share - 0.25).max() < 0.05  # five standard errors of a share of 1/4 in 2,000 draws


def test_the_sample_is_the_same_for_all_coders_and_after_a_restart(tmp_path: Path) -> None:
    folder = make_review_folder(tmp_path / "out")
    options = QueueOptions(n_sample=7, seed=2)
    with open_review(folder) as store:
        first = store.queue(options, mode="blind").tolist()
    with open_review(folder) as store:
        assert store.queue(options, mode="assisted").tolist() == first
        assert store.state(Seat("甲", "blind"), options).n_units == 7
        assert store.queue(QueueOptions(n_sample=7, seed=3), mode="blind").tolist() != first


@given(st.lists(st.integers(0, 3), min_size=1, max_size=30))
def test_differing_units_move_to_the_front_and_the_rest_stays(differing: list[int]) -> None:
    places = np.random.default_rng(0).permutation(len(differing))
    moved = put_differing_first(places, np.array(differing))
    expected = sorted(places.tolist(), key=lambda place: -differing[place])
    assert moved.tolist() == expected
