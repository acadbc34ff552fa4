"""`policy-nlp train CONFIG`: gold codings and a base encoder -> models/NAME/."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from policy_nlp.cli.options import ForceOption, JsonOption, QuietOption


def train(
    config: Annotated[Path, typer.Argument(help="TOML file of the run, for example configs/example.toml.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Model folder to write. Default: models/NAME.")
    ] = None,
    force: ForceOption = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="Seed; default: that of CONFIG.")] = None,
) -> None:
    """Train a model on gold codings. Started again after an interruption, it goes on after the last epoch.

    With a codebook of your own: put sentences and labels into a CSV or Excel table (8 to 30 sentences a code;
    several labels in one cell parted by ; or 、), name it in [gold] train, leave out `codebook` and write
    kind = "auto": cross-validation chooses the method. configs/own-codebook.toml is such a file.
    """
    from policy_nlp.cli.progress import show_progress
    from policy_nlp.operations.train import train_model
    from policy_nlp.reports.train_summary import render_train_summary, train_summary_json
    from policy_nlp.settings.training import read_train_settings

    settings = read_train_settings(config, out=out, seed=seed, is_forced=force)
    with show_progress("training", unit="batches", is_quiet=quiet) as progress:
        result = train_model(settings, progress)
    typer.echo(train_summary_json(result) if as_json else render_train_summary(result))
