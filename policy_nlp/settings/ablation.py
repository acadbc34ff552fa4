"""TOML file of an ablation -> AblationSettings: one training configuration, named changes, seeds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from policy_nlp.errors import SettingsError
from policy_nlp.settings.training import TrainSettings, override_recipe, read_toml, read_train_settings

BASE_VARIANT = "base"
_KEYS = ("config", "seeds", "limit", "variants")


@dataclass(frozen=True, slots=True)
class Variant:
    """One named run of the ablation; its seed is set for each run."""

    name: str
    settings: TrainSettings


@dataclass(frozen=True, slots=True)
class AblationSettings:
    """Variants, the unchanged configuration first, each trained with each seed.

    Attributes:
        out: folder of the runs and tables.
    """

    out: Path
    seeds: tuple[int, ...]
    variants: tuple[Variant, ...]


def read_ablation_settings(path: Path, *, out: Path | None = None) -> AblationSettings:
    """Settings of an ablation from its TOML file.

    Raises:
        SettingsError: the file is missing or not TOML, or a key or value in it is not known.
    """
    content = read_toml(path)
    if wrong := [key for key in content if key not in _KEYS]:
        raise SettingsError(
            f"{path}: {wrong[0]} is not a known key; known are {', '.join(_KEYS)}.", path=path
        )
    seeds, limit, variants = content.get("seeds", [1]), content.get("limit", 0), content.get("variants", {})
    if not seeds or not isinstance(seeds, list) or not all(type(seed) is int and seed >= 0 for seed in seeds):
        raise SettingsError(f"{path}: seeds = {seeds!r}; whole numbers of 0 or more are needed.", path=path)
    if type(limit) is not int or limit < 0:
        raise SettingsError(f"{path}: limit = {limit!r}; a whole number of 0 or more is needed.", path=path)
    if not isinstance(content.get("config"), str) or not isinstance(variants, dict):
        raise SettingsError(f"{path}: config (a training file) and [variants.NAME] are needed.", path=path)
    base = replace(read_train_settings(path.parent / content["config"], is_forced=True), limit=limit)
    if BASE_VARIANT in variants:
        raise SettingsError(f"{path}: {BASE_VARIANT!r} names the unchanged configuration.", path=path)
    runs = (_variant(path, name, variants[name], base=base) for name in variants)
    folder = out or Path("runs") / path.stem
    return AblationSettings(folder, tuple(seeds), (Variant(BASE_VARIANT, base), *runs))


def _variant(path: Path, name: str, changes: Mapping[str, Any], *, base: TrainSettings) -> Variant:
    """`train` in a variant replaces the gold files; every other key is one of `[encoder]`."""
    recipe = {key: value for key, value in changes.items() if key != "train"}
    encoder = override_recipe(path, recipe, base=base.encoder, section=f"variants.{name}")
    train = tuple(path.parent / file for file in changes["train"]) if "train" in changes else base.train
    return Variant(name, replace(base, encoder=encoder, train=train))
