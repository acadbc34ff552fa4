"""TOML file of a training run -> TrainSettings, every key checked."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, get_args

from policy_nlp.errors import SettingsError
from policy_nlp.settings.distillation import DISTILLATION_EXAMPLE, Distillation, distillation_of
from policy_nlp.settings.engine import Device, Precision
from policy_nlp.settings.few_shot import (
    LABEL_COLUMNS_EXAMPLE,
    FewShotTraining,
    Kind,
    LabelColumns,
    label_columns_of,
)

BaselineFeatures = Literal["characters", "words"]
Head = Literal["first_token", "mean", "label_attention"]
Loss = Literal["cross_entropy", "asymmetric"]
THRESHOLD_PRIOR = 100.0  # how many positives of its level's evidence a code's own must outweigh

_FRACTIONS = (
    "warmup_fraction",
    "dropout",
    "token_masking",
    "average_decay",
    "asymmetric_margin",
    "label_smoothing",
    "joined_sentences",
)
_NAME = re.compile(r"\w[\w.\-]*")  # of a model: its folder


def _require(is_right: bool, key: str, value: object, *, wanted: str) -> None:
    """Raise SettingsError unless `is_right`; NaN is right nowhere."""
    if not is_right:
        name = key.rpartition(" ")[2]
        raise SettingsError(f"{key} = {value!r}; {wanted} was expected. Correct the value.", key=name)


@dataclass(frozen=True, slots=True)
class EncoderTraining:
    """Recipe of fine-tuning; rates are per step, fractions from 0 to 1."""

    head: Head = "first_token"
    epochs: int = 6
    batch_size: int = 32  # sentences
    accumulate: int = 1  # batches summed before one step
    encoder_rate: float = 1e-4
    head_rate: float = 1e-3  # pooler and head
    layer_decay: float = 1.0  # factor on the rate from each layer to the one below
    weight_decay: float = 0.01
    warmup_fraction: float = 0.06
    dropout: float = 0.0
    token_masking: float = 0.0  # share of tokens hidden behind the mask token in each step
    adversarial: float = 0.0  # size of the FGM step on word embeddings; 0: off
    average_decay: float = 0.0  # of the moving average of weights; 0: off
    loss: Loss = "cross_entropy"
    asymmetric_focus: float = 4.0  # power by which easy negatives lose weight, of the asymmetric loss
    asymmetric_margin: float = 0.05  # score below which a negative weighs nothing, of the asymmetric loss
    label_smoothing: float = 0.0  # share of each target taken from the share of its code; 0: off
    r_drop: float = 0.0  # weight of the divergence of two passes with different dropout; 0: off
    dropout_samples: int = 1  # draws of the head's dropout in each pass
    joined_sentences: float = 0.0  # share of sentences followed by another one, with the codes of both
    definition_start: bool = False  # the head starts from the codebook's definitions
    compile: bool = False  # torch.compile: faster steps after minutes of compiling; needs a C++ compiler
    gradient_clip: float = 1.0
    layers: int = 0  # of the encoder to keep, evenly spaced; 0: all
    pieces: int = 0  # of the vocabulary to keep, the most frequent; 0: all
    max_tokens: int = 128
    buckets: tuple[int, ...] = (24, 32, 48, 64, 80, 96, 128)  # tokens
    precision: Precision = "auto"
    device: Device = "auto"

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size", "accumulate", "dropout_samples"):
            value = getattr(self, name)
            _require(value >= 1, f"[encoder] {name}", value, wanted="at least 1")
        for name in ("layers", "pieces"):
            value = getattr(self, name)
            _require(value >= 0, f"[encoder] {name}", value, wanted="0 (all) or more")
        for name in ("encoder_rate", "head_rate", "layer_decay", "gradient_clip"):
            value = getattr(self, name)
            _require(value > 0, f"[encoder] {name}", value, wanted="a number above 0")
        _require(0 <= self.r_drop < math.inf, "[encoder] r_drop", self.r_drop, wanted="0 or more")
        focus = self.asymmetric_focus  # between 0 and 1 the gradient at the margin would be infinite
        _require(focus == 0 or focus >= 1, "[encoder] asymmetric_focus", focus, wanted="0, or 1 or more")
        for name in _FRACTIONS:
            value = getattr(self, name)
            _require(0 <= value < 1, f"[encoder] {name}", value, wanted="a fraction from 0 to under 1")
        for name, is_on in (("r_drop", self.r_drop > 0), ("dropout_samples", self.dropout_samples > 1)):
            wanted = f"a value above 0 ({name} compares draws of it)"
            _require(not is_on or self.dropout > 0, "[encoder] dropout", self.dropout, wanted=wanted)
        wanted = "at least 3 (two special tokens and one of text)"
        _require(self.max_tokens >= 3, "[encoder] max_tokens", self.max_tokens, wanted=wanted)
        rising = all(a < b for a, b in pairwise(self.buckets))
        if not self.buckets or not rising or self.buckets[-1] < self.max_tokens:
            raise SettingsError(
                f"[encoder] buckets = {list(self.buckets)}; rising lengths are needed, the last at least "
                f"max_tokens = {self.max_tokens}.",
                key="buckets",
            )


@dataclass(frozen=True, slots=True)
class BaselineTraining:
    """Recipe of the TF-IDF + linear SVM baseline."""

    features: BaselineFeatures = "characters"  # 1- to 3-grams of characters, or words cut by jieba
    cost: float = 0.5  # C of the linear SVM
    min_documents: int = 2  # sentences a term must be in

    def __post_init__(self) -> None:
        _require(self.cost > 0, "[baseline] cost", self.cost, wanted="a number above 0")
        _require(self.min_documents >= 1, "[baseline] min_documents", self.min_documents, wanted="at least 1")


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """One training run: what `policy-nlp train CONFIG` reads from the TOML file.

    Attributes:
        config: the TOML file; relative paths in it start at its folder.
        out: model folder to write.
        work: folder of checkpoints and logs of this run.
        development: gold that calibration and thresholds are fitted on; None holds part of `train` back.
        development_share: fraction of documents held back when `development` is None.
        weights: of the loss of each sentence of each file of `train`; empty where all weigh 1.
        document_share: fraction of the documents to train on, chosen by a hash of their ids and the seed.
        limit: most sentences to train on, drawn at random, the same for every seed; 0: all.
        threshold_prior: positives by which a level draws the thresholds of its codes.
    """

    name: str
    config: Path
    out: Path
    work: Path
    codebook: Path | None
    train: tuple[Path, ...]
    development: Path | None
    kind: Kind = "encoder"
    description: str = ""  # of the gold: goes into the model card
    description_zh: str = ""  # the same in Chinese
    base: str = "e5-small-zh"
    development_share: float = 0.15
    threshold_prior: float = THRESHOLD_PRIOR
    weights: tuple[float, ...] = ()
    document_share: float = 1.0
    limit: int = 0
    seed: int = 0
    is_forced: bool = False
    encoder: EncoderTraining = EncoderTraining()
    baseline: BaselineTraining = BaselineTraining()
    few_shot: FewShotTraining = field(default_factory=FewShotTraining)
    columns: LabelColumns = field(default_factory=LabelColumns)
    keeps_checkpoints: bool = True
    distillation: Distillation = field(default_factory=Distillation)

    def __post_init__(self) -> None:
        share, prior = self.development_share, self.threshold_prior
        _require(0 < share < 1, "[gold] development_share", share, wanted="a fraction above 0 and under 1")
        part = self.document_share
        _require(0 < part <= 1, "document_share", part, wanted="a fraction above 0")
        _require(prior >= 0, "threshold_prior", prior, wanted="0 or more")
        for key, value in (
            ("[gold] weights", self.weights),
            ("[distillation] teachers", self.distillation.teachers),
        ):
            is_used = self.kind == "encoder" or not value
            _require(is_used, key, value, wanted='none with a kind other than "encoder"')
        _require(self.seed >= 0, "seed", self.seed, wanted="0 or more")
        is_plain = _NAME.fullmatch(self.name) is not None
        _require(is_plain, "name", self.name, wanted="letters, digits, `_`, `-` and `.` (it names a folder)")

    @property
    def recipe(self) -> EncoderTraining | BaselineTraining | FewShotTraining:
        """The section that decides the weights: that of the run's kind."""
        if self.kind == "encoder":
            return self.encoder
        return self.baseline if self.kind == "baseline" else self.few_shot


