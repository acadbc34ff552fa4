"""Codebook -> codes in groups with their keys: one key for the group, one for the code in it.

In the shipped codebook `1`-`6` are the main categories, `7` the dimensions, `8` the paths, and a second
digit is the code: `32` is the second initial category of the third main category.
"""

from __future__ import annotations

from dataclasses import dataclass

from policy_nlp.codebook import Code, Codebook
from policy_nlp.records import Level

# Digits first; letters that are no command of the page for codebooks of more than nine groups or codes.
KEYS = "123456789cefghijklmoqrvwxyz"


@dataclass(frozen=True, slots=True)
class KeyedCode:
    """A code a coder may choose; `key` is its second key, empty where the keys have run out."""

    code: Code
    key: str


@dataclass(frozen=True, slots=True)
class CodeGroup:
    """Codes that stand together: those of one main category, all dimensions, or all paths.

    Attributes:
        level: of its codes.
        main: the main category; None for dimensions and paths.
        key: the first key; empty where the keys have run out: such codes are found by search.
        colour: 0 to 7, for the stripe beside the group.
    """

    level: Level
    main: Code | None
    key: str
    colour: int
    codes: tuple[KeyedCode, ...]


def group_codes(codebook: Codebook) -> tuple[CodeGroup, ...]:
    """Every code that can be chosen, in the order of the codebook; groups without codes are left out."""
    families: list[tuple[Level, Code | None, tuple[Code, ...]]] = [
        ("initial", main, tuple(code for code in codebook.initial if code.parent_id == main.code_id))
        for main in codebook.main
    ]
    families += [("dimensions", None, codebook.dimensions), ("paths", None, codebook.paths)]
    filled = [family for family in families if family[2]]
    return tuple(
        CodeGroup(level, main, _key(place), place % 8, _with_keys(codes))
        for place, (level, main, codes) in enumerate(filled)
    )


def _with_keys(codes: tuple[Code, ...]) -> tuple[KeyedCode, ...]:
    return tuple(KeyedCode(code, _key(place)) for place, code in enumerate(codes))


def _key(place: int) -> str:
    return KEYS[place] if place < len(KEYS) else ""
