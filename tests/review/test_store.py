"""What was decided counts, comes back after undo, and is on disk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from policy_nlp.errors import ReviewError
from policy_nlp.review.opening import open_review, read_review
from policy_nlp.review.records import Choice, CodeLists, QueueOptions, Seat
from policy_nlp.review.store import ReviewStore
from tests.review.folders import CODEBOOK, make_review_folder

SEATS = (Seat("甲", "blind"), Seat("甲", "assisted"), Seat("乙", "blind"))
DOCUMENT_ORDER = QueueOptions()
CODES = CodeLists(("government_support",))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_review_folder(tmp_path / "out")


def sign_in(store: ReviewStore, name: str = "甲") -> Seat:
    return Seat(store.sign_in(name), "blind")


class ReviewMachine(RuleBasedStateMachine):
    """The store beside a plain model of it: for each seat a list of what was decided, last first to go."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        make_review_folder(self.folder, n_documents=2, n_sentences=3)
        self.opened = ExitStack()
        self.store = self.opened.enter_context(open_review(self.folder))
        for seat in SEATS:
            self.store.sign_in(seat.coder_id)
        self.units = self.store.columns.unit_ids
        self.made: dict[Seat, list[tuple[str, str, CodeLists]]] = {seat: [] for seat in SEATS}

    def counting(self, seat: Seat) -> dict[str, tuple[str, CodeLists]]:
        return {unit_id: (kind, codes) for unit_id, kind, codes in self.made[seat]}

    @rule(
        seat=st.sampled_from(SEATS),
        place=st.integers(0, 5),
        codes=st.sets(st.sampled_from(CODEBOOK.ids("initial")), max_size=3),
        paths=st.sets(st.sampled_from(CODEBOOK.ids("paths")), max_size=2),
        is_skipped=st.booleans(),
    )
    def decide(self, seat: Seat, place: int, codes: set[str], paths: set[str], is_skipped: bool) -> None:
        unit_id = self.units[place]
        now = self.store.current(seat, unit_id)
        lists = CodeLists(
            tuple(one for one in CODEBOOK.ids("initial") if one in codes),
            (),
            tuple(one for one in CODEBOOK.ids("paths") if one in paths),
        )
        kind = "skipped" if is_skipped else "coded"
        self.store.decide(
            seat, Choice(unit_id, lists, kind, seconds=1.0, seen=now.number if now else 0)
        )  # fmt: skip
        self.made[seat].append((unit_id, kind, CodeLists() if is_skipped else lists))

    @rule(seat=st.sampled_from(SEATS))
    def undo(self, seat: Seat) -> None:
        undone = self.store.undo(seat)
        if not self.made[seat]:
            assert undone is None
            return
        unit_id, kind, codes = self.made[seat].pop()
        assert undone is not None
        assert (undone.taken_back.unit_id, undone.taken_back.kind, undone.taken_back.codes) == (
            unit_id, kind, codes,
        )  # fmt: skip
        restored = self.counting(seat).get(unit_id)
        assert (undone.restored and (undone.restored.kind, undone.restored.codes)) == restored

    @rule()
    def reopen(self) -> None:
        self.opened.close()
        self.opened = ExitStack()
        self.store = self.opened.enter_context(open_review(self.folder))

    @precondition(lambda self: any(self.made.values()))
    @rule(seat=st.sampled_from(SEATS), place=st.integers(0, 5))
    def an_overtaken_page_is_refused(self, seat: Seat, place: int) -> None:
        unit_id = self.units[place]
        now = self.store.current(seat, unit_id)
        if now is not None:
            with pytest.raises(ReviewError, match="another window"):
                self.store.decide(seat, Choice(unit_id, CODES, note="another", seen=now.number - 1))

    @invariant()
    def the_store_holds_what_the_model_holds(self) -> None:
        for seat in SEATS:
            expected = self.counting(seat)
            for unit_id in self.units:
                found = self.store.current(seat, unit_id)
                assert (found and (found.kind, found.codes)) == expected.get(unit_id)
            state = self.store.state(seat, DOCUMENT_ORDER)
            kinds = [kind for kind, _ in expected.values()]
            assert (state.n_coded, state.n_skipped) == (kinds.count("coded"), kinds.count("skipped"))
            following = self.store.next_unit(seat, DOCUMENT_ORDER)
            left = [unit_id for unit_id in self.units if unit_id not in expected]
            assert (following.unit_id if following else None) == (left[0] if left else None)

    def teardown(self) -> None:
        self.opened.close()
        self.stack.close()


