"""What coders agree on is gold, what they differ on is gold once settled, and modes never mix."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from policy_nlp.errors import ReviewError
from policy_nlp.review.adjudication import (
    AdjudicationState,
    adjudication_state,
    disagreeing_units,
    gold_units,
    read_disagreement,
    settle,
)
from policy_nlp.review.opening import open_review
from policy_nlp.review.records import ADJUDICATOR, Choice, CodeLists, Mode, QueueOptions, Seat
from policy_nlp.review.store import ReviewStore
from tests.review.folders import CODEBOOK, make_review_folder

FIRST, SECOND = CODEBOOK.ids("initial")[:2]
SAME_MAIN = [code.code_id for code in CODEBOOK.initial if code.parent_id == CODEBOOK.initial[0].parent_id][:2]
PATH = CODEBOOK.ids("paths")[0]
A, B = CodeLists((FIRST,)), CodeLists((FIRST,), (), (PATH,))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ReviewStore]:
    with open_review(make_review_folder(tmp_path / "out")) as opened:
        yield opened


def decide(store: ReviewStore, name: str, unit_id: str, codes: CodeLists, mode: Mode = "blind") -> None:
    store.decide(Seat(store.sign_in(name), mode), Choice(unit_id, codes))


def test_agreed_open_single_and_settled_units_are_told_apart(store: ReviewStore) -> None:
    for unit_id, other in (("d0-00001", A), ("d0-00002", B), ("d0-00003", CodeLists())):
        decide(store, "甲", unit_id, A)
        decide(store, "乙", unit_id, other)
    decide(store, "甲", "d0-00004", A)
    settle(store, Choice("d0-00003", A, note="理由"), mode="blind", settled_by="甲")
    state = adjudication_state(store, "blind")
    assert state == AdjudicationState(n_compared=3, n_agreed=1, n_open=1, n_settled=1, n_single=1)
    gold = gold_units(store, "blind")
    assert [(one.unit_id, one.basis) for one in gold] == [
        ("d0-00001", "agreed"), ("d0-00003", "settled"), ("d0-00004", "single"),
    ]  # fmt: skip
    settled = gold[1].settled
    assert settled is not None
    assert (settled.settled_by, settled.coder_id, settled.note) == ("甲", ADJUDICATOR, "理由")


def test_coders_differ_at_the_level_asked_for(store: ReviewStore) -> None:
    decide(store, "甲", "d0-00001", A)
    decide(store, "乙", "d0-00001", B)
    decide(store, "甲", "d0-00002", CodeLists((SAME_MAIN[0],)))
    decide(store, "乙", "d0-00002", CodeLists((SAME_MAIN[1],)))
    assert disagreeing_units(store, "blind") == ("d0-00001", "d0-00002")
    assert disagreeing_units(store, "blind", level="paths") == ("d0-00001",)
    assert disagreeing_units(store, "blind", level="initial") == ("d0-00002",)
    assert disagreeing_units(store, "blind", level="main") == ()


def test_a_settlement_can_be_taken_back(store: ReviewStore) -> None:
    decide(store, "甲", "d0-00001", A)
    decide(store, "乙", "d0-00001", B)
    settle(store, Choice("d0-00001", B), mode="blind", settled_by="乙")
    assert disagreeing_units(store, "blind", only_open=True) == ()
    store.undo(Seat(ADJUDICATOR, "blind"))
    assert disagreeing_units(store, "blind", only_open=True) == ("d0-00001",)
    assert read_disagreement(store, "blind", unit_id="d0-00001").settled is None


def test_a_disagreement_shows_each_coder_and_nothing_of_the_model_where_blind(store: ReviewStore) -> None:
    decide(store, "甲", "d0-00001", A)
    decide(store, "乙", "d0-00001", B)
    store.decide(Seat(store.sign_in("丙"), "blind"), Choice("d0-00001", kind="skipped"))
    found = read_disagreement(store, "blind", unit_id="d0-00001")
    assert {one.coder_id: one.codes for one in found.decisions} == {"甲": A, "乙": B}
    assert found.unit.model_codes is None


def test_blind_and_assisted_codings_are_never_compared(store: ReviewStore) -> None:
    decide(store, "甲", "d0-00001", A)
    decide(store, "乙", "d0-00001", B, "assisted")
    assert disagreeing_units(store, "blind") == disagreeing_units(store, "assisted") == ()
    assert [one.codes for one in gold_units(store, "blind")] == [A]
    assert [one.codes for one in gold_units(store, "assisted")] == [B]


def test_only_what_two_coded_is_settled_and_only_by_a_known_person(store: ReviewStore) -> None:
    decide(store, "甲", "d0-00001", A)
    with pytest.raises(ReviewError, match="1 coder"):
        settle(store, Choice("d0-00001", A), mode="blind", settled_by="甲")
    decide(store, "乙", "d0-00001", B)
    with pytest.raises(ReviewError, match="signed in"):
        settle(store, Choice("d0-00001", A), mode="blind", settled_by="丁")
    with pytest.raises(ReviewError):
        settle(store, Choice("d0-00001", kind="skipped"), mode="blind", settled_by="甲")


def test_what_people_code_differently_comes_first_in_the_queue_of_disagreement(store: ReviewStore) -> None:
    for name, codes in (("甲", CodeLists((FIRST, SECOND))), ("乙", CodeLists())):
        decide(store, name, "d2-00005", codes)
        decide(store, name, "d2-00006", A)
    third = Seat(store.sign_in("丙"), "blind")
    unit = store.next_unit(third, QueueOptions("disagreement"))
    assert unit is not None
    assert unit.unit_id == "d2-00005"