def read_train_settings(
    config: Path, *, out: Path | None = None, seed: int | None = None, is_forced: bool = False
) -> TrainSettings:
    """Settings of a training run from its TOML file; `out` and `seed` override it.

    Raises:
        SettingsError: the file is missing or not TOML, or a key or value in it is not known.
    """
    content = _read_toml(config)
    top = _read_section(config, content, "", _TRAIN_EXAMPLE)
    gold = _read_section(config, content, "gold", _GOLD_EXAMPLE)
    if not top.get("name") or not gold.get("train"):
        raise SettingsError(
            f"{config}: name and [gold] train (a list of gold files) are needed.", path=config
        )
    try:
        settings = _train_settings(config, content, top=top, gold=gold)
    except SettingsError as err:  # a value out of range: the record does not know the file
        if "path" in err.place:
            raise
        raise SettingsError(f"{config}: {err.message}", path=config, **err.place) from err
    return replace(
        settings,
        out=out or settings.out,
        seed=settings.seed if seed is None else seed,
        is_forced=is_forced,
    )


def _train_settings(
    config: Path, content: Mapping[str, Any], *, top: Mapping[str, Any], gold: Mapping[str, Any]
) -> TrainSettings:
    extra: dict[str, Any] = {
        key: top[key] for key in ("kind", "base", "threshold_prior", "seed") if key in top
    }
    extra |= {key: gold[key] for key in ("development_share", "description", "description_zh") if key in gold}
    return TrainSettings(
        name=top["name"],
        config=config,
        out=Path("models") / top["name"],
        work=Path("runs") / top["name"],
        codebook=_beside(config, top.get("codebook")),
        weights=_weights_of(gold["train"], gold.get("weights", {})),
        train=tuple(config.parent / path for path in gold["train"]),
        development=_beside(config, gold.get("development")),
        encoder=EncoderTraining(**_read_section(config, content, "encoder", _defaults(EncoderTraining()))),
        baseline=BaselineTraining(
            **_read_section(config, content, "baseline", _defaults(BaselineTraining()))
        ),
        few_shot=FewShotTraining(**_read_section(config, content, "few_shot", _defaults(FewShotTraining()))),
        columns=label_columns_of(gold),
        distillation=distillation_of(
            _read_section(config, content, "distillation", DISTILLATION_EXAMPLE), config.parent
        ),
        **extra,
    )


