"""Two versions of a codebook -> what changed in meaning, each finding with the evidence for it.

How codes of the two are linked is in `codebook_links`; similarity is that of `code_similarity`, 0 to 1.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from policy_nlp.codebook import CODE_LEVELS, Code, Codebook, CodeLevel
from policy_nlp.exchange.code_similarity import ChangedWords, changed_words, text_similarity
from policy_nlp.exchange.code_texts import texts_of_code
from policy_nlp.exchange.codebook_links import CodeLinks, Family, Renaming, all_codes, link_codes

ChangeKind = Literal[
    "removed", "added", "split", "merged", "moved", "renamed", "definition", "rules", "notes", "order"
]
CHANGE_KINDS: tuple[ChangeKind, ...] = (
    *("removed", "added", "split", "merged", "moved"),
    *("renamed", "definition", "rules", "notes", "order"),
)
# Fields that say when a code applies: a change in them can change what is coded.
_RULES = ("include", "exclude", "code_if", "not_if", "triggers")
_SHOWN = 8
_UNLIKE = 0.2  # name and definition under one id: likely another code


@dataclass(frozen=True, slots=True)
class CodeChange:
    """One finding.

    Attributes:
        level: of the old code; of the new one where there is no old.
        old_ids: the codes of the old version that it is about; their codings are touched.
        what: what changed, old -> new.
        why: the evidence.
        similarity: of the texts that changed; NaN where none are compared.
    """

    kind: ChangeKind
    level: CodeLevel
    old_ids: tuple[str, ...]
    new_ids: tuple[str, ...]
    what: str
    why: str = ""
    similarity: float = math.nan
    words: ChangedWords = field(default_factory=ChangedWords)


@dataclass(frozen=True, slots=True)
class CodebookDiff:
    """All findings, by kind, then in the order of the codebooks; `n_same` codes are as they were."""

    old: Codebook
    new: Codebook
    changes: tuple[CodeChange, ...]
    n_same: int

    def of_kind(self, kind: ChangeKind) -> tuple[CodeChange, ...]:
        """The findings of one kind."""
        return tuple(change for change in self.changes if change.kind == kind)


def diff_codebooks(old: Codebook, new: Codebook) -> CodebookDiff:
    """What changed from the old codebook to the new one."""
    links = link_codes(old, new)
    old_codes, new_codes = all_codes(old), all_codes(new)
    pairs = [(old_codes[i], new_codes[j]) for i, j in links.new_id_of.items()]
    changes = [*_iter_gone(links, old, new), *_iter_families(links)]
    renamed = {renaming.old.code_id: renaming for renaming in links.renamed}
    for before, after in pairs:
        changes += _iter_changes(before, after, links=links, renaming=renamed.get(before.code_id))
    touched = {code_id for change in changes for code_id in change.old_ids}
    changes += _iter_orders(old, new, links.new_id_of)
    changes.sort(key=lambda change: CHANGE_KINDS.index(change.kind))  # stable: codebook order within a kind
    n_same = sum(before.code_id not in touched for before, _ in pairs)
    return CodebookDiff(old, new, tuple(changes), n_same)


def _iter_gone(links: CodeLinks, old: Codebook, new: Codebook) -> Iterator[CodeChange]:
    for code in links.removed:
        why = f"no code of {new.name!r} has its id, its name, or a like text"
        yield CodeChange("removed", code.level, (code.code_id,), (), code.name_zh, why)
    for code in links.added:
        why = f"no code of {old.name!r} has its id, its name, or a like text"
        yield CodeChange("added", code.level, (), (code.code_id,), code.name_zh, why)


def _iter_families(links: CodeLinks) -> Iterator[CodeChange]:
    for family in links.splits:
        what = f"{family.whole.name_zh} -> {_names(family)}"
        ids = tuple(part.code_id for part in family.parts)
        yield CodeChange("split", family.whole.level, (family.whole.code_id,), ids, what, _why(family))
    for family in links.merges:
        what = f"{_names(family)} -> {family.whole.name_zh}"
        ids = tuple(part.code_id for part in family.parts)
        yield CodeChange("merged", family.whole.level, ids, (family.whole.code_id,), what, _why(family))


def _names(family: Family) -> str:
    return " + ".join(part.name_zh for part in family.parts)


def _why(family: Family) -> str:
    return f"with {family.whole.code_id}, {'; '.join(draw.describe() for draw in family.draws)}"


def _iter_changes(
    before: Code, after: Code, *, links: CodeLinks, renaming: Renaming | None
) -> Iterator[CodeChange]:
    """What changed in one code that is in both versions."""
    level, ids = before.level, ((before.code_id,), (after.code_id,))
    if renaming is not None:
        what = f"{before.code_id} -> {after.code_id}" + _arrow(before.name_zh, after.name_zh, before=", ")
        yield CodeChange("renamed", level, *ids, what, _why_renamed(renaming), renaming.text_similarity)
    elif before.name_zh != after.name_zh or before.name_en != after.name_en:
        names = [_arrow(before.name_zh, after.name_zh), _arrow(before.name_en, after.name_en)]
        similarity = text_similarity(before.name_zh, after.name_zh)
        why = "the id is the same" + _doubt(before, after)
        yield CodeChange("renamed", level, *ids, ", ".join(filter(None, names)), why, similarity)
    if before.level != after.level:
        yield CodeChange("moved", level, *ids, f"level {before.level} -> {after.level}", _same_code(renaming))
    elif before.parent_id and links.new_id_of.get(before.parent_id) != after.parent_id:
        parent = before.parent_id
        became = links.new_id_of.get(parent)
        fate = f"; {parent} is now {became}" if became not in (None, parent) else ""
        fate = fate if became else f"; {parent} is gone, split or merged"
        what = f"{parent} -> {after.parent_id}"
        yield CodeChange("moved", level, *ids, what, f"{_same_code(renaming)}{fate}")
    yield from _iter_text_changes(_with_new_ids(before, links.new_id_of), after, ids)


def _with_new_ids(code: Code, new_id_of: Mapping[str, str]) -> Code:
    """The code with the codes it names under their new ids: that they were renamed is told of them, once."""

    def renamed(code_ids: Sequence[str]) -> tuple[str, ...]:
        return tuple(new_id_of.get(code_id, code_id) for code_id in code_ids)

    return replace(
        code,
        exclude=tuple(replace(case, use=new_id_of.get(case.use, case.use)) for case in code.exclude),
        near_miss_use=new_id_of.get(code.near_miss_use, code.near_miss_use),
        dimension_ids=renamed(code.dimension_ids),
        path_ids=renamed(code.path_ids),
        typical_ids=renamed(code.typical_ids),
        required_ids=renamed(code.required_ids),
    )


def _iter_text_changes(
    before: Code, after: Code, ids: tuple[tuple[str, ...], tuple[str, ...]]
) -> Iterator[CodeChange]:
    if before.definition != after.definition:
        similarity = text_similarity(before.definition, after.definition)
        words = changed_words(before.definition, after.definition)
        why = f"the texts share {similarity:.2f} of their pairs of characters"
        yield CodeChange("definition", before.level, *ids, _describe(words), why, similarity, words)
    old_texts, new_texts = texts_of_code(before), texts_of_code(after)
    names = [n for n in {**old_texts, **new_texts} if old_texts.get(n) != new_texts.get(n)]
    rules = [name for name in names if name in _RULES]
    notes = [name for name in names if name not in (*_RULES, "definition", "name_en")]
    for kind, fields in (("rules", rules), ("notes", notes)):
        if fields:
            one, other = (" ".join(texts.get(n, "") for n in fields) for texts in (old_texts, new_texts))
            what = "; ".join(_describe_field(name, before, after) for name in fields)
            similarity = text_similarity(one, other)
            why = f"the texts share {similarity:.2f} of their pairs of characters"
            yield CodeChange(
                "rules" if kind == "rules" else "notes", before.level, *ids, what, why, similarity
            )


def _describe_field(name: str, before: Code, after: Code) -> str:
    if name != "triggers":
        return name
    gone = [f"-{word}" for word in before.triggers if word not in after.triggers]
    come = [f"+{word}" for word in after.triggers if word not in before.triggers]
    return f"triggers {' '.join([*gone, *come][:_SHOWN])}" if gone or come else "triggers in another order"


def _describe(words: ChangedWords) -> str:
    removed, added = ("、".join(some[:_SHOWN]) for some in (words.removed, words.added))
    parts = (f"without: {removed}" if removed else "", f"with: {added}" if added else "")
    return "; ".join(filter(None, parts)) or "blanks or punctuation only"


def _why_renamed(renaming: Renaming) -> str:
    name = "the same name" if renaming.has_same_name else f"names alike {renaming.name_similarity:.2f}"
    if math.isnan(renaming.text_similarity):
        return f"{name}; no texts to compare"
    return f"{name}, texts alike {renaming.text_similarity:.2f}"


def _doubt(before: Code, after: Code) -> str:
    """A warning where one id stands for two codes that have little to do with each other."""
    old, new = (f"{code.name_zh} {code.definition}" for code in (before, after))
    similarity = text_similarity(old, new)
    if similarity >= _UNLIKE:
        return ""
    return f", but name and definition are alike by {similarity:.2f} only: was the id given to another code?"


def _same_code(renaming: Renaming | None) -> str:
    return "the id is the same" if renaming is None else f"renamed: {_why_renamed(renaming)}"


def _arrow(old: str, new: str, *, before: str = "") -> str:
    return f"{before}{old or 'nothing'} -> {new or 'nothing'}" if old != new else ""


def _iter_orders(old: Codebook, new: Codebook, new_id_of: Mapping[str, str]) -> Iterator[CodeChange]:
    """Levels in which codes of both versions follow each other differently."""
    for level in CODE_LEVELS:
        place = {code_id: i for i, code_id in enumerate(new.ids(level))}  # type: ignore[arg-type]
        common = [c.code_id for c in old.codes(level) if new_id_of.get(c.code_id) in place]
        places = [place[new_id_of[code_id]] for code_id in common]
        stay = _longest_rising(places)
        movers = [code_id for i, code_id in enumerate(common) if i not in stay]
        if movers:
            shown = ", ".join(movers[:_SHOWN]) + (", ..." if len(movers) > _SHOWN else "")
            why = f"{len(stay)} of {len(common)} codes follow each other as before"
            yield CodeChange("order", level, tuple(movers), tuple(new_id_of[i] for i in movers), shown, why)


def _longest_rising(values: Sequence[int]) -> set[int]:
    """The indexes of one longest rising run of values (patience sorting): what did not change its order."""
    tails: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for i, value in enumerate(values):
        at = bisect.bisect_left(tails, value)
        before.append(last[at - 1] if at else -1)
        tails[at : at + 1] = [value]
        last[at : at + 1] = [i]
    stay: set[int] = set()
    i = last[-1] if last else -1
    while i >= 0:
        stay.add(i)
        i = before[i]
    return stay
