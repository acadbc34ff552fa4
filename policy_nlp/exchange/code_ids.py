"""Ids of codes made from their names: letters of any script, unique, the same at every run."""

from __future__ import annotations

import re
import unicodedata

from policy_nlp.codebook import is_code_id

_MOST_CHARACTERS = 60


def id_of_name(name: str) -> str:
    """A name as an id: lower case, full-width forms folded, `_` for what an id may not hold.

    >>> id_of_name("Government support / 政府 支持"), id_of_name("?!")
    ('government_support_政府_支持', 'code')
    """
    folded = unicodedata.normalize("NFKC", name[: 4 * _MOST_CHARACTERS]).lower()
    made = re.sub(r"[^\w.\-]+", "_", folded).strip("_.-")[:_MOST_CHARACTERS].rstrip("_.-")
    return made if is_code_id(made) else "code"


class CodeIds:
    """Gives each code an id that no other has."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._next_number: dict[str, int] = {}

    def take(self, wanted: str) -> str:
        """The wanted id where it is free, else with the next free number: `demand`, `demand_2`, ...."""
        number = self._next_number.get(wanted, 1)
        while (made := wanted if number == 1 else f"{wanted}_{number}") in self._taken:
            number += 1
        self._next_number[wanted] = number + 1
        self._taken.add(made)
        return made