# What each key may look like: a value in the file must have the type of the one here.
_TRAIN_EXAMPLE: Mapping[str, object] = {
    "name": "my-model",
    "kind": "encoder",
    "base": "e5-small-zh",
    "codebook": "codebook.yaml",
    "seed": 0,
    "threshold_prior": THRESHOLD_PRIOR,
}
_GOLD_EXAMPLE: Mapping[str, object] = {
    "train": ("gold.jsonl",),
    "development": "development.jsonl",
    "development_share": 0.15,
    "weights": {"gold.jsonl": 1.0},
    "description": "Who coded what, when.",
    "description_zh": "谁在何时编码了什么。",
    **LABEL_COLUMNS_EXAMPLE,
}
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "kind": get_args(Kind),
    "precision": get_args(Precision),
    "device": get_args(Device),
    "features": get_args(BaselineFeatures),
    "head": get_args(Head),
    "loss": get_args(Loss),
}
_SECTIONS = ("gold", "encoder", "baseline", "few_shot", "distillation")


def override_recipe(
    path: Path, changes: Mapping[str, Any], *, base: EncoderTraining, section: str
) -> EncoderTraining:
    """The recipe with some keys of `[encoder]` changed; `path` and `section` are named in errors.

    Raises:
        SettingsError: a key is not known or its value is wrong.
    """
    known = _defaults(EncoderTraining())
    checked: dict[str, Any] = {
        key: _check_value(path, f"[{section}] {key}", value, known) for key, value in changes.items()
    }
    return replace(base, **checked)


