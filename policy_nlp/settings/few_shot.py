"""Training on few sentences that a user coded: where the labels stand; `[few_shot]`, how a model is made."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from policy_nlp.errors import SettingsError

Method = Literal["baseline", "frozen", "setfit", "encoder"]
Kind = Literal["auto", "frozen", "setfit", "encoder", "baseline"]

METHODS: tuple[Method, ...] = get_args(Method)  # from the cheapest to the dearest
CROSS_VALIDATED: tuple[Kind, ...] = ("auto", "frozen", "setfit")
MOST_OUT_OF_FOLD = 5000  # sentences from which on a share held back is enough to calibrate with
SEPARATORS = ";；、|｜"


@dataclass(frozen=True, slots=True)
class LabelColumns:
    """Where a table keeps its sentences and their labels.

    Attributes:
        text: column of the sentences; empty: the one with a usual name.
        labels: columns of the labels; empty: those with a usual name.
        separators: characters that part several labels in one cell.
    """

    text: str = ""
    labels: tuple[str, ...] = ()
    separators: str = SEPARATORS


LABEL_COLUMNS_EXAMPLE: Mapping[str, object] = {
    "text_column": "text",
    "label_columns": ("label",),
    "label_separators": SEPARATORS,
}


def label_columns_of(gold: Mapping[str, Any]) -> LabelColumns:
    """The record of a checked section `[gold]`."""
    return LabelColumns(
        text=gold.get("text_column", ""),
        labels=gold.get("label_columns", ()),
        separators=gold.get("label_separators", SEPARATORS),
    )


@dataclass(frozen=True, slots=True)
class FewShotTraining:
    """Recipe of the methods for few sentences, and of the choice among all methods.

    Attributes:
        methods: those that `kind = "auto"` may choose from.
        folds: of the cross-validation.
        minutes: that cross-validation of all methods may take; what would take longer is left out.
        cost: C of the logistic regressions on the features of an encoder; smaller is simpler.
        setfit_epochs: passes over the sentences by the contrastive training.
        setfit_batch: sentences of which all pairs are compared at once.
        setfit_rate: learning rate of the contrastive training.
        max_tokens: longer sentences are cut and counted.
    """

    methods: tuple[str, ...] = METHODS
    folds: int = 5
    minutes: float = 4.0
    cost: float = 0.05
    setfit_epochs: int = 6
    setfit_batch: int = 32
    setfit_rate: float = 5e-5
    max_tokens: int = 128

    def __post_init__(self) -> None:
        for method in self.methods:
            _require(method in METHODS, "methods", method, wanted=f"some of {', '.join(METHODS)}")
        _require(bool(self.methods), "methods", list(self.methods), wanted="one method or more")
        for name, least in (("folds", 2), ("setfit_epochs", 1), ("setfit_batch", 2), ("max_tokens", 3)):
            value = getattr(self, name)
            _require(value >= least, name, value, wanted=f"at least {least}")
        for name in ("minutes", "cost", "setfit_rate"):
            value = getattr(self, name)
            _require(0 < value < math.inf, name, value, wanted="a number above 0")


def _require(is_right: bool, key: str, value: object, *, wanted: str) -> None:
    if not is_right:
        raise SettingsError(f"[few_shot] {key} = {value!r}; {wanted} was expected. Correct it.", key=key)
