"""Names of coders as people type them -> names as they are kept; notes and choices checked once."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence

from policy_nlp.codebook import Codebook
from policy_nlp.errors import ReviewError, UnknownCodeError
from policy_nlp.gold.coders import is_assisted
from policy_nlp.records import Level
from policy_nlp.review.records import ADJUDICATOR, Choice, CodeLists

LONGEST_NAME = 40  # characters
LONGEST_NOTE = 2_000  # an address still holds it when its decision is taken back


def clean_name(name: str, *, model: str) -> str:
    """The name in its normal form, without spaces around and with single ones inside.

    Raises:
        ReviewError: it is empty, too long, holds control characters, or is the name of gold or of the model.
    """
    cleaned = " ".join(unicodedata.normalize("NFC", name).split())
    if not cleaned or len(cleaned) > LONGEST_NAME:
        raise ReviewError(
            f"a coder's name has 1 to {LONGEST_NAME} characters, found {len(cleaned)}. Give another name.",
            name=cleaned[:LONGEST_NAME],
        )
    if any(unicodedata.category(mark) in ("Cc", "Cf", "Cs", "Co", "Cn") for mark in cleaned):
        raise ReviewError(
            f"the name {cleaned!r} holds a character that cannot be seen. Type it anew.", name=cleaned
        )
    if fold_name(cleaned) in (fold_name(ADJUDICATOR), fold_name(model)) or is_assisted(cleaned):
        raise ReviewError(
            f"{cleaned!r} is the name of settled codings, of the model or of assisted codings. Give the "
            "coder a name of their own.",
            name=cleaned,
        )
    return cleaned


def fold_name(name: str) -> str:
    """What two spellings of one name have in common: case and full-width forms do not tell them apart."""
    return unicodedata.normalize("NFKC", name).casefold()


def clean_choice(choice: Choice, codebook: Codebook) -> Choice:
    """The choice with its codes in codebook order, each once; a skipped unit has none.

    Raises:
        ReviewError: a code is not in the codebook or of another level, the note is too long, or the seconds
            are no time.
    """
    if not math.isfinite(choice.seconds) or choice.seconds < 0:
        raise ReviewError(f"{choice.seconds} seconds is no time. Reload the page.", unit_id=choice.unit_id)
    note = choice.note.strip()
    if len(note) > LONGEST_NOTE:
        raise ReviewError(
            f"the note has {len(note):,} characters, at most {LONGEST_NOTE:,} are kept. Shorten it.",
            unit_id=choice.unit_id,
        )
    if any(mark == "\0" or unicodedata.category(mark) == "Cs" for mark in note):
        raise ReviewError("the note holds half a character. Type it anew.", unit_id=choice.unit_id)
    codes = CodeLists(
        _in_order(choice.codes.initial, "initial", codebook),
        _in_order(choice.codes.dimensions, "dimensions", codebook),
        _in_order(choice.codes.paths, "paths", codebook),
    )
    return Choice(
        choice.unit_id, CodeLists() if choice.kind == "skipped" else codes, choice.kind, note, choice.seconds,
        choice.seen,
    )  # fmt: skip


def _in_order(code_ids: Sequence[str], level: Level, codebook: Codebook) -> tuple[str, ...]:
    for code_id in code_ids:
        try:
            found = codebook.level_of(code_id)
        except UnknownCodeError as err:
            raise ReviewError(f"{err.message}", code_id=code_id) from err
        if found != level:
            raise ReviewError(
                f"code {code_id!r} is of level {found!r} and was given as {level!r}. Give it there.",
                code_id=code_id,
            )
    return tuple(code_id for code_id in codebook.ids(level) if code_id in code_ids)