def read_toml(path: Path) -> dict[str, Any]:
    """What a TOML file holds. Raises SettingsError where it cannot be read."""
    return _read_toml(path)


def _weights_of(train: Sequence[str], weights: Mapping[str, object]) -> tuple[float, ...]:
    """Weight of each file of `train` by its name, 1 where none is given; empty when none is given at all."""
    names = [Path(path).name for path in train]
    for name, weight in weights.items():
        is_number = isinstance(weight, int | float) and not isinstance(weight, bool)
        is_right = name in names and is_number and 0 < float(str(weight)) < math.inf
        wanted = f"one of {', '.join(names)} and a number above 0"
        _require(is_right, "[gold] weights", f"{name} = {weight}", wanted=wanted)
    return tuple(float(str(weights.get(name, 1.0))) for name in names) if weights else ()


def _defaults(record: EncoderTraining | BaselineTraining | FewShotTraining) -> Mapping[str, object]:
    return {item.name: getattr(record, item.name) for item in fields(record)}


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as err:
        raise SettingsError(f"{path}: cannot be read ({err}). Name a TOML file in UTF-8.", path=path) from err
    except tomllib.TOMLDecodeError as err:
        raise SettingsError(f"{path}: not TOML ({err}).", path=path) from err


def _read_section(
    path: Path, content: Mapping[str, Any], name: str, example: Mapping[str, object]
) -> dict[str, Any]:
    """Keys and values of one section (of the top when the name is empty), checked against the example."""
    top = {key: value for key, value in content.items() if key not in _SECTIONS}
    section = content.get(name, {}) if name else top
    if not isinstance(section, dict):
        raise SettingsError(f"{path}: [{name}] must be a section.", path=path)
    return {
        key: _check_value(path, f"[{name}] {key}" if name else key, value, example)
        for key, value in section.items()
    }


def _check_value(path: Path, shown_key: str, value: object, example: Mapping[str, object]) -> object:
    key = shown_key.rpartition(" ")[2]
    if key not in example:
        known = ", ".join(example)
        raise SettingsError(f"{path}: {shown_key} is not a known key; known are {known}.", path=path, key=key)
    wanted = example[key]
    value = tuple(value) if isinstance(value, list) else value
    value = float(value) if isinstance(wanted, float) and type(value) is int else value
    if type(value) is not type(wanted) or not _has_items_like(value, wanted):
        raise SettingsError(
            f"{path}: {shown_key} = {value!r}; a value like {wanted!r} was expected.", path=path, key=key
        )
    if key in _CHOICES and value not in _CHOICES[key]:
        choices = ", ".join(_CHOICES[key])
        raise SettingsError(
            f"{path}: {shown_key} = {value!r}; expected one of {choices}.", path=path, key=key
        )
    return value


def _has_items_like(value: object, wanted: object) -> bool:
    """Whether each item of a list has the type of the first one wanted; true of what is no list."""
    if not isinstance(value, tuple) or not isinstance(wanted, tuple):
        return True
    return all(type(item) is type(wanted[0]) for item in value)


def _beside(config: Path, relative: object) -> Path | None:
    return config.parent / relative if isinstance(relative, str) else None
