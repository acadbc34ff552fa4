"""A folder has one server, a database that says what is wrong, and decisions that outlive a new run."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from policy_nlp.errors import ExchangeError, OutputError, ReviewError
from policy_nlp.review import database as database_module
from policy_nlp.review.database import DATABASE, MIGRATIONS, VERSION, Database
from policy_nlp.review.opening import open_review, read_review
from policy_nlp.review.records import Choice, CodeLists, QueueOptions, Seat
from policy_nlp.review.store import ReviewStore
from tests.review.folders import made_up_texts, make_review_folder, write_review_folder

CODES = CodeLists(("government_support",))
SEAT = Seat("甲", "blind")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_review_folder(tmp_path / "out")


def decide_some(folder: Path, *unit_ids: str) -> None:
    with open_review(folder) as store:
        store.sign_in(SEAT.coder_id)
        for unit_id in unit_ids:
            store.decide(SEAT, Choice(unit_id, CODES))


def decide_all(store: ReviewStore) -> None:
    for unit_id in store.columns.unit_ids[2:]:
        store.decide(SEAT, Choice(unit_id, CODES, note="长" * 2000))


def test_a_second_server_of_a_folder_is_refused(folder: Path) -> None:
    second = open_review(folder)
    with open_review(folder), pytest.raises(ReviewError, match=r"another .policy-nlp review. serves"):
        second.__enter__()


def test_a_reader_may_look_while_a_server_decides(folder: Path) -> None:
    with open_review(folder) as store:
        store.sign_in(SEAT.coder_id)
        store.decide(SEAT, Choice("d0-00001", CODES))
        with read_review(folder) as reader:
            assert [one.decision.unit_id for one in reader.counting()] == ["d0-00001"]


def test_a_folder_without_a_review_says_how_to_begin(folder: Path) -> None:
    with pytest.raises(ReviewError, match="policy-nlp review"), read_review(folder):
        pass


def test_what_is_no_result_folder_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises((ExchangeError, OutputError)), open_review(tmp_path / "empty"):
        pass
    assert list((tmp_path / "empty").iterdir()) == []


def test_decisions_outlive_a_new_run_where_id_and_text_are_the_same(folder: Path) -> None:
    decide_some(folder, "d0-00001", "d0-00002", "d1-00003")
    texts = made_up_texts(3, 8)
    texts[0][2] = "这一句改了。"
    del texts[1][3:]
    write_review_folder(folder, texts, seed=1)
    with open_review(folder) as store:
        assert [one.decision.unit_id for one in store.counting()] == ["d0-00001"]
        assert any("2 decisions" in note for note in store.notes)
        assert store.state(SEAT, QueueOptions()).n_coded == 1
        undone = store.undo(SEAT)  # what does not count is not taken back
        assert undone is not None
        assert undone.taken_back.unit_id == "d0-00001"
        assert store.undo(SEAT) is None


def test_decisions_kept_apart_count_again_when_the_old_run_is_back(folder: Path) -> None:
    decide_some(folder, "d0-00002")
    texts = made_up_texts(3, 8)
    texts[0][2] = "这一句改了。"
    write_review_folder(folder, texts)
    with open_review(folder) as store:
        assert store.counting() == ()
    make_review_folder(folder)
    with open_review(folder) as store:
        assert [one.decision.unit_id for one in store.counting()] == ["d0-00002"]


def test_a_reader_of_a_folder_coded_anew_is_told(folder: Path) -> None:
    decide_some(folder, "d0-00001")
    make_review_folder(folder, seed=5)
    with pytest.raises(ReviewError, match="coded anew"), read_review(folder):
        pass


def test_progress_is_told_at_the_first_opening_only(folder: Path) -> None:
    told: list[tuple[int, int | None]] = []
    for _ in range(2):
        with open_review(folder, progress=lambda done, total: told.append((done, total))):
            pass
    assert told == [(24, 24)]


def test_tables_of_the_first_version_are_brought_to_the_newest(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as old:
        old.setattr(database_module, "MIGRATIONS", MIGRATIONS[:1])
        old.setattr(database_module, "VERSION", 1)
        decide_some(folder, "d0-00001")
    with open_review(folder) as store:
        assert len(store.counting()) == 1
        assert store.sample(QueueOptions(n_sample=5)).weight == 24 / 5
    connection = sqlite3.connect(folder / DATABASE)
    assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
    connection.close()


def test_a_file_of_a_newer_program_is_left_alone(folder: Path) -> None:
    decide_some(folder, "d0-00001")
    connection = sqlite3.connect(folder / DATABASE)
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    with pytest.raises(ReviewError, match="newer policy-nlp"), open_review(folder):
        pass


@pytest.mark.parametrize("content", [b"this is no database, whatever its name says" * 100, b"\0" * 8192])
def test_a_file_that_is_no_database_is_named_and_left_alone(folder: Path, content: bytes) -> None:
    (folder / DATABASE).write_bytes(content)
    with pytest.raises(ReviewError, match="damaged or is no database"), open_review(folder):
        pass
    assert (folder / DATABASE).read_bytes() == content


def test_damaged_pages_are_found_at_opening(folder: Path) -> None:
    decide_some(folder, "d0-00001")
    connection = sqlite3.connect(folder / DATABASE)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    content = bytearray((folder / DATABASE).read_bytes())
    content[8192:20480] = b"\xff" * 12288
    (folder / DATABASE).write_bytes(content)
    with pytest.raises(ReviewError, match="backup"), open_review(folder):
        pass


def test_another_program_with_its_hand_on_the_file_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "_WAIT_S", 0.05)
    with open_review(folder) as store:
        store.sign_in(SEAT.coder_id)
        other = sqlite3.connect(folder / DATABASE, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ReviewError, match="another program"):
            store.decide(SEAT, Choice("d0-00001", CODES))
        other.execute("ROLLBACK")
        other.close()
        assert store.current(SEAT, "d0-00001") is None
        store.decide(SEAT, Choice("d0-00001", CODES))


def test_a_full_disk_keeps_what_was_decided_and_says_so(folder: Path) -> None:
    with open_review(folder) as store:
        store.sign_in(SEAT.coder_id)
        store.decide(SEAT, Choice("d0-00001", CODES))
        connection = store._database.connection()
        n_pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {n_pages}")
        with pytest.raises(ReviewError, match="disk is full"):
            decide_all(store)
        kept = len(store.counting())
        assert store.state(SEAT, QueueOptions()).n_coded == kept >= 1


def test_the_log_refuses_to_be_changed(folder: Path) -> None:
    decide_some(folder, "d0-00001")
    database = Database(folder / DATABASE)
    for statement in ("DELETE FROM decisions", "UPDATE decisions SET coder = 'x'"):
        with pytest.raises(ReviewError, match="decisions are"), database.writing() as connection:
            connection.execute(statement)
    database.close()


def test_a_file_that_cannot_be_written_says_what_to_do(folder: Path) -> None:
    with open_review(folder) as store:
        store.sign_in(SEAT.coder_id)
        store._database.connection().execute("PRAGMA query_only = ON")
        with pytest.raises(ReviewError, match="Check your rights"):
            store.decide(SEAT, Choice("d0-00001", CODES))
        assert store.current(SEAT, "d0-00001") is None
        assert store.state(SEAT, QueueOptions()).n_coded == 0
