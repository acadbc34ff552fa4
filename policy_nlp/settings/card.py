"""Flags of `card`, and the TOML file of errors that a person read -> frozen settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, get_args

from policy_nlp.errors import SettingsError
from policy_nlp.settings.training import read_toml

ErrorKind = Literal["missed", "false"]
Judgement = Literal["label_doubtful", "model_wrong", "codebook_unclear"]


@dataclass(frozen=True, slots=True)
class ReadError:
    """One wrong decision of the model that was read: the code is missed, or given falsely.

    Attributes:
        judgement: what was at fault; empty where it was not read yet.
        note, note_zh: why, without the sentence.
    """

    unit: str
    code: str
    kind: ErrorKind
    judgement: Judgement | Literal[""] = ""
    note: str = ""
    note_zh: str = ""


@dataclass(frozen=True, slots=True)
class ErrorReading:
    """Wrong decisions that were read; `sample` says how they were drawn from how many."""

    read_by: str = ""
    date: str = ""
    sample: str = ""
    sample_zh: str = ""
    errors: tuple[ReadError, ...] = ()


@dataclass(frozen=True, slots=True)
class CardSettings:
    """A model folder whose card is written anew, and what is added to it.

    Attributes:
        gold: development gold that the model was not trained on; all numbers are measured on it.
        errors, ablation, learning_curve: files to copy into the folder; None keeps what lies there.
        draw: write so many wrong decisions into this file, to be read, and no card.
    """

    gold: Path
    model: str | None = None
    errors: Path | None = None
    ablation: Path | None = None
    learning_curve: Path | None = None
    draw: Path | None = None
    n_drawn: int = 50
    seed: int = 0


def read_error_reading(path: Path) -> ErrorReading:
    """The errors of a TOML file: top keys of `ErrorReading`, and `[[error]]` with keys of `ReadError`.

    Raises:
        SettingsError: the file cannot be read, or a key or value in it is not known.
    """
    content = read_toml(path)
    entries = content.pop("error", [])
    if not isinstance(entries, list) or not entries:
        raise SettingsError(f"{path}: no [[error]] is there. Give one for each error read.", path=path)
    known = [item.name for item in fields(ErrorReading) if item.name != "errors"]
    head = {key: str(_known(path, key, value, known)) for key, value in content.items()}
    return ErrorReading(
        **head, errors=tuple(_error_of(path, number, one) for number, one in enumerate(entries, 1))
    )


def _error_of(path: Path, number: int, entry: object) -> ReadError:
    place = f"{path}: [[error]] {number}"
    if not isinstance(entry, Mapping):
        raise SettingsError(f"{place}: keys and values were expected.", path=path)
    known = [item.name for item in fields(ReadError)]
    values: dict[str, Any] = {key: _known(path, key, value, known) for key, value in entry.items()}
    if missing := [key for key in known[:3] if not values.get(key)]:
        raise SettingsError(f"{place}: {missing[0]} is missing.", path=path, key=missing[0])
    choices = {"kind": get_args(ErrorKind), "judgement": (*get_args(Judgement), "")}
    for key, allowed in choices.items():
        if values.get(key, allowed[0]) not in allowed:
            wanted = ", ".join(filter(None, allowed))
            raise SettingsError(
                f"{place}: {key} = {values[key]!r}; expected one of {wanted}.", path=path, key=key
            )
    return ReadError(**values)


def _known(path: Path, key: str, value: object, known: list[str]) -> str:
    if key not in known:
        raise SettingsError(
            f"{path}: {key} is not a known key; known are {', '.join(known)}.", path=path, key=key
        )
    if not isinstance(value, str):
        raise SettingsError(f"{path}: {key} = {value!r}; a text was expected.", path=path, key=key)
    return value
