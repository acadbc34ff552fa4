"""The options that commands share, so that each means the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from policy_nlp.settings.engine import Device

ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="NAME|PATH",
        help="Model: a shipped name or a model folder. Default: the shipped model.",
    ),
]
DeviceOption = Annotated[Device, typer.Option("--device", help="Where the model runs.")]
CodebookOption = Annotated[
    Path | None,
    typer.Option("--codebook", metavar="FILE", help="Codebook file. Default: the shipped codebook."),
]
ForceOption = Annotated[bool, typer.Option("--force", help="Overwrite output that is there.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object, for machines.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr.")]
AbstainOption = Annotated[
    float | None,
    typer.Option(
        "--abstain",
        metavar="RISK",
        min=0.01,
        max=0.5,
        help="Leave codes undecided where an answer would err more often than RISK: at most RISK of the"
        " sentences of a code are refused it, at most RISK of those given it do not carry it. Such rows get"
        " the status `abstained` and a column `undecided`.",
    ),
]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Seed of every random choice.")]
