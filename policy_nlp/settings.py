"""TOML files and flags -> frozen settings. This module alone reads TOML and the environment."""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, TypeVar

from policy_nlp.errors import SettingsError

Device = Literal["auto", "cpu", "cuda"]
Precision = Literal["auto", "fp32", "bf16", "fp16"]
BaselineFeatures = Literal["characters", "words"]


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How the encoder runs; none of it may change which codes are meant."""

    device: Device = "auto"
    precision: Precision = "auto"
    token_budget: int = 4096  # padded tokens in one batch
    n_threads: int | None = None  # None: the cores this process may use


@dataclass(frozen=True, slots=True)
class LabelSettings:
    """What `label` reads and writes, and how."""

    input_path: Path
    output_path: Path
    text_column: str = "text"
    with_scores: bool = False  # scores also in CSV and XLSX
    model: str | None = None  # name or folder; None: the shipped model
    codebook_path: Path | None = None  # None: the codebook of the model
    is_forced: bool = False  # overwrite output that is there
    seed: int = 0  # nothing in `label` is random; kept in the manifest
    shard_rows: int = 8192  # rows that are labelled, written and never done again
    engine: EngineSettings = EngineSettings()


@dataclass(frozen=True, slots=True)
class EvaluateSettings:
    """What to hold against a gold file: a model, or the codings in a second file of the gold form."""

    gold_path: Path
    coder: str | None = None  # whose codes in the gold file; None: the lists of each line itself
    model: str | None = None  # name or folder; None: the shipped model
    predicted_path: Path | None = None  # compare this file's codes, run no model
    predicted_coder: str | None = None  # whose codes in that file
    codebook_path: Path | None = None  # None: the model's own, or the shipped one when no model is run
    fold: int | None = None  # 0 or 1: only the documents of this half; None: all
    n_draws: int = 1000  # bootstrap samples behind each interval; 0: no intervals
    seed: int = 0
    engine: EngineSettings = EngineSettings()


@dataclass(frozen=True, slots=True)
class CodeSettings:
    """Documents to code, and the folder that takes the result."""

    inputs: tuple[Path, ...]  # files, folders, zip archives
    out: Path
    model: str | None = None  # name or folder; None: the shipped model
    codebook_path: Path | None = None  # names and main categories; None: the model's own codebook
    text_column: str | None = None  # of tables among the inputs; None: found by its name
    is_forced: bool = False  # take the place of a result folder of other inputs or settings
    seed: int = 0
    engine: EngineSettings = EngineSettings()


def is_debug_set() -> bool:
    """Whether POLICY_NLP_DEBUG asks for tracebacks (set, and not empty or 0)."""
    return os.environ.get("POLICY_NLP_DEBUG", "") not in ("", "0")


def cache_folder() -> Path:
    """Where built base encoders are kept: $POLICY_NLP_CACHE, else the user's cache folder. May not exist."""
    if own := os.environ.get("POLICY_NLP_CACHE"):
        return Path(own)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "policy-nlp"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "policy-nlp"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "policy-nlp"


@dataclass(frozen=True, slots=True)
class EncoderTraining:
    """Recipe of fine-tuning; rates are per step, fractions from 0 to 1."""

    epochs: int = 6
    batch_size: int = 32  # sentences
    accumulate: int = 1  # batches summed before one step
    encoder_rate: float = 1e-4
    head_rate: float = 1e-3  # pooler and head
    layer_decay: float = 1.0  # factor on the rate from each layer to the one below
    weight_decay: float = 0.01
    warmup_fraction: float = 0.06
    dropout: float = 0.0
    adversarial: float = 0.0  # size of the FGM step on word embeddings; 0: off
    average_decay: float = 0.0  # of the moving average of weights; 0: off
    gradient_clip: float = 1.0
    max_tokens: int = 128
    buckets: tuple[int, ...] = (24, 32, 48, 64, 80, 96, 128)  # tokens
    precision: Precision = "auto"
    device: Device = "auto"


@dataclass(frozen=True, slots=True)
class BaselineTraining:
    """Recipe of the TF-IDF + linear SVM baseline."""

    features: BaselineFeatures = "characters"  # 1- to 3-grams of characters, or words cut by jieba
    cost: float = 0.5  # C of the linear SVM
    min_documents: int = 2  # sentences a term must be in


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """One training run: what `policy-nlp train CONFIG` reads from the TOML file.

    Attributes:
        config: the TOML file; relative paths in it start at its folder.
        out: model folder to write.
        work: folder of checkpoints and logs of this run.
        development: gold that calibration and thresholds are fitted on; None holds part of `train` back.
        development_share: fraction of documents held back when `development` is None.
        threshold_prior: positives by which a level draws the thresholds of its codes.
    """

    name: str
    kind: Literal["encoder", "baseline"]
    config: Path
    out: Path
    work: Path
    codebook: Path | None
    train: tuple[Path, ...]
    development: Path | None
    gold_description: str = ""  # goes into the model card
    base: str = "e5-small-zh"
    development_share: float = 0.15
    threshold_prior: float = 30.0
    seed: int = 0
    is_forced: bool = False
    encoder: EncoderTraining = EncoderTraining()
    baseline: BaselineTraining = BaselineTraining()


