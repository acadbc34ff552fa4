"""Codebook -> the tree of codes of a QDA project: main -> initial -> concept; dimensions and paths apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from policy_nlp.codebook import Code, Codebook, CodeLevel
from policy_nlp.exchange.code_texts import describe_codes, write_description
from policy_nlp.exchange.refi_qda.colors import family_color, shade_color
from policy_nlp.exchange.refi_qda.guids import code_guid, make_guid
from policy_nlp.exchange.refi_qda.project import QdaCode

ROOT_NAMES: Mapping[CodeLevel, str] = {"dimensions": "理论维度 Dimensions", "paths": "实践路径 Paths"}
SEEN_ONLY_GUID = make_guid("seen, no code applies")
SEEN_ONLY_NAME = "看过,无编码 Seen, no code applies"
_SEEN_ONLY_DESCRIPTION = (
    "编码员看过这一句,没有编码适用;没有任何编码的句子没有给这位编码员。 The coder was given this "
    "sentence and no code applies. In the same text, sentences without any code were not given to the coder."
)
_ROOT_DESCRIPTION = "只用于归组,不直接编码。 A group; it is never applied itself."


def root_guid(level: CodeLevel) -> str:
    """The GUID of the code that holds all codes of one level together; it is in no codebook."""
    return make_guid("root", level)


def seen_only_code() -> QdaCode:
    """A code that is in no codebook: on sentences without a code that a coder was given in a text.

    Written only where a coder was given a part of a text; a set `seen by NAME` has only whole ones.
    """
    # Our reader takes no group for a code of the codebook.
    texts = {"definition": _SEEN_ONLY_DESCRIPTION, "group": "initial"}
    return QdaCode(
        SEEN_ONLY_GUID, SEEN_ONLY_NAME, description=write_description(texts), color="#b0b0b0", is_codable=True
    )


def codes_of_codebook(codebook: Codebook) -> tuple[QdaCode, ...]:
    """The codes in the order of the codebook, parents first; main categories and roots are not codable.

    The description of a code holds its definition and, as lines `name: text`, its id, its level and all else
    the codebook says of it.
    """
    descriptions = {code_guid(code_id): text for code_id, text in describe_codes(codebook).items()}
    codes = _iter_codes(codebook)
    return tuple(replace(c, description=descriptions.get(c.guid, c.description)) for c in codes)


def _iter_codes(codebook: Codebook) -> Iterator[QdaCode]:
    roots = [level for level in ROOT_NAMES if codebook.codes(level)]
    n_families = len(codebook.main) + len(roots)
    for family, main in enumerate(codebook.main):
        yield _qda_code(main, color=family_color(family, n_families))
        initial = [code for code in codebook.initial if code.parent_id == main.code_id]
        for shade, code in enumerate(initial):
            color = shade_color(family, n_families, shade=shade, n_shades=len(initial))
            yield _qda_code(code, color=color)
            concepts = [concept for concept in codebook.concepts if concept.parent_id == code.code_id]
            yield from (_qda_code(concept, color=color) for concept in concepts)
    for family, level in enumerate(roots, start=len(codebook.main)):
        yield from _iter_root(level, codebook.codes(level), family=family, n_families=n_families)


def _iter_root(level: CodeLevel, codes: Sequence[Code], *, family: int, n_families: int) -> Iterator[QdaCode]:
    root = root_guid(level)
    yield QdaCode(
        root,
        ROOT_NAMES[level],
        description=write_description({"definition": _ROOT_DESCRIPTION, "group": level}),
        color=family_color(family, n_families),
        is_codable=False,
    )
    for shade, code in enumerate(codes):
        color = shade_color(family, n_families, shade=shade, n_shades=len(codes))
        yield _qda_code(code, color=color, parent_guid=root)


def _qda_code(code: Code, *, color: str, parent_guid: str | None = None) -> QdaCode:
    return QdaCode(
        guid=code_guid(code.code_id),
        name=code.name_zh,
        parent_guid=code_guid(code.parent_id) if code.parent_id else parent_guid,
        description=code.definition,
        color=color,
        is_codable=code.level != "main",
    )