ReviewMachine.TestCase.settings = settings(max_examples=6, stateful_step_count=12, deadline=None)
TestReviewMachine = ReviewMachine.TestCase

_CODER = """
import sys
from pathlib import Path
from policy_nlp.review.opening import open_review
from policy_nlp.review.records import Choice, CodeLists, QueueOptions, Seat
with open_review(Path(sys.argv[1])) as store:
    seat = Seat(store.sign_in("甲"), "blind")
    while unit := store.next_unit(seat, QueueOptions()):
        store.decide(seat, Choice(unit.unit_id, CodeLists(("government_support",))))
        print(unit.unit_id, flush=True)
"""


def test_a_killed_process_loses_at_most_the_decision_in_flight(tmp_path: Path) -> None:
    folder = make_review_folder(tmp_path / "out", n_documents=10, n_sentences=400)
    with open_review(folder):
        pass
    process = subprocess.Popen([sys.executable, "-c", _CODER, str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    answered = [process.stdout.readline().strip() for _ in range(25)]
    os.kill(process.pid, signal.SIGKILL)
    answered += process.stdout.read().split()  # what it still had answered for
    process.wait()
    with open_review(folder) as store:
        kept = [one.decision.unit_id for one in store.counting()]
    assert kept[: len(answered)] == answered
    assert len(kept) - len(answered) in (0, 1)


def test_a_blind_unit_holds_nothing_of_the_model(folder: Path) -> None:
    with open_review(folder) as store:
        unit = store.next_unit(sign_in(store), QueueOptions("uncertainty"))
        assert unit is not None
        assert (unit.model_codes, unit.scores, unit.uncertainty) == (None, (), None)


def test_a_unit_shows_its_neighbours_and_its_heading_and_no_other_document(folder: Path) -> None:
    with open_review(folder) as store:
        unit = store.unit("d1-00002", mode="assisted")
        assert unit.heading == "第1号文件"
        assert unit.before == ("第1号文件", "支持第1批企业的第1项攻关。")
        assert unit.after == tuple(f"支持第1批企业的第{i}项攻关。" for i in (3, 4, 5))
        assert store.unit("d1-00000", mode="assisted").before == ()
        assert store.unit("d1-00000", mode="assisted").heading == ""
        assert len(unit.scores) == len(CODEBOOK.code_ids)
        assert unit.scores[0].score == max(one.score for one in unit.scores)


def test_two_threads_that_decide_at_once_lose_nothing(tmp_path: Path) -> None:
    folder = make_review_folder(tmp_path / "out", n_documents=2, n_sentences=40)
    with open_review(folder) as store:
        seats = [sign_in(store, name) for name in ("甲", "乙")]

        def code_all(seat: Seat) -> None:
            while unit := store.next_unit(seat, DOCUMENT_ORDER):
                store.decide(seat, Choice(unit.unit_id, CODES))

        threads = [threading.Thread(target=code_all, args=(seat,)) for seat in seats]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [store.state(seat, DOCUMENT_ORDER).n_coded for seat in seats] == [80, 80]
    with read_review(folder) as again:
        assert len(again.counting()) == 160


def test_of_two_windows_of_one_coder_the_second_is_refused_and_told(folder: Path) -> None:
    with open_review(folder) as store:
        seat = sign_in(store)
        first = store.decide(seat, Choice("d0-00001", CODES))
        with pytest.raises(ReviewError, match="another window"):
            store.decide(seat, Choice("d0-00001", CodeLists(), seen=0))
        assert store.current(seat, "d0-00001") == first


def test_the_same_choice_sent_twice_is_one_decision(folder: Path) -> None:
    with open_review(folder) as store:
        seat = sign_in(store)
        choice = Choice("d0-00001", CODES)
        assert store.decide(seat, choice).number == store.decide(seat, choice).number
        assert len(store.history(seat, "d0-00001")) == 1


def test_a_choice_on_a_decision_that_was_taken_back_elsewhere_is_refused(folder: Path) -> None:
    with open_review(folder) as store:
        seat = sign_in(store)
        made = store.decide(seat, Choice("d0-00001", CODES))
        store.undo(seat)
        with pytest.raises(ReviewError, match="taken back"):
            store.decide(seat, Choice("d0-00001", CodeLists(), seen=made.number))


@pytest.mark.parametrize(
    ("choice", "what"),
    [
        (Choice("nowhere", CODES), "no unit"),
        (Choice("d0-00001", CodeLists(("government_suport",))), "nearest"),
        (Choice("d0-00001", CodeLists((), ("government_support",))), "level"),
        (Choice("d0-00001", CODES, note="长" * 5000), "note"),
        (Choice("d0-00001", CODES, seconds=float("nan")), "time"),
        (Choice("d0-00001", CODES, seconds=-1.0), "time"),
    ],
)
def test_a_choice_that_does_not_fit_is_refused(folder: Path, choice: Choice, what: str) -> None:
    with open_review(folder) as store:
        seat = sign_in(store)
        with pytest.raises(ReviewError, match=what):
            store.decide(seat, choice)
        assert store.counting() == ()


def test_codes_are_kept_in_codebook_order_each_once(folder: Path) -> None:
    first, second = CODEBOOK.ids("initial")[:2]
    with open_review(folder) as store:
        made = store.decide(sign_in(store), Choice("d0-00001", CodeLists((second, first, second))))
    assert made.codes.initial == (first, second)


def test_nobody_decides_who_has_not_signed_in(folder: Path) -> None:
    with open_review(folder) as store, pytest.raises(ReviewError, match="signed in"):
        store.decide(Seat("gold", "blind"), Choice("d0-00001", CODES))


def test_names_of_one_coder_are_one_whatever_their_case_and_width(folder: Path) -> None:
    with open_review(folder) as store:
        assert store.sign_in("  Zhang  San ") == "Zhang San"
        assert store.sign_in("ＺＨＡＮＧ san") == "Zhang San"
        assert store.coders() == ("Zhang San",)


@pytest.mark.parametrize("name", ["", "  ", "长" * 41, "a\u200bb", "Gold", "TINY", "x (assisted)"])
def test_names_that_would_be_mistaken_are_refused(folder: Path, name: str) -> None:
    with open_review(folder) as store, pytest.raises(ReviewError):
        store.sign_in(name)


def test_skipped_units_can_be_gone_through_again(folder: Path) -> None:
    with open_review(folder) as store:
        seat = sign_in(store)
        for unit_id in ("d0-00001", "d1-00003"):
            store.decide(seat, Choice(unit_id, kind="skipped"))
        skipped = QueueOptions(only_skipped=True)
        first = store.next_unit(seat, skipped)
        assert first is not None
        assert first.unit_id == "d0-00001"
        second = store.next_unit(seat, skipped, after="d0-00001")
        assert second is not None
        assert second.unit_id == "d1-00003"


def test_assisted_decisions_that_differ_from_what_was_filled_in_are_counted(folder: Path) -> None:
    with open_review(folder) as store:
        seat = Seat(store.sign_in("甲"), "assisted")
        for place, unit_id in enumerate(store.columns.unit_ids[:4]):
            given = store.unit(unit_id, mode="assisted").model_codes
            assert given is not None
            other = CODES if given != CODES else CodeLists()
            store.decide(seat, Choice(unit_id, other if place == 0 else given, seconds=2.5))
        state = store.state(seat, DOCUMENT_ORDER)
    assert (state.n_changed, state.n_coded, state.seconds) == (1, 4, 10.0)


def test_blind_coders_cannot_choose_units_by_the_models_codes(folder: Path) -> None:
    with open_review(folder) as store:
        for options in (QueueOptions(only_coded=True), QueueOptions(code_id="government_support")):
            with pytest.raises(ReviewError, match="blind"):
                store.next_unit(sign_in(store), options)


def test_answers_take_less_than_a_tenth_of_a_second(tmp_path: Path) -> None:
    folder = make_review_folder(tmp_path / "out", n_documents=20, n_sentences=250)
    options = QueueOptions("disagreement")
    with open_review(folder) as store:
        seat = sign_in(store)
        times = []
        for _ in range(20):
            start = time.perf_counter()
            unit = store.next_unit(seat, options)
            assert unit is not None
            store.decide(seat, Choice(unit.unit_id, CODES))
            store.state(seat, options)
            times.append(time.perf_counter() - start)
    assert sorted(times)[len(times) // 2] < 0.1
