"""Progress goes to stderr, with rate and time left, and is silent when asked to be."""

from __future__ import annotations

import re
import sys

import pytest

from policy_nlp.cli import progress as progress_module
from policy_nlp.cli.progress import describe_step, show_progress


class Clock:
    """A monotonic clock that the test turns."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def monotonic(self) -> float:
        return self.now_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    turned = Clock()
    monkeypatch.setattr(progress_module, "time", turned)
    return turned


@pytest.mark.parametrize(
    ("rate", "left"), [(1.0, "1 h 40 min"), (50.0, "2 min 0 s"), (3000.0, "2 s"), (0.0, None)]
)
def test_a_line_tells_rate_and_time_left(rate: float, left: str | None) -> None:
    line = describe_step("coding", "sentences", n_done=2000, n_total=8000, rate=rate)
    assert line == f"coding: 2,000 of 8,000 sentences, {rate:.1f}/s" + (f", {left} left" if left else "")


def test_without_a_total_no_time_left_is_claimed() -> None:
    assert describe_step("reading", "files", n_done=3, n_total=None, rate=1.5) == "reading: 3 files, 1.5/s"


def test_a_file_gets_a_line_every_ten_seconds_and_no_bar(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    with show_progress("coding") as progress:
        for n_done in range(0, 310, 10):
            progress(n_done, 300)
            clock.now_s += 1.0
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.splitlines() == [
        "coding: 100 of 300 sentences, 10.0/s, 20 s left",
        "coding: 200 of 300 sentences, 10.0/s, 10 s left",
        "coding: 300 of 300 sentences, 10.0/s, 0 s left",
    ]


def test_a_run_that_goes_on_does_not_count_what_was_done_before(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    with show_progress("coding") as progress:
        progress(10_000, 20_000)
        clock.now_s = 20.0
        progress(10_100, 20_000)
    assert "5.0/s" in capsys.readouterr().err


def test_quiet_shows_nothing(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    with show_progress("coding", is_quiet=True) as progress:
        progress(0, 2)
        clock.now_s = 60.0
        progress(2, 2)
    assert capsys.readouterr() == ("", "")


def test_a_terminal_gets_a_bar_on_stderr(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TERM", "xterm")
    with show_progress("coding") as progress:
        progress(100, 300)
        progress(300, 300)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "coding" in shown.err
    assert "300/300" in shown.err


def test_two_bars_at_once_are_drawn_together(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TERM", "xterm")
    with show_progress("reading", unit="documents") as reading, show_progress("coding") as coding:
        reading(7, None)
        coding(300, 300)
    shown = re.sub(r"\x1b\[[0-9;?]*\w", "", capsys.readouterr().err)  # without colours and cursor moves
    assert "7/? documents" in shown
    assert "300/300 sentences" in shown


def test_a_count_that_falls_starts_a_stage_with_its_own_rate(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    with show_progress("training", unit="batches") as progress:
        for n_done in (0, 400, 0, 20, 40):
            progress(n_done, 400)
            clock.now_s += 10.0
    assert capsys.readouterr().err.splitlines()[-1] == "training: 40 of 400 batches, 2.0/s, 3 min 0 s left"
