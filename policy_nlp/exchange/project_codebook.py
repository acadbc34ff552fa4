"""Codes of QDA projects -> Codebook, and which code of a codebook each code of a project is.

Codes that policy-nlp wrote are known by their GUIDs and by the lines `id` and `level` of their descriptions.
The way back is `refi_qda.codebook_codes.codes_of_codebook`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from policy_nlp.codebook import CODE_LEVELS, Code, Codebook, CodeLevel, load_codebook, shipped_codebook_path
from policy_nlp.exchange.code_similarity import fold_name
from policy_nlp.exchange.code_texts import FoundCode, read_description, texts_of_code
from policy_nlp.exchange.code_tree import PATH_SEPARATOR, build_codebook
from policy_nlp.exchange.refi_qda.codebook_codes import ROOT_NAMES, root_guid
from policy_nlp.exchange.refi_qda.guids import code_guid
from policy_nlp.exchange.refi_qda.project import QdaCode

# Where one name is that of codes of several levels, the first of these is meant: what coders apply.
_LEVELS_BY_NAME: tuple[CodeLevel, ...] = ("initial", "dimensions", "paths", "main", "concepts")


@dataclass(frozen=True, slots=True)
class ProjectCodebook:
    """The codebook that the codes of a project make.

    Attributes:
        code_id_of_guid: the code each code of the project became; codings of a main category go to its
            initial one marked (general). Groups are not in it.
        notes: how the tree was read and what of it is not in the codebook.
    """

    codebook: Codebook
    code_id_of_guid: Mapping[str, str]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MatchedCodes:
    """Which code of a codebook each code of a project is; `unmatched` are none of it (groups apart)."""

    code_id_of_guid: Mapping[str, str]
    unmatched: tuple[QdaCode, ...] = ()


def codebook_of_project(
    codes: Sequence[QdaCode], *, name: str, applied_guids: AbstractSet[str], path: Path | None = None
) -> ProjectCodebook:
    """The codebook of a project's codes, by the rules of `code_tree`.

    Args:
        codes: any tree; GUIDs are unique.
        name: of the codebook, for instance that of the project.
        applied_guids: codes that codings use.
        path: of the file, for errors.

    Raises:
        CodebookError: there is no code, or the codes are no tree.
    """
    shipped = {code_guid(code.code_id): code for code in _all_codes(load_codebook(shipped_codebook_path()))}
    found = [found_code(code, shipped.get(code.guid)) for code in codes]
    built = build_codebook(found, name=name, path=path or Path(name), applied_keys=applied_guids)
    return ProjectCodebook(built.codebook, built.code_id_of_key, built.notes)


def match_codes(codes: Sequence[QdaCode], codebook: Codebook) -> MatchedCodes:
    """The code of the codebook that each code of a project is: by GUID, by id, by Chinese or English name.

    Names are compared without case, width and blanks; of a path `A::b` the last part counts where the whole
    is no name. A name that two codes of one level have is that of neither.
    """
    by_guid = {code_guid(code.code_id): code.code_id for code in _all_codes(codebook)}
    known_ids = set(by_guid.values())
    by_name = _ids_by_name(codebook)
    matched: dict[str, str] = {}
    unmatched: list[QdaCode] = []
    for code in codes:
        texts = read_description(code.description)
        ids = (by_guid.get(code.guid, ""), texts.get("id", ""), code.name.strip())
        named = (by_name.get(fold_name(name), "") for name in _names_of(code, texts))
        code_id = next((i for i in ids if i in known_ids), "") or next(filter(None, named), "")
        if code_id:
            matched[code.guid] = code_id
        elif not _is_group(code, texts):
            unmatched.append(code)
    return MatchedCodes(matched, tuple(unmatched))


def found_code(code: QdaCode, known: Code | None = None) -> FoundCode:
    """What a project says of one code; of a code with a GUID of ours that says no id, what we know of it."""
    texts = read_description(code.description)
    if known is not None and "id" not in texts:
        texts = texts_of_code(known) | {key: text for key, text in texts.items() if text}
        texts |= {"id": known.code_id, "level": known.level}
    if _is_group(code, texts):
        level = next((level for level in ROOT_NAMES if root_guid(level) == code.guid), texts.get("group", ""))
        texts["group"] = level
    own_name = texts.get("name", "")
    is_made_unique = bool(own_name) and re.fullmatch(
        re.escape(own_name) + r"( \(.*\))?", code.name, re.DOTALL
    )
    return FoundCode(code.guid, own_name if is_made_unique else code.name, code.parent_guid, texts)


def _is_group(code: QdaCode, texts: Mapping[str, str]) -> bool:
    return "group" in texts or any(code.guid == root_guid(level) for level in ROOT_NAMES)


def _all_codes(codebook: Codebook) -> Iterator[Code]:
    return (code for level in CODE_LEVELS for code in codebook.codes(level))


def _names_of(code: QdaCode, texts: Mapping[str, str]) -> tuple[str, ...]:
    """What to look for, the best first."""
    last = code.name.rpartition(PATH_SEPARATOR)[2]
    return (texts.get("name", ""), code.name, texts.get("name_en", ""), last)


def _ids_by_name(codebook: Codebook) -> dict[str, str]:
    """The id that a folded name stands for; empty where it stands for several of one level."""
    found: dict[str, str] = {}
    for level in _LEVELS_BY_NAME:
        of_level: dict[str, set[str]] = {}
        for code in codebook.codes(level):
            for name in filter(None, (fold_name(code.name_zh), fold_name(code.name_en))):
                of_level.setdefault(name, set()).add(code.code_id)
        for name, ids in of_level.items():
            found.setdefault(name, next(iter(ids)) if len(ids) == 1 else "")
    return found
