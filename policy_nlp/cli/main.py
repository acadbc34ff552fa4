"""The command line: registers every command, and turns every exception into a message and a code."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from typing import Annotated

import typer

from policy_nlp import __version__
from policy_nlp.cli import codebook
from policy_nlp.cli.ablate import ablate
from policy_nlp.cli.agree import agree
from policy_nlp.cli.calibrate import calibrate
from policy_nlp.cli.card import card
from policy_nlp.cli.code import code
from policy_nlp.cli.coding_table import coding_table
from policy_nlp.cli.compare import compare
from policy_nlp.cli.doctor import doctor
from policy_nlp.cli.evaluate import evaluate
from policy_nlp.cli.export import export
from policy_nlp.cli.keywords import keywords
from policy_nlp.cli.label import label
from policy_nlp.cli.plan import plan
from policy_nlp.cli.report import report
from policy_nlp.cli.review import review
from policy_nlp.cli.saturation import saturation
from policy_nlp.cli.screen import screen
from policy_nlp.cli.train import train
from policy_nlp.errors import PolicyNlpError
from policy_nlp.settings.environment import is_debug_set

BAD_USAGE = 2
INTERRUPTED = 130

app = typer.Typer(
    name="policy-nlp",
    help="Code Chinese policy documents, sentence by sentence, with a fine-tuned Chinese BERT.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help: a third of the time, and the same in every console
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(code)
app.command()(label)
app.command()(report)
app.command()(train)
app.command()(ablate)
app.command()(calibrate)
app.command()(card)
app.command()(evaluate)
app.command()(agree)
app.command()(compare)
app.command()(export)
app.command()(plan)
app.command()(saturation)
app.command()(screen)
app.command()(keywords)
app.command()(coding_table)
app.command()(review)
app.add_typer(codebook.app, name="codebook")
app.command()(doctor)


def _print_version(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(f"policy-nlp {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an error (or set POLICY_NLP_DEBUG=1).")
    ] = False,
) -> None:
    """Code Chinese policy documents, sentence by sentence, with a fine-tuned Chinese BERT."""


def main() -> None:
    """Entry point of `policy-nlp`; ends the process with the exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Exit code of one command: 0 done, 1 bad input, 2 bad usage, 130 interrupted.

    What went wrong is told on stderr in one line; `--debug`, wherever it stands, adds the traceback.
    """
    _let_every_character_print()
    is_debugging = "--debug" in arguments or is_debug_set()
    if "" in arguments:  # Path("") would be the current folder, and all of it would be coded
        typer.echo(
            "policy-nlp: an argument is empty, as when a shell variable is not set. Give it.", err=True
        )
        return BAD_USAGE
    try:
        app([a for a in arguments if a != "--debug"], prog_name="policy-nlp")
    except SystemExit as end:
        exit_code = end.code if isinstance(end.code, int) else 0
        return _tell_interrupted() if exit_code == INTERRUPTED else exit_code
    except KeyboardInterrupt:
        return _tell_interrupted()
    except BrokenPipeError:
        _stop_writing()
        return 0  # the reader (`| head`) had enough
    except Exception as err:  # noqa: BLE001 the last stop above every command
        if is_debugging:
            traceback.print_exc(file=sys.stderr)
        typer.echo(f"policy-nlp: {_explain(err)}", err=True)
        return 1
    return 0


def _explain(err: Exception) -> str:
    """One message for the user: the mend where the input is at fault, else how to report it."""
    if isinstance(err, PolicyNlpError):
        return err.message
    if isinstance(err, OSError) and err.strerror:
        where = f"{err.filename}: " if err.filename else ""
        return f"{where}{err.strerror}. Check the path, its rights and the free space."
    if isinstance(err, MemoryError):
        return "the memory is used up. Close other programs, or give fewer or smaller inputs at a time."
    return (
        f"an error that policy-nlp did not foresee ({type(err).__name__}: {err}). This is a fault of the "
        f"program: please report it with what `--debug` added to the same command shows."
    )


def _tell_interrupted() -> int:
    message = "interrupted. Run again: code, label and train go on where they stopped, others start anew."
    typer.echo(f"policy-nlp: {message}", err=True)
    return INTERRUPTED


def _let_every_character_print() -> None:
    """On a console that is not UTF-8 (Windows, cp936), show `?` for what it lacks and go on."""
    for stream in (sys.stdout, sys.stderr):
        encoding = (getattr(stream, "encoding", None) or "").lower().replace("-", "")
        if encoding != "utf8" and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _stop_writing() -> None:
    """Close stdout's pipe quietly, so that the interpreter does not complain when it ends."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
