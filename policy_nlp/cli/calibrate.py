"""`policy-nlp calibrate MODEL GOLD`: what `--abstain` needs, for a model that is there."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from policy_nlp.cli.options import DeviceOption, JsonOption, QuietOption


def calibrate(
    model: Annotated[
        str, typer.Argument(metavar="MODEL", help="Model folder, or the name of a shipped one.")
    ],
    gold: Annotated[
        Path,
        typer.Argument(metavar="GOLD", help="Gold that the model was not trained on, coded at every level."),
    ],
    device: DeviceOption = "auto",
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Score coded sentences and keep the scores in the model's folder, for `--abstain`.

    No text is kept; weights, calibration and thresholds stay, and so do the codes without `--abstain`.
    `train` does it by itself. Abstention holds for sentences drawn as those of GOLD were.
    """
    from policy_nlp.cli.output import print_wide
    from policy_nlp.cli.progress import show_progress
    from policy_nlp.operations.calibrate import calibrate_model
    from policy_nlp.reports.cuts_table import cuts_json, render_cuts
    from policy_nlp.settings.commands import CalibrateSettings
    from policy_nlp.settings.engine import EngineSettings

    settings = CalibrateSettings(gold, model, EngineSettings(device=device))
    with show_progress("calibrating", is_quiet=quiet) as progress:
        result = calibrate_model(settings, progress)
    if as_json:
        return typer.echo(cuts_json(result.abstention, path=result.path))
    print_wide(render_cuts(result.abstention, result.codebook))
    return typer.echo(f"\n{result.path}")
