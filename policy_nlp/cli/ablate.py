"""`policy-nlp ablate CONFIG`: variants of one training run x seeds -> a table of what each gave."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from policy_nlp.cli.options import QuietOption


def ablate(
    config: Annotated[Path, typer.Argument(help="TOML file, for example configs/ablation.toml.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder of runs and tables. Default: runs/CONFIG.")
    ] = None,
    quiet: QuietOption = False,
) -> None:
    """Train variants of one configuration with several seeds and compare them. Started again, it goes on."""
    from policy_nlp.cli.progress import show_progress
    from policy_nlp.operations.ablate import run_ablation
    from policy_nlp.operations.ablate_output import write_tables
    from policy_nlp.settings.ablation import read_ablation_settings

    settings = read_ablation_settings(config, out=out)
    with show_progress("ablation", unit="runs", is_quiet=quiet) as progress:
        rows = run_ablation(settings, progress)
    typer.echo(write_tables(rows, settings.out))