def read_train_settings(
    config: Path, *, out: Path | None = None, seed: int | None = None, is_forced: bool = False
) -> TrainSettings:
    """Settings of a training run from its TOML file; `out` and `seed` override it.

    Raises:
        SettingsError: the file is missing or not TOML, or a key or value in it is not known.
    """
    content = _read_toml(config)
    top = _section(config, content, "", _TRAIN_KEYS)
    gold = _section(config, content, "gold", _GOLD_KEYS)
    name, kind = _text(config, top, "name"), str(top.get("kind", "encoder"))
    if kind not in ("encoder", "baseline"):
        raise SettingsError(f"{config}: kind = {kind!r}; expected 'encoder' or 'baseline'.", path=config)
    train = gold.get("train", [])
    if not isinstance(train, list) or not train or not all(isinstance(path, str) for path in train):
        raise SettingsError(f"{config}: [gold] train must list at least one gold file.", path=config)
    extra: dict[str, Any] = {key: top[key] for key in ("base", "seed", "threshold_prior") if key in top}
    extra |= {key: gold[key] for key in ("development_share",) if key in gold}
    extra |= {"seed": seed} if seed is not None else {}
    return TrainSettings(
        name=name,
        kind="encoder" if kind == "encoder" else "baseline",
        config=config,
        out=out or Path("models") / name,
        work=Path("runs") / name,
        codebook=_beside(config, top.get("codebook")),
        train=tuple(config.parent / path for path in train),
        development=_beside(config, gold.get("development")),
        gold_description=str(gold.get("description", "")),
        is_forced=is_forced,
        encoder=_recipe(config, content, "encoder", EncoderTraining),
        baseline=_recipe(config, content, "baseline", BaselineTraining),
        **extra,
    )


_TRAIN_KEYS = ("name", "kind", "base", "codebook", "seed", "threshold_prior")
_GOLD_KEYS = ("train", "development", "development_share", "description")
_SECTIONS = ("gold", "encoder", "baseline")
_Recipe = TypeVar("_Recipe")


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as err:
        raise SettingsError(f"{path}: cannot be read ({err}). Name a TOML file in UTF-8.", path=path) from err
    except tomllib.TOMLDecodeError as err:
        raise SettingsError(f"{path}: not TOML ({err}).", path=path) from err


def _section(path: Path, content: dict[str, Any], name: str, known: Iterable[str]) -> dict[str, Any]:
    """The keys of one section (of the top when the name is empty), all of them known."""
    if name:
        section = content.get(name, {})
    else:
        section = {key: value for key, value in content.items() if key not in _SECTIONS}
    if not isinstance(section, dict):
        raise SettingsError(f"{path}: [{name}] must be a section.", path=path)
    for key in section:
        if key not in set(known):
            where = f"[{name}] {key}" if name else key
            raise SettingsError(
                f"{path}: {where} is not a known key; known are {', '.join(known)}.", path=path, key=key
            )
    return section


def _recipe(path: Path, content: dict[str, Any], name: str, record: type[_Recipe]) -> _Recipe:
    """A settings record filled from one section; every value must have the type of its default."""
    defaults = record()
    known = [item.name for item in fields(record)]  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    for key, value in _section(path, content, name, known).items():
        default = getattr(defaults, key)
        value = tuple(value) if isinstance(value, list) else value
        value = float(value) if isinstance(default, float) and isinstance(value, int) else value
        if type(value) is not type(default):
            raise SettingsError(
                f"{path}: [{name}] {key} = {value!r}; a value like {default!r} was expected.",
                path=path,
                key=key,
            )
        values[key] = value
    return record(**values)


def _text(path: Path, section: dict[str, Any], key: str) -> str:
    value = section.get(key)
    if not isinstance(value, str) or not value.strip():
        raise SettingsError(f"{path}: {key} must be a text that is not empty.", path=path, key=key)
    return value


def _beside(config: Path, relative: object) -> Path | None:
    return config.parent / relative if isinstance(relative, str) else None
