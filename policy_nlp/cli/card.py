"""`policy-nlp card MODEL --gold DEV`: the card of a trained model, written anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from policy_nlp.cli.options import JsonOption, SeedOption
from policy_nlp.settings.card import CardSettings


def card(  # noqa: PLR0913 one parameter for each flag
    gold: Annotated[
        Path, typer.Option("--gold", metavar="FILE", help="Development gold that was never trained on.")
    ],
    model: Annotated[
        str | None, typer.Argument(help="Model name or folder. Default: the shipped model.")
    ] = None,
    errors: Annotated[
        Path | None,
        typer.Option("--errors", metavar="FILE", help="Errors that were read (TOML), for their section."),
    ] = None,
    ablation: Annotated[
        Path | None, typer.Option("--ablation", metavar="FILE", help="ablation.csv of `ablate`.")
    ] = None,
    learning_curve: Annotated[
        Path | None,
        typer.Option(
            "--learning-curve", metavar="FILE", help="learning_curve.csv of `evaluate --learning-curve`."
        ),
    ] = None,
    draw_errors: Annotated[
        Path | None,
        typer.Option("--draw-errors", metavar="FILE", help="Write wrong decisions to read, and no card."),
    ] = None,
    drawn: Annotated[int, typer.Option("--drawn", min=1, help="How many wrong decisions to draw.")] = 50,
    seed: SeedOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Measure a model on development gold and write its card (README.md, README.zh.md, pictures) anew.

    Weights, calibration, thresholds and manifest stay as they are.
    """
    from policy_nlp.operations.card import make_card

    settings = CardSettings(
        gold=gold,
        model=model,
        errors=errors,
        ablation=ablation,
        learning_curve=learning_curve,
        draw=draw_errors,
        n_drawn=drawn,
        seed=seed,
    )
    result = make_card(settings)
    files = [str(path) for path in result.files]
    fields = {"files": files, "n_errors": result.n_errors}
    typer.echo(json.dumps(fields, ensure_ascii=False) if as_json else "\n".join(files))
