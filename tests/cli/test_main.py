"""Every command answers `--help` fast, and every error ends in one message and the right exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
import typer

from policy_nlp import __version__
from policy_nlp.cli import main
from policy_nlp.errors import CodebookError

HEAVY = {"torch", "transformers", "tokenizers", "datasets", "sklearn", "pyarrow", "jieba", "pandas", "lxml"}


def command_lines(group: object = None, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of every command and group, the empty one included."""
    group = group or typer.main.get_command(main.app)
    yield before
    for name, command in getattr(group, "commands", {}).items():
        yield from command_lines(command, (*before, name))


def run_python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, env={**os.environ, **environment}, check=False
    )


def raising(err: BaseException) -> Callable[..., None]:
    app = typer.Typer()

    @app.command()
    def fail() -> None:
        raise err

    return app


def test_no_help_page_imports_a_heavy_library() -> None:
    program = (
        "import sys, typer\nfrom policy_nlp.cli import main\n"
        "for words in sys.argv[1:]:\n    assert main.run([*words.split(), '--help']) == 0, words\n"
        f"print('LOADED', sorted({HEAVY!r} & set(sys.modules)))\n"
    )
    result = run_python("-c", program, *(" ".join(words) for words in command_lines()))
    assert result.returncode == 0, result.stderr.decode()
    assert result.stdout.decode("utf-8", "replace").splitlines()[-1] == "LOADED []"


def test_help_takes_under_half_a_second() -> None:
    before = os.times()
    run_python("-m", "policy_nlp.cli.main", "label", "--help")
    after = os.times()  # CPU time: on a machine that is not busy, the wall clock shows the same
    assert 0 < sum(after[2:4]) - sum(before[2:4]) < 0.5


def test_every_command_of_this_version_is_registered() -> None:
    assert {words[0] for words in command_lines() if words} >= {
        "code",
        "label",
        "train",
        "evaluate",
        "codebook",
        "doctor",
    }


def test_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["--version"]) == 0
    assert capsys.readouterr().out == f"policy-nlp {__version__}\n"


def test_bad_input_ends_with_1_and_its_message_on_stderr(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(main, "app", raising(CodebookError("own.yaml:3: a rule is broken.")))
    assert main.run([]) == 1
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", "policy-nlp: own.yaml:3: a rule is broken.\n")


@pytest.mark.parametrize("arguments", [["nonsense"], ["codebook", "show", "--level", "x"], ["--nonsense"]])
def test_bad_usage_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(arguments) == 2
    assert capsys.readouterr().out == ""


def test_an_interruption_ends_with_130_and_says_how_to_go_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(main, "app", raising(KeyboardInterrupt()))
    assert main.run([]) == 130
    assert "code, label and train go on where they stopped, others start anew" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("err", "said"),
    [
        (ValueError("wrong shape"), "please report it"),
        (OSError(28, "No space left on device", "out/a.parquet"), "out/a.parquet: No space left on device."),
        (MemoryError(), "memory is used up"),
    ],
)
def test_other_errors_end_with_1_and_no_traceback(
    err: Exception, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("POLICY_NLP_DEBUG", raising=False)
    monkeypatch.setattr(main, "app", raising(err))
    assert main.run([]) == 1
    shown = capsys.readouterr().err
    assert said in shown
    assert "Traceback" not in shown
    assert shown.count("\n") == 1


@pytest.mark.parametrize("by_flag", [True, False])
def test_debug_shows_the_traceback(
    by_flag: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(main, "app", raising(ValueError("wrong shape")))
    monkeypatch.setenv("POLICY_NLP_DEBUG", "0" if by_flag else "1")
    assert main.run(["--debug"] if by_flag else []) == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["cp936", "ascii", "utf-8"])
def test_a_console_that_lacks_characters_gets_output_all_the_same(encoding: str) -> None:
    result = run_python(
        "-m", "policy_nlp.cli.main", "codebook", "show", PYTHONIOENCODING=encoding, PYTHONUTF8="0"
    )
    assert (result.returncode, result.stderr) == (0, b"")
    assert b"national_strategic_demand" in result.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of a POSIX shell")
def test_a_reader_that_has_enough_is_no_error() -> None:
    command = f"{sys.executable} -m policy_nlp.cli.main codebook show --json | head -n 1"
    result = subprocess.run(command, shell=True, capture_output=True, check=False)
    assert (result.stdout, result.stderr) == (b"{\n", b"")


@pytest.mark.parametrize("arguments", [["code", "", "--out", "out"], ["code", "a.txt", "--out", ""]])
def test_an_empty_argument_is_bad_usage_and_never_the_current_folder(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.run(arguments) == 2
    assert "empty" in capsys.readouterr().err
