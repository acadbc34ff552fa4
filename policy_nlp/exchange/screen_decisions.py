"""The table of an earlier `screen`, filled in by a person -> their decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from policy_nlp.analysis.screening import Decision
from policy_nlp.errors import TableError
from policy_nlp.tables.cells import drop_formula_guard
from policy_nlp.tables.reading import open_table
from policy_nlp.tables.table import BATCH_ROWS

ID_COLUMN = "文档编号"
ANSWER_COLUMN = "人工决定"
NOTE_COLUMN = "人工备注"
DECISION_WORDS: Mapping[Decision, str] = {"keep": "保留", "borderline": "待定", "drop": "剔除"}
_ANSWERS: Mapping[str, Decision] = {
    **{word: decision for decision, word in DECISION_WORDS.items()},
    **{decision: decision for decision in DECISION_WORDS},
    "纳入": "keep",
    "排除": "drop",
    "删除": "drop",
    "y": "keep",
    "n": "drop",
}


@dataclass(frozen=True, slots=True)
class PersonDecision:
    """What a person decided on one document; None where they only left a note."""

    document_id: str
    decision: Decision | None
    note: str = ""


def read_decisions(path: Path) -> dict[str, PersonDecision]:
    """The decisions by document id; rows without an answer and without a note are left out.

    Raises:
        TableError: the file is no table of `screen`, an answer is not known, or a document has two answers.
    """
    table = open_table(path)
    for name in (ID_COLUMN, ANSWER_COLUMN):
        if name not in table.schema.names:
            raise TableError(
                f"{path}: no column {name!r}. Give the table that `policy-nlp screen --out` wrote, with the "
                f"column {ANSWER_COLUMN!r} filled in.",
                path=path,
                column=name,
            )
    decisions: dict[str, PersonDecision] = {}
    line = 1
    for batch in table.iter_batches(BATCH_ROWS):
        for row in batch.to_pylist():
            line += 1
            found = _decision_of(row, where=f"{path}, row {line}")
            earlier = decisions.get(found.document_id, found)
            if earlier.decision and found.decision and earlier.decision != found.decision:
                raise TableError(
                    f"{path}, row {line}: document {found.document_id} has another answer in a row above. "
                    "Keep one of them.",
                    path=path,
                    line=line,
                )
            if found.decision or (found.note and not earlier.decision):
                decisions[found.document_id] = found
    return decisions


def _decision_of(row: Mapping[str, object], *, where: str) -> PersonDecision:
    document_id, answer, note = (_text(row.get(name)) for name in (ID_COLUMN, ANSWER_COLUMN, NOTE_COLUMN))
    if answer and answer.lower() not in _ANSWERS:
        words = "、".join(DECISION_WORDS.values())
        raise TableError(
            f"{where}: {ANSWER_COLUMN} is {answer!r}; expected one of {words} (or keep, drop), or nothing.",
            answer=answer,
        )
    return PersonDecision(document_id, _ANSWERS[answer.lower()] if answer else None, note)


def _text(value: object) -> str:
    """The text of a cell; without the apostrophe that keeps a formula from running."""
    return drop_formula_guard("" if value is None else str(value).strip())
