"""The live figures are those of `agree`, of pairs that may be compared."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from policy_nlp.agreement.compare_coders import compare_coders
from policy_nlp.agreement.intervals import Bootstrap
from policy_nlp.exchange.coder_files import read_coder_file
from policy_nlp.review.exporting import export_review
from policy_nlp.review.live_agreement import NO_SHARED_UNIT, NO_VARIANCE, measure_live_agreement
from policy_nlp.review.opening import open_review
from policy_nlp.review.records import Choice, CodeLists, Seat
from policy_nlp.review.seat_states import lists_of
from policy_nlp.settings.review import ReviewExportSettings
from tests.review.folders import CODEBOOK, N_CODES, abstain_on, make_review_folder


def test_live_figures_are_those_of_agree_on_the_export(tmp_path: Path) -> None:
    folder = make_review_folder(tmp_path / "out", n_documents=4, n_sentences=15)
    draw = np.random.default_rng(3)
    with open_review(folder) as store:
        for name, first in (("甲", 0), ("乙", 5)):
            seat = Seat(store.sign_in(name), "blind")
            for unit_id in store.columns.unit_ids[first : first + 40]:
                codes = lists_of(draw.random(N_CODES) < 0.15, CODEBOOK)
                store.decide(seat, Choice(unit_id, codes))
        pairs = measure_live_agreement(store)
        export_review(store, ReviewExportSettings(folder, tmp_path / "coders.jsonl"))
    live = pairs[0]
    assert (live.n_units, live.is_model) == (35, False)
    read = read_coder_file(tmp_path / "coders.jsonl")
    report = compare_coders(read.coders, CODEBOOK, bootstrap=Bootstrap(n_draws=0, seed=0))
    for level, expected in zip(live.levels, report.levels, strict=True):
        pair = expected.pairs[0]
        assert level.level == expected.level
        assert pair.n_units == live.n_units
        found = (level.exact_match, level.percent_agreement, level.kappa, level.alpha)
        wanted = (pair.exact_match, pair.percent_agreement, pair.kappa, pair.alpha)
        assert found == pytest.approx(tuple(one.value for one in wanted))


def test_only_blind_coders_are_compared_with_the_model(tmp_path: Path) -> None:
    with open_review(make_review_folder(tmp_path / "out")) as store:
        for name, mode in (("甲", "blind"), ("乙", "blind"), ("甲", "assisted"), ("丙", "assisted")):
            seat = Seat(store.sign_in(name), "blind" if mode == "blind" else "assisted")
            store.decide(seat, Choice("d0-00001"))
        found = {(one.first, one.second, one.mode) for one in measure_live_agreement(store)}
    assert {tuple(sorted(pair[:2])) + pair[2:] for pair in found} == {
        ("丙", "甲", "assisted"), ("乙", "甲", "blind"), ("tiny", "甲", "blind"), ("tiny", "乙", "blind"),
    }  # fmt: skip


def test_units_whose_level_the_model_left_undecided_are_not_compared_with_it(tmp_path: Path) -> None:
    folder = make_review_folder(tmp_path / "out")
    abstain_on(folder, 1, ["path_1"])
    with open_review(folder) as store:
        seat = Seat(store.sign_in("甲"), "blind")
        for unit_id in ("d0-00001", "d0-00002"):
            store.decide(seat, Choice(unit_id))
        found = {level.level: level for level in measure_live_agreement(store)[0].levels}
        assert store.n_abstained == 1
        assert store.columns.uncertainty[1] == 1.0
        assert store.unit("d0-00001", mode="assisted").undecided_ids == ("path_1",)
        assert store.unit("d0-00001", mode="blind").undecided_ids == ()
        has_path = bool(store.columns.applies[2][CODEBOOK.code_ids.index("path_1") :].any())
    assert found["paths"].exact_match == (0.0 if has_path else 1.0)  # of one unit


def test_what_is_undefined_is_nan_with_its_reason(tmp_path: Path) -> None:
    with open_review(make_review_folder(tmp_path / "out")) as store:
        one, other = (Seat(store.sign_in(name), "blind") for name in ("甲", "乙"))
        store.decide(one, Choice("d0-00001"))
        store.decide(other, Choice("d0-00002"))
        apart = measure_live_agreement(store)[0]
        assert apart.n_units == 0
        assert {level.reason for level in apart.levels} == {NO_SHARED_UNIT}
        store.decide(other, Choice("d0-00001", CodeLists()))
        level = measure_live_agreement(store)[0].levels[0]
    assert (level.exact_match, level.percent_agreement, level.reason) == (1.0, 1.0, NO_VARIANCE)
    assert math.isnan(level.kappa)
