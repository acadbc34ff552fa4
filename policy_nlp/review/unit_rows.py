"""Rows of the table of units -> the columns of queues, and one unit with what stands around it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from policy_nlp.codebook import Codebook
from policy_nlp.records import Span
from policy_nlp.review.database import Database
from policy_nlp.review.queue import APPLIES, UNDECIDED, UnitColumns
from policy_nlp.review.records import CodeScore, Mode, ReviewDocument, ReviewUnit
from policy_nlp.review.seat_states import lists_of

_AROUND = 3  # sentences shown before and after a unit


def read_columns(database: Database, *, n_codes: int) -> UnitColumns:
    """The columns of all units, in the order of the folder."""
    with database.reading() as connection:
        rows = connection.execute(
            "SELECT unit_id, document, is_heading, is_empty, uncertainty, contradictions, applies "
            "FROM units ORDER BY place"
        ).fetchall()
    columns: list[tuple[object, ...]] = list(zip(*rows, strict=True)) if rows else [()] * 7
    stored = b"".join(bytes(row[6]) for row in rows)
    answers = np.frombuffer(stored, dtype=np.uint8).reshape(len(rows), n_codes)
    return UnitColumns(
        unit_ids=tuple(str(unit_id) for unit_id in columns[0]),
        document=np.array(columns[1], dtype=np.int64),
        is_heading=np.array(columns[2], dtype=np.bool_),
        is_empty=np.array(columns[3], dtype=np.bool_),
        uncertainty=np.array(columns[4], dtype=np.float64),
        contradictions=np.array(columns[5], dtype=np.int64),
        applies=answers == APPLIES,
        is_undecided=answers == UNDECIDED,
    )


def read_documents(database: Database) -> tuple[ReviewDocument, ...]:
    """The documents of the folder, in its order."""
    with database.reading() as connection:
        rows = connection.execute(
            "SELECT d.document_id, d.title, count(u.place) FROM documents d LEFT JOIN units u "
            "ON u.document = d.place GROUP BY d.place ORDER BY d.place"
        ).fetchall()
    return tuple(ReviewDocument(*row) for row in rows)


def read_unit(database: Database, place: int, *, mode: Mode, codebook: Codebook) -> ReviewUnit:
    """The unit at this place; in blind mode it holds nothing of the model."""
    with database.reading() as connection:
        row = connection.execute(
            'SELECT u.unit_id, d.document_id, d.title, u.start, u."end", u.text, h.text, u.uncertainty, '
            "u.applies, u.scores, u.document FROM units u JOIN documents d ON d.place = u.document "
            "LEFT JOIN units h ON h.place = u.heading WHERE u.place = ?",
            (place,),
        ).fetchone()
        around = connection.execute(
            "SELECT place, text FROM units WHERE place BETWEEN ? AND ? AND document = ? ORDER BY place",
            (place - _AROUND, place + _AROUND, row[10]),
        ).fetchall()
    unit_id, document_id, title, start, end, text, heading, uncertainty, stored, scores, _ = row
    is_blind = mode == "blind"
    answers = np.frombuffer(stored, dtype=np.uint8)
    return ReviewUnit(
        unit_id=unit_id,
        document_id=document_id,
        document_title=title,
        span=Span(start, end),
        text=text,
        before=tuple(other for at, other in around if at < place),
        after=tuple(other for at, other in around if at > place),
        heading=heading or "",
        model_codes=None if is_blind else lists_of(answers == APPLIES, codebook),
        scores=() if is_blind else _scores(scores, codebook),
        uncertainty=None if is_blind else uncertainty,
        undecided_ids=() if is_blind else _undecided_ids(answers, codebook),
    )


def _undecided_ids(answers: NDArray[np.uint8], codebook: Codebook) -> tuple[str, ...]:
    found = zip(codebook.code_ids, answers.tolist(), strict=True)
    return tuple(code_id for code_id, answer in found if answer == UNDECIDED)


def _scores(values: bytes, codebook: Codebook) -> tuple[CodeScore, ...]:
    scores = np.frombuffer(values, dtype=np.float32).tolist()
    known = [CodeScore(i, s) for i, s in zip(codebook.code_ids, scores, strict=True) if s == s]
    return tuple(sorted(known, key=lambda one: -one.score))
