"""The answer cells of one row of a coding sheet -> the coder's decision, or what is wrong with them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from policy_nlp.codebook import Codebook
from policy_nlp.errors import ExchangeError
from policy_nlp.exchange.code_similarity import fold_name
from policy_nlp.exchange.sheet_layout import (
    CODED,
    LEVEL_NAMES,
    NOTHING_APPLIES,
    STATUS_WORDS,
    UNSURE,
    option_labels,
)
from policy_nlp.records import Level

Decision = Literal["coded", "nothing applies", "unsure", "not looked at"]

_BETWEEN_CODES = re.compile(r"[、,，;；/\n]")
_STATUS_OF: Mapping[str, str] = {
    **{word: word for word in STATUS_WORDS},
    "coded": CODED,
    "nothing applies": NOTHING_APPLIES,
    "none": NOTHING_APPLIES,
    "unsure": UNSURE,
}


@dataclass(frozen=True, slots=True)
class AnswerCell:
    """A cell in which the coder answers; `place` is what spreadsheets call it (`H12`)."""

    place: str
    text: str
    is_formula: bool = False


@dataclass(frozen=True, slots=True)
class RowAnswers:
    """What the coder decided on one sentence; `codes` of a level are in codebook order, each once."""

    decision: Decision
    codes: Mapping[Level, tuple[str, ...]]


class AnswerReader:
    """Reads answer cells in terms of one codebook."""

    def __init__(self, codebook: Codebook) -> None:
        self._codebook = codebook
        self._labels = option_labels(codebook)
        self._ids = _ids_by_word(codebook, self._labels)

    def read_row(
        self, code_cells: Mapping[Level, Sequence[AnswerCell]], status_cell: AnswerCell
    ) -> RowAnswers:
        """The decision of a row.

        Raises:
            ExchangeError: a cell holds a formula or no code of its level, or the status and the codes differ.
        """
        codes = {level: self._read_level(level, cells) for level, cells in code_cells.items()}
        status = _read_status(status_cell)
        has_codes = any(codes.values())
        if status == NOTHING_APPLIES and has_codes:
            raise ExchangeError(
                f"{status_cell.place}: {NOTHING_APPLIES!r}, but the row has codes. Clear one of them."
            )
        if status == CODED and not has_codes:
            raise ExchangeError(
                f"{status_cell.place}: {CODED!r}, but the row has no code. Choose one or {NOTHING_APPLIES!r}."
            )
        return RowAnswers(_decision(status, has_codes), codes)

    def _read_level(self, level: Level, cells: Sequence[AnswerCell]) -> tuple[str, ...]:
        chosen = {self._read_code(level, cell) for cell in cells if cell.text or cell.is_formula}
        return tuple(code_id for code_id in self._codebook.ids(level) if code_id in chosen)

    def _read_code(self, level: Level, cell: AnswerCell) -> str:
        _refuse_formula(cell)
        code_id = self._ids.get(fold_name(cell.text), "")
        if not code_id:
            raise ExchangeError(f"{cell.place}: {cell.text[:40]!r} {self._what_is_wrong(level, cell.text)}")
        found = self._codebook.level_of(code_id)
        if found != level:
            where = next((name for key, name in LEVEL_NAMES.items() if key == found), "")
            mend = f"Move it to a column of {where!r}." if where else "Give its initial category; it follows."
            raise ExchangeError(f"{cell.place}: {cell.text[:40]!r} is a code of level {found!r}. {mend}")
        return code_id

    def _what_is_wrong(self, level: Level, text: str) -> str:
        """Why a text is no code, and how to mend it."""
        parts = [part for part in _BETWEEN_CODES.split(text) if part.strip()]
        if len(parts) > 1 and all(self._ids.get(fold_name(part)) for part in parts):
            return "holds several codes. Give each a column of its own."
        names = {self._codebook.find(code_id).name_zh: code_id for code_id in self._codebook.ids(level)}
        near = difflib.get_close_matches(text, names, n=1)
        if near:
            label = self._labels[names[near[0]]]
            return f"is no code, or the name of several; the nearest is {label!r}. Choose from the list."
        return (
            f"is no code. Choose from the list; where none applies, clear it and choose {NOTHING_APPLIES!r}."
        )


def _ids_by_word(codebook: Codebook, labels: Mapping[str, str]) -> dict[str, str]:
    """The code that each label, its number, id or name means; names of several codes are left out ("")."""
    ids = _ids_by_number(labels)
    for code in codebook.all_codes:
        for name in (code.name_zh, code.name_en):
            word = fold_name(name)
            ids[word] = code.code_id if ids.get(word, code.code_id) == code.code_id else ""
    ids.update({fold_name(code.code_id): code.code_id for code in codebook.all_codes})
    ids.update({fold_name(label): code_id for code_id, label in labels.items()})
    ids.pop("", None)
    return ids


def _ids_by_number(labels: Mapping[str, str]) -> dict[str, str]:
    """The code that the number before its name means: `2.1`, `D1`."""
    ids = {fold_name(label.split(" ")[0]): code_id for code_id, label in labels.items()}
    for number in list(ids):
        if "." in number and number.endswith("0"):
            ids[number.rstrip("0")] = ""  # as a spreadsheet shows 1.10: it may be 1.1 too
    return ids


def _read_status(cell: AnswerCell) -> str | None:
    _refuse_formula(cell)
    if not cell.text:
        return None
    status = _STATUS_OF.get(" ".join(cell.text.casefold().split()))
    if status is None:
        raise ExchangeError(
            f"{cell.place}: {cell.text[:40]!r} is no status; choose {', '.join(STATUS_WORDS)}."
        )
    return status


def _refuse_formula(cell: AnswerCell) -> None:
    if cell.is_formula:
        raise ExchangeError(
            f"{cell.place}: a formula ({cell.text[:40]!r}). Choose the code from the list instead."
        )


def _decision(status: str | None, has_codes: bool) -> Decision:
    if status == UNSURE:
        return "unsure"
    if has_codes:
        return "coded"
    return "nothing applies" if status == NOTHING_APPLIES else "not looked at"
