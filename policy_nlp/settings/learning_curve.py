"""Flags of `evaluate --learning-curve` -> CurveSettings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from policy_nlp.errors import SettingsError
from policy_nlp.settings.training import TrainSettings, read_train_settings

DEFAULT_SHARES = "1/8,1/4,1/2,1"
MOST_SEEDS = 20


@dataclass(frozen=True, slots=True)
class CurveSettings:
    """One recipe, trained on growing shares of its gold.

    Attributes:
        train: the recipe; its development gold is what all runs are measured on.
        shares: of the documents, rising.
        n_seeds: runs of each share, with other documents and another start each, from the seed of `train` on.
        out: folder of runs, table and picture.
    """

    train: TrainSettings
    shares: tuple[float, ...]
    n_seeds: int
    out: Path


def read_curve_settings(
    config: Path,
    gold: Path,
    *,
    shares: str = DEFAULT_SHARES,
    seeds: range = range(3),
    out: Path | None = None,
) -> CurveSettings:
    """Settings of a learning curve: the training configuration, measured on `gold`.

    Raises:
        SettingsError: the configuration or the shares cannot be read, or the gold is also trained on.
    """
    train = replace(read_train_settings(config, seed=seeds.start, is_forced=True), development=gold)
    if gold.resolve() in {path.resolve() for path in train.train}:
        raise SettingsError(
            f"{gold}: {config} trains on this file. Give gold that is never trained on.", path=gold
        )
    folder = out or Path("runs") / f"{config.stem}-learning-curve"
    return CurveSettings(train, parse_shares(shares), len(seeds), folder)


def parse_shares(written: str) -> tuple[float, ...]:
    """Fractions in rising order, each once.

    >>> parse_shares("1, 1/4,0.5")
    (0.25, 0.5, 1.0)

    Raises:
        SettingsError: one is no fraction above 0 and at most 1.
    """
    shares = set()
    for part in written.split(","):
        above, slash, below = part.partition("/")
        try:
            share = float(above) / (float(below) if slash else 1.0)
        except (ValueError, ZeroDivisionError) as err:
            raise SettingsError(f"share {part!r} is no fraction such as 1/4 or 0.25.", key="shares") from err
        if not 0 < share <= 1:
            raise SettingsError(f"share {part!r}: above 0 and at most 1 is needed.", key="shares")
        shares.add(share)
    return tuple(sorted(shares))
